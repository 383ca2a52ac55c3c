package staff_test

import (
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/guard"
	"github.com/franklin-letters/franklin/internal/letter"
)

// TestReasonsAreInTheReadersLanguage: those that the program gives by itself; what a person
// said stands as it was said, and is marked as English.
func TestReasonsAreInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	ours := []string{letter.CrowdedMailbox, letter.OtherHousehold, letter.Doubted}
	for _, code := range guard.Codes() {
		ours = append(ours, code.Reason())
	}
	for _, reason := range ours {
		o.write("", reason)
	}
	o.write("", "trap: or so I think")
	for _, reason := range []string{
		letter.CutShort, cwc.NoAnswerInTime, cwc.ClosedUnanswered, cwc.PageAnswered, cwc.Redirected, cwc.RefusalUnreadable, cwc.AnswerBroken, cwc.AnswerTooLong, cwc.AnswerUnclear,
	} {
		o.lost(reason)
		ours = append(ours, "x: "+reason)
	}
	o.lost(cwc.Answered + "502 Bad Gateway")
	b := o.member(account.Viewer)
	const quoted = `<span lang="en">trap: or so I think</span>`
	english := b.get("/staff/aside", quoted) + b.get("/staff/unknown")
	spanish := b.get("/staff/aside?lang=es", quoted) + b.get("/staff/unknown?lang=es", "respondió 502 Bad Gateway")
	for _, reason := range ours {
		_, words, _ := strings.Cut(reason, ": ")
		if !strings.Contains(english, words) {
			t.Errorf("in English the lists do not say %q", words)
		}
		if strings.Contains(spanish, words) {
			t.Errorf("in Spanish the lists say %q", words)
		}
	}
	if strings.Count(spanish, `<span lang="en">`) != strings.Count(spanish, quoted) {
		t.Errorf("other reasons are in English, too:\n%s", spanish)
	}
}
