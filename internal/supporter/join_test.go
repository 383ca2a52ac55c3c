package supporter_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/notice"
	"github.com/franklin-letters/franklin/internal/supporter"
)

const week = 7 * 24 * time.Hour

// TestMAIL_C_2_Unconfirmed: who never answers is in no audience and is erased after a week,
// with all that was known of them; who answers stays.
func TestMAIL_C_2_Unconfirmed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		silent, answers := w.add("silent@example.org"), w.add("answers@example.org")
		w.tick(silent, supporter.Updates, false)
		w.tick(answers, supporter.Updates, false)
		if got := w.audience(supporter.Updates); got != "" {
			t.Errorf("unconfirmed people get mail: %s", got)
		}
		for want := range 2 { // twice is as good as once
			if done := w.confirm(answers); done != (want == 0) {
				t.Errorf("pressing the button for the %d. time confirms: %t", want+1, done)
			}
		}
		if got := w.audience(supporter.Updates); got != "answers" {
			t.Errorf("on the list: %q", got)
		}
		for _, step := range []struct {
			after time.Duration
			known bool
		}{{week - time.Second, true}, {week, false}} {
			w.now = noon.Add(step.after)
			if err := w.people.Prune(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, known, err := w.people.ByAddress(t.Context(), silent.Email); err != nil || known != step.known {
				t.Errorf("after %v the silent one is known: %t, %v", step.after, known, err)
			}
		}
		if n := len(w.consents(silent)); n != 0 {
			t.Errorf("%d lines of the ledger are left of the silent one", n)
		}
		if got := w.audience(supporter.Updates); got != "answers" || len(w.consents(answers)) != 1 {
			t.Errorf("who confirmed is gone: %q", got)
		}
	})
}

// TestMAIL_C_3_TheLedgerProvesItself: who, what, in which words, when, on which page, how,
// and how it was taken back; and a line that was tampered with is found out.
func TestMAIL_C_3_TheLedgerProvesItself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ann := w.add("ann@example.org")
		w.tick(ann, supporter.Updates, false)
		w.now = noon.Add(time.Hour)
		w.confirm(ann)
		w.now = noon.Add(2 * time.Hour)
		w.leave(ann, supporter.Updates)
		// A newer version of the campaign has other words; the old ones are still proved.
		if _, _, err := w.store.Apply(t.Context(), []byte(strings.Replace(water, "Yes, send me news.", "Yes, often.", 1)), "test"); err != nil {
			t.Fatal(err)
		}
		proof, err := w.people.Prove(t.Context(), w.store, "Ann+x@example.org", "ada")
		if err != nil || !proof.Known || len(proof.Consents) != 1 || len(proof.Lists) != 0 || len(proof.Suppressions) != 1 {
			t.Fatalf("%+v, %v", proof, err)
		}
		c := proof.Consents[0]
		if !c.Proved || c.Rebuilt != "Yes, send me news." || c.Words != c.Rebuilt || c.Lang != "en" || c.Slug != "water" || c.Version != 1 || c.Page != "/c/water" || c.Method != supporter.MethodTick {
			t.Errorf("%+v", c)
		}
		if !c.Given.Equal(noon) || !c.Confirmed.Equal(noon.Add(time.Hour)) || !c.Withdrawn.Equal(noon.Add(2*time.Hour)) || c.Way != supporter.ByPage {
			t.Errorf("%+v", c)
		}
		acts, err := audit.List(t.Context(), d, audit.Page{Limit: 10})
		if err != nil || len(acts) != 1 || acts[0].Action != audit.ConsentProved || acts[0].Who != "ada" || strings.Contains(acts[0].Subject, "ann") {
			t.Errorf("the log: %+v, %v", acts, err)
		}
		for _, tampered := range []string{"UPDATE consents SET words = 'Yes, sell my data.'", "UPDATE consents SET words = 'Yes, send me news.', words_hash = 'x'"} {
			if _, err := d.SQL().ExecContext(t.Context(), tampered); err != nil {
				t.Fatal(err)
			}
			if c := w.consents(ann)[0]; c.Proved {
				t.Errorf("after %q it is still proved", tampered)
			}
		}
		if proof, err := w.people.Prove(t.Context(), w.store, "nobody@example.org", "ada"); err != nil || proof.Known || len(proof.Consents) != 0 {
			t.Errorf("%+v, %v", proof, err)
		}
	})
}

// TestLaterTicks: each is a line of its own, in whichever language; who is on the list stays
// on it, and one batch may hold the same person twice.
func TestLaterTicks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ann, eve := w.member("ann@example.org"), w.add("eve@example.org")
		w.now = noon.Add(time.Hour)
		twice := []supporter.Tick{
			{Supporter: eve.ID, List: supporter.Updates, Campaign: w.water, Lang: "es", At: noon},
			{Supporter: ann.ID, List: supporter.Updates, Campaign: w.water, Lang: "es", At: w.now},
			{Supporter: eve.ID, List: supporter.Updates, Campaign: w.water, Lang: "en", At: w.now},
		}
		w.tx(func(ctx context.Context, tx *db.Tx) error { return w.people.Join(ctx, tx, twice) })
		all := w.consents(ann)
		if len(all) != 2 || all[0].Words != "Yes, send me news." || all[1].Words != "Sí, quiero noticias." || !all[1].Confirmed.IsZero() || !all[1].Proved {
			t.Errorf("%+v", all)
		}
		if got := w.audience(supporter.Updates); got != "ann" {
			t.Errorf("on the list: %q", got)
		}
		rows, err := d.Read().ListUnconfirmedSubscriptions(t.Context(), query.ListUnconfirmedSubscriptionsParams{Before: 1 << 60, MaxRows: 10})
		if err != nil || len(rows) != 1 || rows[0].SupporterID != eve.ID || !rows[0].Since.Time().Equal(w.now) {
			t.Errorf("in waiting: %+v, %v", rows, err)
		}
		// Ticks of who is on the list are not those that a week erases.
		w.now = noon.Add(2 * week)
		if err := w.people.Prune(t.Context()); err != nil || len(w.consents(ann)) != 2 {
			t.Errorf("%+v, %v", w.consents(ann), err)
		}
	})
}

// TestMAIL_C_3_ToHearOfTheEnd: who asks on the mailed page to be told how a campaign ends is on a list of its
// own, and the line proves itself for as long as the program has the words that were shown: never change them.
func TestMAIL_C_3_ToHearOfTheEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ann, list := w.add("ann@example.org"), supporter.OutcomeOf("0199")
		for lang, words := range map[string]string{
			"en": "Send me one mail that tells how this campaign ended.", "es": "Envíenme un solo correo que cuente cómo terminó esta campaña.",
		} {
			tick := supporter.Tick{Supporter: ann.ID, List: list, Campaign: w.water, Lang: lang, At: w.now, Confirmed: w.now, Mailed: true}
			w.tx(func(ctx context.Context, tx *db.Tx) error { return w.people.Join(ctx, tx, []supporter.Tick{tick}) })
			all := w.consents(ann)
			if c := all[len(all)-1]; c.Words != words || !c.Proved || c.Method != supporter.MethodMailed || c.List != list {
				t.Errorf("%+v", c)
			}
		}
		if w.audience(supporter.Updates) != "" || w.audience(list) != "ann" {
			t.Errorf("on the list of updates %q, to hear of the end %q", w.audience(supporter.Updates), w.audience(list))
		}
	})
}

// TestSEC_BOMB_2_TheListsMail: the mail that asks to confirm the list, to whoever's address somebody
// typed, holds nothing that they chose, and has a way to want no more mail.
func TestSEC_BOMB_2_TheListsMail(t *testing.T) {
	n := notice.House{Org: "Water League", Postal: "1 Well Road", BaseURL: "https://act.example.org"}
	w := newWorld(t, dbtest.New(t))
	ann := w.add("ann@example.org")
	w.tick(ann, supporter.Updates, false)
	m, send, _, err := w.people.AskJoin(t.Context(), ann.ID, "1", n)
	if err != nil || !send {
		t.Fatalf("%t, %v", send, err)
	}
	if strings.Count(m.Text, "://") != 2 || !strings.Contains(m.Text, "/join/") || !strings.Contains(m.HTML, m.Unsubscribe) {
		t.Errorf("it has other links than the two:\n%s", m.Text)
	}
	token, _, _ := strings.Cut(strings.TrimPrefix(m.Unsubscribe, "https://act.example.org/leave/"), "?")
	who, ok := w.people.ToLeave(token)
	if !ok {
		t.Fatalf("the way out is %q", m.Unsubscribe)
	}
	if err := w.people.Leave(t.Context(), who, supporter.Everything, supporter.ByPage); err != nil {
		t.Fatal(err)
	}
	if _, send, _, err := w.people.RemindJoin(t.Context(), ann.ID, "2", n); send || err != nil {
		t.Errorf("after that another mail is sent; %v", err)
	}
}

// TestSEC_BOMB_1_OneMailADay: an unanswered mail is not doubled, and the link to the data, which
// comes at once, is one a day too.
func TestSEC_BOMB_1_OneMailADay(t *testing.T) {
	n := notice.House{Org: "Water League", Postal: "1 Well Road", BaseURL: "https://act.example.org"}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ann := w.add("ann@example.org")
		w.tick(ann, supporter.Updates, false)
		m, send, _, err := w.people.AskJoin(t.Context(), ann.ID, "1", n)
		if err != nil || !send || m.To != ann.Email || !strings.Contains(m.Text, "/join/") || strings.Contains(m.Text, "Yes, send me news") {
			t.Fatalf("%+v, %t, %v", m, send, err)
		}
		if _, send, wait, err := w.people.AskJoin(t.Context(), ann.ID, "2", n); err != nil || send || wait != 0 {
			t.Errorf("a second one is sent, or waits: %t, %v, %v", send, wait, err)
		}
		m, send, _, err = w.people.DataNotice(t.Context(), ann.ID, "3", n)
		if err != nil || !send || !strings.Contains(m.Text, "/my-data/") {
			t.Errorf("the link to the data is not sent: %v", err)
		}
		if _, send, wait, err := w.people.DataNotice(t.Context(), ann.ID, "other", n); err != nil || send || wait != 0 {
			t.Errorf("a second one is sent the same day, or waits: %t, %v, %v", send, wait, err)
		}
		w.now = noon.Add(3 * supporter.TurnPause)
		if err := w.people.Suppress(t.Context(), ann.Email, supporter.Everything, supporter.NotMe, "test"); err != nil {
			t.Fatal(err)
		}
		if _, send, wait, err := w.people.DataNotice(t.Context(), ann.ID, "4", n); err != nil || send || wait != 0 {
			t.Errorf("who wants no mail gets one: %t, %v, %v", send, wait, err)
		}
		if _, send, _, err := w.people.AskJoin(t.Context(), "nobody", "5", n); err != nil || send {
			t.Errorf("nobody is mailed: %v", err)
		}
	})
}
