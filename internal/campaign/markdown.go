package campaign

import (
	"bytes"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// renderer turns an author's Markdown into the HTML of a page. Raw HTML in the source is
// dropped by goldmark and the rest passes an allow-list, so that an author's text can
// never run a script in a supporter's browser.
type renderer struct {
	markdown goldmark.Markdown
	policy   *bluemonday.Policy
}

func newRenderer() *renderer {
	policy := bluemonday.NewPolicy()
	policy.AllowElements("h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "em", "blockquote", "hr", "br", "pre", "code")
	policy.AllowAttrs("href").OnElements("a")
	policy.AllowURLSchemes("https", "http", "mailto", "tel")
	policy.RequireParseableURLs(true)
	policy.AllowRelativeURLs(true)
	policy.RequireNoReferrerOnLinks(true)
	return &renderer{markdown: goldmark.New(), policy: policy}
}

// The page has its one heading of the first level, and goes no deeper than the fourth.
const (
	highestHeading = 2
	lowestHeading  = 4
)

func (r *renderer) html(markdown string) (HTML, error) {
	source := []byte(markdown)
	page := r.markdown.Parser().Parse(text.NewReader(source))
	for block := page.FirstChild(); block != nil; block = block.NextSibling() {
		if h, ok := block.(*ast.Heading); ok {
			h.Level = min(max(h.Level, highestHeading), lowestHeading)
		}
	}
	var out bytes.Buffer
	if err := r.markdown.Renderer().Render(&out, source, page); err != nil {
		return "", err
	}
	return HTML(bytes.TrimSpace(r.policy.SanitizeBytes(out.Bytes()))), nil
}
