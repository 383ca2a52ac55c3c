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
	"regexp"
	"strings"
	"sync"
	"time"
)

// Addresses of the House's systems, as its vendor documentation and two independent
// senders give them. Access to any of them needs an approved sender's key and a fixed
// source address known to the House.
const (
	HouseProduction = "https://cwc.house.gov"
	HouseTest       = "https://uat-cwc.house.gov"
)

// defaultTimeout is for one whole exchange. No limit is published; a message is 64 kB at most.
const defaultTimeout = 30 * time.Second

// maxAnswer bounds how much of an answer is read.
const maxAnswer = 64 << 10

// Errors of Offices. ErrBusy and ErrMisconfigured are matched with errors.Is.
var (
	ErrBusy          = errors.New("the office system is busy")
	ErrMisconfigured = errors.New("the access to the office system is misconfigured")
)

// HouseClient talks to the House's CWC interface. The zero value of a field means its
// default; BaseURL and Key have none. It is safe for concurrent use and must not be copied
// after its first call. It follows no redirect, uses no proxy that was not given to it
// in HTTP, and writes no log.
type HouseClient struct {
	BaseURL string // HouseProduction, HouseTest, or a simulated Capitol; no query
	Key     Key
	// HTTP is the client to use; its Transport carries a proxy with a fixed address where
	// one is needed. Its CheckRedirect is not used. Without a Transport, one without proxy is made.
	HTTP    *http.Client
	Timeout time.Duration // for one exchange, in addition to the context; default 30 s
	// AcceptedText is what the body of a 2xx answer must match to mean accepted. The
	// default takes the reported "Message Accepted" and its like; see docs/cwc.md.
	AcceptedText *regexp.Regexp

	once   sync.Once
	client *http.Client
}

// Send gives the House one message for delivery. The bytes are sent as they are. The
// outcome is never a guess: see Result.
func (c *HouseClient) Send(ctx context.Context, message []byte) Outcome {
	return c.outcome(c.exchange(ctx, http.MethodPost, "/v2/message", message))
}

// Validate asks the House to check a message without storing or delivering it.
func (c *HouseClient) Validate(ctx context.Context, message []byte) Validation {
	return c.validation(c.exchange(ctx, http.MethodPost, "/v2/validate", message))
}

// Offices fetches the list of offices that take messages.
func (c *HouseClient) Offices(ctx context.Context) (OfficeList, error) {
	a := c.exchange(ctx, http.MethodGet, "/v2/offices", nil)
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
		return OfficeList{}, fmt.Errorf("fetch the offices list: %s", c.Key.strike(err.Error()))
	}
	return list, nil
}

// String names the address only.
func (c *HouseClient) String() string { return "House CWC at " + safeURL(c.BaseURL) }

// target builds the address of a call. Its errors never repeat the input, which may hold a key.
func (c *HouseClient) target(path string) (*url.URL, error) {
	if c.Key.IsZero() {
		return nil, errors.New("there is no access key")
	}
	u, err := url.Parse(strings.TrimRight(c.BaseURL, "/"))
	switch {
	case err != nil || u.Host == "":
		return nil, errors.New("the base address is not a URL")
	case u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return nil, errors.New("the base address must have no query, fragment or user name")
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())):
		return nil, errors.New("the base address must begin with https://")
	}
	u = u.JoinPath(path)
	u.RawQuery = url.Values{"apikey": {c.Key.value()}}.Encode()
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

// httpClient returns a copy of the given client that follows no redirect.
func (c *HouseClient) httpClient() *http.Client {
	c.once.Do(func() {
		client := http.Client{}
		if c.HTTP != nil {
			client = *c.HTTP
		}
		if client.Transport == nil {
			client.Transport = &http.Transport{
				DialContext:            (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
				TLSHandshakeTimeout:    10 * time.Second,
				ForceAttemptHTTP2:      true,
				MaxIdleConnsPerHost:    8,
				IdleConnTimeout:        60 * time.Second,
				MaxResponseHeaderBytes: maxAnswer,
			}
		}
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		client.Jar = nil
		c.client = &client
	})
	return c.client
}

func (c *HouseClient) timeout() time.Duration {
	if c.Timeout > 0 {
		return c.Timeout
	}
	return defaultTimeout
}

func bodyReader(message []byte) io.Reader {
	if message == nil {
		return http.NoBody
	}
	return bytes.NewReader(message)
}
