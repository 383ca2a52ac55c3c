package campaign_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/campaign"
)

// now is a day of the 119th Congress, at noon in Washington.
var now = time.Date(2026, time.March, 2, 17, 0, 0, 0, time.UTC)

func wholeFile(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile("testdata/whole.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

func parse(t *testing.T, source string) *campaign.Campaign {
	t.Helper()
	c, err := campaign.Parse([]byte(source), now)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestParseWholeFile(t *testing.T) {
	c := parse(t, wholeFile(t))
	want := &campaign.Campaign{
		Slug: "clean-water", Formerly: []string{"water", "old-water"}, Published: true,
		Opens:  time.Date(2026, time.March, 1, 5, 0, 0, 0, time.UTC),      // midnight in Washington, in winter
		Closes: time.Date(2026, time.December, 31, 23, 0, 0, 0, time.UTC), // 18:00 there
		Bill:   congress.Bill{Congress: 119, Type: congress.HouseBill, Number: 77}, BillTitle: "Clean Water Act of 2026",
		Stance: campaign.Con, Topics: []string{"Environmental Protection", "Health"}, Targets: []campaign.Target{campaign.Representative},
		Channels: []campaign.Channel{campaign.CWCHouse, campaign.Handoff},
		Mails:    campaign.Mails{Welcome: true, Reminder: true, Outcome: true},
		Goal:     3000, Steps: []int{500, 1000},
		Letter:  campaign.Letter{Subject: "Please oppose H.R. 77", Text: "The water in our town is brown.\n\nPlease vote no."},
		Outcome: &campaign.Outcome{Date: time.Date(2027, time.January, 15, 5, 0, 0, 0, time.UTC)},
	}
	if diff := cmp.Diff(want, c, cmpopts.IgnoreUnexported(campaign.Campaign{}), cmpopts.EquateApproxTime(0)); diff != "" {
		t.Errorf("campaign (-want +got):\n%s", diff)
	}
	english := campaign.Words{
		Title: "Clean water for everybody", Summary: "Tell your Representative what is in your tap.",
		Body: "<h2>Our water</h2>\n<p>It is <em>brown</em>.</p>", ContentNote: "This page speaks about illness.", HelpLine: "Call 988.",
		OptIn: "Yes, send me news from the Water League.", ThankYou: "Thank you.", ShareText: "I wrote about water: so can you.",
		OutcomeSummary: "The bill died in committee.", OutcomeBody: "<p>It <strong>died</strong>.</p>",
	}
	if diff := cmp.Diff(english, c.Words("en")); diff != "" {
		t.Errorf("English words (-want +got):\n%s", diff)
	}
	// What is not translated falls back to the file's own language.
	spanish := english
	spanish.Title, spanish.Summary, spanish.Body = "Agua limpia para todas las personas", "Diga qué sale de su llave.", "<p>El agua es <strong>vida</strong>.</p>"
	spanish.OptIn, spanish.OutcomeSummary = "Sí, quiero recibir noticias.", "El proyecto no avanzó."
	if diff := cmp.Diff(spanish, c.Words("es")); diff != "" {
		t.Errorf("Spanish words (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(english, c.Words("fr")); diff != "" {
		t.Errorf("words of a language that is not there (-want +got):\n%s", diff)
	}
	if c.Language() != "en" || !c.Speaks("en") || !c.Speaks("es") || c.Speaks("fr") {
		t.Error("the campaign does not know its languages")
	}
}

func TestParseTheSameFileInOtherClothes(t *testing.T) {
	plain := parse(t, wholeFile(t))
	for name, change := range map[string]func(string) string{
		"Windows line ends": func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"byte order mark":   func(s string) string { return "\ufeff" + s },
		"blanks at fences":  func(s string) string { return strings.ReplaceAll(s, "\n---\n", "\n---  \n") },
		"accents apart":     func(s string) string { return strings.ReplaceAll(s, "Sí", "Si\u0301") },
		"goal in quotes":    func(s string) string { return strings.Replace(s, "goal: 3000", `goal: "3000"`, 1) },
		"comments":          func(s string) string { return strings.Replace(s, "goal:", "# how many\ngoal:", 1) },
	} {
		t.Run(name, func(t *testing.T) {
			other := change(wholeFile(t))
			if other == wholeFile(t) {
				t.Fatal("the change changes nothing")
			}
			got := parse(t, other)
			if diff := cmp.Diff(plain, got, cmp.AllowUnexported(campaign.Campaign{}), cmpopts.EquateApproxTime(0)); diff != "" {
				t.Errorf("(-plain +other):\n%s", diff)
			}
		})
	}
}

// small is the least a file needs; its lines are numbered in the tables below.
const small = `---
title: A title
slug: a-slug
topics: [Congress]
goal: 10
summary: A summary.
letter:
  subject: A subject
  text: Some text.
opt_in: Yes, write to me.
---
The page.
`

func TestParseSmallFile(t *testing.T) {
	c := parse(t, small)
	if c.Published || c.Life(now) != campaign.Draft {
		t.Error("a file without status is published")
	}
	if !c.Bill.IsZero() || c.Stance != "" || len(c.Targets) != 1 || c.Targets[0] != campaign.Representative {
		t.Errorf("bill %v, stance %q, targets %v", c.Bill, c.Stance, c.Targets)
	}
	if !c.Opens.IsZero() || !c.Closes.IsZero() || c.Outcome != nil {
		t.Error("dates out of nowhere")
	}
}

func TestParseBillOfTheCongressThatSits(t *testing.T) {
	source := strings.Replace(small, "goal:", "bill: S.J.Res. 5\nbill_title: A bill\nstance: Pro\ngoal:", 1)
	for at, want := range map[time.Time]congress.Number{
		now: 119,
		time.Date(2027, time.January, 3, 16, 59, 0, 0, time.UTC): 119,
		time.Date(2027, time.January, 3, 17, 0, 0, 0, time.UTC):  120,
	} {
		c, err := campaign.Parse([]byte(source), at)
		if err != nil {
			t.Fatal(err)
		}
		if c.Bill != (congress.Bill{Congress: want, Type: congress.SenateJointResolution, Number: 5}) || c.Stance != campaign.Pro {
			t.Errorf("%s: %+v %s, want the %s Congress", at, c.Bill, c.Stance, want)
		}
	}
}

// problemsOf returns the problems of a file in one text, one a line.
func problemsOf(t *testing.T, source string) string {
	t.Helper()
	c, err := campaign.Parse([]byte(source), now)
	if err == nil {
		return "none"
	}
	problems, ok := errors.AsType[campaign.Problems](err)
	if !ok || c != nil {
		t.Fatalf("got %v and %T: %v", c, err, err)
	}
	return problems.Error()
}

func TestParseProblemsOfTheWholeFile(t *testing.T) {
	for name, c := range map[string]struct{ source, want string }{
		"nothing":        {"", `line 1: the first line must be "---", the start of the head`},
		"no head":        {"# A page\n", `line 1: the first line must be "---", the start of the head`},
		"no end":         {"---\ntitle: A title\n", `line 1: the head has no end: put a line "---" between it and the text of the page`},
		"empty head":     {"---\n---\nThe page.\n", "line 1: the head is empty: it needs at least title, slug, goal and letter"},
		"comment only":   {"---\n# nothing\n---\nThe page.\n", "line 1: the head is empty: it needs at least title, slug, goal and letter"},
		"two pieces":     {strings.Replace(small, "goal:", "...\ngoal:", 1), `line 1: the head must be one piece: take out the line "..." or "---" inside it`},
		"not fields":     {"---\njust words\n---\nThe page.\n", "line 2: must be a group of indented fields, each like \"name: value\""},
		"a list":         {"---\n- a\n- b\n---\nThe page.\n", "line 2: must be a group of indented fields, each like \"name: value\""},
		"no body":        {strings.Replace(small, "The page.", "", 1), "line 12: the text of the page is missing below the head"},
		"no body at all": {strings.TrimSuffix(small, "\nThe page.\n"), "line 12: the text of the page is missing below the head"},
		"Latin-1":        {strings.Replace(small, "A summary", "A r\xe9sum\xe9", 1), "line 6: has letters in another encoding: save the file as UTF-8"},
		"control":        {strings.Replace(small, "The page", "The\x00page", 1), "line 12: has an invisible control character: delete it"},
		"too large":      {small + strings.Repeat("x", campaign.MaxFileSize), "the file is larger than 256 KiB"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := problemsOf(t, c.source); !strings.HasPrefix(got, c.want) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
	for what, flood := range map[string]string{"larger": strings.Repeat("# more\n", 10_000), "brackets": "x: " + strings.Repeat("[", 2000) + "\n"} {
		if got := problemsOf(t, strings.Replace(small, "goal:", flood+"goal:", 1)); !strings.HasPrefix(got, "line 1: the head") || !strings.Contains(got, what) {
			t.Errorf("a head with much %s: %s", what, got)
		}
	}
	if got := problemsOf(t, small+strings.Repeat("x", campaign.MaxFileSize-len(small))); got != "none" {
		t.Errorf("a file of exactly the greatest size: %s", got)
	}
}

// TestParseProblems changes the small file in one place and reads the problems with their
// lines. An old text of "" adds the new one before line 5, goal.
func TestParseProblems(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		// Fields and their kinds.
		"unknown field":      {"", "gaol: 3\n", "line 5: gaol: is no field of a campaign file; docs/campaigns.md has the list"},
		"unknown inside":     {"  text:", "  txt:", "line 7: letter.text: is missing\nline 9: letter.txt: is no field of a campaign file; docs/campaigns.md has the list"},
		"twice":              {"", "slug: b\n", `line 5: "slug" is there twice; the first time in line 3`},
		"text for number":    {"goal: 10", "goal: many", "line 5: goal: must be a whole number in digits only, like 3000"},
		"comma in number":    {"goal: 10", "goal: 3,000", "line 5: goal: must be a whole number in digits only, like 3000"},
		"neither on nor off": {"", "mails:\n  share: perhaps\n", "line 6: mails.share: must be on or off"},
		"half a letter":      {"goal: 10", "goal: 3.5", "line 5: goal: must be a whole number in digits only, like 3000"},
		"hexadecimal":        {"goal: 10", "goal: 0x10", "line 5: goal: must be a whole number in digits only, like 3000"},
		"overflow":           {"goal: 10", "goal: 99999999999999999999", "line 5: goal: must be a whole number in digits only, like 3000"},
		"number for text":    {"slug: a-slug", "slug: 2026", "line 3: slug: must be text; put quotes around it if it is"},
		"yes for text":       {"title: A title", "title: true", "line 2: title: must be text; put quotes around it if it is"},
		"list for text":      {"title: A title", "title: [a, b]", "line 2: title: must be text; put quotes around it if it is"},
		"anchor for text":    {"title: A title", "title: &x A title", "line 2: title: must be text; put quotes around it if it is"},
		"alias for text":     {"title: A title", "title: *x", "line 2: title: must be text; put quotes around it if it is"},
		"tag for text":       {"title: A title", "title: !!binary aGk=", "line 2: title: must be text; put quotes around it if it is"},
		"merge":              {"", "<<: {goal: 3}\n", "line 5: <<: is no field of a campaign file; docs/campaigns.md has the list"},
		"text for list":      {"topics: [Congress]", "topics: Congress", "line 4: topics: must be a list: one item a line, each behind a dash"},
		"list in list":       {"topics: [Congress]", "topics:\n  - Congress\n  - - Law", "line 6: topics[1]: must be text; put quotes around it if it is"},
		"text for group":     {"letter:\n  subject: A subject\n  text: Some text.", "letter: hello", `line 7: letter: must be a group of indented fields, each like "name: value"`},
		"text for numbers":   {"", "steps: [1, two]\n", "line 5: steps[1]: must be a whole number in digits only, like 3000"},
		"text for outcome":   {"", "outcome: won\n", `line 5: outcome: must be a group of indented fields, each like "name: value"`},
		"empty field":        {"title: A title", "title:", "line 2: title: is missing"},
		"several at once":    {"goal: 10", "goal: x\nstatus: open\nsteps: 3", "line 5: goal: must be a whole number in digits only, like 3000\nline 6: status: must be draft or published\nline 7: steps: must be a list: one item a line, each behind a dash"},
		"unsorted mistakes":  {"title: A title", "outcome:\n  date: x\nes: 5", "line 1: title: is missing\nline 2: outcome.summary: is missing\nline 3: outcome.date: must be a date like 2026-03-31, or with a time like 2026-03-31 09:00 (in Washington)\nline 4: es: must be a group of indented fields, each like \"name: value\""},
		// YAML itself.
		"colon in text":    {"A summary.", "A summary: short", `line 6: has a colon where none can be, or is indented differently from its neighbours; put a text with ": " in it in quotes, or under ">-"`},
		"tab":              {"", "\tstatus: draft\n", "line 5: begins with a tab: indent with blanks"},
		"open quote":       {"title: A title", "title: 'A title", "line 2: has a quote that is never closed"},
		"reserved":         {"title: A title", "title: @everybody", "line 2: begins with a character that means something to YAML: put the text in quotes"},
		"lost indent":      {"text: Some text.", "text: |\n    Some\n text.", "line 11: is indented differently from its neighbours"},
		"wrong indent":     {"  text:", "   text:", "line 8: has a colon where"},
		"words in between": {"", "hello there\n", `line 5: must look like "name: value"`},
		// Address.
		"no slug":           {"slug: a-slug\n", "", "line 1: slug: is missing"},
		"capital slug":      {"a-slug", "A-slug", "line 3: slug: must be 1 to 60 small letters and digits, with single dashes between words, like close-the-loophole"},
		"slug with slash":   {"a-slug", "a/slug", "line 3: slug: must be 1 to 60 small"},
		"slug with dashes":  {"a-slug", "a--slug", "line 3: slug: must be 1 to 60 small"},
		"slug of accents":   {"a-slug", "á-slug", "line 3: slug: must be 1 to 60 small"},
		"long slug":         {"a-slug", strings.Repeat("a", 61), "line 3: slug: must be 1 to 60 small"},
		"bad former slug":   {"", "formerly:\n  - fine\n  - Not fine\n", "line 7: formerly[1]: must be 1 to 60 small"},
		"formerly the same": {"", "formerly: [b, a-slug]\n", "line 5: formerly: names the slug that the campaign has now"},
		// Life.
		"status":             {"", "status: open\n", "line 5: status: must be draft or published"},
		"no date":            {"", "opens: soon\n", "line 5: opens: must be a date like 2026-03-31, or with a time like 2026-03-31 09:00 (in Washington)"},
		"American date":      {"", "opens: 03/31/2026\n", "line 5: opens: must be a date like"},
		"no such day":        {"", "closes: 2026-02-30\n", "line 5: closes: must be a date like"},
		"closes first":       {"", "opens: 2026-03-02\ncloses: 2026-03-01\n", "line 6: closes: must be after opens"},
		"outcome undated":    {"", "outcome:\n  summary: We won.\n", "line 5: outcome.date: is missing"},
		"outcome untold":     {"", "outcome:\n  date: 2026-03-01\n", "line 5: outcome.summary: is missing"},
		"outcome of nothing": {"", "outcome:\n  date:\n", "line 5: outcome.summary: is missing\nline 6: outcome.date: is missing"},
		// Demand.
		"no topic":           {"topics: [Congress]\n", "", "line 1: topics: is missing: name at least one of the topics of the Library of Congress, such as Crime and Law Enforcement"},
		"wrong topic":        {"topics: [Congress]", "topics:\n  - Congress\n  - Water", `line 6: topics[1]: "Water" is not a topic of the Library of Congress (docs/campaigns.md has the 32 names)`},
		"bad bill":           {"", "bill: HB 7\nbill_title: A bill\nstance: pro\n", `line 5: bill: "HB" is not a kind of bill: `},
		"no bill":            {"", "bill: water\nbill_title: A bill\nstance: pro\n", `line 5: bill: "water" is not a bill: write it like H.R. 2172`},
		"bill without name":  {"", "bill: hr1\nstance: pro\n", "line 1: bill_title: is missing"},
		"bill, no stance":    {"", "bill: hr1\nbill_title: A bill\n", "line 1: stance: must be pro or con when there is a bill"},
		"bill, odd stance":   {"", "bill: hr1\nbill_title: A bill\nstance: maybe\n", "line 7: stance: must be pro or con when there is a bill"},
		"stance, no bill":    {"", "stance: pro\n", "line 5: stance: needs a bill: say which one"},
		"name, no bill":      {"", "bill_title: A bill\ncongress: 119\n", "line 5: bill_title: needs a bill: say which one\nline 6: congress: needs a bill: say which one"},
		"Congress of 2060":   {"", "bill: hr1\nbill_title: A bill\nstance: pro\ncongress: 136\n", "line 8: congress: must be the number of a Congress, such as 119"},
		"Congress minus one": {"", "bill: hr1\nbill_title: A bill\nstance: pro\ncongress: -1\n", "line 8: congress: must be the number of a Congress, such as 119"},
		"two Congresses":     {"", "bill: hr1-118\nbill_title: A bill\nstance: pro\ncongress: 119\n", "line 5: bill: names the 118th Congress, and congress: names the 119th"},
		"Congress 00":        {"", "bill: hr1-00\nbill_title: A bill\nstance: pro\n", "line 5: bill: names no Congress that can be: the 119th sits now"},
		"other target":       {"", "targets: [mayor]\n", "line 5: targets[0]: must be representative or senators, each once: the letter goes to each supporter's own members of Congress"},
		"target twice":       {"", "targets: [representative, Representative]\n", "line 5: targets[1]: must be representative or senators, each once"},
		// Channels.
		"other channel":    {"", "channels: [fax]\n", "line 5: channels[0]: must be cwc-house, cwc-senate, print or handoff"},
		"channel twice":    {"", "channels: [print, print]\n", "line 5: channels[1]: names print a second time"},
		"nobody in Senate": {"", "channels: [cwc-senate, handoff]\n", "line 5: channels[0]: leads to the Senate, and the targets name no senators"},
		"nobody in House":  {"", "targets: [senators]\nchannels:\n  - cwc-house\n", "line 7: channels[0]: leads to the House, and the targets name no representative"},
		"behind handoff":   {"", "channels: [handoff, cwc-house]\n", "line 5: channels[1]: stands behind handoff, which takes every letter: put handoff last"},
		"behind print":     {"", "channels: [print, cwc-house]\n", "line 5: channels[1]: stands behind print, which takes every letter: put it before print"},
		// Goal.
		"no goal":      {"goal: 10\n", "", "line 1: goal: is missing: how many letters are to be reached?"},
		"goal of zero": {"goal: 10", "goal: 0", "line 5: goal: must be a number of letters from 1 to 100000000"},
		"minus goal":   {"goal: 10", "goal: -3", "line 5: goal: must be a number of letters from 1 to 100000000"},
		"step back":    {"goal: 10", "goal: 10\nsteps:\n  - 5\n  - 4", "line 8: steps[1]: must be above the step before it and below the goal"},
		"step at goal": {"goal: 10", "goal: 10\nsteps: [10]", "line 6: steps[0]: must be above the step before it and below the goal"},
		"step of zero": {"goal: 10", "goal: 10\nsteps: [0]", "line 6: steps[0]: must be above"},
		// Letter.
		"no letter":        {"letter:\n  subject: A subject\n  text: Some text.\n", "", "line 1: letter.subject: is missing\nline 1: letter.text: is missing"},
		"short subject":    {"A subject", "Water", "line 8: letter.subject: must have at least 6 characters"},
		"long subject":     {"A subject", strings.Repeat("s", 501), "line 8: letter.subject: has 501 characters, at most 500 are possible"},
		"subject of lines": {"subject: A subject", "subject: |\n    One line,\n    and another", "line 8: letter.subject: must be one line"},
		"long text":        {"Some text.", strings.Repeat("t", 10_001), "line 9: letter.text: has 10001 characters, at most 10000 are possible"},
		"emoji count two":  {"Some text.", strings.Repeat("😀", 5_001), "line 9: letter.text: has 10002 characters, at most 10000 are possible"},
		"merge field":      {"Some text.", `"Dear {{representative}}"`, "line 9: letter.text: has a merge field; letters have none, because every office must get the same words"},
		"merge in subject": {"A subject", `"Hello {{name}}"`, "line 8: letter.subject: has a merge field"},
		// Words.
		"no opt-in":         {"opt_in: Yes, write to me.\n", "", "line 1: opt_in: is missing"},
		"no summary":        {"summary: A summary.\n", "", "line 1: summary: is missing"},
		"long title":        {"A title", strings.Repeat("t", 121), "line 2: title: has 121 characters, at most 120 are possible"},
		"title of lines":    {"title: A title", "title: |\n  A\n  title", "line 2: title: must be one line"},
		"long share":        {"", "share: " + strings.Repeat("s", 261) + "\n", "line 5: share: has 261 characters, at most 260 are possible"},
		"French":            {"", "language: fr\n", "line 5: language: must be en or es"},
		"own language":      {"", "en:\n  title: Again\n", "line 5: en: repeats the file's own language: write these texts at the top level"},
		"long Spanish":      {"", "es:\n  title: " + strings.Repeat("t", 121) + "\n", "line 6: es.title: has 121 characters, at most 120 are possible"},
		"unknown in es":     {"", "es:\n  goal: 3\n", "line 6: es.goal: is no field of a campaign file"},
		"es without opt-in": {"", "es:\n  title: Un título\n", "none"},
	} {
		t.Run(name, func(t *testing.T) {
			source := strings.Replace(small, c.old, c.new, 1)
			if c.old == "" {
				source = strings.Replace(small, "goal:", c.new+"goal:", 1)
			}
			if got := problemsOf(t, source); !strings.HasPrefix(got, c.want) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestProblemWithoutLineOrField(t *testing.T) {
	for want, p := range map[string]campaign.Problem{
		"too long":                   {Message: "too long"},
		"line 3: too long":           {Line: 3, Message: "too long"},
		"line 3: letter.x: too long": {Line: 3, Field: "letter.x", Message: "too long"},
	} {
		if p.String() != want {
			t.Errorf("got %q, want %q", p, want)
		}
	}
}

func TestParseWays(t *testing.T) {
	for name, c := range map[string]struct {
		head     string
		targets  []campaign.Target
		channels []campaign.Channel
	}{
		"nothing said": {"", []campaign.Target{campaign.Representative}, []campaign.Channel{campaign.CWCHouse, campaign.Handoff}},
		"the Senate":   {"targets: [Senators]\n", []campaign.Target{campaign.Senators}, []campaign.Channel{campaign.CWCSenate, campaign.Handoff}},
		"both chambers": {
			"targets: [senators, representative]\n",
			[]campaign.Target{campaign.Senators, campaign.Representative},
			[]campaign.Channel{campaign.CWCHouse, campaign.CWCSenate, campaign.Handoff},
		},
		"an order of its own": {
			"targets: [representative, senators]\nchannels: [cwc-senate, cwc-house, print, handoff]\n",
			[]campaign.Target{campaign.Representative, campaign.Senators},
			[]campaign.Channel{campaign.CWCSenate, campaign.CWCHouse, campaign.Print, campaign.Handoff},
		},
		"on paper only": {"channels: [print]\n", []campaign.Target{campaign.Representative}, []campaign.Channel{campaign.Print}},
	} {
		got, err := campaign.Parse([]byte(strings.Replace(small, "goal:", c.head+"goal:", 1)), now)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !slices.Equal(got.Targets, c.targets) || !slices.Equal(got.Channels, c.channels) {
			t.Errorf("%s: to %v by %v", name, got.Targets, got.Channels)
		}
	}
}

// TestMails: what a file says about mails holds, in any of the words for it; the rest is as usual.
func TestMails(t *testing.T) {
	usual := campaign.Mails{Welcome: true, Reminder: true, Outcome: true}
	for head, want := range map[string]campaign.Mails{
		"": usual, "mails:\n": usual,
		"mails: {share: on, welcome: off}\n":                          {Share: true, Reminder: true, Outcome: true},
		"mails:\n  goal: yes\n  reminder: false\n  outcome: \"no\"\n": {Welcome: true, Goal: true},
	} {
		c := parse(t, strings.Replace(wholeFile(t), "goal: 3000", head+"neutral_subject: on\ngoal: 3000", 1))
		if c.Mails != want || !c.Neutral {
			t.Errorf("%q gives %+v, neutral %t", head, c.Mails, c.Neutral)
		}
	}
}
