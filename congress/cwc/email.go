package cwc

import (
	"regexp"
	"strings"
)

var (
	emailLocal = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$")
	emailLabel = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)
	emailTop   = regexp.MustCompile(`^(?:[A-Za-z]{2,63}|[Xx][Nn]--[A-Za-z0-9-]{1,59})$`)
)

// ValidEmail reports whether Check takes the e-mail address of a constituent or contact,
// so that a form can say no while the person is still there.
func ValidEmail(address string) bool { return realEmail(address) }

// realEmail takes addresses that mail can reach and that office systems understand: an
// unquoted local part of up to 64 characters, and a host name with a top level. The schema
// takes much more, such as "a@b@c.d". Non-ASCII addresses are left out, because nobody
// has shown that offices can answer them.
func realEmail(address string) bool {
	local, domain, found := strings.Cut(address, "@")
	if !found || len(address) > 254 || len(local) > 64 || !emailLocal.MatchString(local) {
		return false
	}
	labels := strings.Split(domain, ".")
	for _, l := range labels {
		if !emailLabel.MatchString(l) {
			return false
		}
	}
	return len(labels) >= 2 && emailTop.MatchString(labels[len(labels)-1])
}
