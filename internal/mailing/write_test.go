package mailing_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/headed"
	"github.com/franklin-letters/franklin/internal/mailing"
)

const everything = `---
name: news
kind: alert
campaign: water
audience: state = TX and not acted(water)
language: es
subject: "Uno: {{first_name|\"amigo\"}} # no"
second_subject: Otro
test: {share: 30, after: 90m}
rate: 600
domains:
  - {name: gmail.com, rate: 100}
  - {name: example.org, rate: 5}
en:
  subject: One
  second_subject: 'Another: 100%'
  text: |
    - a list

          code behind a gap
    ---
    the end
---
# Hola {{first_name|amiga}}

---

yes: "sí"
`

// TestSourceIsReadBackTheSame: what a page writes is the file that an author could have written.
func TestSourceIsReadBackTheSame(t *testing.T) {
	local := strings.Replace(news, "kind: newsletter", "kind: newsletter\nlocal_time: yes", 1)
	for name, source := range map[string]string{"news": news, "everything": everything, "local time": local} {
		again(t, name, source)
	}
}

// again writes a file that can be read, reads it again and compares.
func again(t *testing.T, name, source string) {
	t.Helper()
	want, err := mailing.Parse([]byte(source))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	got, err := mailing.Parse(want.Source())
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, want.Source())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: (-want +got)\n%s\n%s", name, diff, want.Source())
	}
}

func FuzzSource(f *testing.F) {
	f.Add(news)
	f.Add(everything)
	f.Fuzz(func(t *testing.T, source string) {
		if _, err := mailing.Parse([]byte(source)); err == nil {
			again(t, "fuzz", source)
		}
	})
}

// TestSavingWhatSomebodyElseChanged: nobody overwrites what they have not seen, and a name that
// is taken stays with its mailing.
func TestSavingWhatSomebodyElseChanged(t *testing.T) {
	onBoth(t, func(w *world) {
		m, err := w.store.Save(w.Context(), []byte(news), time.Time{}, "ada")
		if err != nil {
			w.Fatal(err)
		}
		if _, err := w.store.Save(w.Context(), []byte(news), time.Time{}, "bob"); !errors.Is(err, mailing.ErrNameTaken) {
			w.Errorf("a taken name: %v", err)
		}
		seen := m.UpdatedAt.Time()
		w.clock.turn(time.Minute)
		if _, err := w.store.Save(w.Context(), []byte(news), seen, "ada"); err != nil {
			w.Errorf("as it was seen: %v", err)
		}
		if _, err := w.store.Save(w.Context(), []byte(news), seen, "bob"); !errors.Is(err, mailing.ErrChanged) {
			w.Errorf("after another change: %v", err)
		}
		for field, file := range map[string]string{
			"campaign": strings.Replace(news, "campaign: water", "campaign: fire", 1),
		} {
			_, err := w.store.Save(w.Context(), []byte(file), time.Time{}, "ada")
			if problems, ok := errors.AsType[headed.Problems](err); !ok || len(problems) != 1 || problems[0].Field != field || problems[0].Rule != mailing.RuleUnknown {
				w.Errorf("%s: %v", field, err)
			}
		}
		log, err := audit.List(w.Context(), w.db, audit.Page{Subject: m.ID, Limit: 9})
		if err != nil || len(log) != 2 || log[0].Action != audit.MailingWrite || log[0].Who != "ada" {
			w.Errorf("the log says %+v, %v", log, err)
		}
	})
}

// TestPageOfMailings: the newest first, each with what became of it.
func TestPageOfMailings(t *testing.T) {
	onBoth(t, func(w *world) {
		for _, name := range []string{"one", "two", "three"} {
			w.draft(strings.Replace(news, "name: news", "name: "+name, 1))
		}
		var got []string
		for before := int64(0); ; {
			page, err := w.store.Page(w.Context(), before, 2)
			if err != nil {
				w.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			for _, s := range page {
				got, before = append(got, s.Name), s.Number
			}
		}
		if diff := cmp.Diff([]string{"three", "two", "one"}, got); diff != "" {
			w.Error(diff)
		}
	})
}

// TestPreviewsAreNobodys: the links of a preview neither leave a list nor open a form in the name
// of the person as whom somebody looks.
func TestPreviewsAreNobodys(t *testing.T) {
	onBoth(t, func(w *world) {
		ids := w.people(1, nil)
		m := w.draft(news)
		seen, err := w.store.Preview(w.Context(), m, mailing.Look{As: "p0@example.org"}, "ada")
		if err != nil || !strings.Contains(seen.Text, "Hello Ann of your district") {
			w.Fatalf("%v\n%s", err, seen.Text)
		}
		for _, own := range []string{w.store.People.ActToken(ids[0], m.ID), ids[0]} {
			if strings.Contains(seen.Text+seen.HTML+seen.ID, own) {
				w.Errorf("the preview holds %s:\n%s", own, seen.Text)
			}
		}
		if leave, _ := w.store.People.LeaveMailing(ids[0], "p0@example.org", m.File.List, m.ID); strings.Contains(seen.Text+seen.HTML, leave) {
			w.Error("the preview holds the way off the list")
		}
		for look, want := range map[mailing.Look]string{
			{}:                        "Hello friend of your district.",
			{Known: true}:             "Hello Ana of Texas’ 7th District.",
			{Known: true, Lang: "es"}: "Hola Ana.",
		} {
			if seen, err := w.store.Preview(w.Context(), m, look, "ada"); err != nil || !strings.Contains(seen.Text, want) {
				w.Errorf("%+v: %v\n%s", look, err, seen.Text)
			}
		}
	})
}

// TestTrialsAnHour: a mailing cannot be sent to people one by one by trying it.
func TestTrialsAnHour(t *testing.T) {
	onBoth(t, func(w *world) {
		m := w.draft(news)
		try := func() error {
			_, err := w.store.Trial(w.Context(), m, "author@example.org", false, "ada")
			return err
		}
		for range 20 {
			if err := try(); err != nil {
				w.Fatal(err)
			}
		}
		if err := try(); !fault.Is(err, fault.RateLimited) {
			w.Errorf("the 21st: %v", err)
		}
		w.clock.turn(hour + time.Minute)
		if err := try(); err != nil {
			w.Errorf("an hour later: %v", err)
		}
	})
}

// TestWhatAnOlderReleaseTook can be looked at, changed and given up, and keeps nothing else from
// leaving; only it must not leave before its text is mended.
func TestWhatAnOlderReleaseTook(t *testing.T) {
	onBoth(t, func(w *world) {
		w.people(1, nil)
		m := w.draft(news)
		w.tx(func(ctx context.Context, tx *db.Tx) error {
			source := strings.Replace(m.Source, "{{district|your district}}", "{{nickname}}", 1)
			_, err := tx.ReplaceMailing(ctx, query.ReplaceMailingParams{ID: m.ID, Source: source, UpdatedAt: m.UpdatedAt, Seen: m.UpdatedAt})
			return err
		})
		m = w.state(m, mailing.Draft)
		if _, err := w.store.Preview(w.Context(), m, mailing.Look{Known: true}, ""); err != nil {
			w.Error(err)
		}
		if err := w.store.Start(w.Context(), m, "ada"); !fault.Is(err, fault.Conflict) || !strings.Contains(fault.Message(err), "{{nickname}}") {
			w.Errorf("it was started: %v", err)
		}
		if _, _, err := w.store.Apply(w.Context(), []byte(news), "ada"); err != nil {
			w.Errorf("it cannot be mended: %v", err)
		}
	})
}

// TestTwoSaveAtOnce: of those who save what they all saw, or make a mailing of the same name, one
// is first, and the others hear it; nobody's text is lost without a word.
func TestTwoSaveAtOnce(t *testing.T) {
	onBoth(t, func(w *world) {
		made := w.saveAtOnce(func(int) string { return "news" }, time.Time{}, mailing.ErrNameTaken)
		w.clock.turn(time.Minute)
		w.saveAtOnce(func(int) string { return "news" }, made.UpdatedAt.Time(), mailing.ErrChanged)
		for i, err := range w.saves(func(i int) string { return fmt.Sprintf("other-%d", i) }, time.Time{}) {
			if err != nil {
				w.Errorf("a name of its own, %d: %v", i, err)
			}
		}
	})
}

// saveAtOnce has several people save, of whom all but one must be refused so.
func (w *world) saveAtOnce(name func(int) string, seen time.Time, refusal error) mailing.Mailing {
	w.Helper()
	first := 0
	for _, err := range w.saves(name, seen) {
		switch {
		case err == nil:
			first++
		case !errors.Is(err, refusal):
			w.Errorf("got %v, want %v", err, refusal)
		}
	}
	if first != 1 {
		w.Errorf("%d were first", first)
	}
	m, err := w.store.Find(w.Context(), name(0))
	if err != nil {
		w.Fatal(err)
	}
	return m
}

// saves has several people save at once and returns what each hears.
func (w *world) saves(name func(int) string, seen time.Time) []error {
	heard := make([]error, 5)
	var all sync.WaitGroup
	for i := range heard {
		all.Go(func() {
			file := strings.Replace(news, "name: news", "name: "+name(i), 1) + strings.Repeat("\n\nP. S.", i)
			_, heard[i] = w.store.Save(w.Context(), []byte(file), seen, "ada")
		})
	}
	all.Wait()
	return heard
}

// TestOnlyWhatIsPausedGoesOn: nothing leaves by a move that skips the look before it, and what is
// paused goes on by nothing else.
func TestOnlyWhatIsPausedGoesOn(t *testing.T) {
	onBoth(t, func(w *world) {
		w.people(1, nil)
		m := w.draft(news)
		if err := w.store.Resume(w.Context(), m, "ada", ""); !errors.Is(err, mailing.ErrState) {
			w.Errorf("a draft: %v", err)
		}
		if err := errors.Join(w.store.Start(w.Context(), m, "ada"), w.store.Pause(w.Context(), w.state(m, mailing.Sending), "bob", "complaints")); err != nil {
			w.Fatal(err)
		}
		if err := w.store.Start(w.Context(), w.state(m, mailing.Paused), "ada"); !errors.Is(err, mailing.ErrState) {
			w.Errorf("from a page that is out of date: %v", err)
		}
	})
}
