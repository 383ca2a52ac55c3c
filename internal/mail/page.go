package mail

import (
	"fmt"
	"html"
	"slices"
	"strings"
)

// Page is what a message says, written once for both of its parts: the plain one and the
// one in HTML have the same words and links in the same order.
type Page struct {
	// Lang is the language of the words, as "en".
	Lang string
	// Title is the heading; in the plain part the subject does its work.
	Title string
	Parts []Part
	// Foot says who sends the message and why, and how to stop that.
	Foot []Part
}

// Part is a paragraph of text, a link, or a block of an author's text; see Markdown.
type Part struct {
	text, address string
	button        bool
	laid          string // its HTML, where that is more than a paragraph
}

// Say returns a paragraph. It may have several lines.
func Say(text string) Part { return Part{text: text} }

// Button returns the link that the reader is expected to follow.
func Button(label, address string) Part { return Part{text: label, address: address, button: true} }

// Link returns a link that the reader may want.
func Link(label, address string) Part { return Part{text: label, address: address} }

// Paragraphs returns the paragraphs of a text that has an empty line after each. One that
// is the address of a link and nothing else becomes that link.
func Paragraphs(text string, links ...Part) []Part {
	var parts []Part
	for paragraph := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		part := Say(strings.TrimSpace(paragraph))
		for _, link := range links {
			if part.text == link.address {
				part = link
			}
		}
		if part.text != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// Text returns the plain part.
func (p Page) Text() string {
	var b strings.Builder
	for i, part := range slices.Concat(p.Parts, p.Foot) {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(part.text)
		if part.address != "" {
			b.WriteString(":\n" + part.address)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// HTML returns the part that most mail programs show.
func (p Page) HTML() string {
	var b strings.Builder
	fmt.Fprintf(&b, pageHead, html.EscapeString(p.Lang), html.EscapeString(p.Title))
	for _, part := range p.Parts {
		b.WriteString(part.html("text"))
	}
	b.WriteString(pageMiddle)
	for _, part := range p.Foot {
		b.WriteString(part.html("soft"))
	}
	b.WriteString(pageEnd)
	return b.String()
}

// looks are the styles of a part on light paper. They stand with each part, because many
// mail programs read no style sheet; those that do know the dark colors from there. Between
// paragraphs is the space that programs leave by themselves, which all know.
var looks = map[string]string{
	"text":   "color:#17213a",
	"soft":   "font-size:14px;line-height:21px;color:#505a70",
	"link":   "color:#1f3158",
	"button": "display:inline-block;padding:13px 24px;border:1px solid #1f3158;border-radius:6px;background-color:#1f3158;color:#fffdf9;font-weight:bold;text-decoration:none",
}

func styled(class string) string { return `class="` + class + `" style="` + looks[class] + `"` }

func (p Part) html(class string) string {
	if p.laid != "" {
		return p.laid
	}
	text := strings.ReplaceAll(html.EscapeString(p.text), "\n", "<br>")
	if p.address != "" {
		look := "link"
		if p.button {
			look = "button"
		}
		text = `<a ` + styled(look) + ` href="` + html.EscapeString(p.address) + `">` + text + `</a>`
	}
	if p.button {
		return "<p>" + text + "</p>\n"
	}
	return `<p ` + styled(class) + `>` + text + "</p>\n"
}

// The layout: one column of at most 600 pixels, in a table because Outlook knows no other
// width, with colors in place and those of the dark in a style sheet. Nothing is loaded
// from anywhere. docs/mail.md says what is left out because mail programs do not know it.
const (
	pageHead = `<!DOCTYPE html>
<html lang="%[1]s" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>%[2]s</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark }
@media (prefers-color-scheme: dark) {
  .paper { background-color: #10172a !important }
  .card { background-color: #182138 !important; border-color: #e8a376 #344060 #344060 !important }
  .text { color: #ece5d6 !important }
  .soft { color: #b3b7c4 !important }
  .link { color: #ecc9a4 !important }
  .button { background-color: #ecc9a4 !important; border-color: #ecc9a4 !important; color: #17213a !important }
}
</style>
</head>
<body class="paper" style="margin:0;padding:0;background-color:#faf6ee">
<div role="main" lang="%[1]s" dir="ltr" class="paper" style="background-color:#faf6ee;font-family:Arial,Helvetica,sans-serif;font-size:17px;line-height:27px;overflow-wrap:anywhere;word-break:break-word">
<table role="presentation" align="center" width="600" cellpadding="0" cellspacing="0" border="0" style="width:100%%;max-width:600px;margin:0 auto">
<tr><td style="padding:24px 12px 8px">
<table role="presentation" width="100%%" cellpadding="0" cellspacing="0" border="0">
<tr><td class="card" style="padding:28px 24px 12px;background-color:#fffdf9;border:1px solid #ddd2be;border-top:4px solid #a8481c;border-radius:8px">
<h1 class="text" style="margin:0;font-family:Georgia,'Times New Roman',serif;font-size:26px;line-height:32px;color:#17213a">%[2]s</h1>
`
	pageMiddle = `</td></tr>
</table>
</td></tr>
<tr><td style="padding:0 36px 24px">
`
	pageEnd = `</td></tr>
</table>
</div>
</body>
</html>
`
)
