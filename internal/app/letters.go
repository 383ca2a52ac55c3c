package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/jobs"
	"github.com/franklin-letters/franklin/internal/letter"
)

// reconcileJob asks to look for letters whose state has lasted too long.
type reconcileJob struct{}

// Kind is the name under which the queue keeps the job.
func (reconcileJob) Kind() string { return "reconcile_letters" }

// scrubJob asks to forget what is no longer needed.
type scrubJob struct{}

// Kind is the name under which the queue keeps the job.
func (scrubJob) Kind() string { return "scrub_letters" }

// Numbers of the jobs.
const (
	jobWorkers     = 4
	reconcileEvery = time.Minute
	scrubEvery     = time.Hour
)

// letters makes the desk and the queue, which need each other.
func (a *App) letters(ctx context.Context, secrets [][]byte) error {
	node := nodeName()
	registry := jobs.NewRegistry()
	err := errors.Join(
		jobs.Register(registry, func(ctx context.Context, _ reconcileJob) error {
			return a.desk.Reconcile(ctx, false)
		}, jobs.Options{MaxAttempts: 1}),
		jobs.Register(registry, func(ctx context.Context, _ scrubJob) error { return a.desk.Scrub(ctx) }, jobs.Options{MaxAttempts: 1}),
		a.registerMail(registry), a.registerStuck(registry), a.registerMailIn(registry), a.registerPeople(registry), a.registerForgetting(registry),
		a.registerSegments(registry), a.registerReseal(registry), a.registerMailings(registry), a.registerStaff(registry),
		registry.Every(reconcileEvery, reconcileJob{}),
		registry.Every(scrubEvery, scrubJob{}),
	)
	if err != nil {
		return err
	}
	a.queue, err = jobs.New(ctx, a.db, registry, jobs.Config{
		Workers: map[string]int{"default": jobWorkers},
		Node:    node, Drain: a.options.Grace / 2, Log: slog.New(warnings{a.options.Log.Handler()}), Clock: a.options.Clock,
		Ran: func(r jobs.Run) { a.metrics.Job(r.Kind, r.Took, r.Failed) },
	})
	if err != nil {
		return err
	}
	channels, err := a.channels()
	if err != nil {
		return err
	}
	pace, windows, err := paces(a.settings)
	if err != nil {
		return err
	}
	people, err := a.people(secrets)
	if err != nil {
		return err
	}
	begun := a.newJourneys(people)
	a.mailings = a.newMailings(people, a.campaigns, secrets[0])
	if a.post, err = a.newPost(node); err != nil {
		return err
	}
	a.desk = letter.NewDesk(letter.Options{ //nolint:contextcheck // the desk's commits outlive the start
		DB: a.db, Campaigns: a.campaigns, Keys: letter.NewKeys(secrets[0]), People: people, Clock: a.options.Clock, Log: a.options.Log, Node: node,
		Joined: a.enqueueJoin, Begun: begun, FromMailing: a.mailings.Acted, Erasing: a.enqueueErasure,
		Taken: a.enqueueMail, Confirmed: a.enqueueConfirmed, Asked: a.enqueueAskings, Turned: a.enqueueTurn, PerMailbox: perMailbox(a.settings.Guard), DisownedShare: disownedShare(a.settings.Guard), Channels: channels, Backoff: a.options.Backoff,
		SendTimeout: a.settings.CWC.Timeout + 5*time.Second, Margin: a.settings.CWC.Margin, Pace: pace, Calm: true, Windows: windows, LeaseTime: a.settings.DeliveryLease,
		Moved: func(channel string, from, to letter.State) { a.metrics.Moved(channel, string(from), string(to)) },
	})
	return nil
}

// paces returns how fast letters leave on each channel, and when each is known to be closed.
func paces(s config.Settings) (map[string]float64, map[string]letter.Windows, error) {
	windows := map[string]letter.Windows{}
	for _, one := range []struct {
		channel, flag string
		closed        []string
	}{{letter.ChannelHouse, "cwc-closed", s.CWC.Closed}, {letter.ChannelSenate, "cwc-senate-closed", s.CWC.Senate.Closed}} {
		for _, text := range one.closed {
			w, err := letter.ParseWindow(text)
			if err != nil {
				return nil, nil, fmt.Errorf("--%s: %w", one.flag, err)
			}
			windows[one.channel] = append(windows[one.channel], w)
		}
	}
	return map[string]float64{letter.ChannelHouse: s.CWC.Rate, letter.ChannelSenate: s.CWC.Senate.Rate}, windows, nil
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

// channels returns the ways to offices that are set up; none is a way to run.
func (a *App) channels() (map[string]letter.Channel, error) {
	all := map[string]letter.Channel{}
	if a.settings.CWC.Enabled() {
		house, err := a.house()
		if err != nil {
			return nil, err
		}
		all[letter.ChannelHouse] = house
	}
	if a.settings.CWC.Senate.Enabled() {
		senate, err := a.senate()
		if err != nil {
			return nil, err
		}
		all[letter.ChannelSenate] = senate
	}
	return all, nil
}

// house returns the channel to the House's system.
func (a *App) house() (*letter.House, error) {
	c, org := a.settings.CWC, a.settings.Org
	client, err := officeHTTP(c.Proxy)
	if err != nil {
		return nil, fmt.Errorf("the proxy for the House's system: %w", err)
	}
	return &letter.House{
		Client: &cwc.HouseClient{BaseURL: c.URL, Key: cwc.NewKey(c.Key), Timeout: c.Timeout, HTTP: client},
		DB:     a.db, Clock: a.options.Clock, ResendUnknown: c.ResendUnknown, Holder: a.holder, Lives: a.lives,
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
