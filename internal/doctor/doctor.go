// Package doctor looks whether an installation is fit to send letters: its settings, its
// files, its database, its data, and what it has to reach. Each check stands here once:
// the command runs them all, and the server those without which it must not go live.
package doctor

import (
	"context"
	"net"
	"time"

	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/obs"
)

// Doctor examines one installation by its settings, which must have been loaded.
type Doctor struct {
	Settings config.Settings
	Clock    func() time.Time
	// Offline leaves out what needs the network: the offices, the relay, the clock.
	Offline bool
	// Resolver asks the DNS; nil is the machine's own.
	Resolver *net.Resolver
}

// patience bounds each look over the network.
const patience = 15 * time.Second

// Examine makes all checks.
func (d Doctor) Examine(ctx context.Context) []obs.Finding {
	found := []obs.Finding{
		d.organisation(), d.delivery(), d.site(), d.mailing(), d.guarding(),
		d.private("secret", d.Settings.Secret.File, "it will be made at the first start"),
		d.keyring(),
	}
	found = append(found, d.ingoing()...)
	for _, f := range []struct{ check, file string }{
		{"key file", d.Settings.CWC.KeyFile},
		{"mail password", d.Settings.Mail.PasswordFile},
		{"DKIM key", d.Settings.Mail.DKIMKeyFile},
		{"mail in key", d.Settings.Mail.In.KeyFile},
	} {
		if f.file != "" {
			found = append(found, d.private(f.check, f.file, "the server will not start without it"))
		}
	}
	found = append(found, d.database(ctx), d.disk())
	found = append(found, d.data()...)
	if !d.Offline {
		found = append(found, d.network(ctx)...)
	}
	return found
}

// BeforeStart makes the checks without which the server must not start: whatever fails
// here would send wrong letters. The clock is asked for only when letters would reach the
// real Congress; a House that does not answer is no reason to stay away.
func (d Doctor) BeforeStart(ctx context.Context) []obs.Finding {
	found := []obs.Finding{d.delivery()}
	if d.Settings.Live() && !d.Offline {
		found = append(found, d.CompareClock(ctx, d.Settings.CWC.URL))
	}
	return found
}

// Failed returns the findings that fail.
func Failed(all []obs.Finding) []obs.Finding {
	var failed []obs.Finding
	for _, f := range all {
		if f.Level == obs.Fail {
			failed = append(failed, f)
		}
	}
	return failed
}
