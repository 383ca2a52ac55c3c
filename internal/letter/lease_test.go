package letter_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/letter"
)

func (p *post) hold() bool {
	p.t.Helper()
	has, err := p.desk.Hold(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	return has
}

// expire ends the lease by the database's clock.
func (p *post) expire() {
	p.t.Helper()
	if _, err := p.db.SQL().ExecContext(p.t.Context(), "UPDATE leases SET expires_at = 1"); err != nil {
		p.t.Fatal(err)
	}
}

// TestOneNodeHasTheLease until it ends by the database's clock. The holder's own clock ends
// it too, and never later.
func TestOneNodeHasTheLease(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t)
	p := newPost(t, d)
	other := newPost(t, d, named("second node"), at(p.capitol))
	if !p.hold() || other.hold() || !p.desk.Holds() || other.desk.Holds() {
		t.Fatal("the first to ask should have the lease, and alone")
	}
	p.clock.turn(12*time.Second - time.Millisecond)
	if !p.desk.Holds() {
		t.Error("lost before its time")
	}
	p.clock.turn(time.Millisecond)
	if p.desk.Holds() {
		t.Error("a node that was frozen for the lease's time believes that it still has it")
	}
	if !p.hold() || !p.desk.Holds() { // nobody took it meanwhile
		t.Error("not prolonged")
	}
	p.expire()
	if !other.hold() || p.hold() || p.desk.Holds() {
		t.Error("the second node should have the lease now, and alone")
	}
}

// TestTheOnlyProcessWaitsForNobody: on a SQLite file that only it can have open it takes the
// lease of its killed predecessor, and no clock ends it.
func TestTheOnlyProcessWaitsForNobody(t *testing.T) {
	t.Parallel()
	p := newPost(t, dbtest.New(t))
	if !p.hold() {
		t.Fatal("not taken")
	}
	p.restart()
	if !p.hold() {
		t.Error("waits for a dead process")
	}
	p.clock.turn(day)
	if !p.desk.Holds() {
		t.Error("lost to nobody")
	}
}

// frozen is a channel in whose Send the process is frozen.
type frozen struct {
	letter.Channel

	freeze func()
	sends  atomic.Int32
}

func (f *frozen) Send(ctx context.Context, row query.LetterWithSubmissionRow, c *campaign.Campaign, as letter.Sender) cwc.Outcome {
	f.sends.Add(1)
	f.freeze()
	return f.Channel.Send(ctx, row, c, as)
}

// TestAFrozenNodeDoesNotSendLate: it is frozen when the letter is already on record as being
// sent, past the end of its lease. The letter goes back, and nothing has left.
func TestAFrozenNodeDoesNotSendLate(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t)
	p := newPost(t, d)
	f := &frozen{Channel: p.house, freeze: func() { p.clock.turn(13 * time.Second) }}
	p.desk.Close()
	p.options.Channels = map[string]letter.Channel{letter.ChannelHouse: f}
	p.open()
	l := p.take(person(1))
	p.deliver(l.ID)
	back := p.expect(l.ID, letter.Waiting, letter.ChannelHouse, "ready sending waiting")
	if n := len(p.capitol.Receptions()); n != 0 || f.sends.Load() != 1 || back.DueAt.Time().After(p.clock.now()) {
		t.Errorf("%d messages left; %+v", n, back)
	}
	f.freeze = func() {}
	p.deliver(l.ID)
	p.expect(l.ID, letter.Accepted, letter.ChannelHouse, "ready sending waiting sending accepted")
}

// TestAnOldLeaseMovesNothing: a node whose lease another one has taken cannot begin an
// attempt, even if by its own clock the lease still holds.
func TestAnOldLeaseMovesNothing(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t)
	p := newPost(t, d)
	l := p.take(person(1))
	if !p.hold() {
		t.Fatal("not taken")
	}
	steal(t, d)
	if !p.desk.Holds() {
		t.Fatal("the clock of the first node has not moved")
	}
	if err := p.desk.AttemptNow(t.Context(), l.ID); err != nil {
		t.Fatal(err)
	}
	p.expect(l.ID, letter.Ready, letter.ChannelHouse, "ready")
	if len(p.capitol.Receptions()) != 0 {
		t.Error("sent under an old lease")
	}
}

// steal gives the lease to a node that is not there.
func steal(t *testing.T, d *db.DB) {
	t.Helper()
	if _, err := d.SQL().ExecContext(t.Context(), "UPDATE leases SET holder = 'other', fence = fence + 1, expires_at = 9000000000000"); err != nil {
		t.Fatal(err)
	}
}
