package public

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/web/mw"
)

// busyRequest is a letter's form as a browser posts it.
func busyRequest(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/c/loophole/send", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetPathValue("slug", "loophole")
	return r
}

// TestNoRoomBringsEverythingBack is REL-LOAD-3's page.
func TestNoRoomBringsEverythingBack(t *testing.T) {
	t.Parallel()
	s := &Site{}
	gate := mw.NewGate(1)
	served := 0
	send := s.admitted(gate, func(http.ResponseWriter, *http.Request) error {
		served++
		return nil
	})
	const typed = "lang=es&key=k1&first_name=Ada&last_name=O%27Neil&email=ada%40mail.example&address1=1+Main+St&city=Madison&state=WI&zip=53703" +
		"&subject=Please+help&message=One+%3Cb%3E+two%0A%0Athree&join=yes&district=WI-02&reference_code=x"
	if err := send(httptest.NewRecorder(), busyRequest(typed)); err != nil || served != 1 {
		t.Fatalf("with room: served %d, %v", served, err)
	}
	leave, _ := gate.Enter()
	w := httptest.NewRecorder()
	if err := send(w, busyRequest(typed)); err != nil || served != 1 {
		t.Fatalf("without room: served %d, %v", served, err)
	}
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("status %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	body := w.Body.String()
	for _, want := range []string{
		`lang="es"`, `value="k1"`, `value="Ada"`, "O&#39;Neil", "ada@mail.example", "1 Main St", "Madison", "53703", "Please help",
		"One &lt;b&gt; two\n\nthree", `name="join"`, "WI-02", `name="reference_code"`, `action="/c/loophole/send"`, "No pudimos guardar",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(body, "stands-here") {
		t.Error("a hole was left in the page")
	}
	leave()
	if err := send(httptest.NewRecorder(), busyRequest(typed)); err != nil || served != 2 {
		t.Errorf("with room again: served %d, %v", served, err)
	}
}

func BenchmarkNoRoom(b *testing.B) {
	s := &Site{}
	for b.Loop() {
		if err := s.busy(httptest.NewRecorder(), busyRequest("lang=en&key=k1&email=ada%40mail.example&message="+strings.Repeat("word+", 200))); err != nil {
			b.Fatal(err)
		}
	}
}
