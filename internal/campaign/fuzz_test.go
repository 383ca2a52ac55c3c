package campaign_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/campaign"
)

// FuzzParse holds what is true of every file: a campaign or problems, never both or a
// panic; problems that point into the file; and a campaign whose words a page can show.
func FuzzParse(f *testing.F) {
	whole, err := os.ReadFile("testdata/whole.md")
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		string(whole), small, "", "---", "---\n---\n", "---\n- a\n---\n", "---\n? a\n: b\n---\n", "---\na: &x [*x]\n---\n",
		strings.Replace(small, "goal:", "<<: *x\ngoal:", 1), strings.Replace(small, "topics:", "topics: {a: b}\n#", 1),
		strings.Replace(small, "The page.", "# <b>x</b> [y](javascript:z) ![i](j)", 1),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		c, err := campaign.Parse(source, now)
		if err != nil {
			problems, ok := errors.AsType[campaign.Problems](err)
			if !ok || len(problems) == 0 || c != nil {
				t.Fatalf("%v and %T: %v", c, err, err)
			}
			for i, p := range problems {
				if p.Message == "" || p.Line < 0 || p.Line > 1+strings.Count(string(source), "\n")+1 || i > 0 && p.Line < problems[i-1].Line {
					t.Errorf("problem %d of %d: %+v", i, len(problems), p)
				}
			}
			return
		}
		for _, lang := range []string{"en", "es"} {
			w := c.Words(lang)
			for _, text := range []string{w.Title, w.Summary, w.OptIn, c.Letter.Subject, c.Letter.Text} {
				if text == "" || !utf8.ValidString(text) || strings.Contains(text, "\x00") {
					t.Errorf("a text of a good file is %q", text)
				}
			}
			for _, html := range []campaign.HTML{w.Body, w.OutcomeBody} {
				if low := strings.ToLower(string(html)); strings.Contains(low, "<script") || strings.Contains(low, "<img") || strings.Contains(low, "href=\"javascript:") {
					t.Errorf("harmful: %s", html)
				}
			}
		}
		for _, p := range cwc.Check(messageOf(c), congress.House) {
			if strings.HasPrefix(p.Path, "CWC/Message") {
				t.Errorf("the House would refuse every letter of it: %s", p)
			}
		}
		if c.Slug == "" || c.Goal < 1 || len(c.Topics) == 0 || len(c.Targets) == 0 {
			t.Errorf("a good file lacks something: %+v", c)
		}
	})
}

// messageOf returns the part of a message that comes from the campaign.
func messageOf(c *campaign.Campaign) cwc.Message {
	stance := map[campaign.Stance]cwc.Stance{campaign.Pro: cwc.Pro, campaign.Con: cwc.Con}[c.Stance]
	m := cwc.Message{Letter: cwc.Letter{
		Subject: c.Letter.Subject, Topics: c.Topics, Stance: stance, OrganizationStatement: c.Letter.Text, MoreInfo: "https://act.example.org/c/" + c.Slug,
	}}
	if !c.Bill.IsZero() {
		m.Letter.Bills = []congress.Bill{c.Bill}
	}
	return m
}
