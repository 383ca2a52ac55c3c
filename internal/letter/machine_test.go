package letter_test

import (
	"net/http"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
)

// TestStateMachine lets anything happen to letters in any order: posts, attempts at a
// Capitol in every mood, crashes in the middle of one, restarts with and without a key,
// time. No letter ever stands where the table forbids, none is at the Capitol twice, the
// counters tell the truth, and in the end each path ends.
func TestStateMachine(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		crash := &crasher{base: http.DefaultTransport.(*http.Transport).Clone()}
		p.house.Client.HTTP = &http.Client{Transport: crash}
		house, people, outer := p.house, 0, p.t
		rapid.Check(t, func(t *rapid.T) {
			p.t = t
			defer func() { p.t = outer }()
			m := &machine{post: p, house: house, crash: crash, people: &people, ended: map[string]int{}}
			house.ResendUnknown = rapid.Bool().Draw(t, "repeats are recognised")
			m.restart(func(p *post) { p.house = house })
			t.Repeat(map[string]func(*rapid.T){
				"": m.check, "submit": m.submitOne, "again": m.submitAgain, "attempt": m.attempt, "work": m.work, "crash": m.crashed,
				"hand over": m.handOver, "take back": m.takeItBack, "operate": m.operateOne, "pause": m.pauseOrNot, "wait": m.wait, "reconcile": m.look, "restart": m.start, "scrub": func(*rapid.T) { m.scrub() },
			})
			m.t = t
			m.finish()
		})
	})
}

// machine is what one run of the test knows.
type machine struct {
	*post

	house   *letter.House
	crash   *crasher
	people  *int
	letters []query.Letter
	forms   []letter.Form
	ended   map[string]int // final letters -> length of their history
}

// crasher ends the goroutine in the middle of an attempt, as the end of the process would.
type crasher struct {
	base  http.RoundTripper
	armed atomic.Int32
}

// When a crash comes.
const (
	unarmed int32 = iota
	beforeSending
	afterSending
)

// RoundTrip sends the request, unless the process dies.
func (c *crasher) RoundTrip(r *http.Request) (*http.Response, error) {
	armed := unarmed
	if r.Method == http.MethodPost {
		armed = c.armed.Swap(unarmed)
	}
	if armed == beforeSending {
		runtime.Goexit()
	}
	answer, err := c.base.RoundTrip(r)
	if armed == afterSending {
		if err == nil {
			_ = answer.Body.Close() // nobody reads it
		}
		runtime.Goexit()
	}
	return answer, err
}

func (m *machine) submitOne(t *rapid.T) {
	*m.people++
	f := person(*m.people)
	s := m.submission(f)
	if rapid.IntRange(0, 4).Draw(t, "suspicious at 0") == 0 {
		s.Suspicion = "odd"
	}
	r := m.submit(s)
	letters, err := m.db.Read().ListLettersOfSubmission(m.t.Context(), r.SubmissionID)
	if r.Standing != letter.Taken || err != nil || len(letters) != 1 {
		t.Fatalf("%+v, %d letters, %v", r, len(letters), err)
	}
	m.letters, m.forms = append(m.letters, letters[0]), append(m.forms, f)
}

func (m *machine) some(t *rapid.T) int {
	if len(m.letters) == 0 {
		t.Skip("no letter yet")
	}
	return rapid.IntRange(0, len(m.letters)-1).Draw(t, "letter")
}

func (m *machine) submitAgain(t *rapid.T) {
	i := m.some(t)
	if r := m.submit(m.submission(m.forms[i])); r.Standing != letter.Repeated || r.SubmissionID != m.letters[i].SubmissionID {
		t.Fatalf("%+v", r)
	}
}

var moods = []cwctest.Act{
	{},
	{Do: cwctest.TooMany, RetryAfter: 7200},
	{Do: cwctest.Unavailable},
	{Do: cwctest.ServerError},
	{Do: cwctest.ErrorAfter},
	{Do: cwctest.Reset},
	{Do: cwctest.ResetAfter},
	{Do: cwctest.Garbage},
	{Do: cwctest.HTML},
	{Do: cwctest.Refuse, Text: "The letter is not in order"},
	{Do: cwctest.Refuse, Text: "Message delivery is not enabled for HAZ04"},
	{Do: cwctest.ServerError, Call: "offices"},
}

func (m *machine) mood(t *rapid.T) {
	if act := rapid.SampledFrom(moods).Draw(t, "mood"); act.Do != "" {
		m.script(act)
	}
}

// attempt delivers any letter, whether it is its time or not.
func (m *machine) attempt(t *rapid.T) {
	i := m.some(t)
	m.mood(t)
	m.deliver(m.letters[i].ID)
	m.capitol.ClearScript()
}

// work sends what is in line.
func (m *machine) work(t *rapid.T) {
	m.mood(t)
	for _, id := range m.due() {
		m.deliver(id)
	}
	m.capitol.ClearScript()
}

// crashed kills the worker in the middle of an attempt, if there is one to make.
func (m *machine) crashed(t *rapid.T) {
	i := m.some(t)
	m.crash.armed.Store(rapid.SampledFrom([]int32{beforeSending, afterSending}).Draw(t, "crash"))
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		if err := m.desk.DeliverOne(m.t.Context(), m.letters[i].ID); err != nil {
			m.t.Error(err)
		}
	}()
	<-gone
	m.crash.armed.Store(unarmed)
}

func (m *machine) handOver(t *rapid.T) {
	i := m.some(t)
	before := m.letter(m.letters[i].ID)
	err := m.desk.HandedOver(m.t.Context(), before.SubmissionID, before.ID)
	own := before.Channel == letter.ChannelHandoff && before.State == string(letter.Waiting) || before.State == string(letter.HandedOver)
	if own && err != nil || !own && !fault.Is(err, fault.Conflict) {
		t.Fatalf("a letter that was %s on %s: %v", before.State, before.Channel, err)
	}
}

// takeItBack withdraws what is still here. What has left stays as it is.
func (m *machine) takeItBack(t *rapid.T) {
	before := m.letter(m.letters[m.some(t)].ID)
	gone, err := m.desk.TakeBack(m.t.Context(), before.SubmissionID)
	if left := !letter.State(before.State).Withdrawable() && before.State != string(letter.Withdrawn); err != nil || (gone > 0) != left {
		t.Fatalf("a letter that was %s: %d are gone, %v", before.State, gone, err)
	}
}

// operateOne lets an operator do any of the operations to any letter.
func (m *machine) operateOne(t *rapid.T) {
	before := m.letter(m.letters[m.some(t)].ID)
	op := rapid.SampledFrom([]letter.Operation{
		letter.Hold, letter.Release, letter.Refuse, letter.ResolveAccepted, letter.ResolveRefused, letter.Retry,
	}).Draw(t, "operation")
	if op == letter.ResolveAccepted {
		if _, there, err := m.capitol.XML(before.DeliveryID); err != nil || !there {
			return // operators do not lie
		}
	}
	err := m.desk.Operate(m.t.Context(), op, before.ID, "ada", "a reason")
	fits := before.State == string(op.From()) && (op != letter.Retry || before.Channel == letter.ChannelHouse)
	if fits != (err == nil) || !fits && !fault.Is(err, fault.Conflict) {
		t.Fatalf("%s of a letter that was %s on %s: %v", op, before.State, before.Channel, err)
	}
}

func (m *machine) pauseOrNot(t *rapid.T) {
	if rapid.Bool().Draw(t, "pause") {
		m.pause()
	} else {
		m.resume()
	}
}

func (m *machine) wait(t *rapid.T) {
	m.clock.turn(time.Duration(rapid.SampledFrom([]int64{1, 30, 60, 600, 3600, 86400, 8 * 86400, 31 * 86400}).Draw(t, "seconds")) * time.Second)
}

func (m *machine) look(t *rapid.T) { m.reconcile(rapid.Bool().Draw(t, "alone")) }

// start is a new process on the same database.
func (m *machine) start(t *rapid.T) {
	withKey := rapid.IntRange(0, 2).Draw(t, "without a key at 0") > 0
	resend := m.house.ResendUnknown
	m.restart(func(p *post) {
		switch {
		case !withKey:
			p.house = nil
		case p.house == nil:
			p.house = &letter.House{Client: m.house.Client, Sender: m.house.Sender, DB: m.house.DB, Clock: m.house.Clock, ResendUnknown: resend}
		}
	})
	m.reconcile(true)
}

// finish turns the clock until every letter has come to its end, which takes two months at
// most, as long as somebody looks now and then.
func (m *machine) finish() {
	m.t.Helper()
	for range 14 {
		m.reconcile(false)
		for _, id := range m.due() {
			m.deliver(id)
		}
		m.clock.turn(5 * day)
	}
	for _, l := range m.letters {
		if now := m.letter(l.ID); !letter.State(now.State).Final() {
			m.t.Errorf("a letter never ends: %s: %+v", m.path(l.ID), now)
		}
	}
	m.verify()
	m.clock.turn(letter.ScrubAfter)
	m.scrub()
	for _, l := range m.letters {
		if s := m.submissionRow(l.SubmissionID); s.ScrubbedAt == 0 {
			m.t.Errorf("never forgotten: %+v", s)
		}
	}
}

func (m *machine) check(t *rapid.T) {
	m.t = t
	m.verify()
}

// verify holds what is true of all letters at all times.
func (m *machine) verify() {
	m.t.Helper()
	stored := map[string]int{}
	for _, message := range m.capitol.Messages() {
		stored[message.DeliveryID]++
	}
	for _, l := range m.letters {
		now := m.letter(l.ID)
		history, err := m.desk.History(m.t.Context(), l.ID)
		if err != nil {
			m.t.Fatal(err)
		}
		m.lawful(now, history)
		if n := stored[l.DeliveryID]; n > 1 {
			m.t.Errorf("the Capitol has the letter %d times: %s", n, m.path(l.ID))
		}
		if letter.State(now.State) == letter.Accepted && stored[l.DeliveryID] != 1 {
			m.t.Errorf("accepted, but the Capitol has no such letter: %s", m.path(l.ID))
		}
	}
	m.counts()
}

// lawful checks a letter's row against its history and the history against the table.
func (m *machine) lawful(now query.Letter, history []query.LetterHistory) {
	m.t.Helper()
	attempts, last := int64(0), query.LetterHistory{}
	for i, move := range history {
		from, to := letter.State(move.FromState), letter.State(move.ToState)
		switch {
		case move.Seq != int64(i+1) || move.At < last.At || move.FromState != last.ToState:
			m.t.Errorf("the history has a gap: %+v after %+v", move, last)
		case i > 0 && !letter.May(from, to, letter.Actor(move.Actor)):
			m.t.Errorf("from %s to %s by %s", from, to, move.Actor)
		case from == letter.Unknown && to == letter.Sending && !m.house.ResendUnknown:
			m.t.Errorf("sent again: %s", m.path(now.ID))
		}
		if to == letter.Sending {
			attempts++
		}
		last = move
	}
	state := letter.State(now.State)
	if now.State != last.ToState || now.Since != last.At || now.Attempts != attempts {
		m.t.Errorf("the row says %s since %v after %d attempts, the history %s", now.State, now.Since, now.Attempts, m.path(now.ID))
	}
	if state.Final() != (now.DueAt == 0) || state.Counts() != (now.DeliveredAt != 0) {
		m.t.Errorf("%s, due %v, delivered %v", state, now.DueAt, now.DeliveredAt)
	}
	if n, ended := m.ended[now.ID]; ended && n != len(history) {
		m.t.Errorf("moved after its end: %s", m.path(now.ID))
	}
	if state.Final() {
		m.ended[now.ID] = len(history)
	}
}
