package mail_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/franklin-letters/franklin/internal/mail"
)

func TestParagraphs(t *testing.T) {
	button, link := mail.Button("Look", "https://a.example/l?a=1&b=2"), mail.Link("Leave", "https://a.example/s")
	got := mail.Page{
		Lang: "en", Title: "Title",
		Parts: mail.Paragraphs("\nHello,\n\nlook here:\n\nhttps://a.example/l?a=1&b=2\n\n\n\nor https://a.example/s\n\nhttps://a.example/s\n", button, link),
		Foot:  []mail.Part{mail.Say("Lantern\n1 Well Road")},
	}.Text()
	want := "Hello,\n\nlook here:\n\nLook:\nhttps://a.example/l?a=1&b=2\n\nor https://a.example/s\n\nLeave:\nhttps://a.example/s\n\nLantern\n1 Well Road\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := (mail.Page{Parts: mail.Paragraphs("")}).Text(); got != "" {
		t.Errorf("of nothing: %q", got)
	}
}

// TestSEC_XSS_2_MailIsText: whatever stands in a part is shown as text, and templates in it stay as they are.
func TestSEC_XSS_2_MailIsText(t *testing.T) {
	for _, evil := range []string{
		"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "</title><style>*{display:none}</style>", "{{.Secret}} ${x} %s %[1]s",
		"</td></tr></table><form action=//evil.example>", "<!--", "&lt;b&gt;", "javascript:alert(1)",
	} {
		page := mail.Page{
			Lang: `en" onload="`, Title: evil, Parts: []mail.Part{mail.Say(evil), mail.Button(evil, "https://a.example/?q="+evil)},
			Foot: []mail.Part{mail.Link(evil, "https://a.example/"+evil)},
		}
		tree, err := html.Parse(strings.NewReader(page.HTML()))
		if err != nil {
			t.Fatal(err)
		}
		texts := 0
		for n := range tree.Descendants() {
			if n.Type == html.TextNode && n.Data == evil {
				texts++
			}
			if n.Type == html.ElementNode && slices.Contains([]string{"script", "img", "form", "input", "iframe"}, n.Data) || n.Type == html.CommentNode {
				t.Errorf("%q made a %s", evil, n.Data)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "href" && !strings.HasPrefix(a.Val, "https://a.example/") {
					t.Errorf("%q made %s=%q", evil, a.Key, a.Val)
				}
			}
		}
		if texts != 5 { // title, heading, paragraph, two links
			t.Errorf("%q stands there %d times", evil, texts)
		}
		if !strings.Contains(page.Text(), evil) {
			t.Errorf("%q became %q", evil, page.Text())
		}
	}
}

// TestMarkdownLeadsOnlyWhereMailMay: links in both spellings.
func TestMarkdownLeadsOnlyWhereMailMay(t *testing.T) {
	for _, evil := range []string{"<javascript:alert(1)>", "[x](javascript:alert(1))", "<data:text/html,x>", "<file:///etc/passwd>"} {
		if page := (mail.Page{Parts: mail.Markdown("Look: " + evil)}).HTML(); strings.Contains(page, "href") {
			t.Errorf("%s became a link:\n%s", evil, page)
		}
	}
	for _, good := range []string{"<https://a.example/>", "<ann@a.example>", "[x](tel:+12025550100)"} {
		if page := (mail.Page{Parts: mail.Markdown("Look: " + good)}).HTML(); !strings.Contains(page, "href") {
			t.Errorf("%s became no link:\n%s", good, page)
		}
	}
}
