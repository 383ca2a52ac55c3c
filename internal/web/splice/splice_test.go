package splice_test

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/franklin-letters/franklin/internal/web/splice"
)

func serve(t *testing.T, p *splice.Page, method, encoding, fill string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequest(method, "/", nil)
	r.Header.Set("Accept-Encoding", encoding)
	p.Serve(w, r, fill)
	return w
}

func TestServeIsTheSameWithAndWithoutCompression(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		head, tail := rapid.String().Draw(rt, "head"), rapid.String().Draw(rt, "tail")
		fill := rapid.StringMatching(`[a-f0-9]{32}`).Draw(rt, "fill")
		const hole = "<the key of thirty-two letters!!>"
		p, err := splice.New([]byte(head+hole+tail), hole)
		if err != nil {
			rt.Skip("the drawn text contains the placeholder")
		}
		if got := serve(t, p, "GET", "", fill).Body.String(); got != head+fill+tail {
			rt.Fatalf("plain: %q", got)
		}
		z, err := gzip.NewReader(serve(t, p, "GET", "br, gzip", fill).Body)
		if err != nil {
			rt.Fatal(err)
		}
		got, err := io.ReadAll(z) // checks sum and size
		if err != nil || string(got) != head+fill+tail {
			rt.Fatalf("gzip: %q, %v", got, err)
		}
	})
}

func TestServeHead(t *testing.T) {
	p, err := splice.New([]byte("ab~~cd"), "~~")
	if err != nil {
		t.Fatal(err)
	}
	w := serve(t, p, "HEAD", "", "xy")
	if w.Body.Len() != 0 || w.Header().Get("Content-Length") != "6" {
		t.Errorf("HEAD answered %d bytes, Content-Length %s", w.Body.Len(), w.Header().Get("Content-Length"))
	}
}

func TestNewNeedsOneHole(t *testing.T) {
	for _, page := range []string{"", "no hole", "~~ and ~~"} {
		if _, err := splice.New([]byte(page), "~~"); !errors.Is(err, splice.ErrHole) {
			t.Errorf("New(%q) = %v", page, err)
		}
	}
}

// TestServeKeepsVisitorsApart has many visitors at once, each of whom must get their own
// filling although the memory is shared.
func TestServeKeepsVisitorsApart(t *testing.T) {
	p, err := splice.New([]byte(strings.Repeat("before ", 500)+"~~~~~~~~"+strings.Repeat(" after", 500)), "~~~~~~~~")
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for visitor := range 16 {
		wait.Go(func() {
			for view := range 50 {
				fill := fmt.Sprintf("%04d%04d", visitor, view)
				encoding := []string{"", "gzip"}[view%2]
				var body io.Reader = serve(t, p, "GET", encoding, fill).Body
				if encoding == "gzip" {
					z, err := gzip.NewReader(body)
					if err != nil {
						t.Error(err)
						return
					}
					body = z
				}
				text, err := io.ReadAll(body)
				if err != nil || !strings.Contains(string(text), "before "+fill+" after") {
					t.Errorf("visitor %d got somebody else's page: %v", visitor, err)
					return
				}
			}
		})
	}
	wait.Wait()
}
