package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/guard"
	"github.com/franklin-letters/franklin/internal/web/ops"
)

// newGuard makes the guard of the public pages.
func (a *App) newGuard(secret []byte) error {
	proxies, err := guard.ParseProxies(a.settings.TrustedProxies)
	if err != nil {
		return err
	}
	if !a.settings.Guard.Off {
		if proxies, err = proxies.TellingCountry(a.settings.Guard.CountryHeader); err != nil {
			return err
		}
	}
	a.proxies = proxies
	limits := limits(a.settings.Guard)
	if err := limits.Check(); err != nil {
		return err
	}
	a.guard = guard.New(guard.Config{
		Limits: limits, Secret: secret, Mail: a.settings.Mail.Host != "", Log: a.options.Log,
	})
	return nil
}

func limits(c config.Guard) guard.Limits {
	if c.Off {
		return guard.Limits{Unsigned: true, NoTrap: true}
	}
	return guard.Limits{
		FastestForm: c.MinTime, OldestForm: c.MaxAge, Unsigned: !c.SignedForm, NoTrap: c.NoTrap,
		Posts: c.Posts, NetworkPeople: c.NetworkPeople, MailboxLetters: c.MailboxLetters, HouseholdPeople: c.HouseholdPeople,
		OfficeLetters: c.OfficeLetters, CampaignLetters: c.CampaignLetters, SameWords: c.SameWords, Recombined: c.Recombined, WorkBits: c.WorkBits,
		Confirmations: c.Confirmations, Disposable: c.Disposable,
	}
}

// perMailbox is the one limit that the letters themselves are counted for.
func perMailbox(c config.Guard) int {
	if c.Off {
		return 0
	}
	return c.MailboxPeople
}

// disownedShare is the share of a campaign's letters from which on reports stop it.
func disownedShare(c config.Guard) float64 {
	if c.Off {
		return 0
	}
	return c.Disowned / 100
}

// checkConfirmations refuses to run campaigns whose letters would all wait for a mail that
// nobody sends.
func (a *App) checkConfirmations(ctx context.Context) error {
	if a.settings.Mail.Host != "" {
		return nil
	}
	all, err := a.campaigns.List(ctx)
	if err != nil {
		return err
	}
	for _, c := range all {
		life := c.Life(a.options.Clock())
		if c.Confirm && (life == campaign.Open || life == campaign.Scheduled) {
			return fmt.Errorf(`the campaign %s says "confirm: email", but no mail relay is set: give --mail-host, or take the line out of the campaign`, c.Slug)
		}
	}
	return nil
}

// guardFact tells the operator what the guard of this node did lately.
func (a *App) guardFact(ctx context.Context) ops.Fact {
	f := ops.Fact{Name: "Guard", Value: "turned off", Warn: true}
	if a.settings.Guard.Off {
		return f
	}
	d := a.guard.Doings(a.options.Clock())
	f.Value = fmt.Sprintf("in the last hour or two on this node: %d letters asked to be confirmed, %d forms of floods told to wait", d.Asked, d.Flooded)
	for _, code := range slices.Sorted(maps.Keys(d.Frozen)) {
		f.Value += fmt.Sprintf(", %d put aside (%s)", d.Frozen[code], code)
	}
	held, err := a.db.Read().ListHeldCampaigns(ctx)
	if err != nil {
		f.Value += "; which campaigns are stopped is not known: " + err.Error()
	}
	for _, h := range held {
		f.Value += fmt.Sprintf("; the campaign %s is stopped since %s (%s)", h.Slug, h.HeldAt.Time().UTC().Format(time.DateTime), h.Reason)
	}
	if f.Warn = d.Crowds > 0 || len(held) > 0 || err != nil; d.Crowds > 0 {
		f.Value += fmt.Sprintf("; %d networks sent letters under very many names", d.Crowds)
	}
	if len(a.settings.TrustedProxies) == 0 && strings.HasPrefix(a.settings.BaseURL, "https://") {
		f.Value += "; --trusted-proxies is not set, so networks are not told apart behind a proxy"
		f.Warn = true
	}
	return f
}
