package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
)

// moment is how times stand in the output for people.
const moment = "2006-01-02 15:04 MST"

// operator returns who sits at the command line, for the log of acts.
func operator() string {
	if u, err := user.Current(); err == nil {
		return u.Username + " (command line)"
	}
	return fmt.Sprintf("user %d (command line)", os.Getuid())
}

// backOffice opens the desk beside the server, with the server's settings. Call done at
// the end.
func backOffice(ctx context.Context, s *config.Settings, con console) (b *app.BackOffice, done func(), err error) {
	if err := s.Load(); err != nil {
		return nil, nil, err
	}
	if err := databaseThere(s.DB); err != nil {
		return nil, nil, err
	}
	if b, err = app.OpenBackOffice(ctx, *s, con.now); err != nil {
		return nil, nil, err
	}
	return b, func() { _ = b.Close(ctx) }, nil // everything that matters was committed
}

// databaseThere keeps a mistyped path from becoming a new and empty database.
func databaseThere(url string) error {
	path, ok := db.File(url)
	if !ok {
		return nil
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no database %s; name the server's with --db or FRANKLIN_DB", path)
	}
	return nil
}

// plain turns a fault into the words that are meant for people.
func plain(err error) error {
	if words := fault.Message(err); words != "" {
		return errors.New(words)
	}
	return err
}

// lettersFilter chooses letters on the command line.
type lettersFilter struct {
	Campaign string   `help:"Only letters of this campaign, by its slug."`
	Office   string   `help:"Only letters to this office, as HAZ04."`
	Reason   string   `help:"Only letters whose reason holds these words."`
	Since    dateFlag `help:"Only letters written since this day or moment." placeholder:"DATE"`
}

func (f lettersFilter) empty() bool { return f == (lettersFilter{}) }

// filter turns the flags into a filter of the desk.
func (f lettersFilter) filter(ctx context.Context, b *app.BackOffice, state letter.State) (letter.Filter, error) {
	chosen := letter.Filter{State: state, Office: strings.ToUpper(f.Office), Reason: f.Reason, Since: f.Since.Time}
	if f.Campaign == "" {
		return chosen, nil
	}
	c, err := b.Campaigns.Live(ctx, f.Campaign)
	if fault.Is(err, fault.NotFound) {
		return chosen, fmt.Errorf("there is no campaign %q", f.Campaign)
	}
	if err != nil {
		return chosen, err
	}
	chosen.CampaignID = c.ID
	return chosen, nil
}

// timeOrNil leaves a time that never was out of JSON.
func timeOrNil(t interface{ Time() time.Time }) *time.Time { return momentOrNil(t.Time()) }
