package cwc

import (
	"cmp"
	"context"
	"net/http"
	"time"
)

// SenateSystem is the address of the Senate's mail system (SOAPBox), as two independent
// senders give it. The binding one is on the page of the sender's own account.
const SenateSystem = "https://soapbox.senate.gov/api"

// Where under the address the Senate's system takes messages. What is posted to SenateTest
// reaches no office; a sender has to pass a test there before an account is opened.
const (
	SenateProduction = "production-messages"
	SenateTest       = "testing-messages"
)

// SenateClient is the access to the Senate's mail system, which takes the same message as
// the House's with the differences that Build knows. It has no call that only checks. The
// zero value of a field means its default; BaseURL and Key have none. What is said of
// HouseClient about concurrency, redirects, proxies and logs holds here too.
type SenateClient struct {
	BaseURL  string // SenateSystem, or a simulated Capitol's /api; no query
	Messages string // SenateProduction (the default), SenateTest, or another path of the account's page
	Key      Key
	HTTP     *http.Client  // see HouseClient
	Timeout  time.Duration // for one exchange, in addition to the context; default 30 s

	polite polite
}

// Send gives the Senate one message for delivery. The bytes are sent as they are. A
// DeliveryId that the Senate knows is answered 409, which gives Accepted with Earlier.
func (c *SenateClient) Send(ctx context.Context, message []byte) Outcome {
	caller := c.caller()
	return caller.outcome(caller.exchange(ctx, http.MethodPost, cmp.Or(c.Messages, SenateProduction)+"/", message))
}

// Offices fetches the list of offices that take messages: about half of the Senate.
func (c *SenateClient) Offices(ctx context.Context) (OfficeList, error) {
	return c.caller().offices(ctx, "active_offices")
}

// String names the address only.
func (c *SenateClient) String() string { return "Senate CWC at " + safeURL(c.BaseURL) }

func (c *SenateClient) caller() caller {
	return caller{
		base: c.BaseURL, key: c.Key, timeout: c.Timeout, client: c.polite.client(c.HTTP),
		accepts: accepts{created: true},
	}
}
