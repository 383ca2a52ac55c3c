package crash

import (
	"context"
	"database/sql"
	"encoding/xml"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/db/pgtemp"
)

// storm is one run: a load, a number of kills, and the rule about letters of unknown fate.
type storm struct {
	kills, shortKills int
	resends           bool
}

// TestKilledWhereRepeatsAreRecognised lets the server repeat letters of unknown fate, as
// the Capitol recognises them: in the end every letter stands there exactly once.
func TestKilledWhereRepeatsAreRecognised(t *testing.T) {
	t.Parallel()
	onEachEngine(t, storm{kills: 50, shortKills: 3, resends: true})
}

// TestKilledWhereRepeatsAreNot forbids that: no letter may reach the Capitol twice, and
// those of unknown fate stay so.
func TestKilledWhereRepeatsAreNot(t *testing.T) {
	t.Parallel()
	onEachEngine(t, storm{kills: 12, shortKills: 2})
}

func onEachEngine(t *testing.T, s storm) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		s.rage(t, "sqlite:"+filepath.Join(t.TempDir(), "franklin.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if err := pgtemp.Installed(); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatal(err)
			}
			t.Skip(err)
		}
		address, stop, err := pgtemp.Start(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := stop(); err != nil {
				t.Error(err)
			}
		})
		s.rage(t, address)
	})
}

// rage runs the storm on a database.
func (s storm) rage(t *testing.T, database string) {
	t.Helper()
	clock := newClock()
	capitol, err := cwctest.Start(t.Context(), "127.0.0.1:0", cwctest.Options{
		Key: "crash", Agent: "Crash Agent", Clock: clock,
		Latency: 15 * time.Millisecond, // so that most kills find letters on their way
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = capitol.Close() })
	var flags []string
	if s.resends {
		flags = append(flags, "--cwc-resend-unknown")
	}
	n := newNode(t.TempDir(), database, capitol.URL, clock, flags...)
	t.Cleanup(func() { _ = n.end(os.Kill) })
	text := applyCampaign(t, n, database)
	c := &crowd{node: n, text: text, clients: 16, pace: rate.NewLimiter(200, 16)}
	s.killAndRestart(t, n, c)
	plain, err := openPlain(database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = plain.Close() })
	s.settle(t, n, plain)
	if err := n.end(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	s.judge(t, c, capitol, plain, strings.HasPrefix(database, "sqlite:"))
}

// applyCampaign brings the sample campaign into the database and returns its letter.
func applyCampaign(t *testing.T, n *node, database string) string {
	t.Helper()
	file, err := filepath.Abs("../../cmd/franklin/demo/" + slug + ".md")
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"migrate", "--db", database}, {"campaign", "--db", database, "apply", file}} {
		if err := n.command(t.Context(), args...); err != nil {
			t.Fatal(err)
		}
	}
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
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

// killAndRestart kills the server at random moments under load, and at last leaves it
// running, with every client answered.
func (s storm) killAndRestart(t *testing.T, n *node, c *crowd) {
	t.Helper()
	kills := s.kills
	if testing.Short() {
		kills = s.shortKills
	}
	seed := uint64(time.Now().UnixNano())
	rng := rand.New(rand.NewPCG(seed, 0))
	t.Logf("seed %d", seed)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.run(ctx, seed)
	}()
	var slowest, sum time.Duration
	for kill := range kills {
		early := kill%10 == 9 // one in ten dies while it is starting
		took, err := s.live(n, rng, early)
		if err != nil {
			t.Fatal(err)
		}
		slowest, sum = max(slowest, took), sum+took
	}
	// By its own clock the last start comes later: nobody has to wait for the time that a
	// killed sender is given, nor for a letter's next attempt.
	n.late = 2 * time.Minute
	if _, err := n.startAndWait(); err != nil {
		t.Fatal(err)
	}
	stop() // nobody begins a new letter; those begun are sent until they are answered
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("some clients got no answer within a minute")
	}
	acknowledged, posts := c.acknowledged()
	t.Logf("%d kills, %d posts, %d letters acknowledged; ready again after %v on average, %v at most",
		kills, posts, acknowledged, (sum / time.Duration(kills)).Round(time.Millisecond), slowest.Round(time.Millisecond))
}

// live is one life of the server. It returns how long it took to be ready.
func (s storm) live(n *node, rng *rand.Rand, early bool) (took time.Duration, err error) {
	if early {
		_, err = n.start()
		<-time.After(time.Duration(rng.IntN(200)) * time.Millisecond)
	} else {
		took, err = n.startAndWait()
		<-time.After(time.Duration(50+rng.IntN(900)) * time.Millisecond) // the random moment
	}
	return took, errors.Join(err, n.end(os.Kill))
}

// settle waits until no letter is under way any more.
func (s storm) settle(t *testing.T, n *node, d *sql.DB) {
	t.Helper()
	begin := time.Now()
	deadline := time.After(2 * time.Minute)
	look := time.NewTicker(250 * time.Millisecond)
	defer look.Stop()
	for {
		left, err := unsettled(d, s.resends)
		if err != nil {
			t.Fatal(err)
		}
		if left == 0 {
			t.Logf("every letter settled %v after the last start", time.Since(begin).Round(time.Millisecond))
			return
		}
		select {
		case <-look.C:
		case <-deadline:
			t.Fatalf("%d letters are still under way:\n%s", left, n.lastWords())
		}
	}
}

// judge collects the evidence and lets the checker speak.
func (s storm) judge(t *testing.T, c *crowd, capitol *cwctest.Server, d *sql.DB, sqlite bool) {
	t.Helper()
	e := evidence{resends: s.resends, attempts: c.notes}
	if err := e.read(d, sqlite); err != nil {
		t.Fatal(err)
	}
	repeats := 0
	for _, r := range capitol.Receptions() {
		m, err := open(capitol, r)
		if err != nil {
			t.Fatal(err)
		}
		e.received = append(e.received, m)
		if r.Repeated {
			repeats++
		}
	}
	doubtful := 0
	for _, r := range e.rows {
		if r.state == "unknown" {
			doubtful++
		}
	}
	t.Logf("%d submissions, %d receptions, %d of them repeats, %d letters of unknown fate",
		len(e.rows), len(e.received), repeats, doubtful)
	broken := e.violations()
	for _, v := range broken[:min(len(broken), 20)] {
		t.Error(v)
	}
	if len(broken) > 20 {
		t.Errorf("and %d more", len(broken)-20)
	}
	if acknowledged, _ := c.acknowledged(); acknowledged == 0 {
		t.Error("no letter was acknowledged: the storm proved nothing")
	}
	if s.resends && repeats == 0 && !testing.Short() {
		t.Error("no kill fell between a letter's arrival and its answer: the storm proved nothing about repeats")
	}
}

// open reads a received message with a reader of its own.
func open(capitol *cwctest.Server, r cwctest.Reception) (reception, error) {
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
