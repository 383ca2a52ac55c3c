package inbound

import (
	"regexp"
	"slices"
	"strings"

	"github.com/emersion/go-message"
)

// LeaveBox is the mailbox of those who want no more mail. What stands behind a plus sign,
// or in the subject, is the token of the unsubscribe link.
const LeaveBox = "unsubscribe"

// wishWords finds what has the form of tokens in links.
func wishWords(text string) []string {
	words := strings.FieldsFunc(begin(text), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("._~-", r)
	})
	return slices.DeleteFunc(words, func(word string) bool { return len(word) < 16 || len(word) > 200 })
}

// wishesOf collects what may be the token of an unsubscribe link, of a mail that came to
// LeaveBox.
func wishesOf(to []string, subject, text string) []string {
	var all []string
	left := false
	for _, address := range to {
		local, _, _ := strings.Cut(address, "@")
		box, token, _ := strings.Cut(local, "+")
		if !strings.EqualFold(box, LeaveBox) {
			continue
		}
		left = true
		all = append(all, wishWords(token)...)
	}
	if !left {
		return nil
	}
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	all = append(append(all, wishWords(subject)...), wishWords(line)...)
	slices.Sort(all)
	all = slices.Compact(all)
	return all[:min(len(all), maxWishes)]
}

var (
	answering = regexp.MustCompile(`(?i)^(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response|antwort)|auto:|out of (?:the )?office|away from (?:the |my )?(?:office|mail)|respuesta autom[aá]tica|fuera de (?:la )?oficina|ausente|vacation|on leave|abwesend)`)
	carried   = regexp.MustCompile(`(?i)^(?:bulk|list|junk|auto[_-]?reply)$`)
)

// automatic reports whether a program wrote the mail by itself. Such mails are never
// answered: nothing that comes in is.
func automatic(h message.Header) bool {
	if by := strings.ToLower(firstWord(h.Get("Auto-Submitted"))); by != "" && by != "no" {
		return true
	}
	return slices.ContainsFunc([]string{"X-Autoreply", "X-Autorespond", "X-Autoresponse", "List-Id", "List-Unsubscribe"}, h.Has) ||
		carried.MatchString(h.Get("Precedence")) || answering.MatchString(subjectOf(h)) || h.Get("Return-Path") == "<>"
}

var (
	// A word that says it all when nothing else stands beside it.
	stopAlone = regexp.MustCompile(`(?i)^(?:please |por favor,? )?(?:stop|stop ?all|end|quit|cancel|unsubscribe|remove|remove me|opt[- ]?out|baja|alto|cancelar|salir|no m[aá]s|desuscribir(?:me)?)(?:,? (?:please|por favor|thanks|thank you|gracias))?$`)
	// Words that say it in a short note.
	stopWithin = regexp.MustCompile(`(?i)\b(?:unsubscribe|un-subscribe|opt(?:ing)? out|(?:remove|take) (?:me|my (?:name|e-?mail|address)) (?:off|from)|stop (?:e-?mailing|sending|writing)|(?:no more|don.t (?:send|want)(?: me)?(?: any)? more) e-?mails?|` +
		`d(?:ar|en|e)?(?:me|nme)?(?: me)? de baja|darme de baja|cancelar (?:mi |la )?(?:suscripci[oó]n|cuenta)|no (?:quiero|deseo) recibir|desuscribir|b[oó]rrenme|qu[ií]tenme)`)
	subjectLead = regexp.MustCompile(`(?i)^(?:(?:re|aw|rv|fwd?|sv)\s*:\s*)+`)
	quoteBegins = regexp.MustCompile(`(?im)^(?:>|on .{4,200} wrote:|el .{4,200} escribi[oó]:|-{2,} ?(?:original message|mensaje original|forwarded message)|_{10,}|from: .+@|de: .+@|sent from my |enviado desde mi )`)
)

// shortNote is how many words somebody writes who wants nothing but to leave.
const shortNote = 30

// wantsOut reports whether a reply asks for no more mail, in its own words.
func wantsOut(subject, text string) bool {
	if at := quoteBegins.FindStringIndex(text); at != nil {
		text = text[:at[0]]
	}
	text = begin(text)
	own := strings.Fields(text)
	subject = subjectLead.ReplaceAllString(subject, "")
	for _, line := range append([]string{subject}, strings.SplitN(strings.TrimSpace(text), "\n", 2)[0]) {
		if stopAlone.MatchString(strings.Trim(strings.TrimSpace(line), ".!¡¿?\"'*")) {
			return true
		}
	}
	return len(own) <= shortNote && stopWithin.MatchString(strings.Join(own, " "))
}
