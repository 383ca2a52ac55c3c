package letter_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/letter"
)

func window(t *testing.T, text string) letter.Window {
	t.Helper()
	w, err := letter.ParseWindow(text)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestWindows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ window, at, until string }{
		{"Sun 02:00-06:00", "2026-11-22T07:00:00Z", "2026-11-22T11:00:00Z"}, // 2 o'clock in Washington
		{"Sun 02:00-06:00", "2026-11-22T10:59:59Z", "2026-11-22T11:00:00Z"},
		{"Sun 02:00-06:00", "2026-11-22T11:00:00Z", ""},
		{"Sun 02:00-06:00", "2026-11-23T08:00:00Z", ""},
		{"sun 02:00-06:00", "2026-07-05T06:00:00Z", "2026-07-05T10:00:00Z"}, // in summer
		{"Sun 01:00-04:00", "2026-03-08T07:30:00Z", "2026-03-08T08:00:00Z"}, // the night of the change
		{"23:00-24:00", "2026-11-24T04:30:00Z", "2026-11-24T05:00:00Z"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		until, in := letter.Windows{window(t, c.window)}.Closed(at)
		if in != (c.until != "") || in && until.UTC().Format(time.RFC3339) != c.until {
			t.Errorf("%s at %s: until %s, %v", c.window, c.at, until.UTC(), in)
		}
	}
	for _, bad := range []string{"", "Sunday 02:00-06:00", "Sun", "Sun 06:00-02:00", "02:00-02:00", "02:00 - 03:00", "25:00-26:00", "2:00-3:00", "02:60-03:00"} {
		if _, err := letter.ParseWindow(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func FuzzParseWindow(f *testing.F) {
	for _, text := range []string{"Sun 02:00-06:00", "00:00-24:00", "sat 23:59-24:00", "Mon -1:00-02:00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		w, err := letter.ParseWindow(text)
		if err == nil && (w.Span.From >= w.Span.To || !strings.HasSuffix(strings.TrimSpace(text), w.Span.String())) {
			t.Errorf("%q became %+v", text, w)
		}
	})
}

// TestMaintenanceHoldsLettersUp and fails none: they go when it is over.
func TestMaintenanceHoldsLettersUp(t *testing.T) {
	t.Parallel()
	p := newPost(t, dbtest.New(t))
	l := p.onLedger(func(o *letter.Options) {
		o.Windows = map[string]letter.Windows{letter.ChannelHouse: {window(t, "12:00-13:30")}}
	})
	one := p.take(person(1)) // at noon
	until := start.Add(90 * time.Minute)
	if v := p.overview(); !v.ClosedUntil.Equal(until) || v.Waiting != 1 || !v.Oldest.Equal(start) {
		t.Errorf("%+v", v)
	}
	p.run(l, 1)
	if at := l.sent[0].at; at.Before(until) || at.After(until.Add(2*time.Second)) {
		t.Errorf("sent at %s", at)
	}
	p.expect(one.ID, letter.Accepted, letter.ChannelHouse, "ready sending accepted")
}

// TestDripSpreadsLettersOverTheDay: those of one campaign, and of no other.
func TestDripSpreadsLettersOverTheDay(t *testing.T) {
	t.Parallel()
	p := newPost(t, dbtest.New(t), func(p *post) {
		p.source = strings.Replace(water, "status:", "drip: 13:00-17:00\nstatus:", 1)
	})
	hours := make([]int, 4)
	for i := range 80 {
		due := p.take(person(i)).DueAt.Time()
		since := due.Sub(start.Add(time.Hour)) // the day's part begins at one
		if since < 0 || since >= 4*time.Hour {
			t.Fatalf("due at %s", due)
		}
		hours[int(since/time.Hour)]++
	}
	for hour, n := range hours {
		if n < 8 || n > 36 {
			t.Errorf("%d of 80 letters in hour %d: %v", n, hour, hours)
		}
	}
}

// TestDripHoldsForAllLetters of the campaign: also for those that waited for their writer to
// confirm, or for a person to look at them.
func TestDripHoldsForAllLetters(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d, named("drips"), func(p *post) {
			p.source = strings.Replace(p.source, "status:", "drip: 13:00-17:00\nstatus:", 1)
		})
		p.restart(func(p *post) {
			p.options.Asked = func(context.Context, *db.Tx, []letter.Asking) error { return nil }
		})
		p.clock.turn(10 * time.Hour) // ten in the evening in Washington
		asked := p.lettersOf(p.unconfirmed(person(1), "").SubmissionID)[0]
		p.confirm(asked.SubmissionID)
		odd := p.suspicious(2)
		p.operate(letter.Release, odd.ID, "")
		opens := start.Add(25 * time.Hour) // one in the afternoon of the next day
		for name, l := range map[string]query.Letter{"confirmed": p.letter(asked.ID), "released": p.letter(odd.ID)} {
			if due := l.DueAt.Time(); l.State != string(letter.Ready) || due.Before(opens) || !due.Before(opens.Add(4*time.Hour)) {
				t.Errorf("%s: %s, due at %s", name, l.State, due.UTC())
			}
		}
	})
}
