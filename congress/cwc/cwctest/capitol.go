package cwctest

import (
	"cmp"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"sync"
	"time"

	"github.com/franklin-letters/franklin/congress"
)

// Repeat says what a DeliveryId that arrives again is answered. The House has not
// published what it does.
type Repeat string

// The ways. RepeatConflict is the default.
const (
	RepeatConflict Repeat = "conflict" // 409 with a list of errors; nothing more is stored
	RepeatAccept   Repeat = "accept"   // 200 as if it were new; nothing more is stored
	RepeatStore    Repeat = "store"    // 200, and stored once more: a careless office system
)

// Style says in which form errors of the schema are answered. All three have been seen.
type Style string

// The forms. StyleRNG is the default.
const (
	StyleRNG  Style = "rng"  // <Errors>, in the words of a RELAX NG validator
	StyleXSD  Style = "xsd"  // <Errors>, in the words of an XSD validator, each error twice
	StyleText Style = "text" // plain text
)

// Options set up a Capitol. Key, Agent and Clock are required.
type Options struct {
	Key     string // the apikey that callers must give
	Agent   string // the DeliveryAgent registered for it
	Clock   func() time.Time
	Offices []string // the House codes that take messages; default: all 441 House seats
	// The Senate's own key and registered name, the House's unless told, and the Senate
	// codes that take messages; default: all 100 seats. In life about half of them do.
	SenateKey     string
	SenateAgent   string
	SenateOffices []string

	Ledger  string // folder to remember everything in; "" for memory only
	Repeat  Repeat // of the House; the Senate answers 409
	Style   Style
	Latency time.Duration // added to every answer to a message
	Rate    int           // messages taken per second before it answers 429; 0 for no limit
}

// Capitol is the simulation. It is an http.Handler and safe for concurrent use.
type Capitol struct {
	options Options
	house   side
	senate  side
	routes  *http.ServeMux
	pages   *template.Template
	ledger  *ledger
	script  script
	closed  chan struct{} // ends what hangs on purpose
	once    sync.Once

	mu      sync.Mutex
	second  int64 // the second that taken counts
	taken   int
	refused int
}

// New returns a Capitol and reads its ledger, if it has one.
func New(o Options) (*Capitol, error) {
	if o.Key == "" || o.Agent == "" || o.Clock == nil {
		return nil, errors.New("a simulated Capitol needs a key, an agent name and a clock")
	}
	o.Offices, o.SenateOffices = codes(o.Offices, congress.AllHouseSeats()), codes(o.SenateOffices, congress.AllSenateSeats())
	o.Repeat, o.Style = cmp.Or(o.Repeat, RepeatConflict), cmp.Or(o.Style, StyleRNG)
	o.SenateKey, o.SenateAgent = cmp.Or(o.SenateKey, o.Key), cmp.Or(o.SenateAgent, o.Agent)
	l, err := openLedger(o.Ledger)
	if err != nil {
		return nil, fmt.Errorf("open the ledger of the simulated Capitol: %w", err)
	}
	c := &Capitol{options: o, house: houseSide(o), senate: senateSide(o), ledger: l, closed: make(chan struct{})}
	c.routes, c.pages = c.newRoutes(), templates()
	return c, nil
}

func (c *Capitol) newRoutes() *http.ServeMux {
	m := http.NewServeMux()
	m.HandleFunc("POST /v2/message", c.message)
	m.HandleFunc("POST /api/production-messages/", c.senateMessage)
	m.HandleFunc("POST /api/testing-messages/", c.senateTest)
	m.HandleFunc("GET /api/active_offices", c.listSenators)
	m.HandleFunc("POST /v2/validate", c.validate)
	m.HandleFunc("GET /v2/offices", c.listOffices)
	m.HandleFunc("GET /{$}", c.listPage)
	m.HandleFunc("GET /style.css", c.stylesheet)
	m.HandleFunc("GET /messages", c.listJSON)
	m.HandleFunc("GET /messages/{name}", c.oneMessage)
	m.HandleFunc("GET /ledger", c.ledgerJSON)
	m.HandleFunc("GET /script", c.showScript)
	m.HandleFunc("POST /script", c.addScript)
	m.HandleFunc("DELETE /script", c.clearScript)
	return m
}

// ServeHTTP answers one request.
func (c *Capitol) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	c.routes.ServeHTTP(w, r)
}

// Close ends everything that hangs on purpose and closes the ledger.
func (c *Capitol) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.ledger.close()
}

// Message is one stored message.
type Message struct {
	DeliveryID string    `json:"delivery_id"`
	Office     string    `json:"office"`
	ReceivedAt time.Time `json:"received_at"`
	Subject    string    `json:"subject"`
	CampaignID string    `json:"campaign_id"`
	Bytes      int       `json:"bytes"`
	SHA256     string    `json:"sha256"`
}

// Reception is one valid message that came in, stored or not.
type Reception struct {
	Message
	// Repeated is set if its DeliveryId had been stored before.
	Repeated bool `json:"repeated"`
	// Stored is unset for a repeated message that was not stored again.
	Stored bool `json:"stored"`
}

// Receptions returns every valid message that came in, in order, repeated ones too.
func (c *Capitol) Receptions() []Reception { return c.ledger.all() }

// Messages returns what is stored, in order.
func (c *Capitol) Messages() []Message {
	messages := []Message{}
	for _, r := range c.ledger.all() {
		if r.Stored {
			messages = append(messages, r.Message)
		}
	}
	return messages
}

// XML returns the bytes received under a DeliveryId.
func (c *Capitol) XML(deliveryID string) ([]byte, bool, error) { return c.ledger.body(deliveryID) }

// Refused returns how many messages it has refused since it started.
func (c *Capitol) Refused() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.refused
}

// codes returns the given codes, or those of all seats.
func codes(given []string, seats []congress.Seat) []string {
	if given != nil {
		return given
	}
	for _, s := range seats {
		given = append(given, s.OfficeCode())
	}
	return given
}
