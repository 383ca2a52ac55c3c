package app

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/letter"
)

// senate returns the channel to the Senate's system.
func (a *App) senate() (*letter.Senate, error) {
	c := a.settings.CWC.Senate
	client, err := officeHTTP(c.Proxy)
	if err != nil {
		return nil, fmt.Errorf("the proxy for the Senate's system: %w", err)
	}
	return &letter.Senate{
		Client: &cwc.SenateClient{BaseURL: c.URL, Messages: c.Messages, Key: cwc.NewKey(c.Key), Timeout: a.settings.CWC.Timeout, HTTP: client},
		DB:     a.db, Clock: a.options.Clock, Sender: senateSenderOf(a.settings), Holder: a.holder,
	}, nil
}

// senateSenderOf is the sender by the name that the Senate knows.
func senateSenderOf(s config.Settings) letter.Sender {
	sender := senderOf(s.CWC, s.Org, s.BaseURL)
	sender.Agent = s.CWC.SenateAgent()
	return sender
}

// officeHTTP returns the client through which a channel calls its system: through its own
// proxy, or through none. An error does not repeat the address, which may hold a password.
func officeHTTP(proxy string) (*http.Client, error) {
	var through *url.URL
	if proxy != "" {
		var err error
		if through, err = url.Parse(proxy); err != nil || through.Host == "" {
			return nil, errors.New("its address must look like http://proxy.example.org:3128")
		}
	}
	return &http.Client{Transport: cwc.Transport(through)}, nil
}

// lives says by the lines in use whether an address lies in a seat's district.
func (a *App) lives(s query.Submission, seat congress.Seat, at time.Time) bool {
	return a.guide().Lives(s, seat, at)
}

// holder says who holds a seat by the roster in use.
func (a *App) holder(seat congress.Seat, at time.Time) (roster.Answer, error) {
	return a.guide().Roster.Holder(seat, at)
}
