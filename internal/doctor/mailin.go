package doctor

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/obs"
)

// returns looks whether anybody learns of mail that failed. It is never a reason to keep mail
// in bulk back: an operator may read that mail by other means.
func (p postmaster) returns(ctx context.Context) obs.Finding {
	m := p.Settings.Mail
	f := obs.Finding{Check: "failures", Level: obs.Warn}
	if m.BounceDomain == "" {
		f.Detail = "failed mail returns to " + cmp.Or(m.ReturnPath, m.From) + ", which this program does not read: it goes on mailing to addresses that do not exist"
		f.Do = "Set --mail-bounce-domain to a domain whose mail comes to this program, and --mail-in-addr"
		return f
	}
	servers, err := p.dns.LookupMX(ctx, m.BounceDomain+".")
	if failed, ok := errors.AsType[*net.DNSError](err); err != nil && (!ok || !failed.IsNotFound) {
		return deaf("failures", m.BounceDomain, err)
	}
	switch {
	case len(servers) == 0 || servers[0].Host == ".":
		f.Detail, f.Do = "no mail system takes mail for "+m.BounceDomain+", so failed mail returns to nobody", "Publish an MX record at "+m.BounceDomain+" that names this machine or your mail server"
	case m.In.Addr == "":
		f.Detail = fmt.Sprintf("failed mail returns to %s, at %s; this program does not listen", m.BounceDomain, strings.TrimSuffix(servers[0].Host, "."))
		f.Do = "Set --mail-in-addr, or see that franklin mail feed --yes is run on that mail every day"
	default:
		f.Level, f.Detail = obs.OK, fmt.Sprintf("failed mail returns to %s, at %s", m.BounceDomain, strings.TrimSuffix(servers[0].Host, "."))
	}
	return f
}

// ingoing looks at the settings by which mail is taken in. What fails here keeps the server
// from starting, or lets strangers pretend.
func (d Doctor) ingoing() []obs.Finding {
	in := d.Settings.Mail.In
	if in.Addr == "" {
		return nil
	}
	f := obs.Finding{Check: "mail in", Level: obs.Fail}
	host, _, err := net.SplitHostPort(in.Addr)
	switch {
	case err != nil:
		f.Detail, f.Do = "--mail-in-addr "+in.Addr+" is no address to listen on", "Write :25, or 127.0.0.1:2424"
	case d.Settings.Mail.BounceDomain == "":
		f.Detail, f.Do = "--mail-in-addr needs the domain whose mail comes in", set("mail-bounce-domain")
	case in.Verified != "" && !in.LMTP:
		f.Detail = "--mail-in-verified believes a header that anybody can write who may speak to this port"
		f.Do = "Let a mail server of yours stand in front (--mail-in-lmtp), or take it away"
	case in.LMTP && !mail.ThisMachine(host):
		f.Detail = "--mail-in-lmtp believes whoever connects, and " + in.Addr + " can be reached from elsewhere"
		f.Do = "Listen on 127.0.0.1, or see that a firewall lets only your mail server in"
		f.Level = obs.Warn
	default:
		return []obs.Finding{d.certificate()}
	}
	return []obs.Finding{f}
}

// soon is how long before its end a certificate is spoken of.
const soon = 14 * 24 * time.Hour

// certificate looks at what STARTTLS offers.
func (d Doctor) certificate() obs.Finding {
	in := d.Settings.Mail.In
	f := obs.Finding{Check: "mail in", Level: obs.OK, Detail: "mail is taken in on " + in.Addr}
	switch {
	case in.CertFile == "" && in.KeyFile == "" && in.LMTP:
		return f
	case in.CertFile == "" && in.KeyFile == "":
		f.Level, f.Detail, f.Do = obs.Warn, f.Detail+" without encryption", "Give --mail-in-cert-file and --mail-in-key-file"
		return f
	}
	pair, err := tls.LoadX509KeyPair(in.CertFile, in.KeyFile)
	if err != nil {
		f.Level, f.Detail, f.Do = obs.Fail, "the certificate cannot be used: "+err.Error(), "Give the files of one pair, in PEM, that the server may read"
		return f
	}
	switch ends := pair.Leaf.NotAfter; {
	case d.Clock().After(ends):
		f.Level, f.Detail, f.Do = obs.Fail, "the certificate for mail that comes in ended on "+ends.Format(time.DateOnly), "Renew it and restart: it is read at the start"
	case d.Clock().Add(soon).After(ends):
		f.Level, f.Detail, f.Do = obs.Warn, "the certificate for mail that comes in ends on "+ends.Format(time.DateOnly), "Renew it and restart: it is read at the start"
	}
	return f
}
