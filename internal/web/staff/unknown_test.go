package staff_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/keys"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/seal"
)

// lost takes in a letter whose attempt, begun now, ends a second later without a clear answer.
func (o *office) lost(reason string) string {
	o.Helper()
	id := o.write("", "")
	l, err := o.db.Read().LetterByID(o.Context(), id)
	if err != nil {
		o.Fatal(err)
	}
	began := stamp.Of(o.now)
	err = o.db.Tx(o.Context(), func(ctx context.Context, tx *db.Tx) error {
		for _, to := range []letter.State{letter.Sending, letter.Unknown} {
			move := query.MoveLettersParams{
				Letters: keys.List{id}, FromState: l.State, ToState: string(to), Since: began, DueAt: began.Add(30 * 24 * time.Hour), FromAttempts: l.Attempts, Attempts: 1,
			}
			if to == letter.Unknown {
				move.Reason, move.Since = seal.Word(reason), began.Add(time.Second)
			}
			if moved, err := tx.MoveLetters(ctx, move); err != nil || len(moved) != 1 {
				return fmt.Errorf("%d letters are moved: %w", len(moved), err)
			}
			err := tx.InsertLetterHistory(ctx, query.InsertLetterHistoryParams{LetterID: id, At: move.Since, FromState: l.State, ToState: string(to), Actor: string(letter.ByDelivery), Note: seal.Text(move.Reason)})
			if err != nil {
				return err
			}
			l.State, l.Attempts = string(to), 1
		}
		return nil
	})
	if err != nil {
		o.Fatal(err)
	}
	return id
}

func TestDecidingLettersOfUnknownFate(t *testing.T) {
	each(t, func(o *office) {
		first := o.lost(cwc.NoAnswerInTime)
		o.now = noon.Add(time.Hour)
		second, third := o.lost(cwc.Answered+"502 Bad Gateway"), o.lost("the text 'Muñoz' was cut")
		frozen := o.write("", "odd")
		b := o.member(account.Moderator)
		b.get("/staff/", "The fate of 3 letters is not known", "no answer in time", `href="/staff/unknown"`)
		row, err := o.db.Read().LetterByID(o.Context(), first)
		if err != nil {
			o.Fatal(err)
		}
		page := b.get("/staff/unknown", row.DeliveryID, "HWY00 (3)", "loophole (3)", "The attempt began: November 30, 2026 at 12:00\u00a0p.m. Eastern time, 1 attempt", "no answer in time", "it answered 502 Bad Gateway", "the text … was cut")
		if got := chosen(page); !slices.Equal(got, []string{first, second, third}) || strings.Contains(page, "Muñoz") || strings.Contains(page, "of this choice") {
			t.Errorf("the page lists %q:\n%s", got, page)
		}
		b.get("/staff/letters/"+first, "The fate of this letter is not known", `value="resolve-accepted"`)

		form := url.Values{"letter": {first, first, frozen, "no-letter"}, "do": {"resolve-accepted"}}
		page = b.post("/staff/move/preview", form, "Record that 1 letter arrived?", "2 stood elsewhere already and were left alone.", "How do you know it?")
		if got := chosen(page); !slices.Equal(got, []string{first}) {
			t.Errorf("the preview would move %q", got)
		}
		b.want(b.do("POST", "/staff/move", form), http.StatusUnprocessableEntity, "Error: Record that 1 letter arrived?", "Say the reason in a sentence.")
		o.stands(letter.Unknown, first)
		form.Set("why", "the House has it")
		b.post("/staff/move", form, "1 letter is accepted now.", "Letters of unknown fate")
		b.post("/staff/move", url.Values{"letter": {second}, "do": {"resolve-refused"}, "why": {"the House never got it"}}, "1 letter is refused now.")
		o.stands(letter.Accepted, first)
		o.stands(letter.Refused, second)
		o.stands(letter.Frozen, frozen)
		if got := o.acts(audit.LetterResolve); !slices.Equal(got, []string{"moderator (staff) " + second, "moderator (staff) " + first}) {
			t.Errorf("the log says %q", got)
		}
		b.want(b.do("POST", "/staff/move/preview", form), http.StatusConflict, "3 stood elsewhere already")
	})
}

func TestPagesOfLettersOfUnknownFate(t *testing.T) {
	each(t, func(o *office) {
		for i := range 60 {
			o.now = noon.Add(time.Duration(i/25) * time.Hour) // many at the same moment
			o.lost(cwc.AnswerUnclear)
		}
		b := o.member(account.Owner)
		next, seen := "/staff/unknown?campaign=loophole&office=HWY00", []string{}
		for next != "" {
			page := b.get(next, "With all 60 of this choice")
			seen = append(seen, chosen(page)...)
			found := regexp.MustCompile(`href="(/staff/unknown\?after=[^"]+)">Newer`).FindStringSubmatch(page)
			if next = ""; found != nil {
				next = found[1]
			}
		}
		if slices.Sort(seen); len(seen) != 60 || len(slices.Compact(seen)) != 60 {
			t.Errorf("%d letters are listed", len(seen))
		}
		page := b.post("/staff/move/preview", url.Values{"do": {"every-resolve-refused"}, "office": {"HWY00"}}, "Record that 60 letters did not arrive?", "and 40 more")
		if got := chosen(page); len(got) != 60 {
			t.Errorf("the preview would move %d letters", len(got))
		}
		b.get("/staff/unknown?office=HAK00", "No letter is like that.")
	})
}

// TestNotAllLettersThatThereAre are moved by one button: only those of a reason, a campaign or
// an office.
func TestNotAllLettersThatThereAre(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	o.lost("")
	o.write("", "odd")
	b := o.member(account.Owner)
	for _, do := range []string{"every-resolve-refused", "every-resolve-accepted", "every-refuse", "every-release"} {
		form := url.Values{"do": {do}, "office": {"HWY00"}} // by which letters put aside are not chosen
		if strings.HasPrefix(do, "every-resolve") {
			form = url.Values{"do": {do}, "reason": {"odd"}} // nor these by a reason
		}
		b.want(b.do("POST", "/staff/move/preview", form), http.StatusUnprocessableEntity, "Choose at least one letter.")
	}
	if page := o.member(account.Viewer).get("/staff/unknown", "No reason was given"); len(chosen(page)) > 0 || strings.Contains(page, "/staff/letters/") {
		t.Error("a viewer can choose or open letters")
	}
}

// TestTheDeskCountsAllLetters, however many reasons there are.
func TestTheDeskCountsAllLetters(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	for i := range 220 {
		o.lost(fmt.Sprintf("read tcp 192.0.2.1:%d: connection reset", i))
	}
	page := o.member(account.Viewer).get("/staff/", "The fate of 220 letters is not known", "and 210 more")
	if n := strings.Count(page, "connection reset"); n != 10 {
		t.Errorf("the desk tells %d reasons", n)
	}
}
