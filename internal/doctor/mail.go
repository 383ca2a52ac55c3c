package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"blitiri.com.ar/go/spf"
	"golang.org/x/net/publicsuffix"

	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
	"github.com/franklin-letters/franklin/internal/obs"
)

// Mail looks whether the world's mailboxes will take mail from this installation: what
// Gmail, Yahoo and Microsoft demand of those who send in bulk. It sends none. Offline leaves out
// the relay; the DNS is asked all the same.
func (d Doctor) Mail(ctx context.Context) []obs.Finding {
	ctx, cancel := context.WithTimeout(ctx, 4*patience)
	defer cancel()
	found := append([]obs.Finding{d.mailing()}, d.ingoing()...)
	if d.Settings.Mail.Host == "" || len(Failed(found)) > 0 {
		return found
	}
	p := postmaster{Doctor: d, dns: cmp.Or(d.Resolver, net.DefaultResolver), from: d.Settings.MailDomain()}
	p.addresses, p.told = p.sendsFrom(ctx)
	if !d.Offline {
		found = append(found, d.relay(ctx))
	}
	return append(found, p.spf(ctx), p.dkim(ctx), p.dmarc(ctx), p.reverse(ctx), p.returns(ctx))
}

// ErrUnfit means that mail in bulk must not leave: much of it would be refused, and every
// refusal makes the next mail, and each receipt, less welcome.
var ErrUnfit = errors.New("this installation is not fit to mail in bulk")

// FitForBulk returns an error that wraps ErrUnfit and says what is wrong, when any of the
// findings of Doctor.Mail fails or no relay is set.
func FitForBulk(found []obs.Finding) error {
	var words []string
	for _, f := range found {
		if f.Level == obs.Fail || f.Check == "mail" && f.Level != obs.OK {
			words = append(words, f.Check+": "+f.Words())
		}
	}
	if len(words) == 0 {
		return nil
	}
	return fmt.Errorf("%w:\n%s", ErrUnfit, strings.Join(words, "\n"))
}

// postmaster examines one sender's domain in the DNS.
type postmaster struct {
	Doctor

	dns       *net.Resolver
	from      string // the domain of the address that readers see
	addresses []netip.Addr
	told      bool // the operator named the addresses; otherwise they are the relay's own, which may send from others
}

// sendsFrom returns the addresses from which the relay sends to the world.
func (p postmaster) sendsFrom(ctx context.Context) (all []netip.Addr, told bool) {
	for _, text := range p.Settings.Mail.Addresses {
		if address, err := netip.ParseAddr(strings.TrimSpace(text)); err == nil {
			all = append(all, address)
		}
	}
	if len(all) > 0 {
		return all, true
	}
	found, err := p.dns.LookupNetIP(ctx, "ip", p.Settings.Mail.Host)
	if err != nil {
		return nil, false
	}
	for _, address := range found {
		if address = address.Unmap(); address.IsGlobalUnicast() && !address.IsPrivate() {
			all = append(all, address)
		}
	}
	return all, false
}

const tellAddresses = "Set --mail-addresses to the IP addresses from which the relay sends to the world, and ask again"

// unsure is how grave it is when an address that nobody named is not as it should be.
func (p postmaster) unsure() obs.Level {
	if p.told {
		return obs.Fail
	}
	return obs.Warn
}

// records returns the texts at a name that begin like this. The error is one of the DNS itself.
func (p postmaster) records(ctx context.Context, name, begin string) ([]string, error) {
	all, err := p.dns.LookupTXT(ctx, name+".")
	if failed, ok := errors.AsType[*net.DNSError](err); ok && failed.IsNotFound {
		return nil, nil
	}
	return slices.DeleteFunc(all, func(text string) bool {
		return !strings.HasPrefix(strings.ToLower(text), begin) || len(text) > len(begin) && text[len(begin)] != ' ' && text[len(begin)] != ';'
	}), err
}

// deaf is the finding when the DNS does not answer.
func deaf(check, name string, err error) obs.Finding {
	return obs.Finding{Check: check, Level: obs.Fail, Detail: "the DNS does not answer about " + name + ": " + err.Error(), Do: "See to this machine's DNS, and ask again"}
}

// spf looks whether the domain of the return path lets the relay send for it (RFC 7208).
func (p postmaster) spf(ctx context.Context) obs.Finding {
	path := cmp.Or(p.Settings.Mail.ReturnPath, p.Settings.Mail.From)
	if bounces := p.Settings.Mail.BounceDomain; bounces != "" { // the return address of every mail is there
		path = returnpath.Box + "@" + bounces
	}
	_, domain, _ := strings.Cut(path, "@")
	f := obs.Finding{Check: "SPF", Level: obs.Fail}
	records, err := p.records(ctx, domain, "v=spf1")
	switch {
	case err != nil:
		return deaf("SPF", domain, err)
	case len(records) == 0:
		f.Detail = domain + " does not say who may send mail for it"
		f.Do = "Publish a TXT record at " + domain + ": " + p.suggestSPF()
		return f
	case len(records) > 1:
		f.Detail, f.Do = fmt.Sprintf("%s has %d SPF records, so none of them counts", domain, len(records)), "Leave one, with the terms of all"
		return f
	}
	terms := strings.Fields(strings.ToLower(records[0]))
	if slices.Contains(terms, "+all") || slices.Contains(terms, "all") {
		f.Detail, f.Do = domain+" lets everybody send mail for it", "End its SPF record with -all or ~all"
		return f
	}
	return p.judgeSPF(ctx, f, domain, path)
}

func (p postmaster) judgeSPF(ctx context.Context, f obs.Finding, domain, path string) obs.Finding {
	for _, address := range p.addresses {
		result, err := spf.CheckHostWithSender(net.IP(address.AsSlice()), domain, path, spf.WithContext(ctx), spf.WithResolver(p.dns))
		switch result {
		case spf.Pass:
		case spf.PermError:
			f.Detail, f.Do = fmt.Sprintf("the SPF record of %s is broken: %v", domain, err), "Correct it"
			return f
		case spf.TempError:
			return deaf("SPF", domain, err)
		default:
			f.Level = p.unsure()
			f.Detail = fmt.Sprintf("%s does not let %s send mail for it", domain, address)
			f.Do = "Add what the operator of the relay says, or " + ip(address) + ", to its SPF record"
			if !p.told {
				f.Do += ". If the relay sends from other addresses: " + strings.ToLower(tellAddresses[:1]) + tellAddresses[1:]
			}
			return f
		}
	}
	f.Level, f.Detail = obs.OK, domain+" lets the relay send for it"
	switch {
	case len(p.addresses) == 0:
		f.Level, f.Detail, f.Do = obs.Warn, domain+" has an SPF record; whether it names the relay cannot be seen from here", tellAddresses
	case !mail.Aligned(domain, p.from):
		f.Level, f.Detail = obs.Warn, f.Detail+", but it is another domain than that of the sender, so only DKIM counts"
		f.Do = "Set --mail-return-path to an address of " + p.from
		if p.Settings.Mail.BounceDomain != "" {
			f.Do = "Set --mail-bounce-domain to a domain below that of " + p.from
		}
	}
	return f
}

func ip(address netip.Addr) string {
	if address.Is4() {
		return "ip4:" + address.String()
	}
	return "ip6:" + address.String()
}

func (p postmaster) suggestSPF() string {
	terms := []string{"v=spf1"}
	for _, address := range p.addresses {
		terms = append(terms, ip(address))
	}
	text := strings.Join(append(terms, "-all"), " ")
	if !p.told {
		return text + ", with what the operator of the relay says in front of -all"
	}
	return text
}

// dmarc looks whether the domain says what to do with mail that only pretends to be its
// own (RFC 7489). That of the organisation speaks for those below it.
func (p postmaster) dmarc(ctx context.Context) obs.Finding {
	f := obs.Finding{Check: "DMARC", Level: obs.Fail}
	domain := p.from
	records, err := p.records(ctx, "_dmarc."+domain, "v=dmarc1")
	if above, e := publicsuffix.EffectiveTLDPlusOne(p.from); err == nil && len(records) == 0 && e == nil && above != p.from {
		domain = above
		records, err = p.records(ctx, "_dmarc."+domain, "v=dmarc1")
	}
	switch {
	case err != nil:
		return deaf("DMARC", "_dmarc."+domain, err)
	case len(records) == 0:
		f.Detail = domain + " publishes no DMARC record"
		f.Do = "Publish a TXT record at _dmarc." + domain + ": v=DMARC1; p=none; rua=mailto:dmarc@" + domain + " and tighten it to p=quarantine when the reports are clean"
		return f
	case len(records) > 1:
		f.Detail, f.Do = fmt.Sprintf("%s has %d DMARC records, so none of them counts", domain, len(records)), "Leave one"
		return f
	}
	tags := parseTags(records[0])
	policy := tags["p"]
	switch {
	case !slices.Contains([]string{"none", "quarantine", "reject"}, policy):
		f.Detail, f.Do = "the DMARC record of "+domain+" has no policy", "Give it p=none, p=quarantine or p=reject"
	case tags["adkim"] == "s" && p.Settings.DKIMDomain() != p.from:
		f.Detail = domain + " demands that signatures are of exactly " + p.from + ", and ours are of " + p.Settings.DKIMDomain()
		f.Do = "Set --mail-dkim-domain to " + p.from + ", or take adkim=s away"
	case policy == "none":
		f.Level, f.Detail = obs.OK, domain+" has the policy none: receivers report, and keep nothing back that pretends to be yours"
	default:
		f.Level, f.Detail = obs.OK, domain+" has the policy "+policy
	}
	return f
}

// reverse looks whether the relay's addresses have names that lead back to them.
func (p postmaster) reverse(ctx context.Context) obs.Finding {
	f := obs.Finding{Check: "PTR", Level: obs.OK}
	if len(p.addresses) == 0 {
		f.Level, f.Detail, f.Do = obs.Warn, "from which addresses the relay sends cannot be seen from here", tellAddresses
		return f
	}
	var names []string
	for _, address := range p.addresses {
		name, err := p.name(ctx, address)
		if err != nil {
			return deaf("PTR", address.String(), err)
		}
		if name == "" {
			f.Level, f.Detail = p.unsure(), address.String()+" has no name in the DNS that leads back to it"
			f.Do = "Ask whoever gave you the address for a PTR record, and give that name the address"
			return f
		}
		names = append(names, name)
	}
	f.Detail = "the relay is known as " + strings.Join(slices.Compact(names), ", ")
	return f
}

// name returns a name of the address that leads back to it, or "".
func (p postmaster) name(ctx context.Context, address netip.Addr) (string, error) {
	names, err := p.dns.LookupAddr(ctx, address.String())
	if failed, ok := errors.AsType[*net.DNSError](err); err != nil && (!ok || !failed.IsNotFound) {
		return "", err
	}
	for _, name := range names {
		back, err := p.dns.LookupNetIP(ctx, "ip", name)
		if err == nil && slices.ContainsFunc(back, func(b netip.Addr) bool { return b.Unmap() == address }) {
			return strings.TrimSuffix(name, "."), nil
		}
	}
	return "", nil
}
