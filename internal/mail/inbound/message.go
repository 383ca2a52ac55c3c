// Package inbound reads one mail that came in and says what kind of thing it is: a report
// that a mail failed or is late, a complaint, somebody's wish to get no more, an automatic
// answer, a report of an office's mail system, or something that a person must read.
//
// It is pure: it keeps nothing, asks nobody and believes nothing. Everything in a mail may
// be made up, so whoever acts on what is read here needs a token that only the installation
// can have signed (package returnpath); Tokens are what may be one. However a mail is made,
// reading it takes bounded time and memory.
package inbound

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"iter"
	"regexp"
	"slices"
	"strings"

	"github.com/emersion/go-message"

	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
)

// Kind is what a mail is.
type Kind string

// The kinds.
const (
	Report    Kind = "report"    // what became of mails of ours; see Recipients
	Complaint Kind = "complaint" // somebody pressed "this is spam"; see Feedback
	Leave     Kind = "leave"     // somebody wants no more mail; see Wishes
	Automatic Kind = "automatic" // out of office, read receipts, lists: nothing to do
	Office    Kind = "office"    // an office's mail system about letters; see Ack
	Person    Kind = "person"    // a person must read it
)

// Kinds returns all kinds.
func Kinds() []Kind { return []Kind{Report, Complaint, Leave, Automatic, Office, Person} }

// Message is what one mail says.
type Message struct {
	Kind    Kind
	Subject string
	// Recipients are those of whom a report tells; 100 at most.
	Recipients []Recipient
	// Feedback is the type of a complaint in small letters, as "abuse".
	Feedback string
	// Tokens may prove which mail of ours this is about: words in the addresses that it
	// came to and in the headers that it quotes. 32 at most, in small letters.
	Tokens []string
	// Wishes are words that may be the token of an unsubscribe link, as they were written.
	Wishes []string
	// Ack is what an office's mail system says.
	Ack mail.Report
	// Digest is the same for one mail that comes twice, by whatever ways.
	Digest string
}

// Class is what a report about one recipient means for those who send.
type Class string

// The classes.
const (
	Hard      Class = "hard"      // the mailbox does not exist
	Soft      Class = "soft"      // this mail was given up: full, away, too large
	Policy    Class = "policy"    // the receiving side does not want mail from us
	Delayed   Class = "delayed"   // still being tried
	Delivered Class = "delivered" // arrived, or was handed on
)

// Recipient is what a report says about one recipient.
type Recipient struct {
	Address string // as the report has it; it may be another than the mail was sent to
	Status  string // as "5.1.1"; empty when no code was found
	Class   Class
}

// Limits of what is read of one mail. What lies behind them is not looked at.
const (
	maxRead       = 1 << 20   // bytes of the mail
	maxText       = 128 << 10 // bytes of text, of all parts together
	maxHTML       = 64 << 10  // bytes of it that are HTML
	maxOffice     = 64 << 10  // bytes of an office's report, which is a few lines
	maxParts      = 50
	maxDepth      = 6 // parts within parts
	maxRecipients = 100
	maxTokens     = 32
	maxWishes     = 8
	maxSubject    = 300 // bytes
)

// ErrNoMail says that the bytes are no mail.
var ErrNoMail = errors.New("this is no mail")

// Reader knows what a mail's own words cannot say.
type Reader struct {
	// Offices are the domains of the offices' mail systems, such as "house.gov".
	Offices []string
}

// Read classifies one mail of RFC 5322.
func (r Reader) Read(raw []byte) (Message, error) {
	raw = raw[:min(len(raw), maxRead)]
	parts, err := open(raw)
	if err != nil {
		return Message{}, err
	}
	h := parts.header
	m := Message{Kind: Person, Subject: subjectOf(h), Digest: digest(h, raw)}
	m.Tokens, m.Wishes = evidence(parts)
	ack, isAck := r.office(h, raw)
	told := statuses(parts.status)
	switch {
	case isAck:
		m.Kind, m.Ack = Office, ack
	case parts.feedback != "":
		m.complain(parts.feedback)
	case len(told) > 0:
		m.Kind, m.Recipients = Report, told
	case parts.receipt:
		m.Kind = Automatic
	case len(m.Wishes) > 0:
		m.Kind = Leave
	default:
		m.words(parts)
	}
	return m, nil
}

// office reads what an office's mail system says about letters: it comes from a domain of
// theirs, as it says, and names what may be letters of ours.
func (r Reader) office(h message.Header, raw []byte) (mail.Report, bool) {
	from := strings.ToLower(h.Get("From"))
	if !slices.ContainsFunc(r.Offices, func(domain string) bool { return strings.Contains(from, domain) }) {
		return mail.Report{}, false
	}
	ack, err := mail.ReadReport(raw[:min(len(raw), maxOffice)])
	return ack, err == nil && ack.Comes(r.Offices) && len(ack.Numbers) > 0
}

// words looks at what stands in the text, where no part of the mail is meant for machines.
func (m *Message) words(p parts) {
	if found := failures(p); len(found) > 0 {
		m.Kind, m.Recipients = Report, found
		return
	}
	switch {
	case mailSystem.MatchString(p.header.Get("From")): // a report that nobody has seen the like of
	case automatic(p.header):
		m.Kind = Automatic
	case wantsOut(m.Subject, p.text):
		m.Kind = Leave
	}
}

// digest leaves out what the way of a mail adds to its head.
func digest(h message.Header, raw []byte) string {
	_, body, found := bytes.Cut(raw, []byte("\r\n\r\n"))
	if !found {
		_, body, _ = bytes.Cut(raw, []byte("\n\n"))
	}
	sum := sha256.New()
	for _, name := range []string{"Message-ID", "Date", "From", "Subject"} {
		sum.Write([]byte(h.Get(name)))
		sum.Write([]byte{0})
	}
	// One way ends lines with CRLF, another with LF, and an mbox adds an empty one.
	sum.Write(bytes.TrimRight(bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n")), "\n"))
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

func subjectOf(h message.Header) string {
	subject, err := h.Text("Subject")
	if err != nil {
		subject = h.Get("Subject")
	}
	subject = strings.Join(strings.Fields(strings.ToValidUTF8(subject, "\uFFFD")), " ")
	return strings.ToValidUTF8(subject[:min(len(subject), maxSubject)], "")
}

// tokensIn finds the words that have the form of a token of package returnpath. It is no
// regular expression, because those take long for letters without an end.
func tokensIn(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for word := range strings.FieldsFuncSeq(text, notOfToken) {
			if len(word) == returnpath.TokenLength && !yield(strings.ToLower(word)) {
				return
			}
		}
	}
}

func notOfToken(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '2' || r > '7')
}

// evidence collects what may prove which mail of ours this is about, and what may be the
// token of an unsubscribe link.
func evidence(p parts) (tokens, wishes []string) {
	var to []string
	for _, name := range []string{"Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc"} {
		for fields := p.header.FieldsByKey(name); fields.Next() && len(to) < maxRecipients; {
			to = append(to, addressWord.FindAllString(fields.Value(), maxRecipients)...)
		}
	}
	for _, text := range append(to, p.quoted, p.text) {
		for word := range tokensIn(text) {
			if len(tokens) < maxTokens && !slices.Contains(tokens, word) {
				tokens = append(tokens, word)
			}
		}
	}
	return tokens, wishesOf(to, subjectOf(p.header), p.text)
}

// addressWord finds addresses in a header, which is all that is needed here.
var addressWord = regexp.MustCompile(`[^\s<>,;:"()\[\]]+@[^\s<>,;:"()\[\]]+`)
