package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/congress/postal"
	"github.com/franklin-letters/franklin/internal/databuild/streettable"
)

// streetKinds are the kinds of addresses, in the order of the table.
var streetKinds = [...]string{"known", "unknown", "misspelt"}

const (
	known = iota
	unknown
	misspelt
)

// question is an address and what is known of it.
type question struct {
	address district.Address
	// What a database is asked, which is given the key that Franklin has to work out.
	zip    uint32
	street string
	number uint32
	seat   congress.Seat // zero for an unknown street
}

// streetContest is one run over addresses; its exported fields are the JSON form.
type streetContest struct {
	Rows      int `json:"rows"`
	Addresses int `json:"addresses_of_each_kind"`
	// Megabytes of the compiled files.
	Megabytes float64   `json:"megabytes_of_files"`
	Results   []*result `json:"results"`

	rounds    int
	rows      []streetRow
	questions [len(streetKinds)][]question
}

// asker answers one address and says whether the answer is right.
type asker func(ctx context.Context, kind int, q *question) (right bool, err error)

// streetPeer answers addresses.
type streetPeer struct {
	*result
	server  int     // process whose children work for it too, 0 for none
	kinds   int     // how many of the kinds it can answer
	few     bool    // not asked all addresses
	clients []asker // they share the addresses
}

// fewAddresses are those that databases are asked, for which all would take too long.
const fewAddresses = 10_000

func newStreetContest(rows, addresses, rounds int) (*streetContest, error) {
	l, err := district.Embedded()
	if err != nil {
		return nil, err
	}
	s := &streetContest{Addresses: addresses, rounds: max(rounds, 1)}
	if s.rows, err = invent(l, rows); err != nil {
		return nil, err
	}
	s.Rows = len(s.rows)
	random := rand.New(rand.NewPCG(3, 435)) // #nosec G404 -- the same addresses every time
	for kind := range s.questions {
		for len(s.questions[kind]) < addresses {
			if q, ok := ask(kind, pick(s.rows, random), random); ok {
				s.questions[kind] = append(s.questions[kind], q)
			}
		}
	}
	return s, nil
}

// ask makes an address of a row. It reports false for a name that cannot be misspelt.
func ask(kind int, row streetRow, random *rand.Rand) (question, bool) {
	number := row.low + uint32(random.IntN(int(row.high-row.low+1))) // #nosec G115 -- at most 9999
	if row.parity != streettable.Both {
		number = row.low + (number-row.low)&^1
	}
	name, state, ok := row.name, row.seat.State, true
	switch kind {
	case unknown:
		name, row.seat = unknownName(random), congress.Seat{}
	case misspelt:
		name, ok = name.slipped(random)
	}
	return question{
		address: district.Address{Street: name.typed(number, random), ZIP: fmt.Sprintf("%05d", row.zip), State: state},
		zip:     row.zip, street: postal.ParseStreet(name.official()).String(), number: number, seat: row.seat,
	}, ok
}

// run fills every table first and then lets go of the rows, so that nobody pays for them when
// memory is collected. It measures Franklin on the few addresses of the databases and on all.
func (s *streetContest) run(ctx context.Context, withPostgres bool) (err error) {
	var open closers
	defer func() { err = errors.Join(err, open.close()) }()
	peers, err := s.prepare(ctx, &open, withPostgres)
	if err != nil {
		return err
	}
	s.rows = nil
	for _, p := range peers {
		s.Results = append(s.Results, p.result)
		if err := s.measure(ctx, p); err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
	}
	for _, r := range s.Results[2:] {
		r.Ratio = s.Results[0].PerSecond[0] / r.PerSecond[0]
		r.CPURatio = s.Results[0].PerCPUSecond / r.PerCPUSecond
	}
	return nil
}

// closers are what to end after the run, the last one first.
type closers []func() error

func (c *closers) add(end func() error) { *c = append(*c, end) }

func (c *closers) close() (err error) {
	for _, end := range slices.Backward(*c) {
		err = errors.Join(err, end())
	}
	return err
}

// prepare fills the tables of everybody.
func (s *streetContest) prepare(ctx context.Context, open *closers, withPostgres bool) ([]streetPeer, error) {
	peers, err := s.franklin(open)
	if err != nil {
		return nil, err
	}
	sqlite, err := s.sqlite(ctx, open)
	if err != nil {
		return nil, fmt.Errorf("SQLite: %w", err)
	}
	peers = append(peers, sqlite)
	if !withPostgres {
		return peers, nil
	}
	postgres, err := s.postgres(ctx, open)
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL: %w", err)
	}
	return append(peers, postgres...), nil
}

// franklin compiles the tables and opens them from a folder.
func (s *streetContest) franklin(open *closers) ([]streetPeer, error) {
	dir, err := os.MkdirTemp("", "district-bench-")
	if err != nil {
		return nil, err
	}
	open.add(func() error { return os.RemoveAll(dir) })
	r := &result{Name: "Franklin, addresses as typed"}
	if r.Ready, r.ReadyCPU, err = s.compile(dir); err != nil {
		return nil, err
	}
	without, _, err := weigh(func() (any, error) { return openTables(dir, nil) })
	if err != nil {
		return nil, err
	}
	var l *district.Locator
	with, _, err := weigh(func() (any, error) {
		l, err = openTables(dir, s.questions[known][:min(len(s.questions[known]), 10_000)])
		return l, err
	})
	if err != nil {
		return nil, err
	}
	r.Megabytes = with - without
	at := middle()
	answer := func(_ context.Context, kind int, q *question) (bool, error) {
		r, err := l.ByAddress(q.address, at)
		return right(r, kind, q), err
	}
	many := *r
	many.Name = fmt.Sprintf("the same, %s addresses of each kind", thousands(float64(s.Addresses)))
	return []streetPeer{
		{result: r, kinds: len(streetKinds), few: true, clients: []asker{answer}},
		{result: &many, kinds: len(streetKinds), clients: []asker{answer}},
	}, nil
}

// right holds an answer against what is known: the seat; for an unknown street that it is
// called so; for a misspelt one that the seat is among what is left.
func right(r district.Result, kind int, q *question) bool {
	switch kind {
	case known:
		return r.Seat == q.seat && r.Basis == district.BasisStreet
	case unknown:
		return r.Has(district.NoteStreetUnknown)
	default:
		return slices.Contains(r.Candidates, q.seat)
	}
}

// openTables opens the folder and has it read the tables of all states asked about.
func openTables(dir string, questions []question) (*district.Locator, error) {
	l, err := district.Open(os.DirFS(dir))
	if err != nil {
		return nil, err
	}
	for _, q := range questions {
		if _, err := l.ByAddress(q.address, middle()); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// compile writes a data folder with the embedded data and the street tables. It returns
// the time that the tables took.
func (s *streetContest) compile(dir string) (took, used time.Duration, err error) {
	embedded, err := district.EmbeddedFS()
	if err != nil {
		return 0, 0, err
	}
	if err := os.CopyFS(dir, embedded); err != nil {
		return 0, 0, err
	}
	if err := os.Mkdir(filepath.Join(dir, "streets"), 0o750); err != nil {
		return 0, 0, err
	}
	name := filepath.Join(dir, "manifest.json")
	raw, err := os.ReadFile(name) // #nosec G304 -- in our own folder
	if err != nil {
		return 0, 0, err
	}
	var m district.Manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		return 0, 0, err
	}
	for _, state := range congress.States() {
		table := tableOf(state, s.rows)
		if len(table.Ranges) == 0 {
			continue
		}
		start, before := time.Now(), cpuTime(0)
		encoded, err := streettable.Encode(table)
		if err != nil {
			return 0, 0, err
		}
		took, used = took+time.Since(start), used+cpuTime(0)-before
		file, sum := "streets/"+string(state)+".bin", sha256.Sum256(encoded)
		if err := os.WriteFile(filepath.Join(dir, file), encoded, 0o600); err != nil {
			return 0, 0, err
		}
		m.Files = append(m.Files, district.File{Name: file, Bytes: int64(len(encoded)), SHA256: hex.EncodeToString(sum[:])})
		s.Megabytes += float64(len(encoded)) / (1 << 20)
	}
	if raw, err = json.Marshal(m); err != nil {
		return 0, 0, err
	}
	if err := os.Chmod(name, 0o600); err != nil { // embedded files are read-only
		return 0, 0, err
	}
	return took, used, os.WriteFile(name, raw, 0o600)
}

// measure asks a peer for every kind of address that it can answer, in rounds, and the known
// ones once more one by one.
func (s *streetContest) measure(ctx context.Context, p streetPeer) (err error) {
	fmt.Fprintf(os.Stderr, "measuring %s\n", p.Name)
	for kind, questions := range s.questions[:p.kinds] {
		if p.few {
			questions = questions[:min(len(questions), fewAddresses)]
		}
		if p.Different[kind], err = p.all(ctx, kind, questions); err != nil { // which also warms caches
			return err
		}
		rate, perCPU, err := ratesOf(ctx, 2*s.rounds+1, len(questions), p.server, func(ctx context.Context) error {
			_, err := p.all(ctx, kind, questions)
			return err
		})
		if err != nil {
			return err
		}
		p.PerSecond[kind] = rate
		if kind == known {
			p.PerCPUSecond = perCPU
		}
	}
	if len(p.clients) > 1 {
		return nil
	}
	questions := s.questions[known]
	if p.few {
		questions = questions[:min(len(questions), fewAddresses)]
	}
	p.P50, p.P99, err = latencies(len(questions), 2*s.rounds+1, func(i int) error {
		_, err := p.clients[0](ctx, known, &questions[i])
		return err
	})
	return err
}

// all lets the clients share the addresses and counts the wrong answers.
func (p *streetPeer) all(ctx context.Context, kind int, questions []question) (wrong int, err error) {
	type outcome struct {
		wrong int
		err   error
	}
	ask := func(client int) (o outcome) {
		for i := client; i < len(questions) && o.err == nil; i += len(p.clients) {
			var right bool
			if right, o.err = p.clients[client](ctx, kind, &questions[i]); !right {
				o.wrong++
			}
		}
		return o
	}
	if len(p.clients) == 1 {
		o := ask(0)
		return o.wrong, o.err
	}
	outcomes := make([]outcome, len(p.clients))
	var group sync.WaitGroup
	for client := range p.clients {
		group.Go(func() { outcomes[client] = ask(client) })
	}
	group.Wait()
	for _, o := range outcomes {
		wrong, err = wrong+o.wrong, errors.Join(err, o.err)
	}
	return wrong, err
}
