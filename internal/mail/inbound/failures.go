package inbound

import (
	"regexp"
	"strings"
)

var (
	mailSystem   = regexp.MustCompile(`(?i)^(?:.*[<\s"])?(?:mailer-daemon|postmaster|mail delivery (?:sub)?system|mailerdaemon)\b`)
	failSubject  = regexp.MustCompile(`(?i)(?:failure notice|undeliver(?:ed|able)|delivery (?:has )?fail(?:ed|ure)|delivery status notification|returned mail|mail delivery failed|mail system error|delivery incomplete|no se (?:ha podido|pudo) entregar|mensaje no entregado)`)
	lateSubject  = regexp.MustCompile(`(?i)\b(?:delayed|delay|warning: (?:could not send|message)|still being retried|retraso)\b`)
	failOpening  = regexp.MustCompile(`(?i)(?:hi\. this is the|i(?:'m| am) (?:sorry|afraid)|i wasn't able to deliver|could not be delivered|unable to deliver|was not delivered|did(?:n.t| not) reach|wasn.t delivered|permanent (?:fatal )?errors?|no se pudo entregar)`)
	quoteOfOurs  = regexp.MustCompile(`(?im)^(?:--+ ?(?:below this line is|this is) a copy of the (?:original )?message|-{2,}.{0,20}(?:original message|begin forwarded|returned message|mensaje original)|------ this is a copy|return-path: <|received: (?:from|by|\())`)
	namesAddress = regexp.MustCompile(`(?m)^[ \t]*(?:[-*] )?(?:to:? )?<?([^\s<>,;:"()\[\]]+@[^\s<>,;:"()\[\]]+\.[^\s<>,;:"()\[\]]+?)>?[ \t]*:?(?:[ \t].*)?$`)
)

// failures reads reports that have no part for machines: qmail, Exim as it was, Yahoo, and
// others that only tell a person. Each address at the beginning of a line is one recipient,
// and the lines up to the next say why.
func failures(p parts) []Recipient {
	subject := subjectOf(p.header)
	failed := p.header.Get("X-Failed-Recipients")
	from := p.header.Get("From")
	if failed == "" && (!mailSystem.MatchString(from) || !failSubject.MatchString(subject) && !failOpening.MatchString(begin(p.text)) && !lateSubject.MatchString(subject)) {
		return nil
	}
	text := p.text
	if at := quoteOfOurs.FindStringIndex(text); at != nil {
		text = text[:at[0]]
	}
	action := "failed"
	if failed == "" && lateSubject.MatchString(subject) {
		action = "delayed"
	}
	var all []Recipient
	places := namesAddress.FindAllStringSubmatchIndex(text, maxRecipients)
	for i, at := range places {
		end := len(text)
		if i+1 < len(places) {
			end = places[i+1][0]
		}
		r := Recipient{Address: text[at[2]:at[3]]}
		r.Status, r.Class = judge(action, "", text[at[0]:end])
		all = append(all, r)
	}
	if len(all) > 0 {
		return all
	}
	for _, address := range addressWord.FindAllString(failed, maxRecipients) {
		r := Recipient{Address: address}
		r.Status, r.Class = judge(action, "", text)
		all = append(all, r)
	}
	return all
}

// maxWords is how much of a system's or a person's words is read for what they mean.
const maxWords = 2000 // bytes

func begin(text string) string { return text[:min(len(text), maxWords)] }

// complain reads the fields of a feedback-report (RFC 5965). What people take back is no
// complaint, and what other machines report about signatures is not about a person.
func (m *Message) complain(report string) {
	m.Feedback = strings.ToLower(firstWord(fields(strings.TrimLeft(plainEnds(report), "\n"))["feedback-type"]))
	switch m.Feedback {
	case "not-spam", "auth-failure":
		m.Kind = Automatic
	default:
		m.Kind = Complaint
	}
}
