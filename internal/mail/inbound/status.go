package inbound

import (
	"regexp"
	"strconv"
	"strings"
)

// statuses reads the groups of a delivery-status part (RFC 3464), the first of which is
// about the message and the others about one recipient each. Some systems leave out the
// empty line between them.
func statuses(part []byte) []Recipient {
	var all []Recipient
	for group := range strings.SplitSeq(plainEnds(string(part)), "\n\n") {
		if len(all) == maxRecipients {
			break
		}
		f := fields(strings.TrimLeft(group, "\n"))
		final, action := f["final-recipient"], f["action"]
		if final == "" && f["original-recipient"] == "" {
			continue
		}
		r := Recipient{Address: typed(f["original-recipient"])}
		if r.Address == "" {
			r.Address = typed(final)
		}
		r.Status, r.Class = judge(action, f["status"], f["diagnostic-code"])
		all = append(all, r)
	}
	return all
}

// typed is the address of a field "rfc822; ann@example.org".
func typed(value string) string {
	kind, address, found := strings.Cut(value, ";")
	if !found {
		kind, address = "", value
	}
	address = strings.Trim(strings.TrimSpace(address), "<>")
	if strings.EqualFold(strings.TrimSpace(kind), "utf-8") { // RFC 6533
		address = escaped.ReplaceAllStringFunc(address, func(code string) string {
			n, err := strconv.ParseInt(code[3:len(code)-1], 16, 32)
			if err != nil || n > 0x10FFFF {
				return "\uFFFD"
			}
			return string(rune(n))
		})
	}
	return strings.ToValidUTF8(address[:min(len(address), maxSubject)], "")
}

var (
	escaped  = regexp.MustCompile(`\\x\{[0-9A-Fa-f]{1,8}\}`)
	extended = regexp.MustCompile(`(?:^|[^0-9.])([245]\.\d{1,3}\.\d{1,3})(?:[^0-9.]|\.?$|\.\s)`)
	reply    = regexp.MustCompile(`(?:^|[^0-9.])([45])(\d\d)(?:[^0-9.]|$)`)
)

// judge finds the status of a recipient and what it means. The status of the report comes
// first, that in the receiving system's own words second: "5.0.0" says nothing.
func judge(action, status, words string) (string, Class) {
	words = begin(words)
	code := statusOf(begin(status))
	if said := statusOf(words); code == "" || strings.HasSuffix(code, ".0.0") && said != "" && said[0] == code[0] {
		if said != "" {
			code = said
		}
	}
	if code == "" {
		if three := reply.FindStringSubmatch(words); three != nil {
			code = three[1] + ".0.0"
		}
	}
	switch strings.ToLower(firstWord(action)) {
	case "delivered", "relayed", "expanded":
		return code, Delivered
	case "delayed":
		return code, Delayed
	}
	return code, classOf(code, words)
}

// statusOf finds a status, which is no part of an IP address: 10.5.1.1 would be a missing
// mailbox.
func statusOf(text string) string {
	if found := extended.FindStringSubmatch(text); found != nil {
		return found[1]
	}
	return ""
}

func firstWord(text string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	return word
}

var (
	noMailbox = regexp.MustCompile(`(?i)(?:unknown (?:user|recipient|mailbox|address)|(?:user|recipient|mailbox|address|account)(?: .{0,80})? (?:is )?(?:unknown|not found|does(?: not|n.t) exist|(?:is )?disabled|(?:has been |is )?discontinued|(?:is )?inactive)|` +
		`no such (?:user|recipient|mailbox|address|person)|no mailbox (?:here )?by that name|invalid (?:recipient|mailbox)|does(?: not|n.t) have a .{0,40}account|mailbox unavailable.{0,40}not found)`)
	unwanted = regexp.MustCompile(`(?i)\b(?:spam|unsolicited|black ?list(?:ed)?|block(?:ed)? ?list(?:ed)?|blocked|reputation|dmarc|spf|dkim|policy|banned|not authorized)\b`)
	full     = regexp.MustCompile(`(?i)(?:over ?quota|quota exceeded|mailbox (?:is )?full|out of storage|insufficient (?:system )?storage)`)
)

// classOf says what a failure for good means. Statuses are those of RFC 3463 and the
// registry of RFC 5248. Whatever is not certainly a missing mailbox is soft: it takes five
// of those to end mail to somebody, and a wrong guess the other way takes one.
func classOf(code, words string) Class {
	switch {
	case strings.HasPrefix(code, "2."):
		return Delivered
	case strings.HasPrefix(code, "4."):
		return Soft
	case strings.HasPrefix(code, "5.7."), code == "5.1.7", code == "5.1.8": // the last two blame our address
		return Policy
	}
	switch code {
	case "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10":
		return Hard
	case "5.2.1": // "disabled", but also "receiving mail too quickly"
		if noMailbox.MatchString(words) {
			return Hard
		}
		return Soft
	case "5.0.0", "5.1.0", "5.3.0", "5.5.0", "":
		return classOfWords(words)
	}
	return Soft
}

// ClassOf says what a refusal means that the relay gave at once, with its status, as "5.1.1".
func ClassOf(status string) Class { return classOf(status, "") }

// classOfWords is for systems that give no status of their own.
func classOfWords(words string) Class {
	switch {
	case full.MatchString(words):
		return Soft
	case noMailbox.MatchString(words):
		return Hard
	case unwanted.MatchString(words):
		return Policy
	}
	return Soft
}
