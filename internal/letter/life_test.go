package letter_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/letter"
)

// life is a post office as it runs, on a clock that the test turns: delivery, the looks for
// letters whose time is over, the question of the fourteenth day, the forgetting.
type life struct {
	*post

	delivers bool // whether any node sends letters
	turned   *queue
	asked    []string // whether their offices answered
}

func live(t *testing.T, d *db.DB, delivers bool, options ...option) *life {
	t.Helper()
	l := &life{post: newPost(t, d, options...), delivers: delivers, turned: &queue{}}
	l.restart(append(options, func(p *post) {
		p.options.Asked = func(context.Context, *db.Tx, []letter.Asking) error { return nil }
		p.options.Turned = func(_ context.Context, _ *db.Tx, id string) error { l.turned.add([]string{id}); return nil }
	})...)
	return l
}

// work does what there is to do at this hour.
func (l *life) work() {
	l.t.Helper()
	if l.delivers {
		for _, id := range l.due() {
			l.deliver(id)
		}
	}
	l.reconcile(false)
	err := l.desk.AskForAnswers(l.t.Context(), func(_ context.Context, _ *db.Tx, id string) error { l.asked = append(l.asked, id); return nil })
	if err != nil {
		l.t.Fatal(err)
	}
	l.scrub()
}

// pass lets time go by, with work at the end of each step.
func (l *life) pass(d, step time.Duration) {
	l.t.Helper()
	for end := l.clock.now().Add(d); l.clock.now().Before(end); {
		l.clock.turn(min(step, end.Sub(l.clock.now())))
		l.work()
	}
}

// stands checks where a letter has come to.
func (l *life) stands(id string, state letter.State, path string) query.Letter {
	l.t.Helper()
	return l.expect(id, state, letter.ChannelHouse, path)
}

// TestTheWholeLifeOfALetter follows letters from the form until they are forgotten: through
// a mailbox that has to be asked, a House that is busy, an answer that was lost; to the
// question of the fourteenth day and the end of the twenty-eighth.
func TestTheWholeLifeOfALetter(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options []option
		human   bool
		path    string // from the lost answer on
	}{
		"repeats are recognised": {[]option{named("life-again"), resendUnknown}, false, " sending accepted"},
		"a person finds out":     {[]option{named("life-person")}, true, " accepted"},
	} {
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			l := live(t, d, true, c.options...)
			f := canary("wren", 1)
			f.Join = true
			id := l.unconfirmed(f, "").SubmissionID
			one := l.lettersOf(id)[0]
			if err := l.desk.AgreeToAnswer(t.Context(), id, "Ask me", "en"); err != nil {
				t.Fatal(err)
			}
			l.pass(23*time.Hour+time.Hour/2, 6*time.Hour)
			l.stands(one.ID, letter.Unconfirmed, "unconfirmed")
			l.script(cwctest.Act{Do: cwctest.TooMany, RetryAfter: 2 * 60 * 60})
			l.confirm(id)
			l.work()
			path := "unconfirmed ready sending waiting"
			l.stands(one.ID, letter.Waiting, path)
			l.pass(110*time.Minute, 10*time.Minute)
			l.stands(one.ID, letter.Waiting, path) // as long as the House said
			l.script(cwctest.Act{Do: cwctest.ErrorAfter})
			l.pass(15*time.Minute, 5*time.Minute)
			path += " sending unknown"
			if c.human {
				l.pass(3*day, 12*time.Hour)
				l.stands(one.ID, letter.Unknown, path)
				if err := l.desk.Operate(t.Context(), letter.ResolveAccepted, one.ID, "ada", "the House has it"); err != nil {
					t.Fatal(err)
				}
			} else {
				l.pass(time.Hour, 10*time.Minute)
			}
			path += c.path
			done := l.stands(one.ID, letter.Accepted, path).Since.Time()
			l.pass(done.Add(14*day-time.Minute).Sub(l.clock.now()), day)
			if len(l.asked) != 0 {
				t.Errorf("%s: asked before the fourteenth day", name)
			}
			l.pass(day, 6*time.Hour)
			if m, due, err := l.desk.AnswerNotice(t.Context(), id, notices); len(l.asked) != 1 || !due || m.To != f.Email || err != nil {
				t.Errorf("%s: asked %d times; %t, %v", name, len(l.asked), due, err)
			}
			if err := l.desk.Answered(t.Context(), id, one.ID, letter.AnswerReal); err != nil {
				t.Error(err)
			}
			l.pass(done.Add(letter.ScrubAfter-time.Minute).Sub(l.clock.now()), day)
			if held := l.where(f.FirstName); len(held) == 0 {
				t.Errorf("%s: forgotten before the twenty-eighth day", name)
			}
			l.pass(time.Hour, 10*time.Minute)
			if s := l.submissionRow(id); s.Address1 != "" || l.letter(one.ID).Message != "" {
				t.Errorf("%s: street and text are kept: %+v", name, s)
			}
			l.stands(one.ID, letter.Accepted, path)
			receptions := slices.DeleteFunc(l.capitol.Receptions(), func(r cwctest.Reception) bool { return r.DeliveryID != one.DeliveryID || !r.Stored })
			if told := l.turned.drain(); len(receptions) != 1 || len(told) != 0 || len(l.asked) != 1 {
				t.Errorf("%s: %d times at the Capitol, %d bad news, %d questions", name, len(receptions), len(told), len(l.asked))
			}
		})
	}
}

// TestALifeInWhichNothingWorks: the House answers nobody, or no node delivers. After a week
// the writer is told, and after another month their letter ends by the clock alone.
func TestALifeInWhichNothingWorks(t *testing.T) {
	t.Parallel()
	for name, delivers := range map[string]bool{"life-down": true, "life-alone": false} {
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			l := live(t, d, delivers, named(name))
			l.script(cwctest.Act{Do: cwctest.Unavailable, Times: 1 << 20})
			f := canary(name, 5)
			one := l.take(f)
			if err := l.desk.AgreeToAnswer(t.Context(), one.SubmissionID, "Ask me", "en"); err != nil {
				t.Fatal(err)
			}
			l.pass(6*day+20*time.Hour, 4*time.Hour)
			if told := l.turned.drain(); len(told) != 0 || l.letter(one.ID).Channel != letter.ChannelHouse {
				t.Errorf("%s: given up within a week, told %d times", name, len(told))
			}
			if got := l.letter(one.ID); delivers != (got.Attempts > 3) || got.Attempts > 100 {
				t.Errorf("%s: tried %d times", name, got.Attempts)
			}
			l.pass(16*time.Hour, time.Hour)
			l.tell(one, letter.Waiting)
			l.pass(29*day, day)
			if told := l.turned.drain(); len(told) != 0 || l.letter(one.ID).State != string(letter.Waiting) {
				t.Errorf("%s: it does not wait for its writer, told %d times", name, len(told))
			}
			l.pass(2*day, 12*time.Hour)
			l.tell(one, letter.Expired)
			l.pass(letter.ScrubAfter+day, day)
			if s := l.submissionRow(one.SubmissionID); s.Address1 != "" || l.letter(one.ID).Message != "" {
				t.Errorf("%s: street and text are kept", name)
			}
			if n := len(l.capitol.Messages()); n != 0 || len(l.asked) != 0 {
				t.Errorf("%s: %d letters at the Capitol, %d questions about answers", name, n, len(l.asked))
			}
		})
	}
}

// tell checks that the writer of a letter that came into a state was told once, by a mail.
func (l *life) tell(one query.Letter, state letter.State) {
	l.t.Helper()
	got := l.letter(one.ID)
	if got.State != string(state) || got.Channel != letter.ChannelHandoff {
		l.t.Errorf("it is %s on %s: %s", got.State, got.Channel, got.Reason)
	}
	if told := l.turned.drain(); !slices.Equal(told, []string{one.SubmissionID}) {
		l.t.Errorf("%s: told %d times", state, len(told))
	}
	if m, due := l.turnNotice(one.SubmissionID); !due || m.To != string(l.submissionRow(one.SubmissionID).Email) {
		l.t.Errorf("%s: a mail is due: %t", state, due)
	}
}
