package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/inbox"
	"github.com/franklin-letters/franklin/internal/journey"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// BackOffice is a desk for short commands beside a running server, on the same database
// and with the same settings. It moves letters; it delivers nothing itself.
type BackOffice struct {
	DB        *db.DB
	Campaigns *campaign.Store
	Desk      *letter.Desk
	Mailings  *mailing.Store
	Journeys  journey.Runs
	Staff     *account.Store
	// KnowsMailboxes is false when the installation's secret is not at hand, without which
	// no mailbox can be found again.
	KnowsMailboxes bool

	secret []byte
	app    *App
	roster func() (*roster.Roster, error)
}

// Sender returns what sends one mail at a time: to try a mailing.
func (b *BackOffice) Sender() (*mail.Sender, error) {
	if b.app.settings.Mail.Host == "" {
		return nil, errors.New("no mail relay is set: give --mail-host, or FRANKLIN_MAIL_HOST, as for the server")
	}
	return b.app.sender()
}

// Inbox returns an inbox for mails that an operator feeds or reads, in their name.
func (b *BackOffice) Inbox(who string, offices inbox.Offices) *inbox.Inbox {
	o := b.app.inboxOptions(b.secret, b.Desk)
	o.Who, o.Offices = who, offices
	return inbox.New(o)
}

// ErrNotSetUp says that no server has used the database yet.
var ErrNotSetUp = errors.New("the database is empty: it is set up when the server first starts")

// OpenBackOffice opens the desk. The database must have been set up by a server of this
// program's release.
func OpenBackOffice(ctx context.Context, s config.Settings, clock func() time.Time) (_ *BackOffice, err error) {
	a := &App{settings: s, options: Options{Clock: clock, Log: slog.New(slog.DiscardHandler), Backoff: firstBackoff}}
	if a.db, err = OpenSealed(ctx, s.DB, s.Keyring, db.Alongside()); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			a.close()
		}
	}()
	if err := ready(ctx, a.db); err != nil {
		return nil, err
	}
	unlocked := a.db.Unlock(ctx)
	if unlocked != nil && !errors.Is(unlocked, db.ErrNoKeyring) {
		return nil, unlocked
	}
	b := &BackOffice{app: a, DB: a.db, Campaigns: campaign.NewStore(a.db, clock), roster: rosterIn(s.DataDir, a.options.Log)}
	secrets, err := b.secrets(s.Secret.File)
	if err != nil {
		return nil, err
	}
	// Before the server's first start there is nobody to find, but the database of a release
	// that knew no keys may be full of people.
	if b.KnowsMailboxes && unlocked != nil {
		return nil, unlocked
	}
	if err = a.turnsOnly(ctx); err != nil {
		return nil, err
	}
	a.campaigns = b.Campaigns
	b.Journeys = a.runs()
	people := &supporter.People{DB: a.db, Keys: supporter.NewKeys(secrets...), Clock: clock, BaseURL: s.BaseURL}
	a.mailings = a.newMailings(people, b.Campaigns, b.secret)
	b.Mailings, b.Staff = a.mailings, a.newStaff()
	b.Mailings.Filter = filter(b.Segments())
	seats{b.holder, clock}.tell(b.Mailings)
	b.Desk = letter.NewDesk(letter.Options{ //nolint:contextcheck // the desk ends with Close
		DB: a.db, Campaigns: b.Campaigns, Keys: letter.NewKeys(b.secret), Clock: clock,
		People: people,
		Log:    a.options.Log, Node: nodeName(),
		Taken:  func(context.Context, *db.Tx, []string) error { return nil },
		Turned: a.enqueueTurn,
		Channels: map[string]letter.Channel{
			letter.ChannelHouse:  &letter.House{DB: a.db, Clock: clock, Sender: senderOf(s.CWC, s.Org, s.BaseURL), ResendUnknown: s.CWC.ResendUnknown},
			letter.ChannelSenate: &letter.Senate{DB: a.db, Clock: clock, Sender: senateSenderOf(s)},
		},
	})
	return b, nil
}

// ready reports why commands cannot work on the database.
func ready(ctx context.Context, d *db.DB) error {
	version, err := d.SchemaVersion(ctx)
	if err != nil {
		return err
	}
	if version == 0 {
		return ErrNotSetUp
	}
	current, err := d.Current(ctx)
	if err != nil {
		return err
	}
	if !current {
		return errors.New("the database is of an older release: start the server of this release first, or run franklin migrate")
	}
	return nil
}

// secrets reads the secret and the older ones, and makes none when there is none: that is
// for the server to do.
func (b *BackOffice) secrets(file string) ([][]byte, error) {
	secrets, err := readSecrets(file)
	if errors.Is(err, fs.ErrNotExist) {
		return [][]byte{}, nil
	}
	if err != nil {
		return nil, err
	}
	b.KnowsMailboxes, b.secret = true, secrets[0]
	return secrets, nil
}

// Close ends the desk and closes the database.
func (b *BackOffice) Close(ctx context.Context) error {
	b.Desk.Close()
	if err := errors.Join(b.app.queue.Stop(ctx), b.DB.Close()); err != nil {
		return fmt.Errorf("close the desk: %w", err)
	}
	return nil
}
