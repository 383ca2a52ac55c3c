package cwc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// defaultTimeout is for one whole exchange. No limit is published; a message is 64 kB at most.
const defaultTimeout = 30 * time.Second

// maxAnswer bounds how much of an answer is read.
const maxAnswer = 64 << 10

// caller makes the calls of one client. Both chambers' clients are one of these with
// other addresses and another sign of acceptance.
type caller struct {
	base    string
	key     Key
	timeout time.Duration // 0 for the default
	client  *http.Client
	accepts accepts
}

// offices fetches the list of offices.
func (c caller) offices(ctx context.Context, path string) (OfficeList, error) {
	a := c.exchange(ctx, http.MethodGet, path, nil)
	switch o := c.outcome(a); {
	case o.Result == Busy:
		return OfficeList{}, fmt.Errorf("fetch the offices list: %w (%s)", ErrBusy, o.Detail)
	case o.Result == Misconfigured:
		return OfficeList{}, fmt.Errorf("fetch the offices list: %w (%s)", ErrMisconfigured, o.Detail)
	case a.status != http.StatusOK || a.broken || a.oversize:
		return OfficeList{}, fmt.Errorf("fetch the offices list: %s", o.Detail)
	}
	list, err := ParseOfficeList(bytes.NewReader(a.body))
	if err != nil {
		return OfficeList{}, fmt.Errorf("fetch the offices list: %s", c.key.strike(err.Error()))
	}
	return list, nil
}

// target builds the address of a call. Its errors never repeat the input, which may hold a key.
func (c caller) target(path string) (*url.URL, error) {
	if c.key.IsZero() {
		return nil, errors.New("there is no access key")
	}
	u, err := url.Parse(strings.TrimRight(c.base, "/"))
	switch {
	case err != nil || u.Host == "":
		return nil, errors.New("the base address is not a URL")
	case u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return nil, errors.New("the base address must have no query, fragment or user name")
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())):
		return nil, errors.New("the base address must begin with https://")
	}
	u = u.JoinPath(path)
	u.RawQuery = url.Values{"apikey": {c.key.value()}}.Encode()
	return u, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

func safeURL(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return "an unreadable address"
	}
	return u.Scheme + "://" + u.Host
}

// polite makes an HTTP client of its own, once: one that follows no redirect and sends no
// cookie, whatever the given one does.
type polite struct {
	once sync.Once
	made *http.Client
}

// client returns the copy of the given client, or of a new one without a proxy.
func (p *polite) client(given *http.Client) *http.Client {
	p.once.Do(func() {
		client := http.Client{}
		if given != nil {
			client = *given
		}
		if client.Transport == nil {
			client.Transport = Transport(nil)
		}
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		client.Jar = nil
		p.made = &client
	})
	return p.made
}

// Connections is how many connections Transport keeps to one office system at most. No
// limit is published. A message that waits for one in vain was not sent.
const Connections = 64

// Transport returns a transport with bounds that suit an office system, through the given
// proxy or through none: never one that the environment names.
func Transport(proxy *url.URL) *http.Transport {
	t := &http.Transport{
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		TLSHandshakeTimeout:    10 * time.Second,
		ForceAttemptHTTP2:      true,
		MaxConnsPerHost:        Connections,
		MaxIdleConnsPerHost:    Connections,
		IdleConnTimeout:        60 * time.Second,
		MaxResponseHeaderBytes: maxAnswer,
		WriteBufferSize:        16 << 10, // what does not fit is copied through a buffer that is made anew for each message
	}
	if proxy != nil {
		t.Proxy = http.ProxyURL(proxy)
	}
	return t
}

func bodyReader(message []byte) io.Reader {
	if message == nil {
		return http.NoBody
	}
	return bytes.NewReader(message)
}
