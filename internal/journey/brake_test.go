package journey_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/inbox"
	"github.com/franklin-letters/franklin/internal/journey"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
)

// ended has some people write on a campaign, join its list and be told how it ended; the mails
// about that are due.
func ended(t *testing.T, d *db.DB, people ...string) (o *office, campaignID string) {
	t.Helper()
	o = open(t, d, 0)
	source := strings.Replace(file, "opt_in:", "outcome: {date: 2026-11-20, summary: The House passed the bill.}\nopt_in:", 1)
	c, _, err := o.campaigns.Apply(t.Context(), []byte(source), "test")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range people {
		o.join(c, id)
		o.tx(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.InsertRows(ctx, db.Insert{
				Table: "submissions", Columns: []string{"id", "key", "campaign_id", "campaign_version", "supporter_id", "person", "created_at"},
			}, [][]any{{id, id, c.ID, c.Version, id, id, stamp.Of(o.clock())}})
			return err
		})
	}
	if err := o.work(o.desk(nil)); err != nil { // they are welcomed
		t.Fatal(err)
	}
	clear(o.sent)
	o.forward(2 * time.Hour)
	return o, c.ID
}

func (o *office) tx(act func(context.Context, *db.Tx) error) {
	o.Helper()
	if err := o.db.Tx(o.Context(), act); err != nil {
		o.Fatal(err)
	}
}

// count has mails of the outcome counted that others got.
func (o *office) count(campaignID string, sent, complained int64) {
	o.Helper()
	o.tx(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.CountJourneyRun(ctx, query.CountJourneyRunParams{CampaignID: campaignID, Journey: "outcome", Sent: sent, Complained: complained})
		return err
	})
}

// report has a report come in about the mail of the outcome to a person.
func (o *office) report(id string, kind inbox.Kind) {
	o.Helper()
	steps, err := o.db.Read().ListJourneySteps(o.Context(), id)
	if err != nil {
		o.Fatal(err)
	}
	i := slices.IndexFunc(steps, func(s query.JourneyStep) bool { return s.Journey == "outcome" })
	o.tx(func(ctx context.Context, tx *db.Tx) error {
		return o.runs().Counted(ctx, tx, inbox.Event{Ref: returnpath.Ref{Kind: returnpath.Step, ID: uuid.MustParse(steps[i].ID)}, Kind: kind})
	})
}

// line is what an operator sees of the mails of the outcome.
func (o *office) line() journey.Line {
	o.Helper()
	lines, err := o.runs().Lines(o.Context())
	if err != nil {
		o.Fatal(err)
	}
	for _, l := range lines {
		if l.Journey == journey.Outcome {
			return l
		}
	}
	return journey.Line{}
}

// TestMAIL_2_BrakeOfMailsThatFollow: at two complaints in a thousand delivered the mails about
// a campaign pause themselves as a mailing does, say so, and go on when a person lets them, as
// far from each other as before, and not stopped again by what that person has seen.
func TestMAIL_2_BrakeOfMailsThatFollow(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o, campaignID := ended(t, d, "ana", "ben", "cleo", "dan")
		o.count(campaignID, 999, 2)
		if err := o.work(o.desk(nil)); err != nil { // the first of them is the thousandth
			t.Fatal(err)
		}
		o.forward(time.Hour)
		if err := o.work(o.desk(nil)); err != nil || len(o.sent) != 1 {
			t.Fatalf("sent %v, %v", o.sent, err)
		}
		l := o.line()
		if l.Campaign != "loophole" || l.Waiting != 3 || l.Sent != 1000 || l.PausedBy != "brake" || !strings.Contains(l.PausedWhy, "2 of 1000") || l.Paused.IsZero() {
			t.Errorf("the operator sees %+v", l)
		}
		if !strings.Contains(o.log.String(), "paused themselves") {
			t.Errorf("the log says %q", o.log.String())
		}
		unfit := errors.New("DKIM: nothing signs")
		o.fit = func(context.Context) error { return unfit }
		if err := o.runs().Resume(t.Context(), journey.Outcome, "loophole", "ada", ""); !fault.Is(err, fault.Conflict) {
			t.Errorf("they go on while mail in bulk must not leave: %v", err)
		}
		o.fit = func(context.Context) error { return nil }
		if err := o.runs().Resume(t.Context(), journey.Outcome, "loophole", "ada", "two angry neighbors"); err != nil {
			t.Fatal(err)
		}
		o.report("ana", inbox.Complaint)
		if err := o.work(o.desk(nil)); err != nil || len(o.sent) != 4 || o.line().Waiting != 0 {
			t.Errorf("let go on, %v got it; %v", o.sent, err)
		}
		acts, err := audit.List(t.Context(), d, audit.Page{Limit: 2})
		if err != nil || len(acts) != 2 || acts[0].Who != "ada" || acts[0].Action != audit.JourneyResume || acts[1].Who != "brake" || acts[1].Action != audit.JourneyPause {
			t.Errorf("logged %+v, %v", acts, err)
		}
	})
}

// TestMAIL_2_BrakeInTheReportsTransaction: a complaint stops the mails in the transaction that
// records it, and what came back is not counted as delivered.
func TestMAIL_2_BrakeInTheReportsTransaction(t *testing.T) {
	t.Parallel()
	o, campaignID := ended(t, dbtest.New(t), "ana", "ben")
	if err := o.work(o.desk(nil)); err != nil || len(o.sent) != 2 {
		t.Fatalf("sent %v, %v", o.sent, err)
	}
	o.report("ana", inbox.Hard)
	o.count(campaignID, 998, 1) // 999 delivered
	o.report("ben", inbox.Complaint)
	if l := o.line(); !l.Paused.IsZero() {
		t.Errorf("of 999: %+v", l)
	}
	o.count(campaignID, 1, 0)
	o.report("ben", inbox.Complaint)
	if l := o.line(); l.PausedBy != "brake" || !strings.Contains(l.PausedWhy, "3 of 1000") {
		t.Errorf("of a thousand: %+v", l)
	}
}

// TestMailsThatFollowArePaused: a person stops the mails about a campaign and lets them go on;
// each goes as much later as they stood still.
func TestMailsThatFollowArePaused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o, _ := ended(t, d, "ana", "ben")
		if err := o.runs().Pause(t.Context(), journey.Outcome, "loophole", "ada", "a wrong date"); err != nil {
			t.Fatal(err)
		}
		if err := o.work(o.desk(nil)); err != nil || len(o.sent) != 0 {
			t.Fatalf("sent %v, %v", o.sent, err)
		}
		before := o.dues("ana", "ben")
		o.forward(30 * time.Minute)
		for _, err := range []error{
			o.runs().Pause(t.Context(), journey.Outcome, "loophole", "ada", "again"),
			o.runs().Pause(t.Context(), journey.Goal, "loophole", "ada", "not reached"),
			o.runs().Pause(t.Context(), journey.Welcome, "loophole", "ada", "of single people"),
			o.runs().Pause(t.Context(), journey.Outcome, "none", "ada", "no campaign"),
		} {
			if err == nil || fault.Message(err) == "" {
				t.Errorf("it is not refused with a reason: %v", err)
			}
		}
		if err := o.runs().Resume(t.Context(), journey.Outcome, "loophole", "ada", ""); err != nil {
			t.Fatal(err)
		}
		for i, due := range o.dues("ana", "ben") {
			if due.Sub(before[i]) != 30*time.Minute {
				t.Errorf("due at %v, then at %v", before[i], due)
			}
		}
		if err := o.work(o.desk(nil)); err != nil || len(o.sent) != 2 {
			t.Errorf("sent %v, %v", o.sent, err)
		}
	})
}

func (o *office) dues(ids ...string) (all []time.Time) {
	o.Helper()
	for _, id := range ids {
		steps, err := o.db.Read().ListJourneySteps(o.Context(), id)
		if err != nil {
			o.Fatal(err)
		}
		i := slices.IndexFunc(steps, func(s query.JourneyStep) bool { return s.Journey == "outcome" })
		all = append(all, steps[i].DueAt.Time())
	}
	return all
}

// TestOperatorsSeeWhatWaits: mails whose turn was put off are counted, with the reason.
func TestOperatorsSeeWhatWaits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d, 3)
		busy := o.desk(func(mail.Message) error {
			return &mail.SendError{Outcome: mail.Temporary, Step: "recipient", Code: 451}
		})
		if err := o.work(busy); err != nil {
			t.Fatal(err)
		}
		lines, err := o.runs().Lines(t.Context())
		if err != nil || len(lines) != 1 || lines[0].Journey != journey.Welcome || lines[0].Waiting != 3 || len(lines[0].Why) != 2 || !strings.Contains(lines[0].Why[0], "domain") {
			t.Errorf("%+v, %v", lines, err)
		}
	})
}
