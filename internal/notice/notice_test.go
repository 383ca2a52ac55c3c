package notice_test

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/notice"
)

var (
	house = notice.House{Org: "Lantern Alliance", Postal: "100 Example Street, Springfield, IL 62701", Contact: "help@lantern.example", BaseURL: "https://act.lantern.example"}
	asked = notice.Leave{Link: "https://act.lantern.example/leave/t0ken", Choose: "https://act.lantern.example/lists/t0ken", Mail: "leave@lantern.example", Asked: true}
	leave = notice.Leave{Link: "https://act.lantern.example/leave/t0ken", Choose: "https://act.lantern.example/lists/t0ken", Mail: "leave@lantern.example"}
)

const (
	link = "https://act.lantern.example/receipt/t0ken?lang=en"
	join = "https://act.lantern.example/join/t0ken?lang=en"
	stop = "https://act.lantern.example/stop/t0ken?lang=en"
)

// kinds returns a mail of each kind, under the name of the method that makes it and what is
// special about it.
func kinds(h notice.House, lang locale.Lang) map[string]mail.Message {
	to := notice.Reader{ID: "0199", Email: "ann@example.org", Lang: lang}
	return map[string]mail.Message{
		"Receipt": h.Receipt(to, link, notice.Join{}, notice.Copy{}), "Receipt that asks": h.Receipt(to, link, notice.Join{Link: join}, notice.Copy{}),
		"Receipt with a copy":    h.Receipt(to, link, notice.Join{}, notice.Copy{Subject: "Please support H.R. 2172", Text: "Dear Representative,\n\nplease <support> it."}),
		"Receipt without a copy": h.Receipt(to, link, notice.Join{Link: join}, notice.Copy{Unproven: true}),
		"Remind":                 h.Remind(to, link, stop), "RemindJoin": h.RemindJoin(to, join, stop), "Share": h.Share(to, "Clean Water", link, leave),
		"Ended, asked": h.Ended(to, "Clean Water", "The House passed the bill. It is law.", link, asked),
		"Join":         h.Join(to, join, stop), "Partner": h.Partner(to, join, stop), "Receipt that asks for a partner": h.Receipt(to, link, notice.Join{Link: join, Partner: true}, notice.Copy{}), "Turn": h.Turn(to, link), "Confirm": h.Confirm(to, link, stop), "Again": h.Again(to, link, stop),
		"Answer": h.Answer(to, "Clean Water", link), "Data": h.Data(to, link), "StaffLink": h.StaffLink(to, link), "StaffInvite": h.StaffInvite(to, link), "Welcome": h.Welcome(to, leave),
		"GoalReached": h.GoalReached(to, "Clean Water", 3000, link, leave), "Ended": h.Ended(to, "Clean Water", "The House passed the bill. It is law.", link, leave),
	}
}

// TestNoKindIsForgotten: whoever adds a kind of mail has it judged like the others.
func TestNoKindIsForgotten(t *testing.T) {
	made := map[string]bool{}
	for name := range kinds(house, locale.English) {
		made[regexp.MustCompile(`^\w+`).FindString(name)] = true
	}
	for m := range reflect.TypeFor[notice.House]().Methods() {
		if m.Type.NumOut() != 1 || m.Type.Out(0) != reflect.TypeFor[mail.Message]() || m.Name == "Mailing" { // internal/mailing has that one judged
			continue
		}
		if !made[m.Name] {
			t.Errorf("kinds has no mail of House.%s", m.Name)
		}
		delete(made, m.Name)
	}
	for name := range made {
		t.Errorf("House has no %s", name)
	}
}

// agreed are the mails of a list, stoppable those with a button to want no more.
var (
	agreed    = []string{"Welcome", "GoalReached", "Ended", "Share", "Ended, asked"}
	stoppable = []string{"Confirm", "Again", "Join", "Partner", "Remind", "RemindJoin"}
)

// sample is a mail of some kind in some language.
type sample struct {
	name, kind string
	l          *locale.Locale
	m          mail.Message
}

// samples returns a mail of every kind in every language.
func samples(h notice.House) []sample {
	var all []sample
	for _, lang := range locale.Languages() {
		for kind, m := range kinds(h, lang) {
			all = append(all, sample{kind + " " + string(lang), kind, locale.In(lang), m})
		}
	}
	return all
}

func tree(t *testing.T, m mail.Message) *html.Node {
	t.Helper()
	n, err := html.Parse(strings.NewReader(m.HTML))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestUX17TextEqualsHTML: both parts have the same words and addresses in the same order.
func TestUX17TextEqualsHTML(t *testing.T) {
	for _, one := range samples(house) {
		t.Run(one.name, func(t *testing.T) {
			m := one.m
			var words, skipped []string
			for n := range tree(t, m).Descendants() {
				switch {
				case n.Type == html.ElementNode && n.Data == "a":
					skipped = append(skipped, n.Attr[slices.IndexFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "href" })].Val)
				case n.Type == html.TextNode && !slices.Contains([]string{"style", "title", "h1"}, n.Parent.Data):
					if text := strings.Fields(n.Data); n.Parent.Data == "a" {
						text[len(text)-1] += ":"
						words = append(append(words, text...), skipped[len(skipped)-1])
					} else {
						words = append(words, text...)
					}
				}
			}
			if diff := cmp.Diff(strings.Fields(m.Text), words); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestUX17Structure: a language, one heading, no table that pretends to hold data, no small print.
func TestUX17Structure(t *testing.T) {
	size := regexp.MustCompile(`font-size:\s*(\d+)(px)?`)
	for _, one := range samples(house) {
		t.Run(one.name, func(t *testing.T) {
			l, m := one.l, one.m
			headings := 0
			for n := range tree(t, m).Descendants() {
				if n.Type != html.ElementNode {
					continue
				}
				attr := map[string]string{}
				for _, a := range n.Attr {
					attr[a.Key] = a.Val
				}
				switch n.Data {
				case "html":
					if attr["lang"] != string(l.Lang()) {
						t.Errorf("lang is %q", attr["lang"])
					}
				case "h1":
					headings++
				case "table":
					if attr["role"] != "presentation" {
						t.Error("a table that is read out")
					}
				}
			}
			if headings != 1 {
				t.Errorf("%d headings", headings)
			}
			for _, found := range size.FindAllStringSubmatch(m.HTML, -1) {
				if len(found[1]) < 2 || found[1] < "14" || found[2] != "px" {
					t.Errorf("small print: %s", found[0])
				}
			}
			if !strings.Contains(m.HTML, `name="color-scheme" content="light dark"`) || !strings.Contains(m.HTML, "prefers-color-scheme: dark") {
				t.Error("it knows no dark")
			}
		})
	}
}

// TestMAIL_5_Plain: a real text part, HTML that is not clipped, nothing that is loaded or
// runs, and nothing that many mail programs do not know (docs/mail.md says which).
func TestMAIL_5_Plain(t *testing.T) {
	unknown := regexp.MustCompile(`(?i)display:\s*(flex|grid|inline-flex)|position:|float:|url\(|@import|@font-face|var\(|calc\(|clamp\(|\d(rem|vw|vh|ch)\b|box-shadow|background-image|gap:|inset:|transform|animation`)
	allowed := []string{"html", "head", "meta", "title", "style", "body", "div", "table", "tbody", "tr", "td", "h1", "p", "a", "br"}
	for _, one := range samples(house) {
		t.Run(one.name, func(t *testing.T) {
			m := one.m
			if len(m.HTML) > 100_000 || len(m.HTML) < 1000 || len(m.Text) < 100 {
				t.Errorf("%d bytes of HTML, %d of text", len(m.HTML), len(m.Text))
			}
			if found := unknown.FindString(m.HTML); found != "" {
				t.Errorf("mail programs do not know %s", found)
			}
			for n := range tree(t, m).Descendants() {
				if n.Type == html.ElementNode && !slices.Contains(allowed, n.Data) {
					t.Errorf("it has a %s", n.Data)
				}
				for _, a := range n.Attr {
					if slices.Contains([]string{"src", "srcset", "background", "action", "ping"}, a.Key) || strings.HasPrefix(a.Key, "on") {
						t.Errorf("it has %s=%q", a.Key, a.Val)
					}
				}
			}
		})
	}
}

// TestMAIL_9_NoWrappedLinks: each link goes where it says, to the installation itself.
func TestMAIL_9_NoWrappedLinks(t *testing.T) {
	for _, one := range samples(house) {
		t.Run(one.name, func(t *testing.T) {
			m := one.m
			for _, address := range regexp.MustCompile(`(?:https?:)?//[^\s"<>]+`).FindAllString(m.HTML+m.Text, -1) {
				if !slices.Contains([]string{link, join, stop, leave.Link, leave.Choose}, address) {
					t.Errorf("a link to %s", address)
				}
			}
		})
	}
}

// TestMAIL_6_Foot: who sends it and where they are stands in every mail; why, and the ways out, in those of a list.
func TestMAIL_6_Foot(t *testing.T) {
	for _, one := range samples(house) {
		t.Run(one.name, func(t *testing.T) {
			kind, l, m := one.kind, one.l, one.m
			for _, part := range []string{m.Text, m.HTML} {
				if !strings.Contains(part, house.Org) || !strings.Contains(part, house.Postal) {
					t.Error("nobody sends it")
				}
				why, out := l.MailWhy(house.Org), l.MailLeave()
				if kind == "Ended, asked" {
					why, out = l.MailWhyAsked(house.Org), l.MailLeaveAsked()
				}
				for _, want := range []string{why, out, leave.Link, l.MailChoose(), leave.Choose} {
					if strings.Contains(part, want) != slices.Contains(agreed, kind) {
						t.Errorf("about %q", want)
					}
				}
			}
			if slices.Contains(agreed, kind) {
				if m.List != "updates.act.lantern.example" || m.Unsubscribe != leave.Link || m.UnsubscribeMail != leave.Mail {
					t.Errorf("%q, %q, %q", m.List, m.Unsubscribe, m.UnsubscribeMail)
				}
			} else if m.List != "" || m.UnsubscribeMail != "" || (m.Unsubscribe != "") != slices.Contains(stoppable, kind) {
				t.Errorf("%q, %q, %q", m.List, m.Unsubscribe, m.UnsubscribeMail)
			}
			if m.Headers["Auto-Submitted"] != "auto-generated" || !strings.HasSuffix(m.ID, "-0199") || m.To != "ann@example.org" {
				t.Errorf("%+v", m.Headers)
			}
		})
	}
}

// TestOnARehearsal: without TLS mail programs get no way out to press, and an address is no name of a list.
func TestOnARehearsal(t *testing.T) {
	h := house
	h.BaseURL = "http://127.0.0.1:8080"
	m := h.Welcome(notice.Reader{ID: "1", Email: "ann@example.org", Lang: "en"}, notice.Leave{Link: h.BaseURL + "/leave/t", Choose: h.BaseURL + "/lists/t", Mail: "leave@lantern.example"})
	if m.List != "" || m.Unsubscribe != "" || m.UnsubscribeMail != "" || !strings.Contains(m.Text, h.BaseURL+"/leave/t") {
		t.Errorf("%+v", m)
	}
}

// TestPRIV_SAFE_1_NeutralSubject: where the organisation wants it, neither the subject nor what a preview
// shows tells what the mail is about; the mail itself does.
func TestPRIV_SAFE_1_NeutralSubject(t *testing.T) {
	h := house
	h.Neutral = true
	telling := regexp.MustCompile(`(?i)letter|carta|congres|campaign|campaña|lantern|water|receipt|comprobante|list|goal|meta`)
	for _, one := range samples(h) {
		t.Run(one.name, func(t *testing.T) {
			kind, m := one.kind, one.m
			if found := telling.FindString(m.Subject); found != "" {
				t.Errorf("the subject %q says %s", m.Subject, found)
			}
			if found := telling.FindString(m.Text[:100]); found != "" {
				t.Errorf("a preview of %q says %s", m.Text[:100], found)
			}
			var shown strings.Builder
			for n := range tree(t, m).Descendants() {
				if n.Type == html.TextNode && n.Parent.Data != "style" {
					shown.WriteString(strings.TrimSpace(n.Data) + " ")
				}
			}
			if found := telling.FindString(strings.TrimSpace(shown.String())[:130]); found != "" {
				t.Errorf("a preview of %q says %s", shown.String(), found)
			}
			if kind == "Confirm" && m.Subject != locale.In("en").MailNeutralConfirm() && m.Subject != locale.In("es").MailNeutralConfirm() {
				t.Errorf("who has to do something is not told: %q", m.Subject)
			}
		})
	}
	for _, one := range samples(house) {
		t.Run(one.name, func(t *testing.T) {
			l, m := one.l, one.m
			if m.Subject == l.MailNeutralSubject() || strings.Contains(m.Text, l.MailNeutralFirst()) {
				t.Error("neutral without being asked")
			}
		})
	}
}
