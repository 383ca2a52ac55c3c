package cwctest

import (
	"bytes"
	"errors"
	"net/http"
	"strings"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
)

// side is what one chamber's system does differently from the other's.
type side struct {
	chamber    congress.Chamber
	key, agent string
	offices    cwc.OfficeList
	repeat     Repeat
	status     int    // of an acceptance
	words      string // of an acceptance
}

func houseSide(o Options) side {
	return side{
		chamber: congress.House, key: o.Key, agent: o.Agent, offices: cwc.NewOfficeList(o.Offices), repeat: o.Repeat,
		status: http.StatusOK, words: "Message Accepted",
	}
}

// senateSide answers as senders report of the Senate's system. Of its acceptance only the
// status is known.
func senateSide(o Options) side {
	return side{
		chamber: congress.Senate, key: o.SenateKey, agent: o.SenateAgent, offices: cwc.NewOfficeList(o.SenateOffices), repeat: RepeatConflict,
		status: http.StatusCreated, words: "Created",
	}
}

// listed reports whether the office takes messages on this side.
func (s side) listed(office string) bool {
	seat, ok := congress.SeatOfOffice(office)
	if !ok {
		return false
	}
	_, ok = s.offices.Code(seat)
	return ok
}

// senateMessage is POST /api/production-messages/: check and store.
func (c *Capitol) senateMessage(w http.ResponseWriter, r *http.Request) {
	if rightType(w, r) {
		c.take(w, r, c.senate)
	}
}

// senateTest is POST /api/testing-messages/: everything but the storing.
func (c *Capitol) senateTest(w http.ResponseWriter, r *http.Request) {
	if !rightType(w, r) {
		return
	}
	body, ok := c.admit(w, r, c.senate)
	if !ok {
		return
	}
	m, refusal := c.inspect(body, c.senate)
	if refusal = c.senate.turnAway(m, refusal); refusal != nil {
		c.answerRefusal(w, refusal)
		return
	}
	text(w, c.senate.status, c.senate.words)
}

// rightType holds a message to the one content type that the Senate takes.
func rightType(w http.ResponseWriter, r *http.Request) bool {
	if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); strings.TrimSpace(kind) != "application/xml" {
		text(w, http.StatusUnsupportedMediaType, "Unsupported media type")
		return false
	}
	return true
}

// listSenators is GET /api/active_offices: objects with a name and a code, for everybody.
func (c *Capitol) listSenators(w http.ResponseWriter, r *http.Request) {
	if act := c.script.next("senate-offices", ""); act.Do != "" {
		c.misbehave(w, r, act, c.senate)
		return
	}
	type office struct {
		Name string `json:"name"`
		Code string `json:"office_code"`
	}
	list := []office{}
	for _, code := range c.options.SenateOffices {
		list = append(list, office{Name: "Senator of " + seatName(code), Code: code})
	}
	answerJSON(w, list)
}

// inspectSenate applies the differences of the Senate's schema as far as they are known.
func (c *Capitol) inspectSenate(body []byte) (cwc.Message, []byte) {
	m, err := cwc.Parse(bytes.NewReader(body))
	if problems, ok := errors.AsType[cwc.Problems](err); ok {
		return cwc.Message{}, c.schemaErrors(problems)
	}
	if err != nil {
		return cwc.Message{}, errorList(err.Error())
	}
	if !strings.HasPrefix(m.Recipient.Office, "S") { // one for the House
		return cwc.Message{}, c.schemaErrors([]cwc.Problem{{Path: "CWC/Recipient/MemberOffice", Rule: "office"}})
	}
	return m, nil
}
