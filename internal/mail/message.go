package mail

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/textproto"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"
)

// Message is one message to one person.
type Message struct {
	// ID names the message across retries: letters, digits, dots and dashes. The header
	// Message-ID is made of it.
	ID string
	// To is one plain address; see ValidAddress.
	To string
	// ReplyTo is one plain address, or empty for that of the settings.
	ReplyTo string
	// ReturnPath is the plain address to which reports of failure go, or empty for that of
	// the settings.
	ReturnPath string
	Subject    string
	// Text is the plain part and required; HTML is the same for readers who show it.
	Text string
	HTML string
	// List names the list that the message belongs to (RFC 2919), as
	// "news.act.example.org", or is empty for a message that is to its reader alone. With
	// it goes Unsubscribe: no list without a way out.
	List string
	// Unsubscribe is the https address that takes a one-click POST (RFC 8058), or empty.
	// UnsubscribeMail is an address to which mail programs write for the same, or empty;
	// it goes with Unsubscribe only.
	// UnsubscribeSubject is the subject of such a mail: the token of the link, or empty for
	// "unsubscribe".
	Unsubscribe        string
	UnsubscribeMail    string
	UnsubscribeSubject string
	// Headers are further ones, in ASCII, such as "Auto-Submitted". Those that decide
	// who gets the message or how it is read cannot be set here.
	Headers map[string]string
}

// ErrMessage means that a message cannot be sent as it is; another try is useless.
var ErrMessage = errors.New("the message cannot be sent as it is")

// Limits that keep every line of the message under the 998 bytes of RFC 5322 and a
// message within what every relay takes.
const (
	MaxSubject = 250     // characters
	maxHeader  = 900     // bytes
	maxBody    = 2 << 20 // bytes, text and HTML each
)

var idForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$`)

// check returns an error that wraps ErrMessage and names the field, never its content.
func (m Message) check() error {
	switch {
	case !normal(m.To):
		return fmt.Errorf("%w: To is not a plain, normalised address", ErrMessage)
	case !idForm.MatchString(m.ID):
		return fmt.Errorf("%w: ID must be letters, digits, dots and dashes", ErrMessage)
	case m.Subject == "" || !oneLine(m.Subject) || utf8.RuneCountInString(m.Subject) > MaxSubject:
		return fmt.Errorf("%w: Subject must be one line of at most %d characters", ErrMessage, MaxSubject)
	case m.Text == "" || len(m.Text) > maxBody || len(m.HTML) > maxBody:
		return fmt.Errorf("%w: the text is missing, or a part is longer than %d bytes", ErrMessage, maxBody)
	case !utf8.ValidString(m.Text) || !utf8.ValidString(m.HTML):
		return fmt.Errorf("%w: a part is not UTF-8", ErrMessage)
	}
	if m.ReplyTo != "" && !normal(m.ReplyTo) || m.ReturnPath != "" && !normal(m.ReturnPath) {
		return fmt.Errorf("%w: ReplyTo or ReturnPath is not a plain, normalised address", ErrMessage)
	}
	if err := m.checkList(); err != nil {
		return err
	}
	return checkHeaders(m.Headers)
}

// normal reports whether text is an address as ValidAddress returns it.
func normal(text string) bool {
	address, err := ValidAddress(text)
	return err == nil && address == text
}

func (m Message) checkList() error {
	if _, reason := validDomain(m.List); m.List != "" && (reason != "" || len(m.List) > maxDomain) {
		return fmt.Errorf("%w: List is no domain name", ErrMessage)
	}
	if m.UnsubscribeMail != "" && (m.Unsubscribe == "" || !normal(m.UnsubscribeMail)) {
		return fmt.Errorf("%w: UnsubscribeMail is not a plain, normalised address, or stands alone", ErrMessage)
	}
	if m.UnsubscribeSubject != "" && !plainSubject.MatchString(m.UnsubscribeSubject) {
		return fmt.Errorf("%w: UnsubscribeSubject is no plain word", ErrMessage)
	}
	if m.Unsubscribe == "" {
		if m.List != "" {
			return fmt.Errorf("%w: a list without Unsubscribe", ErrMessage)
		}
		return nil
	}
	u, err := url.Parse(m.Unsubscribe)
	if err != nil || u.Scheme != "https" || u.Host == "" || !headerValue(m.Unsubscribe) || strings.ContainsAny(m.Unsubscribe, "<> ") {
		return fmt.Errorf("%w: Unsubscribe is not an https address", ErrMessage)
	}
	return nil
}

var plainSubject = regexp.MustCompile(`^[A-Za-z0-9._-]{1,200}$`)

var headerName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,60}$`)

// reserved headers are written from the message's own fields or by relays.
func reserved(name string) bool {
	name = textproto.CanonicalMIMEHeaderKey(name)
	return strings.HasPrefix(name, "Content-") || strings.HasPrefix(name, "Resent-") || slices.Contains([]string{
		"From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Subject", "Date", "Message-Id", "Mime-Version", "Return-Path", "Received",
		"Dkim-Signature", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Precedence", "Disposition-Notification-To",
	}, name)
}

func checkHeaders(headers map[string]string) error {
	for name, value := range headers {
		if !headerName.MatchString(name) || reserved(name) {
			return fmt.Errorf("%w: %q cannot be set as a header", ErrMessage, name)
		}
		if !headerValue(value) {
			return fmt.Errorf("%w: the header %s is not one short line of ASCII", ErrMessage, name)
		}
	}
	return nil
}

func headerValue(value string) bool {
	return value != "" && len(value) <= maxHeader && !strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' })
}

// oneLine reports whether text is valid UTF-8 without control characters and without the
// separators that some programs take for the end of a line.
func oneLine(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029'
	})
}

var returns = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// lines makes every line end the same, so that no lone carriage return or line feed is left
// that relays could read differently.
func lines(text string) string {
	if !strings.Contains(text, "\r") { // as nearly always
		return text
	}
	return returns.Replace(text)
}

// build writes the message in the library's terms. Both parts travel as quoted-printable
// text: lines stay short, and nothing in them can look like the end of the message.
func (m Message) build(c Config, at time.Time) (*gomail.Msg, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	msg := gomail.NewMsg(gomail.WithEncoding(gomail.EncodingQP), gomail.WithNoDefaultUserAgent())
	if err := msg.FromFormat(c.FromName, c.From); err != nil {
		return nil, fmt.Errorf("%w: From", ErrMessage)
	}
	if err := msg.To(m.To); err != nil {
		return nil, fmt.Errorf("%w: To", ErrMessage)
	}
	if reply := cmp.Or(m.ReplyTo, c.ReplyTo); reply != "" {
		if err := msg.ReplyTo(reply); err != nil {
			return nil, fmt.Errorf("%w: ReplyTo", ErrMessage)
		}
	}
	_, domain, _ := strings.Cut(c.From, "@")
	msg.SetMessageIDWithValue(m.ID + "@" + domain)
	msg.SetDateWithValue(at)
	msg.Subject(m.Subject)
	for name, value := range m.Headers {
		msg.SetGenHeader(gomail.Header(textproto.CanonicalMIMEHeaderKey(name)), value)
	}
	m.writeList(msg)
	msg.SetBodyString(gomail.TypeTextPlain, lines(m.Text))
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, lines(m.HTML))
	}
	return msg, nil
}

// writeList writes the headers by which mail programs know a list, sort its messages and
// let people leave it. Precedence keeps programs that answer by themselves quiet.
func (m Message) writeList(msg *gomail.Msg) {
	if m.List != "" {
		msg.SetGenHeader("List-ID", "<"+m.List+">")
		msg.SetGenHeader("Precedence", "bulk")
	}
	if m.Unsubscribe == "" {
		return
	}
	ways := "<" + m.Unsubscribe + ">"
	if m.UnsubscribeMail != "" {
		ways += ",\r\n <mailto:" + m.UnsubscribeMail + "?subject=" + cmp.Or(m.UnsubscribeSubject, "unsubscribe") + ">"
	}
	// Preformatted: the library would fold them inside an address.
	msg.SetGenHeaderPreformatted("List-Unsubscribe", ways)
	msg.SetGenHeaderPreformatted("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
}

// write checks and builds the message and signs it.
func (s *Sender) write(m Message) (wire, error) {
	msg, err := m.build(s.config, s.clock())
	if err != nil {
		return wire{}, fmt.Errorf("mail: %w", err)
	}
	var raw bytes.Buffer
	if _, err := msg.WriteTo(&raw); err != nil {
		return wire{}, fmt.Errorf("mail: %w: it cannot be written", ErrMessage)
	}
	w := wire{from: cmp.Or(m.ReturnPath, s.config.ReturnPath, s.config.From), to: m.To, raw: raw.Bytes()}
	if s.config.DKIM != nil {
		if w.raw, err = s.config.DKIM.sign(w.raw); err != nil {
			return wire{}, fmt.Errorf("mail: %w: it cannot be signed", ErrMessage)
		}
	}
	return w, nil
}
