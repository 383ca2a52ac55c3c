package cwc

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"time"
)

// Addresses of the House's systems, as its vendor documentation and two independent
// senders give them. Access to any of them needs an approved sender's key and a fixed
// source address known to the House.
const (
	HouseProduction = "https://cwc.house.gov"
	HouseTest       = "https://uat-cwc.house.gov"
)

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
	// one is needed (see Transport). Its CheckRedirect is not used. Without a Transport, one without proxy is made.
	HTTP    *http.Client
	Timeout time.Duration // for one exchange, in addition to the context; default 30 s
	// AcceptedText is what the body of a 2xx answer must match to mean accepted. The
	// default takes the reported "Message Accepted" and its like; see docs/cwc.md.
	AcceptedText *regexp.Regexp

	polite polite
}

// Send gives the House one message for delivery. The bytes are sent as they are. The
// outcome is never a guess: see Result.
func (c *HouseClient) Send(ctx context.Context, message []byte) Outcome {
	caller := c.caller()
	return caller.outcome(caller.exchange(ctx, http.MethodPost, "/v2/message", message))
}

// Validate asks the House to check a message without storing or delivering it.
func (c *HouseClient) Validate(ctx context.Context, message []byte) Validation {
	caller := c.caller()
	return caller.validation(caller.exchange(ctx, http.MethodPost, "/v2/validate", message))
}

// Offices fetches the list of offices that take messages.
func (c *HouseClient) Offices(ctx context.Context) (OfficeList, error) {
	return c.caller().offices(ctx, "/v2/offices")
}

// String names the address only.
func (c *HouseClient) String() string { return "House CWC at " + safeURL(c.BaseURL) }

func (c *HouseClient) caller() caller {
	return caller{
		base: c.BaseURL, key: c.Key, timeout: c.Timeout, client: c.polite.client(c.HTTP),
		accepts: accepts{text: c.AcceptedText},
	}
}
