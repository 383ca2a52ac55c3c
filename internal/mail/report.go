package mail

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"io"
	"net/mail"
	"regexp"
	"slices"
	"strings"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // mails come in old encodings too

	"github.com/franklin-letters/franklin/internal/text"
)

// Report is what an office's mail system wrote about letters, as far as a machine can read
// it. No public document tells the format of such mails, so only what nearly every format
// must hold is looked for: the delivery number, and a word of yes or no.
type Report struct {
	From    string // the domain of the sender's address, in small letters
	Proven  []string
	Subject string
	// Numbers are all words that may be delivery numbers, in small letters, each once.
	Numbers []string
	Verdict Verdict
	Reason  string // the line that says no; at most 300 characters
}

// Verdict is what a report says about a letter.
type Verdict string

// The verdicts.
const (
	VerdictAccepted Verdict = "accepted"
	VerdictRefused  Verdict = "refused"
	VerdictUnclear  Verdict = "" // nothing, or both: a person must read it
)

// ErrNoReport says that the bytes are no mail.
var ErrNoReport = errors.New("this is no mail")

const (
	maxReportParts = 50
	maxReportText  = 256 << 10 // bytes of text that are looked at
	maxReason      = 300       // characters
	maxNumbers     = 64
)

// ReadReport reads one message of RFC 5322. It never trusts the sender: From is only what
// the mail says, and Proven names the mail servers' findings; see ProvenBy.
func ReadReport(raw []byte) (Report, error) {
	entity, err := message.Read(bytes.NewReader(raw))
	if entity == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return Report{}, ErrNoReport
	}
	addresses, err := mail.ParseAddressList(entity.Header.Get("From"))
	if err != nil || len(addresses) != 1 { // several senders prove nothing
		return Report{}, fmt.Errorf("%w: it has not one sender", ErrNoReport)
	}
	_, domain, _ := strings.Cut(addresses[0].Address, "@")
	r := Report{From: strings.ToLower(domain)}
	for fields := entity.Header.FieldsByKey("Authentication-Results"); fields.Next(); {
		r.Proven = append(r.Proven, fields.Value())
	}
	if r.Subject, err = entity.Header.Text("Subject"); err != nil {
		r.Subject = entity.Header.Get("Subject")
	}
	text := r.Subject + "\n" + reportText(entity)
	r.Numbers = numbersIn(text)
	r.Verdict, r.Reason = verdictOf(text)
	return r, nil
}

// reportText is all text of the message, one part after the other.
func reportText(entity *message.Entity) string {
	var all strings.Builder
	parts := 0
	_ = entity.Walk(func(_ []int, part *message.Entity, err error) error {
		if parts++; err != nil || parts > maxReportParts || all.Len() > maxReportText {
			return io.EOF // what was read so far is what there is
		}
		kind, _, _ := part.Header.ContentType()
		if !strings.HasPrefix(kind, "text/") && !strings.HasSuffix(kind, "xml") && kind != "message/delivery-status" {
			return nil
		}
		body, _ := io.ReadAll(io.LimitReader(part.Body, maxReportText))
		text := string(body)
		if kind == "text/html" {
			text = html.UnescapeString(tags.ReplaceAllString(text, " "))
		}
		all.WriteString(strings.ToValidUTF8(text, "�"))
		all.WriteByte('\n')
		return nil
	})
	return all.String()
}

var (
	tags       = regexp.MustCompile(`<[^>]*>`)
	numberWord = regexp.MustCompile(`[0-9A-Za-z]+`)
	numberForm = regexp.MustCompile(`^[0-9a-f]{32}$`)
)

// numbersIn finds the words of the form of our delivery numbers, 32 hexadecimal digits.
func numbersIn(text string) []string {
	var all []string
	for _, word := range numberWord.FindAllString(text, -1) {
		word = strings.ToLower(word)
		if len(all) < maxNumbers && numberForm.MatchString(word) && !slices.Contains(all, word) {
			all = append(all, word)
		}
	}
	return all
}

// The words of no stand before those of yes, because "not accepted" holds a yes.
var (
	wordsOfNo = regexp.MustCompile(`(?i)\b(?:(?:could|can|was|were|is|has|have|been|will)?\s*not\s+(?:be\s+|been\s+)?(?:accepted|delivered|processed|received)|` +
		`rejected|refused|undeliverable|undelivered|invalid (?:address|message)|wrong district|not in (?:the |this |our )?district|fail(?:ed|ure)|<errors?>)`)
	wordsOfYes = regexp.MustCompile(`(?i)\b(?:accepted|delivered|received|processed successfully)\b`)
)

// verdictOf is clear only when the words say one thing.
func verdictOf(text string) (Verdict, string) {
	no := wordsOfNo.FindStringIndex(text)
	yes := wordsOfYes.MatchString(wordsOfNo.ReplaceAllString(text, " "))
	switch {
	case no != nil && !yes:
		return VerdictRefused, lineAt(text, no[0])
	case yes && no == nil:
		return VerdictAccepted, ""
	}
	return VerdictUnclear, ""
}

// lineAt is the line of a report around a place, as one clean line.
func lineAt(report string, place int) string {
	from := strings.LastIndexByte(report[:place], '\n') + 1
	line, _, _ := strings.Cut(report[from:], "\n")
	return text.Short(strings.Join(strings.Fields(tags.ReplaceAllString(line, " ")), " "), maxReason)
}

// ProvenBy reports whether the mail server of that name, which must be the operator's own,
// found that the mail really comes from the domain it names (DMARC passed). Only the first
// Authentication-Results is believed: those below may have come with the mail.
func (r Report) ProvenBy(server string) bool {
	if len(r.Proven) == 0 || server == "" {
		return false
	}
	name, results, _ := strings.Cut(comments.ReplaceAllString(r.Proven[0], " "), ";")
	name, _, _ = strings.Cut(strings.TrimSpace(name), " ") // a version may follow
	if !strings.EqualFold(name, server) {
		return false
	}
	for result := range strings.SplitSeq(results, ";") {
		fields := strings.Fields(strings.ToLower(result))
		if slices.Contains(fields, "dmarc=pass") && slices.Contains(fields, "header.from="+r.From) {
			return true
		}
	}
	return false
}

var comments = regexp.MustCompile(`\([^()]*\)`)

// Comes reports whether the sender's domain is one of those given, or within one.
func (r Report) Comes(from []string) bool {
	return slices.ContainsFunc(from, func(domain string) bool {
		domain = strings.ToLower(domain)
		return r.From == domain || strings.HasSuffix(r.From, "."+domain)
	})
}
