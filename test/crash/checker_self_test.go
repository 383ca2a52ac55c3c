package crash

import (
	"slices"
	"strings"
	"testing"
)

// truth is a storm that broke nothing: one letter arrived, one of another person arrived
// twice under its number with the same bytes, and one post was never taken in.
func truth() evidence {
	ada := &attempt{key: "k1", email: "ada@mail.example", office: "HVT00", words: "Dear  all", joined: true, acknowledged: true, posts: 1}
	bea := &attempt{key: "k2", email: "bea@mail.example", office: "HWY00", words: "Dear all", acknowledged: true, posts: 3}
	cyd := &attempt{key: "k3", email: "cyd@mail.example", office: "HWY00", posts: 1}
	return evidence{
		resends:  true,
		attempts: []*attempt{ada, bea, cyd},
		rows: []row{
			{key: "k1", email: ada.email, joined: true, letters: 1, deliveryID: "d1", office: "HVT00", state: "accepted", lastMove: "accepted", tries: 1, sendings: 1},
			{key: "k2", email: bea.email, letters: 1, deliveryID: "d2", office: "HWY00", state: "accepted", lastMove: "accepted", tries: 2, sendings: 2},
		},
		counts: counts{submitted: 2, delivered: 2, joined: 1},
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
		{"lost", func(e *evidence) { e.rows, e.counts = e.rows[1:], counts{1, 1, 0} }, "an acknowledged letter is lost"},
		{"lost before it was sent", func(e *evidence) {
			e.rows, e.counts, e.received = e.rows[1:], counts{1, 1, 0}, e.received[1:]
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
