package crash

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/seal"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// mailingLines is how many messages of a mailing are under way at once in these drills.
const mailingLines = 10

// TestMAIL_8_KilledInTheMiddleOfAMailing: the program is killed ten times at random while a
// mailing leaves, and people leave the list meanwhile. Everybody gets it once or not at all,
// who left gets nothing, and those of unknown fate are at most one for each connection and
// kill.
func TestMAIL_8_KilledInTheMiddleOfAMailing(t *testing.T) {
	people, kills := pick(100_000, 3_000), 10
	if testing.Short() {
		people, kills = 1_000, 3
	}
	drill := func(name string, database func(*testing.T) string) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			newPostal(t, database(t)).storm(people, kills)
		})
	}
	drill("sqlite", func(*testing.T) string { return "" })
	drill("postgres", postgres)
}

// postal is a server with a list of people, and a relay with notes of its own.
type postal struct {
	*testing.T

	database string
	node     *node
	sink     *mailSink
	people   map[string]string // address by id
	ids      []string
	rng      *rand.Rand

	mu   sync.Mutex
	left map[string]time.Time // when it was acknowledged that they left; zero while it was not
}

func newPostal(t *testing.T, database string) *postal {
	t.Helper()
	folder := t.TempDir()
	if database == "" {
		database = "sqlite:" + filepath.Join(folder, "franklin.db")
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	p := &postal{T: t, database: database, sink: newMailSink(t), people: map[string]string{}, left: map[string]time.Time{}, rng: rand.New(rand.NewPCG(seed, 0))}
	flags := append(p.sink.flags(), "--mailing-catcher", "--mailing-connections", strconv.Itoa(mailingLines), "--delivery-lease", "1s")
	p.node = newNode(binary, folder, database, "http://127.0.0.1:1", newClock(), flags...)
	t.Cleanup(func() { _ = p.node.end(os.Kill) })
	return p
}

// storm sends a mailing to so many people through so many kills, and judges.
func (p *postal) storm(people, kills int) {
	p.Helper()
	p.start()
	p.must(p.node.end(syscall.SIGTERM))
	p.load(people)
	p.start()
	p.mailing(people)
	ctx, stop := context.WithCancel(p.Context())
	var leaving sync.WaitGroup
	leaving.Go(func() { p.leave(ctx) })
	for range kills {
		p.moves()
		time.Sleep(time.Duration(p.rng.Int64N(int64(pick(6*time.Second, 500*time.Millisecond)))))
		p.must(p.node.end(os.Kill))
		p.start()
	}
	stop()
	leaving.Wait()
	d, err := openPlain(p.database)
	p.must(err)
	defer func() { _ = d.Close() }()
	p.settled(d)
	p.judge(d, kills)
}

func (p *postal) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p *postal) start() {
	p.Helper()
	if _, err := p.node.startAndWait(); err != nil {
		p.Fatal(err)
	}
}

// moves waits until messages leave, or all have left.
func (p *postal) moves() {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.Context(), time.Minute)
	defer cancel()
	if n := len(p.sink.all()); n < len(p.ids)*9/10 {
		if _, err := p.sink.next(ctx, n); err != nil {
			p.Fatalf("nothing leaves: %v\n%s", err, p.node.lastWords())
		}
	}
}

// load writes people who are on the list.
func (p *postal) load(n int) {
	p.Helper()
	ring, err := seal.At(filepath.Join(p.node.folder, "keyring"))
	p.must(err)
	d, err := db.Open(p.Context(), p.database, db.Sealed(ring))
	p.must(err)
	defer func() { p.must(d.Close()) }()
	now := stamp.Of(p.node.clock())
	for len(p.ids) < n {
		var supporters, subscriptions [][]any
		for range min(5000, n-len(p.ids)) {
			id, email := uuid.Must(uuid.NewV7()).String(), fmt.Sprintf("reader%d@example.org", len(p.ids))
			p.ids = append(p.ids, id)
			p.people[id] = email
			supporters = append(supporters, []any{id, d.Blind(mail.Mailbox(email)), email, "Ann", "en", now, now})
			subscriptions = append(subscriptions, []any{id, "updates", now, now})
		}
		p.must(d.Tx(p.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.InsertRows(ctx, db.Insert{Table: "supporters", Columns: []string{"id", "email_key", "email", "first_name", "lang", "created_at", "updated_at"}}, supporters)
			if err != nil {
				return err
			}
			_, err = tx.InsertRows(ctx, db.Insert{Table: "subscriptions", Columns: []string{"supporter_id", "list", "since", "confirmed_at"}}, subscriptions)
			return err
		}))
	}
}

// mailing begins a mailing that takes long enough for the kills to fall into it.
func (p *postal) mailing(people int) {
	p.Helper()
	file := filepath.Join(p.node.folder, "news.md")
	pace := pick(1, 4)
	if testing.Short() {
		pace = 10
	}
	text := fmt.Sprintf("---\nname: news\nkind: newsletter\nrate: %d\nsubject: News for {{first_name|you}}\n---\nHello {{first_name|friend}}.\n", people*pace)
	p.must(os.WriteFile(file, []byte(text), 0o600))
	for _, args := range [][]string{{"create", file}, {"start", "news"}} {
		p.must(p.node.command(p.Context(), append(append([]string{"mailing"}, args...), p.node.flags[1:]...)...))
	}
}

// leave has people leave by their link, one after the other, as mail programs do.
func (p *postal) leave(ctx context.Context) {
	text, err := os.ReadFile(filepath.Join(p.node.folder, "secret.key"))
	secret, err2 := hex.DecodeString(strings.TrimSpace(string(text)))
	if err := errors.Join(err, err2); err != nil {
		p.Error(err)
		return
	}
	people := &supporter.People{Keys: supporter.NewKeys(secret), Clock: p.node.clock}
	for i := len(p.ids) - 1; ctx.Err() == nil && i >= 0; i -= 1 + p.rng.IntN(7) {
		email := p.people[p.ids[i]]
		p.noteLeft(email, time.Time{})
		path := people.LeaveURL(p.ids[i], email, supporter.Updates)
		for ctx.Err() == nil && !p.posted(ctx, path) {
			time.Sleep(20 * time.Millisecond)
		}
		if ctx.Err() == nil {
			p.noteLeft(email, time.Now())
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func (p *postal) noteLeft(email string, at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left[email] = at
}

// posted presses the button of a mail program.
func (p *postal) posted(ctx context.Context, path string) bool {
	address, _ := p.node.where()
	if address == "" {
		return false
	}
	body := url.Values{"List-Unsubscribe": {"One-Click"}}.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address+path, strings.NewReader(body))
	if err != nil {
		return false
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	return answer.Body.Close() == nil && answer.StatusCode == http.StatusOK
}

// settled waits until the mailing is done.
func (p *postal) settled(d *sql.DB) {
	p.Helper()
	deadline := time.Now().Add(pick(10*time.Minute, 2*time.Minute))
	for state := ""; state != "done"; {
		if err := d.QueryRowContext(p.Context(), "SELECT state FROM mailings WHERE name = 'news'").Scan(&state); err != nil {
			p.Fatal(err)
		}
		if time.Now().After(deadline) {
			p.Fatalf("the mailing is still %s\n%s", state, p.node.lastWords())
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// judge compares what the relay got with what the database says.
func (p *postal) judge(d *sql.DB, kills int) {
	p.Helper()
	got, ids := map[string]int{}, map[string]string{}
	for _, m := range p.sink.all() {
		got[m.to]++
		if got[m.to] > 1 {
			p.Errorf("%s got it %d times", m.to, got[m.to])
		}
		if other := ids[m.id]; m.id == "" || other != "" {
			p.Errorf("the message to %s has the id %q, as that to %q", m.to, m.id, other)
		}
		ids[m.id] = m.to
		if left := p.left[m.to]; !left.IsZero() && m.begun.After(left) {
			p.Errorf("%s left %s before their message began", m.to, m.begun.Sub(left))
		}
	}
	states := p.rows(d, got)
	if n := states["sent"] + states["unknown"] + states["skipped"]; n > len(p.ids) || states["queued"]+states["failed"] > 0 {
		p.Errorf("%d people, and %v", len(p.ids), states)
	}
	if states["unknown"] > kills*mailingLines {
		p.Errorf("%d of unknown fate after %d kills with %d connections", states["unknown"], kills, mailingLines)
	}
	if missed := len(p.ids) - states["sent"] - states["unknown"] - len(p.left); missed > 0 {
		p.Errorf("%d people who had not left got nothing", missed)
	}
	if len(p.left) < 10 || len(got) < len(p.ids)/2 {
		p.Errorf("%d left and %d got it: the storm proved nothing", len(p.left), len(got))
	}
	var sent, unknown int
	p.must(d.QueryRowContext(p.Context(), "SELECT sum(sent), sum(unknown) FROM mailing_counts").Scan(&sent, &unknown))
	if sent != states["sent"] || unknown != states["unknown"] {
		p.Errorf("the numbers say %d sent and %d unknown, the rows %v", sent, unknown, states)
	}
	p.Logf("%d people, %d kills: %v, %d left meanwhile", len(p.ids), kills, states, len(p.left))
}

// rows counts the rows by their state, and compares each with what the relay got.
func (p *postal) rows(d *sql.DB, got map[string]int) map[string]int {
	p.Helper()
	rows, err := d.QueryContext(p.Context(), "SELECT supporter_id, state FROM mailing_recipients")
	p.must(err)
	defer func() { _ = rows.Close() }()
	states := map[string]int{}
	for rows.Next() {
		var id, state string
		p.must(rows.Scan(&id, &state))
		states[state]++
		if n := got[p.people[id]]; state == "sent" && n != 1 || state == "skipped" && n != 0 {
			p.Errorf("%s is %s and got it %d times", p.people[id], state, n)
		}
	}
	p.must(rows.Err())
	return states
}
