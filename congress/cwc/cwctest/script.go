package cwctest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Misbehaviour names a way of treating one call.
type Misbehaviour string

// What happens before anything is stored.
const (
	TooMany       Misbehaviour = "429" // with Retry-After
	ServerError   Misbehaviour = "500"
	Unavailable   Misbehaviour = "503"            // with Retry-After
	TimeoutBefore Misbehaviour = "timeout-before" // hangs until the caller goes away
	Reset         Misbehaviour = "reset"          // drops the connection
	Redirect      Misbehaviour = "redirect"       // to another host
	Refuse        Misbehaviour = "refuse"         // 400 with the act's text
)

// What happens after a good message is stored, unless the act says that it is lost.
const (
	TimeoutAfter Misbehaviour = "timeout-after"
	ResetAfter   Misbehaviour = "reset-after"
	ErrorAfter   Misbehaviour = "500-after"
	Garbage      Misbehaviour = "garbage"   // 200 with bytes that mean nothing
	Slow         Misbehaviour = "slow"      // the right answer, one byte per delay
	Duplicate    Misbehaviour = "duplicate" // 409, as if an earlier attempt had landed
	HTML         Misbehaviour = "html"      // 200 with a web page
	Empty        Misbehaviour = "empty"     // 200 with nothing
	Huge         Misbehaviour = "huge"      // 200 with 10 MB
	Truncated    Misbehaviour = "truncated" // 200, cut off in the middle
	StoreTwice   Misbehaviour = "store-twice"
)

var beforeStoring = []Misbehaviour{TooMany, ServerError, Unavailable, TimeoutBefore, Reset, Redirect, Refuse}

var afterStoring = []Misbehaviour{TimeoutAfter, ResetAfter, ErrorAfter, Garbage, Slow, Duplicate, HTML, Empty, Huge, Truncated, StoreTwice}

// Act tells how to treat a coming call. The zero values of the other fields are right for most.
type Act struct {
	Do     Misbehaviour `json:"do"`
	Office string       `json:"office,omitempty"` // only messages to this office; "" for any
	Call   string       `json:"call,omitempty"`   // "message" (default), "validate", "offices" or "senate-offices"
	Times  int          `json:"times,omitempty"`  // how many calls, default 1; -1 until the script is cleared
	// RetryAfter is the header of a 429 or 503, in seconds; default 1.
	RetryAfter int `json:"retry_after,omitempty"`
	// DelayMS are milliseconds: between the bytes of a slow answer (default 100), and how long a
	// time-out hangs (default: until the caller gives up).
	DelayMS int `json:"delay_ms,omitempty"`
	// Lost keeps a message from being stored where it otherwise would be.
	Lost bool   `json:"lost,omitempty"`
	Text string `json:"text,omitempty"` // the reason of a refusal
}

// before reports whether the act comes before storing.
func (a Act) before() bool { return slices.Contains(beforeStoring, a.Do) }

func (a Act) delay(standard time.Duration) time.Duration {
	if a.DelayMS > 0 {
		return time.Duration(a.DelayMS) * time.Millisecond
	}
	return standard
}

func (a Act) check() error {
	if !slices.Contains(beforeStoring, a.Do) && !slices.Contains(afterStoring, a.Do) {
		return fmt.Errorf("unknown misbehaviour %q: use one of %q or %q", a.Do, beforeStoring, afterStoring)
	}
	if !slices.Contains([]string{"", "message", "validate", "offices", "senate-offices"}, a.Call) {
		return fmt.Errorf("unknown call %q: use message, validate, offices or senate-offices", a.Call)
	}
	return nil
}

// script is a queue of acts.
type script struct {
	mu   sync.Mutex
	acts []Act
}

// next takes the first act that fits a call; the zero Act means to behave.
func (s *script) next(call, office string) Act {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.acts {
		a := s.acts[i]
		if a.Call != call || (a.Office != "" && !strings.EqualFold(a.Office, office)) {
			continue
		}
		if a.Times > 0 {
			if s.acts[i].Times--; s.acts[i].Times == 0 {
				s.acts = slices.Delete(s.acts, i, i+1)
			}
		}
		return a
	}
	return Act{}
}

// Script adds acts to the queue. They are used up in order, each by the calls that fit it.
// Nothing is added if one of them is not understood.
func (c *Capitol) Script(acts ...Act) error {
	for i := range acts {
		if err := acts[i].check(); err != nil {
			return err
		}
	}
	c.script.mu.Lock()
	defer c.script.mu.Unlock()
	for _, a := range acts {
		if a.Call == "" {
			a.Call = "message"
		}
		if a.Times == 0 {
			a.Times = 1
		}
		c.script.acts = append(c.script.acts, a)
	}
	return nil
}

// ClearScript makes it behave again.
func (c *Capitol) ClearScript() {
	c.script.mu.Lock()
	defer c.script.mu.Unlock()
	c.script.acts = nil
}

// Scripted returns the acts that are still to come.
func (c *Capitol) Scripted() []Act {
	c.script.mu.Lock()
	defer c.script.mu.Unlock()
	return append([]Act{}, c.script.acts...)
}

func (c *Capitol) showScript(w http.ResponseWriter, _ *http.Request) {
	answerJSON(w, c.Scripted())
}

func (c *Capitol) clearScript(w http.ResponseWriter, r *http.Request) {
	c.ClearScript()
	c.showScript(w, r)
}

// addScript takes one act or an array of them.
func (c *Capitol) addScript(w http.ResponseWriter, r *http.Request) {
	acts, err := readActs(http.MaxBytesReader(w, r.Body, maxBody))
	if err == nil {
		err = c.Script(acts...)
	}
	if err != nil {
		text(w, http.StatusBadRequest, err.Error())
		return
	}
	c.showScript(w, r)
}

func readActs(r io.Reader) ([]Act, error) {
	body, err := io.ReadAll(r)
	if err != nil {
		return nil, errors.New("the script is too long")
	}
	var acts []Act
	if json.Unmarshal(body, &acts) == nil {
		return acts, nil
	}
	var one Act
	if err := json.Unmarshal(body, &one); err != nil {
		return nil, fmt.Errorf("the script is neither an act nor a list of acts in JSON: %w", err)
	}
	return []Act{one}, nil
}
