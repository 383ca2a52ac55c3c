package asset

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func get(t *testing.T, method, path, accept string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	if accept != "" {
		r.Header.Set("Accept-Encoding", accept)
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w
}

func TestPathsCarryAFingerprint(t *testing.T) {
	form := regexp.MustCompile(`^/assets/[a-z]+\.[0-9a-f]{10}\.(css|js|svg)$`)
	for _, name := range []string{"franklin.css", "franklin.js", "favicon.svg"} {
		if path := Path(name); !form.MatchString(path) {
			t.Errorf("%s is at %q", name, path)
		}
	}
	if path := Path("nothing.css"); path != "" {
		t.Errorf("a file that does not exist is at %q", path)
	}
}

func TestServe(t *testing.T) {
	types := map[string]string{"franklin.css": "text/css; charset=utf-8", "franklin.js": "text/javascript; charset=utf-8", "favicon.svg": "image/svg+xml"}
	for name, want := range types {
		t.Run(name, func(t *testing.T) {
			plain, packed := get(t, "GET", Path(name), ""), get(t, "GET", Path(name), "br, gzip;q=0.8")
			for _, w := range []*httptest.ResponseRecorder{plain, packed} {
				h := w.Header()
				if w.Code != http.StatusOK || h.Get("Content-Type") != want || !strings.Contains(h.Get("Cache-Control"), "immutable") ||
					h.Get("Vary") != "Accept-Encoding" || h.Get("X-Content-Type-Options") != "nosniff" {
					t.Errorf("%d %v", w.Code, h)
				}
			}
			z, err := gzip.NewReader(packed.Body)
			if err != nil {
				t.Fatal(err)
			}
			unpacked, err := io.ReadAll(z)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(unpacked, plain.Body.Bytes()) || len(unpacked) == 0 {
				t.Error("the compressed file is another one")
			}
		})
	}
}

func TestServeRefuses(t *testing.T) {
	for _, c := range []struct {
		method, path string
		want         int
	}{
		{"GET", "/assets/franklin.css", http.StatusNotFound},
		{"GET", "/assets/franklin.0000000000.css", http.StatusNotFound},
		{"GET", "/assets/../asset.go", http.StatusNotFound},
		{"POST", Path("franklin.css"), http.StatusMethodNotAllowed},
		{"HEAD", Path("franklin.css"), http.StatusOK},
	} {
		if w := get(t, c.method, c.path, ""); w.Code != c.want || c.method == "HEAD" && w.Body.Len() > 0 {
			t.Errorf("%s %s: %d with %d bytes, want %d", c.method, c.path, w.Code, w.Body.Len(), c.want)
		}
	}
}

func TestSlimKeepsRules(t *testing.T) {
	tree := fstest.MapFS{"files/a.css": {Data: []byte("/* why */\na,\n  b {\n  color: red; /* warm */\n}\n\n/* end")}}
	lib, err := open(tree)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(lib.files[lib.paths["a.css"]].plain); got != "a,b {\ncolor: red;\n}\n" {
		t.Errorf("%q", got)
	}
}
