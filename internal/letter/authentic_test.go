package letter_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
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

// TestAUTHN_4_NothingIsReworded: two people with the campaign's text send it word by word,
// under one campaign id; a third one's own words stay as they are.
func TestAUTHN_4_NothingIsReworded(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	ids := map[string]bool{}
	texts := map[int]string{1: p.campaign.Letter.Text, 2: p.campaign.Letter.Text, 3: "i dont think so , at ALL!!"}
	for n, words := range texts {
		f := person(n)
		f.Message = words
		l := p.take(f.Clean())
		p.deliver(l.ID)
		xml := p.xml(l.DeliveryID)
		if !strings.Contains(xml, strings.TrimSpace(words)) && !strings.Contains(xml, strings.Split(strings.TrimSpace(words), "\n")[0]) {
			t.Errorf("person %d's words were changed:\n%s", n, xml)
		}
		ids[strings.Join(campaignID.FindStringSubmatch(xml), "")] = true
		if l.Edited != (n == 3) {
			t.Errorf("person %d: edited is %t", n, l.Edited)
		}
	}
	if len(ids) != 1 || ids[""] {
		t.Errorf("the letters of one campaign go out under %d ids", len(ids))
	}
}
