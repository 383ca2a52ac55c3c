package cwc

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	maxReasons = 20
	maxReason  = 300 // characters
	// maxWait bounds what a server may ask for in Retry-After.
	maxWait = 24 * time.Hour
)

var (
	// The reported answer is "Message Accepted"; only the status is documented, so words of
	// the same meaning count. A body without any of them is not an acceptance.
	acceptedText = regexp.MustCompile(`(?i)\b(accepted|success(ful|fully)?|received|queued|stored|ok)\b`)
	// deniedText takes an acceptance back: "not accepted", "Message Validated", an error page.
	deniedText = regexp.MustCompile(`(?i)\b(not|never|un\w*able|fail\w*|errors?|invalid|refused|rejected|denied|validated|maintenance|unavailable)\b`)
	// pageText recognises a web page by its beginning only: a reason may quote anything.
	pageText = regexp.MustCompile(`(?i)^(?:\xEF\xBB\xBF)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?s:.*?)-->\s*)*<\s*(?:!doctype\s+html|html|head|body)\b`)

	agentText = regexp.MustCompile(`(?i)delivery\s*agent\s*mis-?match`)
	plainText = regexp.MustCompile(`(?i)http request (was sent )?to (an )?https`)
	offText   = regexp.MustCompile(`(?i)delivery is not enabled`)
	twiceText = regexp.MustCompile(`(?i)(duplicate|already)\b.*\bdelivery[ _-]?id|delivery[ _-]?id\b.*\b(duplicate|already)|\bduplicate message\b|message (was |has )?already`)

	// quotedText is what a reason may repeat of the letter. Nobody may steer the outcome by
	// what he writes into a letter, so it is left out before a reason is understood.
	quotedText = regexp.MustCompile(`'.*'|".*"`)
)

// What the Detail of an outcome says when nobody can tell from the answer whether the message
// is there. Answered is followed by the status.
const (
	NoAnswerInTime    = "no answer in time"
	ClosedUnanswered  = "the connection was closed without an answer"
	PageAnswered      = "a web page answered instead of the office system"
	Redirected        = "it answered with a redirect, which is not followed"
	RefusalUnreadable = "its refusal cannot be read"
	AnswerBroken      = "its answer broke off"
	AnswerTooLong     = "its answer was too long"
	AnswerUnclear     = "its answer does not say that the message was accepted"
	Answered          = "it answered "
)

// outcome says what an answer to a message means.
func (c caller) outcome(a answer) Outcome {
	o := Outcome{Status: a.status}
	switch {
	case a.setup != nil:
		o.Result, o.Detail = Misconfigured, a.setup.Error()
	case a.failure != nil:
		o.Result, o.Detail = c.failed(a), c.describe(a.failure)
	case a.status == http.StatusTooManyRequests, a.status == http.StatusServiceUnavailable:
		o.Result, o.RetryAfter, o.Detail = Busy, retryAfter(a.header), statusText(a.status)
	case a.status == http.StatusConflict && pageText.Match(a.body):
		o.Result, o.Detail = Unknown, PageAnswered
	case a.status == http.StatusConflict:
		o.Result, o.Earlier, o.Detail = Accepted, true, "the DeliveryId was known already"
	case a.status == http.StatusBadRequest, a.status == http.StatusUnprocessableEntity, a.status == http.StatusRequestEntityTooLarge:
		c.refusal(a, &o)
	case a.status/100 == 2:
		c.acceptance(a, &o)
	case a.status/100 == 4 && a.status != http.StatusRequestTimeout:
		o.Result, o.Detail = Misconfigured, statusText(a.status)
		o.Reasons, _ = c.reasons(a)
	case a.status/100 == 3:
		o.Result, o.Detail = Unknown, Redirected
	default:
		o.Result, o.Detail = Unknown, statusText(a.status)
	}
	return o
}

// failed classifies an exchange without an answer.
func (c caller) failed(a answer) Result {
	switch {
	case a.unsent && wrongTLS(a.failure):
		return Misconfigured
	case a.unsent:
		return NotSent
	default:
		return Unknown
	}
}

// refusal reads a 400. Four things hide behind it: a refusal of this message, an office
// that is off, a repeated DeliveryId, and a wrong agent name. A page of HTML comes from
// something in between, and a body that cannot be read from nobody knows whom; neither may
// cost a letter.
func (c caller) refusal(a answer, o *Outcome) {
	reasons, readable := c.reasons(a)
	var words []string
	for _, r := range reasons {
		words = append(words, quotedText.ReplaceAllString(r, ""))
	}
	all := strings.Join(words, "\n")
	switch {
	case a.broken, a.oversize, !readable:
		o.Result, o.Detail = Unknown, RefusalUnreadable
	case pageText.Match(a.body):
		o.Result, o.Detail = Misconfigured, PageAnswered
	case plainText.MatchString(all):
		o.Result, o.Detail = Misconfigured, "the address needs https"
	case agentText.MatchString(all):
		o.Result, o.Detail, o.Reasons = Misconfigured, "the agent's name is not the one registered for the key", reasons
	case twiceText.MatchString(all):
		o.Result, o.Earlier, o.Detail = Accepted, true, "the DeliveryId was known already"
	default:
		o.Result, o.OfficeOff, o.Reasons, o.Detail = Refused, offText.MatchString(all), reasons, statusText(a.status)
	}
}

// accepts is the sign by which an office system says that it has a message.
type accepts struct {
	text *regexp.Regexp // what the body must match; nil for acceptedText without deniedText
	// created takes 201 alone for an acceptance: no other call of the system answers so.
	created bool
}

// by reports whether a whole and plain 2xx answer says that the message was accepted.
func (s accepts) by(a answer) bool {
	switch {
	case s.created && a.status == http.StatusCreated:
		return true
	case s.text != nil:
		return s.text.Match(a.body)
	default:
		return acceptedText.Match(a.body) && !deniedText.Match(a.body)
	}
}

// acceptance reads a 2xx. Only a whole, short, plain and positive answer is an acceptance.
func (c caller) acceptance(a answer, o *Outcome) {
	o.Result = Unknown
	switch {
	case a.broken:
		o.Detail = AnswerBroken
	case a.oversize:
		o.Detail = AnswerTooLong
	case a.status != http.StatusOK && a.status != http.StatusCreated && a.status != http.StatusAccepted:
		o.Detail = statusText(a.status)
	case pageText.Match(a.body):
		o.Detail = PageAnswered
	case !c.accepts.by(a):
		o.Detail = AnswerUnclear
	default:
		o.Result, o.Detail = Accepted, "accepted for delivery"
	}
}

// validation says what an answer to a request for a check means.
func (c caller) validation(a answer) Validation {
	o := c.outcome(a)
	v := Validation{Verdict: NoVerdict, Reasons: o.Reasons, RetryAfter: o.RetryAfter, Status: o.Status, Detail: o.Detail}
	switch {
	case o.Result == Misconfigured:
		v.Verdict = NotAllowed
	case o.Result == Refused:
		v.Verdict = Invalid
	case a.status == http.StatusOK && !a.broken && !a.oversize && validatedText.Match(a.body) && !pageText.Match(a.body):
		v.Verdict, v.Detail = Valid, "the message would be taken"
	}
	return v
}

var validatedText = regexp.MustCompile(`(?i)\b(validated|valid|success(ful|fully)?|ok)\b`)

// retryAfter reads the header in seconds or as a date, which is compared with the
// server's own date, so that no clock of ours is needed.
func retryAfter(h http.Header) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if n, err := strconv.Atoi(text); err == nil {
		return min(max(0, time.Duration(min(n, int(maxWait/time.Second)))*time.Second), maxWait)
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return 0
	}
	return min(max(0, at.Sub(now)), maxWait)
}

func statusText(status int) string {
	return strings.TrimSpace(Answered + strconv.Itoa(status) + " " + http.StatusText(status))
}
