package public

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/letter"
)

// asking is a site from which mail leaves, with a clock that the test turns.
func asking(t *testing.T) (*site, *time.Time) {
	t.Helper()
	now := today
	s := newSiteWith(t, func(s *Site, o *letter.Options) {
		s.Asks = true
		s.Clock = func() time.Time { return now }
		o.Clock = s.Clock
	})
	return s, &now
}

// delivered sends a letter, says that it was handed over, and returns the receipt and the
// id of the submission.
func (s *site) delivered(change ...string) (receipt, id string) {
	s.Helper()
	receipt, _ = s.sent(change...)
	id, _ = s.desk.Keys.SubmissionOf(strings.TrimPrefix(receipt, "/receipt/"))
	d, err := s.desk.Dossier(s.Context(), strings.TrimPrefix(receipt, "/receipt/"))
	if err != nil {
		s.Fatal(err)
	}
	s.want(s.do("POST", receipt+"/sent", url.Values{"letter": {d.Letters[0].ID}}), http.StatusSeeOther)
	return receipt, id
}

// asked returns the submissions whose mails are asked for now.
func (s *site) asked() []string {
	s.Helper()
	var all []string
	err := s.desk.AskForAnswers(s.Context(), func(_ context.Context, _ *db.Tx, id string) error {
		all = append(all, id)
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
	return all
}

func TestBeingAskedWhetherTheOfficeAnswered(t *testing.T) {
	s, now := asking(t)
	receipt, id := s.delivered()
	s.want(s.do("GET", receipt, nil), 200, "Send me one mail, two weeks after", `action="`+receipt+`/ask"`)
	*now = now.Add(15 * 24 * time.Hour)
	if got := s.asked(); len(got) != 0 {
		t.Fatalf("asked without consent: %v", got)
	}
	*now = today
	for range 2 { // a double click
		s.want(s.do("POST", receipt+"/ask", url.Values{}), http.StatusSeeOther)
	}
	s.want(s.do("GET", receipt, nil), 200, "We will send you one mail", `action="`+receipt+`/do-not-ask"`)
	s.want(s.do("POST", receipt+"/do-not-ask", url.Values{}), http.StatusSeeOther)
	*now = now.Add(15 * 24 * time.Hour)
	if got := s.asked(); len(got) != 0 {
		t.Fatalf("asked although it was taken back: %v", got)
	}
	*now = today.Add(time.Hour)
	s.want(s.do("POST", receipt+"/ask", url.Values{"lang": {"es"}}), http.StatusSeeOther)
	*now = today.Add(13 * 24 * time.Hour)
	if got := s.asked(); len(got) != 0 {
		t.Fatalf("asked too early: %v", got)
	}
	*now = today.Add(15 * 24 * time.Hour)
	if got := s.asked(); len(got) != 1 || got[0] != id {
		t.Fatalf("asked %v", got)
	}
	if got := s.asked(); len(got) != 0 {
		t.Errorf("asked twice: %v", got)
	}
	s.want(s.do("GET", receipt, nil), 200, "We asked you by mail")
	m, due, err := s.desk.AnswerNotice(t.Context(), id, letter.Notices{Org: "Lantern Alliance", BaseURL: "https://act.example.org"})
	if err != nil || !due || !strings.Contains(m.Text, "https://act.example.org/answer/"+s.desk.Keys.AnswerToken(id)) {
		t.Errorf("%v %v\n%s", due, err, m.Text)
	}
	for _, typed := range []string{"Ana", "Muñoz", "It matters"} {
		if strings.Contains(m.Text, typed) {
			t.Errorf("the mail repeats %q from the form", typed)
		}
	}
}

func TestALetterThatNeverArrivedAsksNothing(t *testing.T) {
	s, now := asking(t)
	receipt, _ := s.sent()
	s.want(s.do("POST", receipt+"/ask", url.Values{}), http.StatusSeeOther)
	*now = now.Add(20 * 24 * time.Hour) // it still waits for its writer
	if got := s.asked(); len(got) != 0 {
		t.Fatalf("asked about a letter under way: %v", got)
	}
	s.want(s.do("POST", receipt+"/take-back", url.Values{}), http.StatusSeeOther)
	*now = now.Add(40 * 24 * time.Hour)
	if got := s.asked(); len(got) != 0 {
		t.Fatalf("asked about a letter that was taken back: %v", got)
	}
}

func TestNobodyIsAskedWhereNoMailLeaves(t *testing.T) {
	s := newSite(t)
	receipt, _ := s.delivered()
	if body := s.want(s.do("GET", receipt, nil), 200); strings.Contains(body, "/ask") {
		t.Error("a mail is offered that cannot be sent")
	}
	s.want(s.do("POST", receipt+"/ask", url.Values{}), 404)
}

func TestSayingWhetherTheOfficeAnswered(t *testing.T) {
	s, _ := asking(t)
	_, id := s.delivered()
	page := "/answer/" + s.desk.Keys.AnswerToken(id)
	heard, err := s.desk.Heard(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	said := func(answer string) url.Values { return url.Values{"letter": {heard.Letters[0].ID}, "answer": {answer}} }
	for range 2 { // looking says nothing
		if body := s.want(s.do("GET", page+"?answer=real", nil), 200, "Did the office answer?", `method="post"`); strings.Contains(body, "You told us") {
			t.Error("looking counts as an answer")
		}
	}
	w := s.do("POST", page, said("form"))
	if s.want(w, http.StatusSeeOther); w.Header().Get("Location") != page {
		t.Errorf("sent on to %s", w.Header().Get("Location"))
	}
	s.want(s.do("GET", page, nil), 200, "You told us: Only a form letter.", `aria-current="true"`)
	s.want(s.do("POST", page, said("real")), http.StatusSeeOther)
	if body := s.want(s.do("GET", page+"?lang=es", nil), 200, "Usted nos dijo: Sí, una respuesta de verdad"); strings.Contains(body, "Usted nos dijo: Solo") {
		t.Error("the first word stands beside the last")
	}
	s.want(s.do("POST", page, said("splendid")), 400)
	s.want(s.do("POST", page, url.Values{"letter": {"another"}, "answer": {"real"}}), 404)
	s.want(s.do("POST", page+"x", said("none")), 404)
	s.want(s.do("POST", page, said("none"), "Sec-Fetch-Site", "cross-site", "Origin", "https://other.example"), 403)
	for _, other := range []string{s.desk.Keys.ReceiptToken(id), s.desk.Keys.ConfirmToken(id)} {
		s.want(s.do("GET", "/answer/"+other, nil), 404)
	}
	s.want(s.do("GET", "/receipt/"+s.desk.Keys.AnswerToken(id), nil), 404)
}

func TestRatesHideTheFew(t *testing.T) {
	s, _ := asking(t)
	for n := range letter.FewestAnswers {
		if body := s.want(s.do("GET", "/c/loophole/offices", nil), 200, "Do the offices answer?"); strings.Contains(body, "Wyoming") {
			t.Fatalf("an office is shown after %d answers", n)
		}
		_, id := s.delivered("email", fmt.Sprintf("ana%d@example.org", n), "first_name", fmt.Sprintf("Ana%c", 'a'+n), "key", letter.NewKey())
		heard, err := s.desk.Heard(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		answer := letter.Answers()[n%3]
		if err := s.desk.Answered(t.Context(), id, heard.Letters[0].ID, answer); err != nil {
			t.Fatal(err)
		}
	}
	s.want(s.do("GET", "/c/loophole/offices", nil), 200, "Wyoming", "4 of 5 people had an answer", "40 %", "20 %")
	s.want(s.do("GET", "/c/loophole/offices?lang=es", nil), 200, "4 de 5 personas recibieron respuesta")
	s.want(s.do("GET", "/c/nothing/offices", nil), 404)
}

// TestNobodyIsAskedThroughOthers is SEC-BOMB-1 for the mail that asks about answers: whoever
// pressed send can agree to it, so a mailbox that has confirmed nothing gets one of them,
// however many letters are sent in its name within a day. Each of those of its owner goes.
func TestNobodyIsAskedThroughOthers(t *testing.T) {
	for _, confirmed := range []bool{false, true} {
		s, now := asking(t)
		var ids []string
		for _, name := range []string{"Ana", "Bo", "Cy", "Dee"} {
			receipt, id := s.delivered("first_name", name, "key", letter.NewKey())
			s.want(s.do("POST", receipt+"/ask", url.Values{}), http.StatusSeeOther)
			ids = append(ids, id)
		}
		if confirmed {
			s.sql("INSERT INTO mailboxes (address, confirmed_at) VALUES (?, ?)", s.desk.Keys.Mailbox("ana@example.org"), now.UnixMilli())
		}
		*now = now.Add(15 * 24 * time.Hour)
		if got := s.asked(); len(got) != len(ids) {
			t.Fatalf("%d are due", len(got))
		}
		mails := 0
		for _, id := range ids {
			_, due, err := s.desk.AnswerNotice(t.Context(), id, letter.Notices{BaseURL: "https://act.example.org"})
			if err != nil {
				t.Fatal(err)
			}
			if due {
				mails++
			}
		}
		if want := map[bool]int{false: 1, true: len(ids)}[confirmed]; mails != want {
			t.Errorf("confirmed %t: %d mails, want %d", confirmed, mails, want)
		}
	}
}
