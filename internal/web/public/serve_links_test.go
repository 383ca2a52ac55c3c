package public

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/letter"
)

// TestSEC_TOK_1_Tokens: every changed bit is a token that nobody was given, no token does
// another one's work, and guessing is slowed.
func TestSEC_TOK_1_Tokens(t *testing.T) {
	g := newGuarded(t, all())
	form := g.form("checked")
	g.now = g.now.Add(time.Minute)
	g.want(g.do("POST", "/c/checked/send", form), 200)
	id := g.asked[0].Submission
	keys := g.desk.Keys
	tokens := map[string]string{"/confirm/": keys.ConfirmToken(id), "/stop/": keys.StopToken(id, "ana@example.org"), "/receipt/": keys.ReceiptToken(id), "/answer/": keys.AnswerToken(id)}
	for path, own := range tokens {
		g.want(g.do("GET", path+own, nil), 200)
		for other, token := range tokens {
			if other != path {
				g.want(g.do("GET", path+token, nil), 404)
				if path != "/receipt/" { // which takes no posts
					g.want(g.do("POST", path+token, url.Values{}), 404)
				}
			}
		}
		if mac := own[strings.LastIndexByte(own, '.')+1:]; len(mac) < 22 {
			t.Errorf("%s has a mark of %d characters, too few for 128 bits", path, len(mac))
		}
		for bit := range 100 {
			changed := []byte(own)
			changed[len(changed)-1-bit%20] ^= 1 << (bit / 20)
			g.now = g.now.Add(2 * time.Second) // slower than what counts as guessing
			if w := g.do("GET", path+url.PathEscape(string(changed)), nil); w.Code != 404 {
				t.Errorf("%s with a changed bit: %d", path, w.Code)
			}
		}
	}
	found, slowed := 0, 0
	for n := range 100_000 {
		switch code, after := g.guess(fmt.Sprint("/confirm/", id, ".", n), "198.51.100.1"); code {
		case 404:
			found++
		case http.StatusTooManyRequests:
			if slowed++; after == "" {
				t.Fatal("no Retry-After")
			}
		default:
			t.Fatalf("a guess is answered %d", code)
		}
	}
	if slowed != 100_000-60 {
		t.Errorf("%d guesses had to wait", slowed)
	}
	if found != 60 {
		t.Errorf("%d guesses were looked at", found)
	}
	w := g.do("GET", "/confirm/"+tokens["/confirm/"], nil, "X-Forwarded-For", "198.51.100.2")
	if g.want(w, 200); w.Header().Get("Referrer-Policy") != "no-referrer" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("the page is answered with %v", w.Header())
	}
}

// TestSEC_TOK_1_LinksEnd: what leads to a letter leads nowhere a year later, to look and to
// press. The link that ends all mail works for good.
func TestSEC_TOK_1_LinksEnd(t *testing.T) {
	g := newGuarded(t, all())
	form := g.form("checked")
	g.now = g.now.Add(time.Minute)
	g.want(g.do("POST", "/c/checked/send", form), 200)
	id, keys := g.asked[0].Submission, g.desk.Keys
	stop := "/stop/" + keys.StopToken(id, "ana@example.org")
	links := []string{
		"GET /confirm/" + keys.ConfirmToken(id), "GET /answer/" + keys.AnswerToken(id), "GET /receipt/" + keys.ReceiptToken(id), "GET /receipt/" + keys.MailedToken(id),
		"GET /receipt/" + keys.MailedToken(id) + "/not-me", "GET /receipt/" + keys.ReceiptToken(id) + "/take-back",
		"POST /receipt/" + keys.ReceiptToken(id) + "/take-back", "POST /confirm/" + keys.ConfirmToken(id), "POST /receipt/" + keys.MailedToken(id) + "/not-me",
	}
	press := func(link string) int {
		method, path, _ := strings.Cut(link, " ")
		var form url.Values
		if method == "POST" {
			form = url.Values{}
		}
		return g.do(method, path, form).Code
	}
	begin := g.now
	g.now = begin.Add(letter.LinksFor + time.Second)
	for _, link := range links {
		if code := press(link); code != http.StatusNotFound {
			t.Errorf("after a year %s is answered %d", link, code)
		}
	}
	if blocked, err := g.desk.Blocked(t.Context(), "ana@example.org"); err != nil || blocked {
		t.Errorf("an old link blocked the address: %t, %v", blocked, err)
	}
	g.want(g.do("GET", stop, nil), 200)
	g.now = begin.Add(letter.LinksFor) // the control: a second before
	for _, link := range links {
		if code := press(link); code >= 400 {
			t.Errorf("within the year %s is answered %d", link, code)
		}
	}
	g.now = begin.Add(10 * letter.LinksFor)
	g.want(g.do("POST", stop, url.Values{}), 200)
	if blocked, err := g.desk.Blocked(t.Context(), "ana@example.org"); err != nil || !blocked {
		t.Errorf("after ten years the address cannot be blocked any more: %t, %v", blocked, err)
	}
}

// guess asks for a page of the site without anything around it, and returns the answer's
// status and Retry-After.
func (g *guarded) guess(path, from string) (status int, retryAfter string) {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("X-Forwarded-For", from)
	w := httptest.NewRecorder()
	g.handler.ServeHTTP(w, r)
	return w.Code, w.Header().Get("Retry-After")
}
