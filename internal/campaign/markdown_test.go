package campaign_test

import (
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/campaign"
)

func body(t *testing.T, markdown string) string {
	t.Helper()
	return string(parse(t, strings.Replace(small, "The page.", markdown, 1)).Words("en").Body)
}

func TestBodyIsMarkdown(t *testing.T) {
	for in, want := range map[string]string{
		"Plain.":                   "<p>Plain.</p>",
		"**strong** and *soft*":    "<p><strong>strong</strong> and <em>soft</em></p>",
		"## Two\n\n#### Four":      "<h2>Two</h2>\n<h4>Four</h4>",
		"# One\n\n###### Six":      "<h2>One</h2>\n<h4>Six</h4>", // the page has its own first heading
		"- a\n- b":                 "<ul>\n<li>a</li>\n<li>b</li>\n</ul>",
		"1. a\n2. b":               "<ol>\n<li>a</li>\n<li>b</li>\n</ol>",
		"> said":                   "<blockquote>\n<p>said</p>\n</blockquote>",
		"a  \nb":                   "<p>a<br>\nb</p>",
		"    code":                 "<p>code</p>", // the body's own ends are trimmed
		"a\n\n    code":            "<p>a</p>\n<pre><code>code\n</code></pre>",
		"5 < 6 & 7":                "<p>5 &lt; 6 &amp; 7</p>",
		"[w](https://e.org/?a&b)":  `<p><a href="https://e.org/?a&amp;b" rel="noreferrer">w</a></p>`,
		"[m](mailto:a@e.org)":      `<p><a href="mailto:a@e.org" rel="noreferrer">m</a></p>`,
		"[t](tel:+12022243121)":    `<p><a href="tel:+12022243121" rel="noreferrer">t</a></p>`,
		"[r](/privacy)":            `<p><a href="/privacy" rel="noreferrer">r</a></p>`,
		"before\n\n---\n\nbetween": "<p>before</p>\n<hr>\n<p>between</p>",
	} {
		if got := body(t, in); got != want {
			t.Errorf("%q\ngot  %q\nwant %q", in, got, want)
		}
	}
}

func TestBodyIsHarmless(t *testing.T) {
	for in, want := range map[string]string{
		"<script>alert(1)</script>after":       "",
		"x <script>alert(1)</script> y":        "<p>x alert(1) y</p>", // words, no element
		"<b onclick=\"alert(1)\">bold</b>":     "<p>bold</p>",
		"<img src=x onerror=alert(1)>":         "",
		"![a picture](https://e.org/p.png)":    "<p></p>",
		"<iframe src=https://e.org></iframe>x": "",
		"<style>p{}</style>x":                  "",
		"[x](javascript:alert(1))":             "<p>x</p>",
		"[x](JaVaScRiPt:alert(1))":             "<p>x</p>",
		"[x](&#106;avascript:alert(1))":        "<p>x</p>",
		"[x](data:text/html,hello)":            "<p>x</p>",
		"[x](vbscript:x)":                      "<p>x</p>",
		"<javascript:alert(1)>":                "<p>javascript:alert(1)</p>",
		"[x][1]\n\n[1]: javascript:alert(1)":   "<p>x</p>",
		"&lt;script&gt;":                       "<p>&lt;script&gt;</p>",
		"`<script>`":                           "<p><code>&lt;script&gt;</code></p>",
		"<!-- hidden -->":                      "",
	} {
		if got := body(t, in); got != want {
			t.Errorf("%q\ngot  %q\nwant %q", in, got, want)
		}
	}
}

// TestEveryHTMLTextIsSanitised: the four texts that reach a page as HTML go through the
// same hands.
func TestEveryHTMLTextIsSanitised(t *testing.T) {
	const evil = `<script>alert(1)</script>[x](javascript:alert(1))`
	source := strings.Replace(small, "goal:", "outcome:\n  date: 2026-03-01\n  summary: Over.\n  text: '"+evil+"'\nes:\n  text: '"+evil+"'\n  outcome_text: '"+evil+"'\ngoal:", 1)
	c := parse(t, strings.Replace(source, "The page.", evil, 1))
	for _, lang := range []string{"en", "es"} {
		w := c.Words(lang)
		for _, html := range []campaign.HTML{w.Body, w.OutcomeBody} {
			if strings.Contains(string(html), "<script") || strings.Contains(string(html), "javascript:") {
				t.Errorf("%s: %s", lang, html)
			}
		}
	}
}
