package crash

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
)

// world is a server with all that is around it: people, a Capitol and a mail relay, each
// with notes of its own.
type world struct {
	*testing.T

	database string
	resends  bool
	node     *node
	crowd    *crowd
	temper   *temper // and the Capitol behind it
	sink     *mailSink
	seed     uint64
	rng      *rand.Rand

	recoveries []time.Duration
}

// plan says what a world is like.
type plan struct {
	program  string // the file of the program; the one under test when empty
	folder   string // of the database on SQLite and of the server's secret; a temporary one when empty
	database string // address; a new SQLite file when empty
	resends  bool   // whether the server may repeat letters of unknown fate
	clients  int
	rate     float64       // letters a second that the clients begin at most
	latency  time.Duration // of the Capitol
	flags    []string
}

func newWorld(t *testing.T, p plan) *world {
	t.Helper()
	if p.program == "" {
		p.program = binary
	}
	if p.folder == "" {
		p.folder = t.TempDir()
	}
	if p.database == "" {
		p.database = "sqlite:" + filepath.Join(p.folder, "franklin.db")
	}
	w := &world{T: t, database: p.database, resends: p.resends, sink: newMailSink(t), seed: uint64(time.Now().UnixNano())}
	w.rng = rand.New(rand.NewPCG(w.seed, 0))
	t.Logf("seed %d", w.seed)
	clock := newClock()
	var address string
	w.temper, address = newCapitol(t, w.seed, cwctest.Options{Key: "crash", Agent: "Crash Agent", Clock: clock, Latency: p.latency})
	flags := append(w.sink.flags(), p.flags...)
	if p.resends {
		flags = append(flags, "--cwc-resend-unknown")
	}
	w.node = newNode(p.program, p.folder, p.database, address, clock, flags...)
	t.Cleanup(func() { _ = w.node.end(os.Kill) })
	w.crowd = newCrowd(w.node, w.applyCampaign(), p.clients, p.rate)
	return w
}

// applyCampaign brings the sample campaign into the database and returns its letter.
func (w *world) applyCampaign() string {
	w.Helper()
	file, err := filepath.Abs("../../cmd/franklin/demo/" + slug + ".md")
	if err != nil {
		w.Fatal(err)
	}
	for _, args := range [][]string{{"migrate", "--db", w.database}, {"campaign", "--db", w.database, "apply", file}} {
		if err := w.node.command(w.Context(), args...); err != nil {
			w.Fatal(err)
		}
	}
	source, err := os.ReadFile(file)
	if err != nil {
		w.Fatal(err)
	}
	// The first block named text: holds the letter, indented by four blanks.
	_, rest, _ := strings.Cut(string(source), "\n  text: |\n")
	var lines []string
	for line := range strings.Lines(rest) {
		if !strings.HasPrefix(line, "    ") && line != "\n" {
			break
		}
		lines = append(lines, strings.TrimPrefix(line, "    "))
	}
	return strings.TrimSpace(strings.Join(lines, ""))
}

// during lets people send letters while do plays with the server, and returns when each has
// the last answer. At the end the server runs.
func (w *world) during(do func()) {
	w.Helper()
	ctx, stop := context.WithCancel(w.Context())
	defer stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.crowd.run(ctx, w.seed, w.sink)
	}()
	do()
	stop() // nobody begins a new letter; those begun are sent until they are answered
	select {
	case <-done:
	case <-time.After(time.Minute):
		w.Fatal("some clients got no answer within a minute")
	}
}

// start starts the server and waits until it answers. Its clock is late by that much from
// then on: nobody has to wait for the time that a killed sender is given, nor for a letter's
// next attempt.
func (w *world) start(late time.Duration) {
	w.Helper()
	w.node.late += late
	took, err := w.node.startAndWait()
	if err != nil {
		w.Fatal(err)
	}
	w.recoveries = append(w.recoveries, took)
}

// kill ends the server as a power switch does.
func (w *world) kill() {
	w.Helper()
	if err := w.node.end(os.Kill); err != nil {
		w.Fatal(err)
	}
}

// moment waits for a random time.
func (w *world) moment(least, most time.Duration) {
	<-time.After(least + time.Duration(w.rng.Int64N(int64(most-least))))
}

// settle waits until no letter is under way any more. Should it take too long, the checker
// will name those that are.
func (w *world) settle(within time.Duration) {
	w.Helper()
	d, err := openPlain(w.database)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	begin := time.Now()
	look := time.NewTicker(250 * time.Millisecond)
	defer look.Stop()
	for range look.C {
		left, err := unsettled(d, w.resends)
		switch {
		case err != nil:
			w.Fatal(err)
		case left == 0:
			w.Logf("every letter settled %v after the last start", time.Since(begin).Round(time.Millisecond))
			return
		case time.Since(begin) > within:
			w.Logf("%d letters are still under way after %v:\n%s", left, within, w.node.lastWords())
			return
		}
	}
}

// broken ends the server in order, collects the evidence and returns what the checker says.
func (w *world) broken() []string {
	w.Helper()
	var broken []string
	if err := w.node.end(syscall.SIGTERM); err != nil {
		broken = append(broken, err.Error())
	}
	e := evidence{resends: w.resends, attempts: w.crowd.notes, mails: w.sink.all(), recoveries: w.recoveries}
	ring, err := readRing(filepath.Join(w.node.folder, "keyring"))
	if err != nil {
		w.Fatal(err)
	}
	e.ring = ring
	d, err := openPlain(w.database)
	if err == nil {
		err = errors.Join(e.read(d, strings.HasPrefix(w.database, "sqlite:")), d.Close())
	}
	if err != nil {
		w.Fatal(err)
	}
	for _, r := range w.temper.capitol.Receptions() {
		m, err := open(w.temper.capitol, r)
		if err != nil {
			w.Fatal(err)
		}
		e.received = append(e.received, m)
	}
	w.tell(e)
	return append(broken, e.violations()...)
}

// judge fails the test for each broken invariant.
func (w *world) judge() {
	w.Helper()
	broken := w.broken()
	for _, v := range broken[:min(len(broken), 20)] {
		w.Error(v)
	}
	if len(broken) > 20 {
		w.Errorf("and %d more", len(broken)-20)
	}
	if acknowledged, _ := w.crowd.acknowledged(); acknowledged == 0 {
		w.Error("no letter was acknowledged: the drill proved nothing")
	}
}

// tell logs how much happened, for docs/reliability.md.
func (w *world) tell(e evidence) {
	w.Helper()
	states, stopped, repeats := map[string]int{}, 0, 0
	for _, r := range e.rows {
		states[r.state]++
	}
	for _, a := range e.attempts {
		if !a.stopped.IsZero() {
			stopped++
		}
	}
	for _, m := range e.received {
		if !m.stored {
			repeats++
		}
	}
	acknowledged, posts := w.crowd.acknowledged()
	var sum, slowest time.Duration
	for _, took := range e.recoveries {
		sum, slowest = sum+took, max(slowest, took)
	}
	w.Logf("%d posts, %d letters acknowledged, %v; %d receptions, %d of them repeats; %d mails, %d people stopped them; %d starts, ready after %v on average, %v at most",
		posts, acknowledged, states, len(e.received), repeats, len(e.mails), stopped,
		len(e.recoveries), (sum / time.Duration(max(1, len(e.recoveries)))).Round(time.Millisecond), slowest.Round(time.Millisecond))
}

// repeated reports whether the Capitol got a message twice.
func (w *world) repeated() bool {
	for _, r := range w.temper.capitol.Receptions() {
		if r.Repeated {
			return true
		}
	}
	return false
}

// open reads a received message with a reader of its own.
func open(capitol *cwctest.Capitol, r cwctest.Reception) (reception, error) {
	body, _, err := capitol.XML(r.DeliveryID)
	if err != nil {
		return reception{}, err
	}
	var m struct {
		ID        string `xml:"Delivery>DeliveryId"`
		Office    string `xml:"Recipient>MemberOffice"`
		Email     string `xml:"Constituent>Email"`
		Statement string `xml:"Message>OrganizationStatement"`
		Own       string `xml:"Message>ConstituentMessage"`
	}
	if err := xml.Unmarshal(body, &m); err != nil {
		return reception{}, err
	}
	if m.ID != r.DeliveryID {
		return reception{}, errors.New("the Capitol filed " + m.ID + " under " + r.DeliveryID)
	}
	words := m.Statement
	if m.Own != "" {
		words = m.Own
	}
	return reception{deliveryID: m.ID, sum: r.SHA256, email: m.Email, office: m.Office, words: words, stored: r.Stored}, nil
}

// delays returns how long letters took from their acknowledgement to the office's, of those
// that were taken in a stretch of the server's time, but for those to the office in Wyoming.
func (w *world) delays(from int64, to time.Time) []time.Duration {
	w.Helper()
	d, err := openPlain(w.database)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	took, err := texts(d, fmt.Sprintf(`SELECT delivered_at - created_at FROM letters
		WHERE state = 'accepted' AND office <> 'HWY00' AND created_at >= %d AND created_at < %d`, from, to.UnixMilli()))
	if err != nil {
		w.Fatal(err)
	}
	all := make([]time.Duration, len(took))
	for i, text := range took {
		ms, err := strconv.Atoi(text)
		if err != nil {
			w.Fatal(err)
		}
		all[i] = time.Duration(ms) * time.Millisecond
	}
	slices.Sort(all)
	return all
}

// percentile returns a percentile of sorted durations.
func percentile(sorted []time.Duration, percent int) time.Duration {
	return sorted[min(len(sorted)-1, len(sorted)*percent/100)]
}
