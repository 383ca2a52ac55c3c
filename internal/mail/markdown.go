package mail

import (
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Markdown returns the parts of a text in Markdown. A paragraph that is a link and nothing
// else is a button. Raw HTML and pictures are left out, and of links those that lead
// elsewhere than to the web, a mailbox or a telephone. A link whose address begins with a
// character of private use is the caller's, who puts an address in its place.
func Markdown(source string) []Part {
	w := markdown{[]byte(source)}
	page := goldmark.New().Parser().Parse(text.NewReader(w.source))
	var parts []Part
	for block := page.FirstChild(); block != nil; block = block.NextSibling() {
		if link, ok := loneLink(block); ok {
			if label, _ := w.inlines(link); label != "" && followable(string(link.Destination)) {
				parts = append(parts, Button(label, string(link.Destination)))
				continue
			}
		}
		if words, marked := w.block(block, "text"); words != "" {
			parts = append(parts, Part{text: words, laid: marked})
		}
	}
	return parts
}

// loneLink returns the link that is all of a paragraph.
func loneLink(block ast.Node) (*ast.Link, bool) {
	p, ok := block.(*ast.Paragraph)
	if !ok || p.ChildCount() != 1 {
		return nil, false
	}
	link, ok := p.FirstChild().(*ast.Link)
	return link, ok
}

// followable reports whether a link may lead there.
func followable(address string) bool {
	if r := []rune(address); len(r) > 0 && r[0] >= '\ue000' && r[0] <= '\uf8ff' {
		return true
	}
	u, err := url.Parse(address)
	return err == nil && slices.Contains([]string{"https", "http", "mailto", "tel"}, u.Scheme)
}

// markdown writes a tree of Markdown both as plain text and as the HTML of mails.
type markdown struct{ source []byte }

// blocks writes what a block holds, with an empty line between in the plain text.
func (w markdown) blocks(parent ast.Node, class string) (plain, marked string) {
	var texts, riches []string
	for block := parent.FirstChild(); block != nil; block = block.NextSibling() {
		words, rich := w.block(block, class)
		if words != "" {
			texts, riches = append(texts, words), append(riches, rich)
		}
	}
	return strings.Join(texts, "\n\n"), strings.Join(riches, "")
}

// The looks of what only author's texts have.
const (
	headingStyle = `style="font-family:Georgia,'Times New Roman',serif;font-size:21px;line-height:28px;color:#17213a"`
	listStyle    = `style="padding:0 0 0 24px;color:#17213a"`
	quoteStyle   = `style="margin:0;padding:0 0 0 16px;border-left:3px solid #ddd2be"`
	ruleMarkup   = `<hr style="margin:24px 0;border:0;border-top:1px solid #ddd2be">` + "\n"
)

func (w markdown) block(n ast.Node, class string) (plain, marked string) {
	switch n := n.(type) {
	case *ast.Heading:
		plain, marked = w.inlines(n)
		return plain, `<h2 class="text" ` + headingStyle + `>` + marked + "</h2>\n"
	case *ast.Paragraph:
		plain, marked = w.inlines(n)
		return plain, `<p ` + styled(class) + `>` + marked + "</p>\n"
	case *ast.TextBlock: // the text of an item in a list without empty lines
		return w.inlines(n)
	case *ast.List:
		return w.list(n, class)
	case *ast.Blockquote:
		plain, marked = w.blocks(n, "soft")
		return "> " + strings.ReplaceAll(plain, "\n", "\n> "), `<blockquote ` + quoteStyle + `>` + marked + "</blockquote>\n"
	case *ast.ThematicBreak:
		return "---", ruleMarkup
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		code := strings.TrimRight(string(n.Lines().Value(w.source)), "\n")
		return code, `<p ` + styled(class) + `>` + strings.ReplaceAll(html.EscapeString(code), "\n", "<br>") + "</p>\n"
	}
	return "", "" // raw HTML and definitions of links
}

func (w markdown) list(n *ast.List, class string) (plain, marked string) {
	tag := "ul"
	if n.IsOrdered() {
		tag = "ol"
	}
	var texts, items []string
	for item, number := n.FirstChild(), max(n.Start, 1); item != nil; item, number = item.NextSibling(), number+1 {
		words, rich := w.blocks(item, class)
		sign := "- "
		if n.IsOrdered() {
			sign = strconv.Itoa(number) + ". "
		}
		texts = append(texts, sign+strings.ReplaceAll(words, "\n", "\n"+strings.Repeat(" ", len(sign))))
		items = append(items, "<li>"+rich+"</li>\n")
	}
	return strings.Join(texts, "\n"), "<" + tag + ` class="text" ` + listStyle + ">\n" + strings.Join(items, "") + "</" + tag + ">\n"
}

func (w markdown) inlines(parent ast.Node) (plain, marked string) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		words, rich := w.inline(n)
		plain, marked = plain+words, marked+rich
	}
	return plain, marked
}

func (w markdown) inline(n ast.Node) (plain, marked string) {
	switch n := n.(type) {
	case *ast.Text:
		plain = w.words(n.Segment.Value(w.source))
		marked = html.EscapeString(plain)
		switch {
		case n.HardLineBreak():
			return plain + "\n", marked + "<br>"
		case n.SoftLineBreak():
			return plain + "\n", marked + " "
		}
		return plain, marked
	case *ast.String:
		return string(n.Value), html.EscapeString(string(n.Value))
	case *ast.Emphasis:
		tag := "em"
		if n.Level > 1 {
			tag = "strong"
		}
		plain, marked = w.inlines(n)
		return plain, "<" + tag + ">" + marked + "</" + tag + ">"
	case *ast.CodeSpan:
		return w.inlines(n)
	case *ast.Link:
		return w.link(string(n.Destination), n)
	case *ast.AutoLink:
		label := string(n.Label(w.source))
		address := string(n.URL(w.source))
		if n.AutoLinkType == ast.AutoLinkEmail {
			address = "mailto:" + label
		}
		if !followable(address) {
			return label, html.EscapeString(label)
		}
		return label, anchor(address, html.EscapeString(label))
	case *ast.Image: // nothing is loaded from anywhere; its words stay
		return w.inlines(n)
	}
	return "", "" // raw HTML
}

func (w markdown) link(address string, n ast.Node) (plain, marked string) {
	plain, marked = w.inlines(n)
	switch {
	case !followable(address):
		return plain, marked
	case plain == address:
		return plain, anchor(address, marked)
	}
	return plain + " (" + strings.TrimPrefix(address, "mailto:") + ")", anchor(address, marked)
}

func anchor(address, label string) string {
	return `<a ` + styled("link") + ` href="` + html.EscapeString(address) + `">` + label + `</a>`
}

// words returns a text without its escapes and with its entities as characters.
func (w markdown) words(raw []byte) string {
	return string(util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(raw))))
}
