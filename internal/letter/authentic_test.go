package letter_test

import (
	"encoding/xml"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/letter"
)

var campaignID = regexp.MustCompile(`<CampaignId>([0-9a-f]+)</CampaignId>`)

// xml returns the message that the Capitol has, "" when it has none.
func (p *post) xml(deliveryID string) string {
	p.t.Helper()
	text, _, err := p.capitol.XML(deliveryID)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(text)
}

// TestAUTHN_1_OnlyWhatWasShownLeaves: a letter leaves with the text as it was shown, whose
// hash was stored with it, and names campaign and organisation; and it does not leave while
// its mailbox is unconfirmed or a person has to look at it.
func TestAUTHN_1_OnlyWhatWasShownLeaves(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p, _ := newConfirming(t, d)
		f := person(1)
		f.Message = "My well is brown & my children are ill.\n\nPlease <act>."
		l := p.take(f)
		if l.TextHash != letter.TextHash(f.Subject, f.Message) {
			t.Error("another text's hash is stored")
		}
		p.deliver(l.ID)
		xml := p.xml(l.DeliveryID)
		for _, want := range []string{"My well is brown &amp; my children are ill.", "Please &lt;act&gt;.", "<CampaignId>", "Water League", "https://act.example.org"} {
			if !strings.Contains(xml, want) {
				t.Errorf("the message lacks %q:\n%s", want, xml)
			}
		}
		waiting := p.lettersOf(p.unconfirmed(person(2), "").SubmissionID)[0]
		s := p.submission(person(3))
		s.Suspicion = "trap: filled in"
		frozen := p.lettersOf(p.submit(s).SubmissionID)[0]
		for _, held := range []string{waiting.ID, frozen.ID} {
			p.deliver(held)
			if l := p.letter(held); l.Attempts != 0 || p.xml(l.DeliveryID) != "" {
				t.Errorf("a letter that is %s was sent", l.State)
			}
		}
		p.confirm(waiting.SubmissionID) // the control
		p.deliver(waiting.ID)
		if p.xml(waiting.DeliveryID) == "" {
			t.Error("a confirmed letter was not sent")
		}
	})
}

// words are what an office reads of a message, by a parser that is not ours.
type words struct {
	Subject   string `xml:"Message>Subject"`
	Statement string `xml:"Message>OrganizationStatement"`
	Own       string `xml:"Message>ConstituentMessage"`
}

// words returns what the Capitol has of a letter that was delivered.
func (p *post) words(l query.Letter) (w words) {
	p.t.Helper()
	p.deliver(l.ID)
	if err := xml.Unmarshal([]byte(p.xml(l.DeliveryID)), &w); err != nil {
		p.t.Fatal(err)
	}
	return w
}

// TestAUTHN_4_NothingIsReworded: two people with the campaign's text send it whole and letter by
// letter, under one campaign id; a third one's own words stay as they are, beside it.
func TestAUTHN_4_NothingIsReworded(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	const (
		statement = "Our water is brown.\n\nPlease vote yes."
		own       = "i dont think so , at ALL!!\n\n<b>Brown & \"green\"</b>,  twice  spaced: 5 > 3 ... isn't it\n\n\nPlease vote yes. 😀"
	)
	ids := map[string]bool{}
	for n, message := range []string{statement, statement, own} {
		f := person(n)
		f.Subject, f.Message = "Please support H.R. 77", message
		want := words{Subject: f.Subject, Statement: statement}
		if message == own {
			f.Subject = "please REconsider , H.R. 77 & \"others\""
			want = words{Subject: f.Subject, Statement: statement, Own: own}
		}
		l := p.take(f.Clean())
		if diff := cmp.Diff(want, p.words(l)); diff != "" {
			t.Errorf("person %d's words were changed (-want +got):\n%s", n, diff)
		}
		ids[strings.Join(campaignID.FindStringSubmatch(p.xml(l.DeliveryID)), "")] = true
		if l.Edited != (message == own) {
			t.Errorf("person %d: edited is %t", n, l.Edited)
		}
	}
	if len(ids) != 1 || ids[""] {
		t.Errorf("the letters of one campaign go out under %d ids", len(ids))
	}
	// The control: when the organisation changes one word, that word and no other shows, and who
	// writes the old text has words of their own.
	p.campaign = p.apply(strings.Replace(water, "vote yes", "vote no", 1))
	want := words{Subject: "Please support H.R. 77", Statement: "Our water is brown.\n\nPlease vote no.", Own: statement}
	if diff := cmp.Diff(want, p.words(p.take(person(3)))); diff != "" {
		t.Errorf("a changed word goes unnoticed (-want +got):\n%s", diff)
	}
}
