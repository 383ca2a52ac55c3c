package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/inbox"
	"github.com/franklin-letters/franklin/internal/jobs"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/mail/listen"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
	"github.com/franklin-letters/franklin/internal/obs"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// mailInJob asks to work on one mail that came in.
type mailInJob struct {
	ID string `json:"id"`
}

// Kind is the name under which the queue keeps the job.
func (mailInJob) Kind() string { return "mail_in" }

// mailsInJob asks to work on the mails whose jobs were lost.
type mailsInJob struct{}

// Kind is the name under which the queue keeps the job.
func (mailsInJob) Kind() string { return "mails_in" }

// forgetMailJob asks to forget what is kept no longer of mail that came in.
type forgetMailJob struct{}

// Kind is the name under which the queue keeps the job.
func (forgetMailJob) Kind() string { return "forget_mail_in" }

const (
	mailsInEvery = 5 * time.Minute
	// Mail servers keep connections open with nothing to say, and come again with what was
	// not acknowledged.
	mailInGrace = time.Second

	maxMailIn = 1 << 20 // bytes; mails of ours are much smaller, and so are reports about them
)

func (a *App) registerMailIn(registry *jobs.Registry) error {
	return errors.Join(
		jobs.Register(registry, func(ctx context.Context, job mailInJob) error { return a.inbox.Work(ctx, job.ID) }, jobs.Options{}),
		jobs.Register(registry, func(ctx context.Context, _ mailsInJob) error {
			return a.inbox.WorkAll(ctx, mailsInEvery)
		}, jobs.Options{MaxAttempts: 1}),
		jobs.Register(registry, func(ctx context.Context, _ forgetMailJob) error { return a.inbox.Forget(ctx) }, jobs.Options{MaxAttempts: 1}),
		registry.Every(mailsInEvery, mailsInJob{}),
		registry.Every(scrubEvery, forgetMailJob{}),
	)
}

// officeDomains are those of the offices' mail systems.
var officeDomains = []string{"house.gov", "senate.gov"}

// inboxOptions are what the server's inbox and an operator's have in common.
func (a *App) inboxOptions(secret []byte, desk *letter.Desk) inbox.Options {
	keys := letter.NewKeys(secret)
	return inbox.Options{
		DB: a.db, Clock: a.options.Clock, Log: a.options.Log, Secret: secret,
		Paths: a.returnPaths(secret), Mailbox: keys.Mailbox, Whose: a.whose,
		Suppress: func(ctx context.Context, address string, why inbox.Why) error {
			return desk.People.Suppress(ctx, address, supporter.Everything, supporter.Reason(why), "mail")
		},
		Leave: func(ctx context.Context, token string) (bool, error) {
			if _, ok := desk.People.ToLeave(token); !ok {
				return false, nil
			}
			return true, desk.People.LeaveByToken(ctx, token, supporter.ByMail)
		},
		Acknowledge: desk.Acknowledge,
		Counted: func(ctx context.Context, tx *db.Tx, e inbox.Event) error {
			if err := a.mailings.Counted(ctx, tx, e); err != nil {
				return err
			}
			return a.runs().Counted(ctx, tx, e)
		},
	}
}

// returnPaths makes and reads the addresses to which failed mail comes back.
func (a *App) returnPaths(secret []byte) returnpath.Paths {
	return returnpath.New(secret, a.settings.Mail.BounceDomain)
}

// whose finds the address that a mail went to.
func (a *App) whose(ctx context.Context, ref returnpath.Ref) (string, error) {
	var address string
	id := ref.ID.String()
	switch ref.Kind {
	case returnpath.Submission:
		s, err := a.db.Read().SubmissionByID(ctx, id)
		if err != nil {
			return "", db.Fault(err)
		}
		address = string(s.Email)
	case returnpath.Step, returnpath.Supporter:
		if ref.Kind == returnpath.Step {
			step, err := a.db.Read().JourneyStep(ctx, id)
			if err != nil {
				return "", db.Fault(err)
			}
			id = step.SupporterID
		}
		s, err := a.db.Read().SupporterByID(ctx, id)
		if err != nil {
			return "", db.Fault(err)
		}
		address = string(s.Email)
	}
	if address == "" {
		return "", fault.New(fault.NotFound, "")
	}
	return address, nil
}

// listenForMail makes the inbox, and takes the address on which mail comes in.
func (a *App) listenForMail(ctx context.Context, secret []byte) error {
	m := a.settings.Mail
	o := a.inboxOptions(secret, a.desk)
	o.Offices = inbox.Offices{Domains: officeDomains, Verified: m.In.Verified}
	o.Waits = func(ctx context.Context, tx *db.Tx, id string) error {
		return a.queue.Enqueue(ctx, tx, mailInJob{ID: id}, time.Time{})
	}
	a.inbox = inbox.New(o)
	if m.In.Addr == "" {
		return nil
	}
	switch {
	case m.BounceDomain == "":
		return errors.New("--mail-in-addr needs --mail-bounce-domain, the domain whose mail comes in")
	case m.In.Verified != "" && !m.In.LMTP: // with nobody in front, the sender writes that header
		return errors.New("--mail-in-verified needs --mail-in-lmtp: only a mail server in front can say which mail is genuine")
	}
	secure, err := mailCertificate(m.In.CertFile, m.In.KeyFile)
	if err != nil {
		return err
	}
	a.mailIn, err = listen.New(ctx, listen.Options{
		Addr: m.In.Addr, Domain: m.BounceDomain, LMTP: m.In.LMTP, TLS: secure, MaxBytes: maxMailIn, Log: a.options.Log,
		Takes: func(address string) bool {
			return a.inbox.Takes(address) || a.settings.CWC.AckEmail != "" && strings.EqualFold(address, a.settings.CWC.AckEmail)
		},
		Keep: func(ctx context.Context, m listen.Mail) error { return a.inbox.Keep(ctx, m.Traced()) },
	})
	return err
}

// mailCertificate is what STARTTLS offers; nil when no files are named.
func mailCertificate(cert, key string) (*tls.Config, error) {
	if cert == "" && key == "" {
		return nil, nil //nolint:nilnil // no certificate, no TLS
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("--mail-in-cert-file and --mail-in-key-file: %w", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}

// MailInAddr is where mail is taken in; empty when none is.
func (a *App) MailInAddr() string {
	if a.mailIn == nil {
		return ""
	}
	return a.mailIn.Addr()
}

// endMailIn lets the mails that are coming in end.
func (a *App) endMailIn(ctx context.Context) error {
	if a.mailIn == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, mailInGrace)
	defer cancel()
	return a.mailIn.Shutdown(ctx)
}

func (a *App) measureMailIn(ctx context.Context, set obs.Set) error {
	now := a.options.Clock()
	c, err := inbox.Count(ctx, a.db, now)
	if err != nil {
		return err
	}
	mails := map[string]int64{}
	for _, k := range c.Kinds {
		mails[k.Kind] = k.Mails
	}
	for _, kind := range inbox.Kinds() {
		set("franklin_mail_in", float64(mails[string(kind)]), string(kind))
	}
	set("franklin_mail_in_waiting", float64(c.Waiting))
	oldest := 0.0
	if c.Waiting > 0 {
		oldest = now.Sub(c.Since).Seconds()
	}
	set("franklin_mail_in_oldest_seconds", oldest)
	set("franklin_mail_in_held", float64(c.Held))
	set("franklin_mail_refusing_domains", float64(len(c.Refusals)))
	return nil
}
