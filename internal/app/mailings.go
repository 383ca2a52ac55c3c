package app

import (
	"context"
	"errors"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/doctor"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/jobs"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/notice"
	"github.com/franklin-letters/franklin/internal/obs"
	"github.com/franklin-letters/franklin/internal/supporter"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

// mailings makes the store of mailings. The people tell it who leaves.
func (a *App) newMailings(people *supporter.People, campaigns *campaign.Store, secret []byte) *mailing.Store {
	org := a.settings.Org
	s := &mailing.Store{
		DB: a.db, Clock: a.options.Clock, Campaigns: campaigns, People: people, Paths: a.returnPaths(secret), Fit: a.fitForBulk,
		House: notice.House{Org: org.Name, Postal: org.Postal, Contact: org.ContactEmail, BaseURL: a.settings.BaseURL, Neutral: a.settings.Mail.NeutralSubject},
	}
	if a.data != nil {
		seats{a.holder, a.options.Clock}.tell(s)
		s.Filter = filter(a.segments())
	}
	people.Left = s.Left
	return s
}

// filter makes segments, saved ones by their names, the audiences of mailings.
func filter(people *segment.People) func(context.Context, string) (mailing.Audience, error) {
	return func(ctx context.Context, words string) (mailing.Audience, error) {
		s, err := people.Find(ctx, words)
		if syntax, ok := errors.AsType[*segment.SyntaxError](err); ok {
			return nil, fault.Wrap(fault.Invalid, err, syntax.Error())
		}
		if err != nil {
			return nil, err
		}
		return within{people, s}, nil
	}
}

// within are the people of a segment.
type within struct {
	people  *segment.People
	segment segment.Segment
}

// Page implements mailing.Audience.
func (w within) Page(ctx context.Context, after string, limit int) ([]string, error) {
	return w.people.Page(ctx, w.segment, after, limit)
}

// Count implements mailing.Audience.
func (w within) Count(ctx context.Context) (int64, error) { return w.people.Count(ctx, w.segment) }

// String implements mailing.Audience.
func (w within) String() string { return w.segment.String() }

// fitForBulk returns why mail in bulk must not leave from here.
func (a *App) fitForBulk(ctx context.Context) error {
	if a.settings.Mailing.Catcher && onThisMachine(a.settings.Mail) {
		return nil
	}
	return doctor.FitForBulk(doctor.Doctor{Settings: a.settings, Clock: a.options.Clock}.Mail(ctx))
}

// onThisMachine reports whether the relay is one that only this machine can reach.
func onThisMachine(m config.Mail) bool {
	return m.TLS == string(mail.TLSNone) && mail.ThisMachine(m.Host)
}

// seats says who holds them now.
type seats struct {
	holder func(congress.Seat, time.Time) (roster.Answer, error)
	clock  func() time.Time
}

// tell has mailings know who holds a seat.
func (s seats) tell(mailings *mailing.Store) { mailings.Member, mailings.Held = s.member, s.held }

// member names who holds a seat, as people say it.
func (s seats) member(seat congress.Seat, lang locale.Lang) string {
	holder, err := s.holder(seat, s.clock())
	if err != nil || !holder.Seated() {
		return ""
	}
	return locale.In(lang).Honorific(seat) + " " + holder.Member.Name
}

// held reports whether somebody holds a seat, as far as is known.
func (s seats) held(seat congress.Seat) bool {
	holder, err := s.holder(seat, s.clock())
	return err != nil || holder.Seated()
}

// forgetMailingsJob asks to forget who got old mailings.
type forgetMailingsJob struct{}

// Kind is the name under which the queue keeps the job.
func (forgetMailingsJob) Kind() string { return "forget_mailings" }

func (a *App) registerMailings(registry *jobs.Registry) error {
	return errors.Join(
		jobs.Register(registry, func(ctx context.Context, _ forgetMailingsJob) error { return a.mailings.Forget(ctx) }, jobs.Options{MaxAttempts: 1}),
		registry.Every(scrubEvery, forgetMailingsJob{}),
	)
}

// newPost makes the sender of mailings; nil where no mail leaves.
func (a *App) newPost(node string) (*mailing.Post, error) {
	if a.settings.Mail.Host == "" {
		return nil, nil //nolint:nilnil // no relay, no post
	}
	sender, err := a.sender()
	if err != nil {
		return nil, err
	}
	m := a.settings.Mailing
	o := mailing.Options{
		Log: a.options.Log, Node: node, Connections: m.Connections, PerDomain: m.PerDomain, Rates: a.rates,
		Backoff: a.options.Backoff, LeaseTime: a.settings.DeliveryLease,
	}
	if o.Connections <= 0 {
		o.Connections = mailing.DefaultConnections
	}
	o.Pool = sender.Pool(o.Connections)
	return mailing.NewPost(a.mailings, o), nil
}

// startMailings begins to send mailings. Only end stops it.
func (a *App) startMailings(ctx context.Context) {
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	a.mailingsRun = delivery{stop, make(chan error, 1)}
	if a.post == nil {
		a.mailingsRun.ended <- nil
		return
	}
	go func() { a.mailingsRun.ended <- a.post.Run(ctx) }()
}

func (a *App) measureMailings(ctx context.Context, set obs.Set) error {
	counts, err := mailing.CountByState(ctx, a.db)
	for state, n := range counts {
		set("franklin_mailings", float64(n), string(state))
	}
	return err
}
