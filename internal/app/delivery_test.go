package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
)

// The House's system misbehaves in the ways that another attempt mends. Each letter must
// come to be accepted, and none may be there twice.
func TestMisbehaviourThatPasses(t *testing.T) {
	t.Parallel()
	for name, acts := range map[string][]cwctest.Act{
		"busy":                    {{Do: cwctest.Unavailable, RetryAfter: -1}},
		"hangs up":                {{Do: cwctest.Reset}},
		"fails before storing":    {{Do: cwctest.ServerError, Times: 2}},
		"fails after storing":     {{Do: cwctest.ErrorAfter}},
		"hangs up after storing":  {{Do: cwctest.ResetAfter}, {Do: cwctest.ServerError}},
		"garbage after storing":   {{Do: cwctest.Garbage}},
		"no list of offices":      {{Do: cwctest.ServerError, Call: "offices"}},
		"a repeat said too early": {{Do: cwctest.Duplicate}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := build(t, dbtest.SQLiteURL(t))
			if err := w.capitol.Script(acts...); err != nil {
				t.Fatal(err)
			}
			p := w.start()
			receipt := p.send(typed())
			p.until(receipt, "Accepted by the House mail system")
			p.until(p.URL()+"/c/loophole/count", `"letters":1`)
			if n := len(w.capitol.Messages()); n != 1 {
				t.Errorf("the Capitol stored the letter %d times", n)
			}
		})
	}
}

func TestAnAnswerThatNeverCameIsUnknown(t *testing.T) {
	t.Parallel()
	w := build(t, dbtest.SQLiteURL(t))
	w.settings.CWC.ResendUnknown = false // what the House's own system has not promised to recognise
	if err := w.capitol.Script(cwctest.Act{Do: cwctest.ResetAfter}); err != nil {
		t.Fatal(err)
	}
	p := w.start()
	receipt := p.send(typed())
	p.until(receipt, "We do not know yet whether it arrived")
	p.until(p.OpsURL(), "<td>HWY00</td><td>unknown</td>")
	p.send(typed("first_name", "Bob")) // the next one passes, and tells that the first was not sent again
	p.until(p.URL()+"/c/loophole/count", `"letters":1`)
	if n := len(w.capitol.Receptions()); n != 2 {
		t.Errorf("the Capitol got %d messages for two letters", n)
	}
}

func TestARefusalIsToldToItsWriterOnly(t *testing.T) {
	t.Parallel()
	w := build(t, dbtest.SQLiteURL(t))
	if err := w.capitol.Script(cwctest.Act{Do: cwctest.Refuse, Text: "The value '2101 O'Neil Ave' is no address"}); err != nil {
		t.Fatal(err)
	}
	p := w.start()
	p.until(p.send(typed()), "The value '2101 O'Neil Ave' is no address")
	body := p.until(p.OpsURL(), "<td>refused</td>")
	if !strings.Contains(body, "The value … is no address") || strings.Contains(body, "Neil") {
		t.Errorf("the operator's page should tell the reason without the street:\n%s", body)
	}
}

func TestAnOfficeThatIsOffLeavesTheLetterToItsWriter(t *testing.T) {
	t.Parallel()
	w := build(t, dbtest.SQLiteURL(t))
	if err := w.capitol.Script(cwctest.Act{Do: cwctest.Refuse, Text: "Message delivery is not enabled for HWY00"}); err != nil {
		t.Fatal(err)
	}
	p := w.start()
	p.until(p.send(typed()), "I have sent it")
}

func TestAWrongKeyIsTheOperatorsMatter(t *testing.T) {
	t.Parallel()
	w := build(t, dbtest.SQLiteURL(t))
	w.settings.CWC.Key = "wr0ng-" + apiKey
	p := w.start()
	receipt := p.send(typed())
	p.until(receipt, "We will try again by ourselves")
	if log := w.log.String(); !strings.Contains(log, `"level":"ERROR"`) || strings.Contains(log, apiKey) {
		t.Errorf("the log should call for the operator and not name the key:\n%s", log)
	}
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	w.settings.CWC.Key = apiKey
	w.clock.forward(10 * time.Minute)
	p = w.start() // finds the letter due
	p.until(p.URL()+receipt[strings.Index(receipt, "/receipt/"):], "Accepted by the House mail system")
}

// The queue may be lost: the letters themselves say what is to be done.
func TestALostQueueIsFilledAgain(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		w := build(t, database)
		w.settings.CWC.Key = "wr0ng"
		p := w.start()
		receipt := p.send(typed())
		p.until(receipt, "We will try again by ourselves")
		if err := p.stop(); err != nil {
			t.Fatal(err)
		}
		d, err := db.Open(t.Context(), database)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.SQL().ExecContext(t.Context(), "DELETE FROM river_job"); err != nil {
			t.Fatal(err)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		w.settings.CWC.Key = apiKey
		w.clock.forward(10 * time.Minute)
		p = w.start()
		p.until(p.URL()+receipt[strings.Index(receipt, "/receipt/"):], "Accepted by the House mail system")
	})
}

// Deliveries must not wait for the machine's clock when ours runs ahead of it, as in a
// demo that starts on another day.
func TestAClockThatRunsAhead(t *testing.T) {
	t.Parallel()
	w := build(t, dbtest.SQLiteURL(t))
	w.clock.forward(28 * 24 * time.Hour) // the roster and the lines hold until January
	if err := w.capitol.Script(cwctest.Act{Do: cwctest.ServerError}); err != nil {
		t.Fatal(err)
	}
	p := w.start()
	p.until(p.send(typed()), "Accepted by the House mail system")
}
