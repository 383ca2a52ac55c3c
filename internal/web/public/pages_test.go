package public

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/web/asset"
)

// dom is a rendered page that can be asked about.
type dom struct {
	source string
	root   *html.Node
}

func draw(t *testing.T, c templ.Component) dom {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	source := b.String()
	root, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	return dom{source, root}
}

// all returns the elements with one of the names; none means every element.
func (d dom) all(names ...string) []*html.Node {
	var found []*html.Node
	for n := range d.root.Descendants() {
		if n.Type == html.ElementNode && (len(names) == 0 || slices.Contains(names, n.Data)) {
			found = append(found, n)
		}
	}
	return found
}

func (d dom) byID(id string) *html.Node {
	for _, n := range d.all() {
		if attr(n, "id") == id {
			return n
		}
	}
	return nil
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for child := range n.Descendants() {
		if child.Type == html.TextNode {
			b.WriteString(child.Data)
		}
	}
	return b.String()
}

// words is the text of an element with its blanks folded.
func words(n *html.Node) string { return strings.Join(strings.Fields(textOf(n)), " ") }

// TestEveryPage holds every state of every page, in both languages, to the rules that
// need no browser.
func TestEveryPage(t *testing.T) {
	for name, f := range fixtures() {
		for _, lang := range locale.Languages() {
			t.Run(name+"/"+string(lang), func(t *testing.T) {
				d := draw(t, f(locale.In(lang)))
				for rule, broken := range pageRules {
					for _, what := range broken(d) {
						t.Errorf("%s: %s", rule, what)
					}
				}
				if got := attr(d.all("html")[0], "lang"); got != string(lang) {
					t.Errorf("the page says its language is %q", got)
				}
			})
		}
	}
}

// pageRules return what breaks them.
var pageRules = map[string]func(d dom) []string{
	"every sentence is complete": func(d dom) []string {
		return containing(d.source, "<no value>", "%!", "{{")
	},
	"nothing inline": func(d dom) []string {
		var broken []string
		for _, n := range d.all() {
			for _, a := range n.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Val, "javascript:") {
					broken = append(broken, n.Data+" "+a.Key)
				}
			}
			if n.Data == "style" || n.Data == "script" && attr(n, "src") == "" {
				broken = append(broken, n.Data)
			}
		}
		return broken
	},
	"nothing from other sites": func(d dom) []string {
		var broken []string
		for _, n := range d.all("script", "img", "link", "iframe", "source") {
			address := attr(n, "src") + attr(n, "href")
			loads := n.Data != "link" || attr(n, "rel") == "stylesheet" || attr(n, "rel") == "icon"
			if loads && !strings.HasPrefix(address, asset.Prefix) {
				broken = append(broken, n.Data+" "+address)
			}
		}
		return broken
	},
	"ids are unique": func(d dom) []string {
		var broken []string
		seen := map[string]bool{}
		for _, n := range d.all() {
			if id := attr(n, "id"); id != "" && seen[id] {
				broken = append(broken, id)
			} else {
				seen[id] = true
			}
		}
		return broken
	},
	"every reference leads somewhere": func(d dom) []string {
		var broken []string
		for _, n := range d.all() {
			for _, name := range []string{"for", "aria-describedby", "aria-labelledby", "form", "data-copy"} {
				for id := range strings.FieldsSeq(attr(n, name)) {
					if d.byID(id) == nil {
						broken = append(broken, name+"="+id)
					}
				}
			}
			if target, ok := strings.CutPrefix(attr(n, "href"), "#"); ok && d.byID(target) == nil {
				broken = append(broken, "#"+target)
			}
		}
		return broken
	},
	"every field has a label": func(d dom) []string {
		var broken []string
		for _, n := range d.all("input", "select", "textarea") {
			labelled := slices.ContainsFunc(d.all("label"), func(l *html.Node) bool { return attr(l, "for") == attr(n, "id") && words(l) != "" })
			if attr(n, "type") != "hidden" && !labelled {
				broken = append(broken, attr(n, "name"))
			}
		}
		return broken
	},
	"one main heading and no level left out": func(d dom) []string {
		var broken []string
		level, main := 1, 0 // an error summary may stand before the main heading
		for _, n := range d.all("h1", "h2", "h3", "h4") {
			now := int(n.Data[1] - '0')
			if now > level+1 {
				broken = append(broken, words(n))
			}
			if level = now; now == 1 {
				main++
			}
		}
		if main != 1 {
			broken = append(broken, number(main)+" main headings")
		}
		return broken
	},
	"forms post to this site": func(d dom) []string {
		var broken []string
		for _, n := range d.all("form") {
			if attr(n, "method") != "post" || !strings.HasPrefix(attr(n, "action"), "/") {
				broken = append(broken, attr(n, "id"))
			}
		}
		return broken
	},
	"links inside keep a chosen language": func(d dom) []string {
		var broken []string
		for _, n := range d.all("a") {
			href := attr(n, "href")
			if attr(d.all("html")[0], "lang") == "es" && strings.HasPrefix(href, "/") && !has(n, "hreflang") && !strings.HasSuffix(href, "?lang=es") {
				broken = append(broken, href)
			}
		}
		return broken
	},
}

func containing(source string, bad ...string) []string {
	return slices.DeleteFunc(bad, func(b string) bool { return !strings.Contains(source, b) })
}

// TestRulesFindFaults proves the rules on a page that breaks each of them.
func TestRulesFindFaults(t *testing.T) {
	d := draw(t, templ.Raw(`<html lang="es"><body onload="x()"><h2 id="a">no value: <b>&lt;</b></h2><h4 id="a">%!</h4>
<img src="https://other.example/x.png"><form action="https://other.example/"><input name="bare" aria-describedby="gone"></form><a href="/privacy">x</a></body></html>`))
	for rule, broken := range pageRules {
		if len(broken(d)) == 0 {
			t.Errorf("%q found nothing", rule)
		}
	}
}

// TestWeight holds the page that most people load first to what two round trips carry.
func TestWeight(t *testing.T) {
	d := draw(t, fixtures()["action"](locale.In(locale.Spanish)))
	page := squeezed(t, []byte(d.source))
	css, js := assetWeight(t, "franklin.css"), assetWeight(t, "franklin.js")
	t.Logf("action page %d, style %d, script %d bytes compressed", page, css, js)
	if page+css > 12<<10 {
		t.Errorf("HTML and CSS weigh %d bytes, more than 12 KB", page+css)
	}
	if js > 4<<10 {
		t.Errorf("the script weighs %d bytes, more than 4 KB", js)
	}
}

func squeezed(t *testing.T, b []byte) int {
	t.Helper()
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(z, bytes.NewReader(b)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}

func assetWeight(t *testing.T, name string) int {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), "GET", asset.Path(name), nil)
	r.Header.Set("Accept-Encoding", "gzip")
	w := httptest.NewRecorder()
	asset.Handler().ServeHTTP(w, r)
	return w.Body.Len()
}
