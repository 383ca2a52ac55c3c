package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/letter"
)

// ahead is how many letters a second stand ready before a measurement: more than go out.
const ahead = 15_000

// postOffice is a database with letters to all offices, and the way to the Capitol.
type postOffice struct {
	writer

	house *letter.House
	desk  *letter.Desk
	next  int // the next letter's number

	counting  atomic.Bool
	delivered atomic.Int64
	all       atomic.Int64
}

// openPostOffice makes the database and stores letters that have been delivered. The lines of the
// districts are in memory as in the program, for those who post and for those who deliver: how
// often garbage is collected depends on how much else is there.
func openPostOffice(ctx context.Context, t task) (*postOffice, error) {
	lines, err := district.Embedded()
	if err != nil {
		return nil, err
	}
	if err := lines.Warm(clock()()); err != nil {
		return nil, err
	}
	d, err := openSealed(ctx, t.Database)
	if err != nil {
		return nil, err
	}
	source, err := os.ReadFile(t.Campaign)
	if err != nil {
		return nil, err
	}
	now := clock()
	campaigns := campaign.NewStore(d, now)
	c, _, err := campaigns.Apply(ctx, source, "bench")
	if err != nil {
		return nil, err
	}
	o := &postOffice{writer: writer{db: d, campaign: c, keys: letter.NewKeys(make([]byte, 32)), now: now}}
	for _, seat := range congress.AllHouseSeats() {
		o.seats = append(o.seats, district.Result{Seat: seat, Basis: district.BasisZIP})
	}
	s := settings("", "", t.Capitol)
	o.house = &letter.House{
		Client: &cwc.HouseClient{BaseURL: s.CWC.URL, Key: cwc.NewKey(s.CWC.Key), Timeout: s.CWC.Timeout, HTTP: &http.Client{Transport: cwc.Transport(nil)}},
		DB:     d, Clock: now,
		Sender: letter.Sender{
			Agent: s.CWC.Agent, AckEmail: s.CWC.AckEmail, Contact: cwc.Contact{Name: s.CWC.ContactName, Email: s.CWC.ContactEmail, Phone: s.CWC.ContactPhone},
			Organization: s.Org.Name, SiteURL: "https://bench.example",
		},
	}
	o.desk = letter.NewDesk(letter.Options{
		DB: d, Campaigns: campaigns, Keys: o.keys, Clock: now, Log: slog.New(slog.DiscardHandler), Node: "bench/1", Backoff: time.Second,
		SendTimeout: s.CWC.Timeout, Channels: map[string]letter.Channel{letter.ChannelHouse: o.house},
		Taken: func(context.Context, *db.Tx, []string) error { return nil }, Moved: o.moved,
	})
	return o, o.storeDelivered(ctx, t.Stored)
}

func (o *postOffice) moved(_ string, _, to letter.State) {
	if to != letter.Accepted {
		return
	}
	o.all.Add(1)
	if o.counting.Load() {
		o.delivered.Add(1)
	}
}

// fill puts letters in line, all ready to go.
func (o *postOffice) fill(ctx context.Context, seed, letters int) error {
	for left := letters; left > 0; {
		var batch []order
		for range min(left, 500) {
			o.next++
			batch = append(batch, order{row: o.rowOf(newPerson(seed, 0, o.next), o.seats[o.next%len(o.seats)])})
		}
		if err := o.commit(ctx, batch); err != nil {
			return err
		}
		left -= len(batch)
	}
	return nil
}

// deliver measures how many letters the desk delivers.
func deliver(ctx context.Context, t task) error {
	o, err := openPostOffice(ctx, t)
	if err != nil {
		return err
	}
	defer o.db.Close()
	return eachOwnPlan(func(p plan) (loadResult, error) {
		waiting, err := o.desk.InLine(ctx, letter.ChannelHouse)
		if err != nil {
			return loadResult{}, err
		}
		if err := o.fill(ctx, p.Seed, int(ahead*(p.Warm+p.Length).Seconds())-waiting); err != nil {
			return loadResult{}, err
		}
		return o.measure(ctx, p)
	})
}

// measure lets the desk deliver for the time of a plan.
func (o *postOffice) measure(ctx context.Context, p plan) (loadResult, error) {
	o.delivered.Store(0)
	before := o.all.Load()
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- o.desk.Deliver(ctx) }()
	time.Sleep(p.Warm)
	o.counting.Store(true)
	begin := time.Now()
	time.Sleep(p.Length)
	o.counting.Store(false)
	r := loadResult{Done: int(o.delivered.Load()), Seconds: time.Since(begin).Seconds()}
	stop()
	err := <-ended
	r.All = int(o.all.Load() - before)
	if r.Done == 0 {
		err = errors.Join(err, errors.New("no letter was delivered"))
	}
	return r, err
}

// posts measures how many of the same messages go out in a bare loop.
func posts(ctx context.Context, t task) error {
	o, err := openPostOffice(ctx, t)
	if err != nil {
		return err
	}
	defer o.db.Close()
	return eachOwnPlan(func(p plan) (loadResult, error) {
		messages, err := o.messages(ctx, p.Seed, int(ahead*(p.Warm+p.Length).Seconds()))
		if err != nil {
			return loadResult{}, err
		}
		return o.post(ctx, t.Capitol, messages, p)
	})
}

// messages makes new messages as delivery would.
func (o *postOffice) messages(ctx context.Context, seed, n int) ([][]byte, error) {
	first := o.next
	if err := o.fill(ctx, seed, n); err != nil {
		return nil, err
	}
	all := make([][]byte, 0, n)
	for number := first + 1; number <= o.next; number++ {
		office := o.seats[number%len(o.seats)].Seat.OfficeCode()
		id := cwc.DeliveryID(newPerson(seed, 0, number).key, office)
		found, err := o.db.Read().LetterByDeliveryID(ctx, id)
		if err != nil {
			return nil, err
		}
		row, err := o.db.Read().LetterWithSubmission(ctx, found.ID)
		if err != nil {
			return nil, err
		}
		message, err := o.house.Rebuild(ctx, row, o.campaign, o.house.Sender)
		if err != nil {
			return nil, err
		}
		all = append(all, message)
	}
	return all, nil
}

// post sends the messages over as many connections as delivery uses, and reads no more of
// the answers than their status.
func (o *postOffice) post(ctx context.Context, capitol string, messages [][]byte, p plan) (loadResult, error) {
	client := &http.Client{Transport: o.house.Client.HTTP.Transport}
	address := capitol + "/v2/message?apikey=bench"
	var next, done, all atomic.Int64
	from := time.Now().Add(p.Warm)
	to := from.Add(p.Length)
	faults := make([]error, cwc.Connections)
	var wait sync.WaitGroup
	for i := range cwc.Connections {
		wait.Go(func() {
			for {
				n := next.Add(1) - 1
				start := time.Now()
				if n >= int64(len(messages)) || !start.Before(to) {
					return
				}
				if faults[i] = postOne(ctx, client, address, messages[n]); faults[i] != nil {
					return
				}
				all.Add(1)
				if end := time.Now(); !end.Before(from) && !end.After(to) {
					done.Add(1)
				}
			}
		})
	}
	wait.Wait()
	if next.Load() >= int64(len(messages)) {
		return loadResult{}, errors.New("there were too few messages for the time")
	}
	return loadResult{Done: int(done.Load()), All: int(all.Load()), Seconds: p.Length.Seconds()}, errors.Join(faults...)
}

func postOne(ctx context.Context, client *http.Client, address string, message []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(message))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/xml")
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d: %s", answer.StatusCode, strings.TrimSpace(body.String()))
	}
	return nil
}
