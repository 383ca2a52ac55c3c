package public

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/letter"
)

// sent sends a letter and returns the paths of its receipt: that on the screen and the mailed one.
func (s *site) sent(change ...string) (shown, mailed string) {
	s.Helper()
	shown, _, _ = strings.Cut(s.do("POST", "/c/loophole/send", typed(change...)).Header().Get("Location"), "?")
	id, ok := s.desk.Keys.SubmissionOf(strings.TrimPrefix(shown, "/receipt/"))
	if !ok {
		s.Fatalf("no receipt: %s", shown)
	}
	return shown, "/receipt/" + s.desk.Keys.MailedToken(id)
}

func (s *site) state(receipt string) letter.State {
	s.Helper()
	d, err := s.desk.Dossier(s.Context(), strings.TrimPrefix(receipt, "/receipt/"))
	if err != nil {
		s.Fatal(err)
	}
	return letter.State(d.Letters[0].State)
}

func TestTakingALetterBack(t *testing.T) {
	s := newSite(t)
	receipt, _ := s.sent()
	s.want(s.do("GET", receipt, nil), 200, `href="`+receipt+`/take-back"`, `href="`+receipt+`/not-me"`)
	for range 2 { // asking changes nothing
		s.want(s.do("GET", receipt+"/take-back", nil), 200, "Take your letter back?", `method="post" action="`+receipt+`/take-back"`, "you cannot write on this campaign again")
	}
	if got := s.state(receipt); got != letter.Waiting {
		t.Fatalf("asking made the letter %s", got)
	}
	for range 2 { // a double click
		w := s.do("POST", receipt+"/take-back", url.Values{"lang": {"es"}})
		if s.want(w, http.StatusSeeOther); w.Header().Get("Location") != receipt+"?lang=es" {
			t.Errorf("sent on to %s", w.Header().Get("Location"))
		}
	}
	if got := s.state(receipt); got != letter.Withdrawn {
		t.Errorf("the letter is %s", got)
	}
	body := s.want(s.do("GET", receipt, nil), 200, "You took this letter back", "It was not sent")
	if strings.Contains(body, "/take-back") || strings.Contains(body, "You sent it on") {
		t.Error("it can be taken back twice, or is said to have been sent")
	}
	s.endsWithout(receipt, "Nothing was sent to the office", "No se envió nada a la oficina")
	s.want(s.do("GET", receipt+"/take-back", nil), 200, "cannot be taken back any more")
	s.want(s.do("POST", "/c/loophole/send", typed("key", letter.NewKey())), 200, "once") // it was final
}

// endsWithout wants a receipt to say what is true in both languages, and nothing of a letter
// that is still to arrive.
func (s *site) endsWithout(receipt, english, spanish string) {
	s.Helper()
	for lang, text := range map[string]string{"en": english, "es": spanish} {
		body := s.want(s.do("GET", receipt+"?lang="+lang, nil), 200, text)
		for _, wrong := range []string{"as soon as it is accepted", "it comes straight to you", "en cuanto la aceptan", "le llega directamente", "You were heard."} {
			if strings.Contains(body, wrong) {
				s.Errorf("the receipt of a letter that ended says %q", wrong)
			}
		}
	}
}

func TestReceiptOfLettersThatEnded(t *testing.T) {
	s := newSite(t)
	s.apply("loophole", "thank_you: You were heard.\n")
	receipt, _ := s.sent()
	s.want(s.do("GET", receipt, nil), 200, "as soon as it is accepted", "it comes straight to you", "You were heard.")
	for _, state := range []letter.State{letter.Refused, letter.Expired} {
		if _, err := s.desk.DB.SQL().ExecContext(t.Context(), "UPDATE letters SET state = $1", string(state)); err != nil {
			t.Fatal(err)
		}
		s.endsWithout(receipt, "we know of no office that has it", "no sabemos de ninguna oficina que la tenga")
	}
}

func TestThisWasNotMe(t *testing.T) {
	s := newSite(t)
	shown, mailed := s.sent("join", "yes")
	body := s.want(s.do("GET", shown+"/not-me", nil), 200, "open the link in the mail")
	if strings.Contains(body, "We take no more letters") {
		t.Error("whoever pressed send is told that the address will be blocked")
	}
	body = s.want(s.do("GET", mailed+"/not-me?lang=es", nil), 200, "No aceptamos más cartas", `<html lang="es"`)
	if strings.Contains(body, "abra el enlace") || s.state(shown) != letter.Waiting {
		t.Error("asking acts, or sends a reader of the mailbox to the mailbox")
	}
	s.want(s.do("POST", shown+"/not-me", url.Values{}), http.StatusSeeOther)
	body = s.want(s.do("GET", shown, nil), 200, "You told us on November 23, 2026", "This letter was stopped")
	for _, wrong := range []string{"/not-me", "We take no letters with", "Thank you", "You took this letter back", "What happens next", "Ask two friends"} {
		if strings.Contains(body, wrong) {
			t.Errorf("the receipt of a letter that is not theirs says %q", wrong)
		}
	}
	s.want(s.do("POST", "/c/loophole/send", typed("first_name", "Eve", "key", letter.NewKey())), http.StatusSeeOther) // not blocked yet

	s.want(s.do("GET", mailed, nil), 200, `href="`+mailed+`/not-me"`)
	s.want(s.do("POST", mailed+"/not-me", url.Values{}), http.StatusSeeOther)
	body = s.want(s.do("GET", mailed, nil), 200, "We take no letters with your e-mail address")
	if strings.Contains(body, `/not-me"`) {
		t.Error("what was blocked can be blocked again")
	}
	refused := s.want(s.do("POST", "/c/loophole/send", typed("first_name", "Zoe", "email", "ANA+x@example.org", "key", letter.NewKey())), 422,
		"asked us to take no letters with it", `value="Zoe"`, `aria-invalid="true"`)
	if strings.Contains(refused, "/receipt/") {
		t.Error("a receipt is given out")
	}
	if s.letters() != 2 {
		t.Errorf("%d letters", s.letters())
	}
}

func TestUndoNeedsTheLink(t *testing.T) {
	s := newSite(t)
	receipt, _ := s.sent()
	for _, what := range []string{"/take-back", "/not-me"} {
		for _, method := range []string{"GET", "POST"} {
			s.want(s.do(method, receipt+"x"+what, url.Values{}), 404)
		}
		s.want(s.do("POST", receipt+what, url.Values{}, "Sec-Fetch-Site", "cross-site", "Origin", "https://other.example"), 403)
	}
	if got := s.state(receipt); got != letter.Waiting {
		t.Errorf("the letter is %s", got)
	}
}

func TestReceiptSaysThatSendingIsPaused(t *testing.T) {
	s := newSite(t)
	s.desk.Channels = map[string]letter.Channel{letter.ChannelHouse: &letter.House{DB: s.desk.DB, Clock: s.desk.Clock}}
	receipt, _ := s.sent()
	if body := s.want(s.do("GET", receipt, nil), 200, "Waiting in line"); strings.Contains(body, "stopped sending") {
		t.Error("an open channel is called paused")
	}
	if err := s.desk.Pause(t.Context(), letter.ChannelHouse, "ada", "the House asked us to"); err != nil {
		t.Fatal(err)
	}
	body := s.want(s.do("GET", receipt, nil), 200, "Waiting in line", "stopped sending")
	if strings.Contains(body, "asked us to") {
		t.Error("the operator's reason is shown to the public")
	}
}

// TestWhatIsAnAnswerOfTheMailbox: only a button behind a link that was mailed shows that the
// mailbox is read by who is named in the form, and lets further mails come.
func TestWhatIsAnAnswerOfTheMailbox(t *testing.T) {
	s := newSite(t)
	shown, mailed := s.sent()
	id, _ := s.desk.Keys.SubmissionOf(strings.TrimPrefix(mailed, "/receipt/"))
	answered := func() bool {
		t.Helper()
		row, err := s.desk.DB.Read().SubmissionByID(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		box, err := s.desk.DB.Read().Mailbox(t.Context(), s.desk.Keys.Mailbox(string(row.Email)))
		return err == nil && box.ConfirmedAt > 0
	}
	for _, c := range []struct {
		method, path string
		answers      bool
	}{
		{"POST", shown + "/do-not-ask", false},
		{"POST", shown + "/take-back", false},
		{"GET", mailed, false},
		{"GET", mailed + "/take-back", false},
		{"GET", "/answer/" + s.desk.Keys.AnswerToken(id), false},
		{"POST", "/answer/" + s.desk.Keys.AnswerToken(id), true},
		{"POST", "/confirm/" + s.desk.Keys.ConfirmToken(id), true},
		{"POST", mailed + "/take-back", true},
	} {
		if _, err := s.desk.DB.SQL().ExecContext(t.Context(), "DELETE FROM mailboxes"); err != nil {
			t.Fatal(err)
		}
		s.do(c.method, c.path, url.Values{})
		if got := answered(); got != c.answers {
			t.Errorf("%s %s counts as an answer: %t", c.method, c.path, got)
		}
	}
}
