package doctor

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/obs"
)

// network makes the checks that leave this machine. None of them sends a letter or a mail.
func (d Doctor) network(ctx context.Context) []obs.Finding {
	var found []obs.Finding
	if d.Settings.CWC.Enabled() {
		clock := d.CompareClock(ctx, d.Settings.CWC.URL)
		if clock.Level == obs.Fail && !d.Settings.Live() {
			clock.Level = obs.Warn // a rehearsal may be held on another day
		}
		found = append(found, d.proxy(), d.offices(ctx), clock)
	}
	if d.Settings.Mail.Host != "" {
		found = append(found, d.relay(ctx))
	}
	return found
}

// through returns the way to the House's system: the proxy, where one is set.
func (d Doctor) through() *http.Client {
	transport := &http.Transport{}
	if proxy, err := url.Parse(d.Settings.CWC.Proxy); err == nil && d.Settings.CWC.Proxy != "" {
		transport.Proxy = http.ProxyURL(proxy)
	}
	return &http.Client{Timeout: patience, Transport: transport}
}

func (d Doctor) proxy() obs.Finding {
	f := obs.Finding{Check: "proxy", Level: obs.OK, Detail: "none: the House must have allow-listed this machine's own address"}
	if d.Settings.CWC.Proxy == "" {
		return f
	}
	u, err := url.Parse(d.Settings.CWC.Proxy)
	if err != nil || u.Host == "" {
		f.Level, f.Detail, f.Do = obs.Fail, "--cwc-proxy is no address", "Write http://proxy.example.org:3128"
		return f
	}
	f.Detail = "through " + u.Host + ", whose address the House must have allow-listed"
	return f
}

func (d Doctor) offices(ctx context.Context) obs.Finding {
	f := obs.Finding{Check: "offices", Level: obs.OK}
	c := d.Settings.CWC
	client := &cwc.HouseClient{BaseURL: c.URL, Key: cwc.NewKey(c.Key), Timeout: patience, HTTP: d.through()}
	list, err := client.Offices(ctx)
	if err != nil {
		f.Level, f.Detail = obs.Fail, "the House's system does not give its list of offices: "+err.Error()
		f.Do = "Compare --cwc-key, --cwc-url and --cwc-proxy with what the House gave you; it answers only addresses that it knows"
		return f
	}
	f.Detail = fmt.Sprintf("%d offices take letters", list.Len())
	return f
}

// CompareClock compares the clock with that of a web server. An answer that says nothing
// is only a warning.
func (d Doctor) CompareClock(ctx context.Context, address string) obs.Finding {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	ahead, err := obs.Skew(ctx, d.through(), address, d.Clock)
	if err != nil {
		return obs.Finding{Check: "clock", Level: obs.Warn, Detail: "it cannot be compared with that of the House's system: " + err.Error(), Do: "See that NTP is on"}
	}
	return obs.Clock(ahead, "the House's system")
}

// relay looks whether the mail relay takes us in: connection, TLS and sign-in.
func (d Doctor) relay(ctx context.Context) obs.Finding {
	m := d.Settings.Mail
	address := net.JoinHostPort(m.Host, strconv.Itoa(m.Port))
	f := obs.Finding{Check: "relay", Level: obs.OK, Detail: address + " takes us in"}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c, err := d.Settings.Relay()
	if err == nil {
		var sender *mail.Sender
		if sender, err = mail.NewSender(c, d.Clock); err == nil {
			err = sender.Reach(ctx)
		}
	}
	if err != nil {
		f.Level, f.Detail, f.Do = obs.Fail, address+": "+err.Error(), "Correct the --mail settings, or see to the relay; mails wait meanwhile"
	}
	return f
}
