package cwctest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
)

// maxBody bounds what it reads of a request; a message has less than 100 kB.
const maxBody = 1 << 20

// message is POST /v2/message: check and store.
func (c *Capitol) message(w http.ResponseWriter, r *http.Request) { c.take(w, r, c.house) }

// take checks and stores one message to a side.
func (c *Capitol) take(w http.ResponseWriter, r *http.Request, s side) {
	body, ok := c.admit(w, r, s)
	if !ok {
		return
	}
	c.pause(r, c.options.Latency)
	m, refusal := c.inspect(body, s)
	act := c.script.next("message", m.Recipient.Office)
	if act.before() {
		c.misbehave(w, r, act, s)
		return
	}
	if refusal = s.turnAway(m, refusal); refusal != nil {
		c.refuse(w, refusal)
		return
	}
	if !c.withinRate() {
		w.Header().Set("Retry-After", "1")
		text(w, http.StatusTooManyRequests, "Too many messages")
		return
	}
	repeated := false
	if !act.Lost {
		var err error
		if repeated, err = c.store(m, body, s.repeat, act.Do == StoreTwice); err != nil {
			text(w, http.StatusInternalServerError, "The message could not be stored")
			return
		}
	}
	if act.Do != "" && act.Do != StoreTwice {
		c.misbehave(w, r, act, s)
		return
	}
	if repeated && s.repeat == RepeatConflict {
		conflict(w, m.Delivery.ID)
		return
	}
	text(w, s.status, s.words)
}

// turnAway refuses a message that the schema takes, but this side does not.
func (s side) turnAway(m cwc.Message, refusal []byte) []byte {
	switch {
	case refusal != nil:
		return refusal
	case m.Delivery.Agent != s.agent:
		return errorList("DeliveryAgent Mismatch")
	case !s.listed(m.Recipient.Office):
		return errorList("Message delivery is not enabled for " + m.Recipient.Office)
	}
	return nil
}

func conflict(w http.ResponseWriter, deliveryID string) {
	answerXML(w, http.StatusConflict, errorList("Duplicate DeliveryId "+deliveryID+": the message has been received already"))
}

// validate is POST /v2/validate: check only. Like the real one it does not look at the agent.
func (c *Capitol) validate(w http.ResponseWriter, r *http.Request) {
	body, ok := c.admit(w, r, c.house)
	if !ok {
		return
	}
	c.pause(r, c.options.Latency)
	m, refusal := c.inspect(body, c.house)
	if act := c.script.next("validate", m.Recipient.Office); act.Do != "" {
		c.misbehave(w, r, act, c.house)
		return
	}
	if refusal != nil {
		c.answerRefusal(w, refusal)
		return
	}
	text(w, http.StatusOK, "Message Validated")
}

// listOffices is GET /v2/offices.
func (c *Capitol) listOffices(w http.ResponseWriter, r *http.Request) {
	if key := r.URL.Query().Get("apikey"); key != "" && key != c.options.Key {
		text(w, http.StatusUnauthorized, "Unauthorized")
		return
	}
	if act := c.script.next("offices", ""); act.Do != "" {
		c.misbehave(w, r, act, c.house)
		return
	}
	answerJSON(w, c.options.Offices)
}

// admit checks the key and reads the body.
func (c *Capitol) admit(w http.ResponseWriter, r *http.Request, s side) ([]byte, bool) {
	if r.URL.Query().Get("apikey") != s.key {
		text(w, http.StatusUnauthorized, "Unauthorized")
		return nil, false
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		text(w, http.StatusRequestEntityTooLarge, "The message is too large or incomplete")
		return nil, false
	}
	return body, true
}

// inspect applies the side's schema. The refusal is nil for a message that passes.
func (c *Capitol) inspect(body []byte, s side) (cwc.Message, []byte) {
	if s.chamber == congress.Senate {
		return c.inspectSenate(body)
	}
	problems, err := cwc.CheckXML(bytes.NewReader(body))
	if err != nil {
		return cwc.Message{}, errorList(err.Error())
	}
	if len(problems) > 0 {
		return cwc.Message{}, c.schemaErrors(problems)
	}
	m, err := cwc.Parse(bytes.NewReader(body))
	if err != nil { // a document type, which the schema's language alone does not forbid
		return cwc.Message{}, errorList("For security reasons DTD is prohibited in this XML document.")
	}
	return m, nil
}

func (c *Capitol) withinRate() bool {
	if c.options.Rate <= 0 {
		return true
	}
	now := c.options.Clock().Unix()
	c.mu.Lock()
	defer c.mu.Unlock()
	if now != c.second {
		c.second, c.taken = now, 0
	}
	c.taken++
	return c.taken <= c.options.Rate
}

func (c *Capitol) store(m cwc.Message, body []byte, repeat Repeat, twice bool) (repeated bool, err error) {
	sum := sha256.Sum256(body)
	return c.ledger.add(Message{
		DeliveryID: m.Delivery.ID, Office: m.Recipient.Office, ReceivedAt: c.options.Clock().UTC(),
		Subject: m.Letter.Subject, CampaignID: m.Delivery.CampaignID, Bytes: len(body), SHA256: hex.EncodeToString(sum[:]),
	}, body, repeat, twice)
}

func (c *Capitol) refuse(w http.ResponseWriter, body []byte) {
	c.mu.Lock()
	c.refused++
	c.mu.Unlock()
	c.answerRefusal(w, body)
}

func (c *Capitol) answerRefusal(w http.ResponseWriter, body []byte) {
	if c.options.Style == StyleText {
		text(w, http.StatusBadRequest, string(body))
		return
	}
	answerXML(w, http.StatusBadRequest, body)
}

// pause waits, but no longer than the caller or the Capitol.
func (c *Capitol) pause(r *http.Request, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	case <-c.closed:
	}
}

func text(w http.ResponseWriter, status int, body string) {
	answer(w, status, "text/plain; charset=utf-8", []byte(body))
}

func answerXML(w http.ResponseWriter, status int, body []byte) {
	answer(w, status, "application/xml; charset=utf-8", body)
}

func answerJSON(w http.ResponseWriter, value any) {
	body, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		text(w, http.StatusInternalServerError, "The answer could not be written")
		return
	}
	answer(w, http.StatusOK, "application/json; charset=utf-8", append(body, '\n'))
}

func answer(w http.ResponseWriter, status int, kind string, body []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // a reader that has gone away needs no answer
}
