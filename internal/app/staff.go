package app

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/jobs"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/notice"
	"github.com/franklin-letters/franklin/internal/web/staff"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// staffLinkJob asks for the mail with a link to sign in, if there is a member with the
// mailbox. Mailbox and browser are hashes.
type staffLinkJob struct {
	Mailbox string      `json:"mailbox"`
	Browser string      `json:"browser"`
	Lang    locale.Lang `json:"lang"`
}

// Kind is the name under which the queue keeps the job.
func (staffLinkJob) Kind() string { return "mail_staff_links" }

// staffLinkAttempts spreads tries over half a minute: who waits for the mail asks again.
const staffLinkAttempts = 3

// forgetStaffJob asks to forget links and sessions of the staff whose time is over.
type forgetStaffJob struct{}

// Kind is the name under which the queue keeps the job.
func (forgetStaffJob) Kind() string { return "forget_staff" }

func (a *App) newStaff() *account.Store {
	return &account.Store{DB: a.db, Clock: a.options.Clock, BaseURL: a.settings.BaseURL}
}

// staffHandler serves the staff pages. They are there before there is a member, so that the
// first invitation works without a restart.
func (a *App) staffHandler(frame ui.Site) (http.Handler, error) {
	pages, err := a.queue.Pages(staff.JobsPath, slog.New(warnings{a.options.Log.Handler()}))
	if err != nil {
		return nil, err
	}
	site := &staff.Site{
		Frame: frame, BaseURL: a.settings.BaseURL, Members: a.newStaff(), Letters: a.desk, Mailings: a.mailings, Segments: a.segments(), Guard: a.guard, Proxies: a.proxies,
		Clock: a.options.Clock, Log: a.options.Log, Jobs: pages,
	}
	if a.settings.Mail.Host != "" {
		site.Ask = a.enqueueStaffLink
		if site.Send, err = a.sendOne(); err != nil {
			return nil, err
		}
	}
	return site.Handler(), nil
}

// sendOneWithin is how long somebody at a page waits for the relay: less than an answer may take.
const sendOneWithin = 20 * time.Second

// sendOne returns what sends one mail while somebody waits for it.
func (a *App) sendOne() (func(context.Context, mail.Message) error, error) {
	sender, err := a.sender()
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, m mail.Message) error {
		ctx, cancel := context.WithTimeout(ctx, sendOneWithin)
		defer cancel()
		return sender.Send(ctx, m)
	}, nil
}

// enqueueStaffLink asks for a link, whether somebody may sign in or not: that is found out
// later, so that the answer's time does not tell it.
func (a *App) enqueueStaffLink(ctx context.Context, mailbox, browser string, lang locale.Lang) error {
	return a.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return a.queue.Enqueue(ctx, tx, staffLinkJob{mailbox, browser, lang}, time.Time{})
	})
}

// registerStaffLinks makes what mails the links.
func (a *App) registerStaffLinks(registry *jobs.Registry, sender *mail.Sender) error {
	return jobs.Register(registry, func(ctx context.Context, job staffLinkJob) error {
		return a.mailStaffLink(ctx, sender, job)
	}, jobs.Options{MaxAttempts: staffLinkAttempts, Timeout: mailTimeout})
}

func (a *App) mailStaffLink(ctx context.Context, sender *mail.Sender, job staffLinkJob) error {
	m, link, err := a.newStaff().AskedLink(ctx, job.Mailbox, job.Browser)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	message := a.notices().StaffLink(notice.Reader{ID: uuid.NewString(), Email: m.Email, Lang: job.Lang}, link.URL)
	if err := sender.Send(ctx, message); !a.givenUp(message, err) {
		return err
	}
	return nil
}

// registerStaff makes what forgets the links and sessions.
func (a *App) registerStaff(registry *jobs.Registry) error {
	err := jobs.Register(registry, func(ctx context.Context, _ forgetStaffJob) error { return a.newStaff().Forget(ctx) }, jobs.Options{MaxAttempts: 1})
	if err != nil {
		return err
	}
	return registry.Every(pruneEvery, forgetStaffJob{})
}

// Invited mails the first link to a new member, where mail leaves.
func (b *BackOffice) Invited(ctx context.Context, m account.Member, link account.Link, lang locale.Lang) (mailed bool, err error) {
	if b.app.settings.Mail.Host == "" {
		return false, nil
	}
	sender, err := b.Sender()
	if err != nil {
		return false, err
	}
	err = sender.Send(ctx, b.app.notices().StaffInvite(notice.Reader{ID: m.ID, Email: m.Email, Lang: lang}, link.URL))
	return err == nil, err
}
