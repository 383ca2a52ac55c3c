package mailtest

import (
	"bytes"
	_ "embed" // for the templates
	"encoding/json"
	"html/template"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

//go:embed pages.html
var pagesHTML string

// Handler serves the list (/), one message (/messages/{id}), its raw bytes
// (/messages/{id}.eml) and everything as JSON (/messages.json: an array of Message,
// oldest first).
func (c *Catcher) Handler() http.Handler {
	pages := template.Must(template.New("").Funcs(template.FuncMap{"linked": linked, "on": on}).Parse(pagesHTML))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		newestFirst := c.Messages()
		slices.Reverse(newestFirst)
		show(w, pages, "list", http.StatusOK, newestFirst)
	})
	mux.HandleFunc("GET /messages.json", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, "application/json", http.StatusOK)
		_ = json.NewEncoder(w).Encode(append([]Message{}, c.Messages()...)) // the reader has gone, then
	})
	mux.HandleFunc("GET /messages/{id}", func(w http.ResponseWriter, r *http.Request) {
		c.serveMessage(w, r.PathValue("id"), pages)
	})
	return mux
}

var messagePath = regexp.MustCompile(`^([1-9]\d{0,8})(\.eml)?$`)

func (c *Catcher) serveMessage(w http.ResponseWriter, path string, pages *template.Template) {
	asked := messagePath.FindStringSubmatch(path)
	if asked == nil {
		show(w, pages, "missing", http.StatusNotFound, nil)
		return
	}
	id, _ := strconv.Atoi(asked[1]) // nine digits always fit
	m, found := c.Message(id)
	switch {
	case !found:
		show(w, pages, "missing", http.StatusNotFound, nil)
	case asked[2] != "":
		// Raw mail is shown as text, so that no browser takes it for a page.
		answer(w, "text/plain; charset=utf-8", http.StatusOK)
		_, _ = w.Write(m.Raw) // the reader has gone, then
	default:
		show(w, pages, "message", http.StatusOK, m)
	}
}

func show(w http.ResponseWriter, pages *template.Template, name string, status int, data any) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, data); err != nil {
		http.Error(w, "the page cannot be shown", http.StatusInternalServerError)
		return
	}
	answer(w, "text/html; charset=utf-8", status)
	_, _ = b.WriteTo(w) // the reader has gone, then
}

// answer writes the headers. The policy lets the page and the mail inside it show
// themselves and nothing else: no script, no picture or font from elsewhere.
func answer(w http.ResponseWriter, contentType string, status int) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
}

// on returns a message as programs with light or with dark paper show it, whatever the
// reader's own is. Its links open a page of their own.
func on(paper, html string) string {
	for _, one := range []string{"light", "dark"} {
		media := "not all"
		if one == paper {
			media = "all"
		}
		html = strings.ReplaceAll(html, "(prefers-color-scheme: "+one+")", media)
	}
	return "<base target=_blank>" + html
}

// piece is a run of text, or a web address in it.
type piece struct{ Text, Link string }

var webAddress = regexp.MustCompile(`https?://[^\s<>"']*[^\s<>"'.,;:!?)\]]`)

// linked splits text so that the web addresses in it can be followed.
func linked(text string) []piece {
	var pieces []piece
	end := 0
	for _, at := range webAddress.FindAllStringIndex(text, -1) {
		pieces = append(pieces, piece{Text: text[end:at[0]]}, piece{Link: text[at[0]:at[1]]})
		end = at[1]
	}
	return append(pieces, piece{Text: text[end:]})
}
