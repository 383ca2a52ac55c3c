package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"time"

	"golang.org/x/time/rate"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/jobs"
	"github.com/franklin-letters/franklin/internal/letter"
)

// deliverJob asks for one attempt at each of a few letters.
type deliverJob struct {
	Letters []string `json:"letters"`
}

// Kind is the name under which the queue keeps the job.
func (deliverJob) Kind() string { return "deliver_letters" }

// reconcileJob asks to look for letters that the queue has lost.
type reconcileJob struct{}

// Kind is the name under which the queue keeps the job.
func (reconcileJob) Kind() string { return "reconcile_letters" }

// scrubJob asks to forget what is no longer needed.
type scrubJob struct{}

// Kind is the name under which the queue keeps the job.
func (scrubJob) Kind() string { return "scrub_letters" }

// Numbers of the delivery jobs. A job holds few letters, so that a slow office delays few,
// and so that what a killed node had in hand is less than one look of Reconcile finds. It
// holds more than one, because a job's row costs five times as much as any of a letter's.
const (
	lettersPerJob  = 16
	deliverQueue   = "letters"
	deliverWorkers = 8
	otherWorkers   = 2
	// lostAfter is how late a letter must be before the queue counts as having lost it.
	lostAfter      = 10 * time.Minute
	reconcileEvery = time.Minute
	scrubEvery     = time.Hour
)

// letters makes the desk and the queue, which need each other.
func (a *App) letters(ctx context.Context, keys letter.Keys) error {
	node := nodeName()
	registry := jobs.NewRegistry()
	err := errors.Join(
		jobs.Register(registry, a.deliver, jobs.Options{Queue: deliverQueue, Timeout: 2 * time.Minute}),
		jobs.Register(registry, func(ctx context.Context, _ reconcileJob) error {
			return a.desk.Reconcile(ctx, lostAfter, false)
		}, jobs.Options{MaxAttempts: 1}),
		jobs.Register(registry, func(ctx context.Context, _ scrubJob) error { return a.desk.Scrub(ctx) }, jobs.Options{MaxAttempts: 1}),
		a.registerMail(registry),
		registry.Every(reconcileEvery, reconcileJob{}),
		registry.Every(scrubEvery, scrubJob{}),
	)
	if err != nil {
		return err
	}
	a.queue, err = jobs.New(ctx, a.db, registry, jobs.Config{
		Workers: map[string]int{deliverQueue: deliverWorkers, "default": otherWorkers},
		Node:    node, Drain: a.options.Grace / 2, Log: slog.New(warnings{a.options.Log.Handler()}), Clock: a.options.Clock,
		Ran: func(r jobs.Run) { a.metrics.Job(r.Kind, r.Took, r.Failed) },
	})
	if err != nil {
		return err
	}
	house, err := a.house()
	if err != nil {
		return err
	}
	limiter := rate.NewLimiter(rate.Limit(a.settings.CWC.Rate), max(1, int(a.settings.CWC.Rate)))
	a.desk = letter.NewDesk(letter.Options{ //nolint:contextcheck // the desk's commits outlive the start
		DB: a.db, Campaigns: a.campaigns, Keys: keys, Clock: a.options.Clock, Log: a.options.Log, Node: node,
		Enqueue: a.enqueue, Taken: a.enqueueMail, Asked: a.enqueueAskings, PerMailbox: perMailbox(a.settings.Guard), House: house, Backoff: a.options.Backoff,
		SendTimeout: a.settings.CWC.Timeout + 5*time.Second, Margin: a.settings.CWC.Margin, Pace: pace(limiter),
	})
	return nil
}

// enqueue puts letters into the queue inside the caller's transaction.
func (a *App) enqueue(ctx context.Context, tx *db.Tx, letters []string, at time.Time) error {
	var all []jobs.Job
	for part := range slices.Chunk(letters, lettersPerJob) {
		all = append(all, jobs.Job{Args: deliverJob{Letters: part}, At: a.queueTime(at)})
	}
	return a.queue.EnqueueMany(ctx, tx, all)
}

// queueTime turns a moment of our clock into one of the machine's, by which the queue
// runs. The two differ in tests and in a demo that starts on another day.
func (a *App) queueTime(at time.Time) time.Time {
	wait := at.Sub(a.options.Clock())
	if wait <= 0 {
		return time.Time{} // at once
	}
	return time.Now().Add(wait)
}

// errNoTurn says that a letter's turn does not come in the time of its job.
var errNoTurn = errors.New("no turn in time")

// pace waits for the next turn to send.
func pace(l *rate.Limiter) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := l.Wait(ctx); err != nil {
			return fmt.Errorf("%w: %w", errNoTurn, err)
		}
		return nil
	}
}

// turnAgain is when a job comes back whose letters got no turn.
const turnAgain = time.Second

// deliver tries each letter of a job once. A letter that failed for a reason of ours is
// tried again with the job; the desk skips those that are done. With a low rate a job may
// end before the turns of all its letters; that is no failure, and the job comes back.
func (a *App) deliver(ctx context.Context, job deliverJob) error {
	var errs []error
	for _, id := range job.Letters {
		err := a.desk.Deliver(ctx, id)
		if errors.Is(err, errNoTurn) {
			return jobs.Again(turnAgain)
		}
		if err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// house returns the channel to the House's system, or nil when no key is set.
func (a *App) house() (*letter.House, error) {
	c, org := a.settings.CWC, a.settings.Org
	if !c.Enabled() {
		return nil, nil //nolint:nilnil // no key means no channel, which is a way to run
	}
	client := &cwc.HouseClient{BaseURL: c.URL, Key: cwc.NewKey(c.Key), Timeout: c.Timeout}
	if c.Proxy != "" {
		proxy, err := url.Parse(c.Proxy)
		if err != nil {
			return nil, fmt.Errorf("the proxy for the House's system: %w", err)
		}
		client.HTTP = &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(proxy), MaxIdleConnsPerHost: deliverWorkers}}
	}
	return &letter.House{
		Client: client, DB: a.db, Clock: a.options.Clock, ResendUnknown: c.ResendUnknown,
		Sender: senderOf(c, org, a.settings.BaseURL),
	}, nil
}

func senderOf(c config.CWC, org config.Organization, site string) letter.Sender {
	return letter.Sender{
		Agent: c.Agent, AckEmail: c.AckEmail,
		Contact:      cwc.Contact{Name: c.ContactName, Email: c.ContactEmail, Phone: c.ContactPhone},
		Organization: org.Name, About: org.About,
		OrgContact: cwc.Contact{Name: org.ContactName, Email: org.ContactEmail, Phone: org.ContactPhone},
		SiteURL:    site,
	}
}

// nodeName tells the processes in a letter's history apart.
func nodeName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "node"
	}
	return host + "/" + strconv.Itoa(os.Getpid())
}
