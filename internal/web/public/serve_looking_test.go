package public

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/letter"
)

// prefetch opens links as the programs do that open every link in a mail.
func (s *site) prefetch(links ...string) {
	s.Helper()
	for _, agent := range []string{"Safe Links", "Proofpoint", "GoogleImageProxy", "Apple Mail"} {
		for n, method := range []string{"HEAD", "GET", "GET", "OPTIONS"} {
			for _, link := range links {
				w := s.do(method, link, nil, "User-Agent", agent, "Sec-Purpose", "prefetch", "X-Forwarded-For", fmt.Sprintf("198.51.100.%d", n))
				if method != "OPTIONS" {
					s.want(w, 200) // a link that leads nowhere changes nothing either
				}
			}
		}
	}
}

// TestSEC_TOK_2_LookingChangesNothing: only its button confirms a letter, or stops all mail.
func TestSEC_TOK_2_LookingChangesNothing(t *testing.T) {
	g := newGuarded(t, all())
	form := g.form("checked")
	g.now = g.now.Add(time.Minute)
	g.want(g.do("POST", "/c/checked/send", form), 200)
	id := g.asked[0].Submission
	confirm, stop := "/confirm/"+g.desk.Keys.ConfirmToken(id), "/stop/"+g.desk.Keys.StopToken(id, "ana@example.org")
	g.prefetch(confirm, confirm+"?lang=es", stop)
	if p, err := g.desk.Pending(t.Context(), id); err != nil || !p.Waiting || p.Gone {
		t.Fatalf("after nothing but looking the letter stands at %+v, %v", p, err)
	}
	if blocked, err := g.desk.Blocked(t.Context(), "ana@example.org"); err != nil || blocked {
		t.Fatalf("after nothing but looking the address is blocked, %v", err)
	}
	page := g.want(g.do("GET", confirm, nil), 200, "Did you write this letter?", "Close the loophole", stop)
	for _, secret := range []string{"Ana", "Muñoz", "Neil", "It matters at home"} {
		if strings.Contains(page, secret) {
			t.Errorf("the page shows %s, which whoever filled in the form chose", secret)
		}
	}
	// The control: pressing the button.
	w := g.do("POST", confirm, url.Values{"lang": {"en"}})
	g.want(w, http.StatusSeeOther)
	g.want(g.do("GET", w.Header().Get("Location"), nil), 200, "Your turn: deliver this letter", "Muñoz")
	g.want(g.do("GET", confirm, nil), 200, "Your letter is confirmed")
	again := g.do("POST", confirm, url.Values{})
	g.want(again, http.StatusSeeOther)
	if first, second := pathOf(w), pathOf(again); first != second {
		t.Errorf("confirming twice leads to %s, and before to %s", second, first)
	}
}

// pathOf is where an answer leads, in whatever language.
func pathOf(w *httptest.ResponseRecorder) string {
	path, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	return path
}

// standing is all that the links of a receipt can change: the letter and who wrote it, whether
// its mailbox has answered, and whether it takes more letters.
func (s *site) standing(receipt string) string {
	s.Helper()
	d, err := s.desk.Dossier(s.Context(), strings.TrimPrefix(receipt, "/receipt/"))
	if err != nil {
		s.Fatal(err)
	}
	blocked, err := s.desk.Blocked(s.Context(), "ana@example.org")
	if err != nil {
		s.Fatal(err)
	}
	box, err := s.desk.DB.Read().Mailbox(s.Context(), s.desk.Keys.Mailbox("ana@example.org"))
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		s.Fatal(err)
	}
	return fmt.Sprintf("%+v\n%+v\n%+v\nblocked: %t", d.Submission, d.Letters, box, blocked)
}

// TestSEC_TOK_2_LookingAtAReceiptChangesNothing: nor do its links to take the letter back and to
// disown it, on the screen and in the mail.
func TestSEC_TOK_2_LookingAtAReceiptChangesNothing(t *testing.T) {
	for link, pressed := range map[string]string{"/take-back": "blocked: false", "/not-me": "blocked: true"} {
		s := newSite(t)
		shown, mailed := s.sent()
		before := s.standing(shown)
		s.prefetch(shown+link, mailed+link, mailed+link+"?lang=es")
		if after := s.standing(shown); after != before {
			t.Errorf("looking at %s changed\n%s\nto\n%s", link, before, after)
		}
		s.want(s.do("POST", mailed+link, url.Values{}), http.StatusSeeOther) // the control
		if after := s.standing(shown); s.state(shown) != letter.Withdrawn || !strings.HasSuffix(after, pressed) {
			t.Errorf("%s: pressing the button led to\n%s", link, after)
		}
	}
}

// TestSEC_TOK_2_LookingAtALinkToLeaveChangesNothing: nor does the link under each mail of the list.
func TestSEC_TOK_2_LookingAtALinkToLeaveChangesNothing(t *testing.T) {
	s := newSite(t)
	who, leave := s.member("ann@example.org")
	s.prefetch(leave, leave+"?lang=es")
	if !s.on(who) {
		t.Error("after nothing but looking she is off the list")
	}
	s.want(s.do("POST", leave, url.Values{}), 200) // the control
	if s.on(who) {
		t.Error("after pressing the button she is still on the list")
	}
}

// TestSEC_TOK_2_LookingAnswersNothing: nor the link of the mail that asks whether the office answered.
func TestSEC_TOK_2_LookingAnswersNothing(t *testing.T) {
	s, _ := asking(t)
	_, id := s.delivered()
	answer := "/answer/" + s.desk.Keys.AnswerToken(id)
	heard := func() letter.Heard {
		h, err := s.desk.Heard(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	before := heard()
	first := url.Values{"letter": {before.Letters[0].ID}, "answer": {string(letter.AnswerForm)}}
	s.prefetch(answer, answer+"?lang=es", answer+"?"+first.Encode())
	if after := heard(); !reflect.DeepEqual(after, before) {
		t.Errorf("looking led from\n%+v\nto\n%+v", before, after)
	}
	s.want(s.do("POST", answer, first), http.StatusSeeOther) // the control
	if after := heard(); reflect.DeepEqual(after, before) {
		t.Error("pressing the button recorded nothing")
	}
}
