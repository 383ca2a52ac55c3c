package inbound

import (
	"bytes"
	"html"
	"io"
	"regexp"
	"strings"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // mails come in old encodings too
)

// parts are what is looked at of a mail.
type parts struct {
	header   message.Header
	text     string // of all text parts, HTML without its tags
	status   []byte // of delivery-status parts
	feedback string // of the feedback-report
	quoted   string // heads of mails that it carries, where reports quote ours
	receipt  bool   // it is a receipt of somebody's mail program (RFC 8098)

	count int
}

// open takes a mail apart, no deeper and no longer than the limits.
func open(raw []byte) (parts, error) {
	entity, err := message.Read(bytes.NewReader(raw))
	if entity == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return parts{}, ErrNoMail
	}
	if entity.Header.Len() == 0 {
		return parts{}, ErrNoMail
	}
	p := parts{header: entity.Header}
	p.walk(entity, 0)
	return p, nil
}

// walk reads one part and those within it. An error ends a branch: what was read of it so
// far is what there is.
func (p *parts) walk(entity *message.Entity, depth int) {
	if p.count++; p.count > maxParts || depth > maxDepth {
		return
	}
	inner := entity.MultipartReader()
	if inner == nil {
		p.leaf(entity)
		return
	}
	for p.count <= maxParts {
		part, err := inner.NextPart()
		if part == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
			return
		}
		p.walk(part, depth+1)
	}
}

// leaf reads a part that has none within it.
func (p *parts) leaf(entity *message.Entity) {
	kind, _, err := entity.Header.ContentType()
	if err != nil { // as RFC 2045 has it
		kind = "text/plain"
	}
	switch kind {
	case "message/delivery-status", "message/global-delivery-status":
		p.status = append(append(p.status, body(entity, maxText-len(p.status))...), "\n\n"...)
	case "message/feedback-report":
		p.feedback += string(body(entity, maxText-len(p.feedback)))
		p.quoted += "\n" + p.feedback
	case "message/disposition-notification":
		p.receipt = true
	case "message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers", "message/global-headers":
		head, _, _ := strings.Cut(plainEnds(string(body(entity, maxText-len(p.quoted)))), "\n\n")
		p.quoted += "\n" + head
	case "text/plain", "text/html", "message/delivery-notification":
		most := maxText - len(p.text)
		if kind == "text/html" {
			most = min(most, maxHTML)
		}
		text := string(body(entity, most))
		if kind == "text/html" {
			text = withoutTags(text)
		}
		p.text += plainEnds(strings.ToValidUTF8(text, "\uFFFD")) + "\n"
	}
}

func body(entity *message.Entity, most int) []byte {
	b, _ := io.ReadAll(io.LimitReader(entity.Body, int64(max(most, 0)))) // what can be read of it
	return b
}

func plainEnds(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

var (
	tags     = regexp.MustCompile(`<[^<>]*>`)
	newLines = regexp.MustCompile(`(?i)<(?:br|p|div|tr|li|blockquote|h\d|/p|/div|/tr|/li)\b[^<>]*>`)
	unread   = regexp.MustCompile(`(?is)<(?:style|script|head)\b.*?</(?:style|script|head)>`)
	quotes   = regexp.MustCompile(`(?is)<(?:blockquote|div[^<>]{0,100}(?:gmail_quote|yahoo_quoted))\b.*`)
)

// withoutTags is what a person sees of HTML, roughly, up to what they quote.
func withoutTags(text string) string {
	text = quotes.ReplaceAllString(unread.ReplaceAllString(text, " "), " ")
	return html.UnescapeString(tags.ReplaceAllString(newLines.ReplaceAllString(text, "\n"), " "))
}

// fields reads the lines "Name: value" of a group, with folded ones put together. Names
// are in small letters; of several with one name the first counts.
func fields(group string) map[string]string {
	all := map[string]string{}
	var last string
	for line := range strings.SplitSeq(group, "\n") {
		line = strings.TrimRight(line, " \t\r")
		if line != "" && (line[0] == ' ' || line[0] == '\t') {
			if last != "" && len(all[last]) < maxSubject*4 {
				all[last] += " " + strings.TrimSpace(line)
			}
			continue
		}
		name, value, found := strings.Cut(line, ":")
		name = strings.ToLower(strings.TrimSpace(name))
		if _, again := all[name]; !found || again || len(all) > 50 {
			last = ""
			continue
		}
		last, all[name] = name, strings.TrimSpace(value)
	}
	return all
}
