package mail

import (
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/congress/postal"
)

// providers are the mailbox domains most people in the United States use, with short
// neighbours of theirs (mail.com is one letter from gmail.com) that must not be taken
// for misspellings.
func providers() []string {
	return []string{
		"gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "aol.com", "comcast.net", "verizon.net",
		"att.net", "sbcglobal.net", "bellsouth.net", "charter.net", "protonmail.com", "live.com", "msn.com", "cox.net",
		"ymail.com", "mail.com", "email.com", "gmx.com", "fastmail.com", "earthlink.net", "optonline.net", "juno.com",
		"googlemail.com", "rocketmail.com", "me.com", "mac.com", "proton.me", "aim.com", "pm.me", "hey.com", "yahoo.ca",
	}
}

// endings are misspellings of .com, .net, .org, .edu and .gov that are no domains.
func endings() map[string]string {
	return map[string]string{
		"con": "com", "cmo": "com", "ocm": "com", "vom": "com", "xom": "com", "comm": "com", "coom": "com", "cim": "com", "cpm": "com", "ckm": "com",
		"nte": "net", "ent": "net", "nett": "net", "met": "net", "ogr": "org", "orgg": "org", "rog": "org", "deu": "edu", "eud": "edu", "gvo": "gov",
	}
}

// The shortest domain for which one different letter is more likely a slip than another
// domain.
const shortestGuess = 8

// Suggest returns the address that somebody who typed a valid address probably meant, and
// false when it looks as intended: "ann@gmial.com" gives "ann@gmail.com". It is only
// ever a question to the person; the address stays theirs.
func Suggest(address string) (string, bool) {
	local, domain, found := strings.Cut(address, "@")
	if !found || len(domain) > maxDomain {
		return "", false
	}
	known := providers()
	if slices.Contains(known, domain) {
		return "", false
	}
	fixed := domain
	if dot := strings.LastIndexByte(domain, '.'); dot >= 0 {
		if right, ok := endings()[domain[dot+1:]]; ok {
			fixed = domain[:dot+1] + right
		}
	}
	if !slices.Contains(known, fixed) && len(fixed) >= shortestGuess {
		if i := slices.IndexFunc(known, func(p string) bool { return len(p) >= shortestGuess && postal.Distance1(fixed, p) }); i >= 0 {
			fixed = known[i]
		}
	}
	return local + "@" + fixed, fixed != domain
}
