package public

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/letter"
)

// toHouse is a site with a channel to the House on which the given pace holds.
func toHouse(t *testing.T, pace float64) *site {
	t.Helper()
	return newSiteWith(t, func(s *Site, o *letter.Options) {
		o.Channels = map[string]letter.Channel{letter.ChannelHouse: &letter.House{DB: o.DB, Clock: o.Clock}}
		o.Pace = map[string]float64{letter.ChannelHouse: pace}
	})
}

func (s *site) sql(statement string, args ...any) {
	s.Helper()
	if _, err := s.desk.DB.SQL().ExecContext(s.Context(), statement, args...); err != nil {
		s.Fatal(err)
	}
}

func (s *site) onlyLetter(receipt string) query.Letter {
	s.Helper()
	d, err := s.desk.Dossier(s.Context(), strings.TrimPrefix(receipt, "/receipt/"))
	if err != nil {
		s.Fatal(err)
	}
	return d.Letters[0]
}

func TestReceiptTellsTheLineOnlyWhileSomebodyDelivers(t *testing.T) {
	s := toHouse(t, 0.01)
	receipt, _ := s.sent()
	if body := s.want(s.do("GET", receipt, nil), 200, "Waiting in line"); strings.Contains(body, "in line right now") || strings.Contains(body, "We expect") {
		t.Error("a time is told although nobody delivers")
	}
	s.sql("UPDATE leases SET holder = 'node'")
	s.want(s.do("GET", receipt, nil), 200, "It is the only letter in line right now.", "We expect to send it by November 23, 2026 at 12:03")
	if err := s.desk.Pause(t.Context(), letter.ChannelHouse, "ada", "maintenance"); err != nil {
		t.Fatal(err)
	}
	if body := s.want(s.do("GET", receipt, nil), 200, "stopped sending"); strings.Contains(body, "We expect") {
		t.Error("a time is told although sending is paused")
	}
}

func TestReceiptOfALetterThatWasSentBack(t *testing.T) {
	s := toHouse(t, 0)
	receipt, _ := s.sent()
	l := s.onlyLetter(receipt)
	s.sql("UPDATE letters SET state = 'accepted', due_at = 0")
	s.want(s.do("GET", receipt, nil), 200, "Accepted by the House mail system", l.DeliveryID)
	r, err := s.desk.Acknowledge(t.Context(), letter.Ack{Numbers: []string{l.DeliveryID}, Reason: "Not in this district"}, "ada", false)
	if err != nil || r.To != letter.Refused {
		t.Fatalf("%+v, %v", r, err)
	}
	body := s.want(s.do("GET", receipt, nil), 200, "Sent back after it was accepted", "we no longer count it", "Not in this district", l.DeliveryID, "What you can say on the phone", "Ana Muñoz")
	if strings.Contains(body, "class=\"postmark\"") {
		t.Error("it still has the postmark of one that arrived")
	}
}

func TestStopPageLeadsBackWhoCameFromTheConfirmation(t *testing.T) {
	s := newSite(t)
	receipt, _ := s.sent()
	id, _ := s.desk.Keys.SubmissionOf(strings.TrimPrefix(receipt, "/receipt/"))
	confirm, stop := s.desk.Keys.ConfirmToken(id), "/stop/"+s.desk.Keys.StopToken(id, "ana@example.org")
	s.want(s.do("GET", stop+"?back="+confirm, nil), http.StatusOK, `href="/confirm/`+confirm+`"`, "go back")
	for _, strange := range []string{"", "?back=x", "?back=https://evil.example", "?back=" + s.desk.Keys.ConfirmToken("another")} {
		if body := s.want(s.do("GET", stop+strange, nil), http.StatusOK, `class="quiet" href="/"`); strings.Contains(body, "/confirm/") || strings.Contains(body, "evil") {
			t.Errorf("%s leads to a page that its holder may not see", strange)
		}
	}
}

// TestReceiptTellsWhoWasWaitedFor: while the office was busy the letter was not its writer's
// to send, whatever became of it later.
func TestReceiptTellsWhoWasWaitedFor(t *testing.T) {
	var inner *Site
	s := newSiteWith(t, func(s *Site, o *letter.Options) {
		inner = s
		o.Channels = map[string]letter.Channel{letter.ChannelHouse: &letter.House{DB: o.DB, Clock: o.Clock}}
	})
	receipt, _ := s.sent()
	id := s.onlyLetter(receipt).ID
	s.sql("UPDATE letters SET state = 'waiting', channel = 'handoff'")
	for seq, state := range []string{"sending", "waiting", "sending", "waiting"} {
		s.sql("INSERT INTO letter_history (letter_id, seq, at, from_state, to_state, actor) VALUES (?, ?, ?, 'x', ?, 'delivery')", id, seq+2, today.UnixMilli(), state)
	}
	d, err := s.desk.Dossier(t.Context(), strings.TrimPrefix(receipt, "/receipt/"))
	if err != nil {
		t.Fatal(err)
	}
	one, err := inner.letterReceipt(httptest.NewRequest(http.MethodGet, receipt, nil), d, d.Letters[0])
	if err != nil {
		t.Fatal(err)
	}
	var states []LetterState
	for _, m := range one.History {
		states = append(states, m.State)
	}
	if want := []LetterState{StateReady, StateSending, StateWaiting, StateSending, StateHandoff}; !slices.Equal(states, want) {
		t.Errorf("the receipt says %v, want %v", states, want)
	}
}

// TestALetterOnPaperCanBeTakenBack, and its receipt says so.
func TestALetterOnPaperCanBeTakenBack(t *testing.T) {
	s := newSite(t)
	receipt, _ := s.sent()
	s.sql("UPDATE letters SET channel = 'print'")
	s.want(s.do("GET", receipt, nil), 200, `href="`+receipt+`/take-back"`)
	s.want(s.do("POST", receipt+"/take-back", url.Values{}), http.StatusSeeOther)
	if got := s.state(receipt); got != letter.Withdrawn {
		t.Errorf("the letter is %s", got)
	}
}
