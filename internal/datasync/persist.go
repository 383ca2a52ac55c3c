package datasync

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"
)

// Waits between attempts, before chance lengthens or shortens them by a half.
const (
	firstWait = time.Second
	longWait  = 30 * time.Second
	maxTries  = 6 // in a row that bring nothing
)

// persist attempts until the file is whole, the failure is final, or nothing came for
// several attempts in a row.
func (d *download) persist(ctx context.Context) (record, error) {
	_, most := d.begun()
	for idle := 0; ; {
		r, err := d.attempt(ctx)
		if err == nil {
			return r, nil
		}
		if ctx.Err() != nil {
			return record{}, d.interrupted(ctx.Err())
		}
		var p *passing
		if !errors.As(err, &p) {
			return record{}, err
		}
		idle++
		if _, have := d.begun(); have > most { // it goes on, if slowly
			idle, most = 1, have
		}
		if idle == maxTries {
			return record{}, failed(adviceLater+". "+adviceMirror, p.err, "cannot fetch %s", d.from.url)
		}
		pause := max(d.pause(idle), p.after)
		d.show.Say(fmt.Sprintf("%s: %s; trying again in %s", d.name, p.err, pause.Round(100*time.Millisecond)))
		if err := d.wait(ctx, pause); err != nil {
			return record{}, d.interrupted(err)
		}
	}
}

func (d *download) pause(idle int) time.Duration {
	pause := min(firstWait<<(idle-1), longWait)
	return time.Duration(float64(pause) * (0.5 + d.jitter()))
}

func (d *download) interrupted(err error) error {
	what := "stopped before " + d.name + " was fetched"
	if info, statErr := os.Stat(d.part()); statErr == nil && info.Size() > 0 {
		what = fmt.Sprintf("stopped after %s of %s", size(info.Size()), d.name)
	}
	return failed("Run the command again: it goes on from there, and nothing in use has changed", err, "%s", what)
}

// newClient returns a client with a limit on everything but the length of a file.
func newClient() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: 20 * time.Second}).DialContext,
			TLSHandshakeTimeout:   20 * time.Second,
			ResponseHeaderTimeout: time.Minute,
			IdleConnTimeout:       time.Minute,
			DisableCompression:    true, // lengths and ranges are those of the file
			ForceAttemptHTTP2:     true,
		},
		CheckRedirect: redirect,
	}
}

const maxRedirects = 5

// redirect follows a few times and never from a protected address to an open one.
func redirect(req *http.Request, via []*http.Request) error {
	switch {
	case len(via) > maxRedirects:
		return errors.New("it redirects too often")
	case via[0].URL.Scheme == "https" && req.URL.Scheme != "https":
		return fmt.Errorf("it redirects from https to %s", req.URL.Redacted())
	}
	return nil
}
