package crash

import (
	"slices"
	"strings"
	"testing"
	"time"
)

var noon = firstMoment

// truth is a storm that broke nothing: one letter arrived, one of another person arrived
// twice under its number with the same bytes, one post was never taken in, one letter was
// taken back by its writer and reported by the owner of the address, one was put aside.
func truth() evidence {
	ada := &attempt{key: "k1", email: "ada@mail.example", office: "HVT00", words: "Dear  all", joined: true, acknowledged: true, posts: 1}
	bea := &attempt{key: "k2", email: "bea@mail.example", office: "HWY00", words: "Dear all", acknowledged: true, posts: 3}
	cyd := &attempt{key: "k3", email: "cyd@mail.example", office: "HWY00", posts: 1}
	dot := &attempt{key: "k4", email: "dot@mail.example", office: "HWY00", words: "Dear all", acknowledged: true, stopAsked: true, stopped: noon.Add(time.Second), backAsked: true, back: true, posts: 1}
	eve := &attempt{key: "k5", email: "eve@mail.example", office: "HWY00", words: "Dear all", acknowledged: true, trap: true, posts: 1}
	return evidence{
		resends:  true,
		attempts: []*attempt{ada, bea, cyd, dot, eve},
		rows: []row{
			{id: "s1", key: "k1", email: ada.email, joined: true, consents: 1, letters: 1, deliveryID: "d1", office: "HVT00", state: "accepted", lastMove: "accepted", tries: 1, sendings: 1},
			{id: "s2", key: "k2", email: bea.email, letters: 1, deliveryID: "d2", office: "HWY00", state: "accepted", lastMove: "accepted", tries: 2, sendings: 2},
			{id: "s4", key: "k4", email: dot.email, letters: 1, deliveryID: "d4", office: "HWY00", state: "withdrawn", lastMove: "withdrawn"},
			{id: "s5", key: "k5", email: eve.email, letters: 1, deliveryID: "d5", office: "HWY00", state: "frozen", lastMove: "frozen"},
		},
		counts:     counts{submitted: 4, delivered: 2, joined: 1},
		disowned:   map[string]int{"s4": 1},
		mails:      []mailing{{to: ada.email, begun: noon}, {to: dot.email, begun: noon}},
		recoveries: []time.Duration{time.Second},
		received: []reception{
			{"d1", "s1", ada.email, "HVT00", "Dear all", true},
			{"d2", "s2", bea.email, "HWY00", "Dear all", true},
			{"d2", "s2", bea.email, "HWY00", "Dear all", false},
		},
	}
}

// TestTheCheckerNoticesEachBrokenPromise tries the checker itself.
func TestTheCheckerNoticesEachBrokenPromise(t *testing.T) {
	t.Parallel()
	if broken := truth().violations(); len(broken) > 0 {
		t.Fatalf("complains without reason: %q", broken)
	}
	tests := []struct {
		name string
		lie  func(*evidence)
		want string
	}{
		{"lost", func(e *evidence) { e.rows, e.counts = e.rows[1:], counts{3, 1, 0} }, "an acknowledged letter is lost"},
		{"lost before it was sent", func(e *evidence) {
			e.rows, e.counts, e.received = e.rows[1:], counts{3, 1, 0}, e.received[1:]
		}, "an acknowledged letter is lost"},
		{"doubled in the Capitol", func(e *evidence) { e.received[2].stored = true }, "stands in the Capitol 2 times"},
		{"repeated though not allowed", func(e *evidence) { e.resends = false }, "reached the Capitol 2 times"},
		{"sent again under another number", func(e *evidence) { e.received[2].deliveryID, e.received[2].stored = "d9", true }, "d9 is in the Capitol and nobody sent it"},
		{"other bytes", func(e *evidence) { e.received[2].sum = "s9" }, "d2 came again with other bytes"},
		{"never posted", func(e *evidence) { e.attempts = e.attempts[1:] }, "k1 is in the database and nobody posted it"},
		{"said to be accepted", func(e *evidence) { e.received = e.received[1:] }, "not in the Capitol"},
		{"left behind", func(e *evidence) { e.rows[0].state, e.rows[0].lastMove, e.counts.delivered = "sending", "sending", 1 }, "ends as sending"},
		{"not found out", func(e *evidence) { e.rows[0].state, e.rows[0].lastMove, e.counts.delivered = "unknown", "unknown", 1 }, "ends as unknown"},
		{"history", func(e *evidence) { e.rows[0].lastMove = "sending" }, "its history ends with sending"},
		{"attempts", func(e *evidence) { e.rows[1].sendings = 1 }, "counts 2 attempts, its history 1"},
		{"two letters", func(e *evidence) { e.rows[0].letters = 2 }, "has 2 letters"},
		{"no letter", func(e *evidence) { e.rows[0].letters = 0 }, "has 0 letters"},
		{"one person twice", func(e *evidence) { e.rows[1].email = "ada@mail.example" }, "has 2 submissions"},
		{"one number for two", func(e *evidence) { e.rows[1].deliveryID = "d1" }, "share their delivery numbers"},
		{"to another office", func(e *evidence) { e.received[0].office = "HWY00" }, "was not posted so"},
		{"with other words", func(e *evidence) { e.received[0].words = "Dear some" }, "was not posted so"},
		{"consent made up", func(e *evidence) { e.rows[1].joined, e.counts.joined = true, 2 }, "was stored as"},
		{"counter", func(e *evidence) { e.counts.delivered = 3 }, "the campaign counts"},
		{"broken file", func(e *evidence) { e.integrity = []string{"row 7 missing from index"} }, "row 7 missing"},
		{"taken back, and still on its way", func(e *evidence) { e.rows[2].state, e.rows[2].lastMove = "ready", "ready" }, "I1: dot@mail.example: was taken back, and is ready"},
		{"withdrawn, and sent", func(e *evidence) {
			e.received = append(e.received, reception{"d4", "s4", "dot@mail.example", "HWY00", "Dear all", true})
		}, "I4: dot@mail.example was withdrawn and is in the Capitol"},
		{"reported as not theirs, and sent", func(e *evidence) { e.rows[2].state, e.rows[2].lastMove, e.rows[2].against = "accepted", "accepted", 1 }, "I4: dot@mail.example was reported as not theirs and sent 1 times after that"},
		{"withdrawn by nobody", func(e *evidence) { e.rows[0].state, e.rows[0].lastMove = "withdrawn", "withdrawn" }, "I1: ada@mail.example ends as withdrawn"},
		{"put aside, and sent", func(e *evidence) {
			e.received = append(e.received, reception{"d5", "s5", "eve@mail.example", "HWY00", "Dear all", true})
		}, "I4: eve@mail.example was put aside and is in the Capitol"},
		{"not put aside", func(e *evidence) { e.rows[3].state, e.rows[3].lastMove = "accepted", "accepted" }, "I4: eve@mail.example was to be put aside"},
		{"put aside without reason", func(e *evidence) { e.rows[0].state, e.rows[0].lastMove = "frozen", "frozen" }, "I1: ada@mail.example ends as frozen"},
		{"taken from a blocked address", func(e *evidence) { e.attempts[1].barred = true }, "I4: bea@mail.example: a letter was taken with an address"},
		{"two keys are one", func(e *evidence) { e.rows[1].key = "k1" }, "I3: 1 submissions share their keys"},
		{"consent lost", func(e *evidence) { e.rows[0].consents = 0 }, "I4: ada@mail.example has 0 consents instead of 1"},
		{"consent kept", func(e *evidence) { e.rows[2].consents = 1 }, "I4: dot@mail.example has 1 consents instead of 0"},
		{"mail after the stop", func(e *evidence) { e.mails[1].begun = noon.Add(time.Minute) }, "I6: mail went to dot@mail.example 59s after"},
		{"mail to a stranger", func(e *evidence) { e.mails[0].to = "zoe@mail.example" }, "I6: mail went to zoe@mail.example, who never wrote"},
		{"report not in the log", func(e *evidence) { e.disowned = nil }, "I7: the log has the report of dot@mail.example 0 times"},
		{"report made up", func(e *evidence) { e.disowned["s1"] = 1 }, "I7: the log has a report by ada@mail.example"},
		{"history torn", func(e *evidence) { e.chains = []string{"l1"} }, "I7: the history of letter l1 is no chain"},
		{"slow start", func(e *evidence) { e.recoveries[0] = 3 * time.Second }, "I9: 1 of 1 starts"},
		{"wrong answer", func(e *evidence) { e.attempts[2].fault = "answered with status 500" }, "status 500"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e := truth()
			test.lie(&e)
			found := e.violations()
			if !slices.ContainsFunc(found, func(v string) bool { return strings.Contains(v, test.want) }) {
				t.Errorf("%q does not name %q", found, test.want)
			}
		})
	}
}
