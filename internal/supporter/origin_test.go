package supporter_test

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/supporter"
)

func TestOrigin(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"203.0.113.77": "203.0.113.0/24", "::ffff:203.0.113.77": "203.0.113.0/24", "2001:db8:1:2:3::4": "2001:db8:1::/48",
		"10.1.2.3": "", "127.0.0.1": "", "fe80::1%eth0": "", "fd00::1": "",
	} {
		if got := supporter.Network(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s is in %q, want %q", address, got, want)
		}
	}
	if got := supporter.Network(netip.Addr{}); got != "" {
		t.Errorf("no address is in %q", got)
	}
	for agent, want := range map[string]string{
		"": "unknown", "curl/8": "other",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36":                             "computer",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 Version/26.0 Mobile/15E148 Safari": "phone",
		"Mozilla/5.0 (iPad; CPU OS 26_0 like Mac OS X)":                                                                 "tablet", "Mozilla/5.0 (Linux; Android 16; Tab) Chrome/156 Safari": "tablet",
	} {
		if got := supporter.Agent(agent); got != want {
			t.Errorf("%q is a %s, want %s", agent, got, want)
		}
	}
	for in, want := range map[[3]string]string{
		{"Facebook", "Spring Ad", "x"}: "facebook/spring-ad", {"Facebook", "", ""}: "facebook", {"", "", "Ann"}: "ref:ann", {"", "Spring", ""}: "/spring", {}: "",
		{`"><script>`, "", ""}: "script", {strings.Repeat("é", 500), "", ""}: strings.Repeat("é", 50), {"\x00\n~", "", ""}: "",
	} {
		if got := supporter.SourceOf(in[0], in[1], in[2]); got != want {
			t.Errorf("%q come from %q, want %q", in, got, want)
		}
	}
}

// MAIL-C-3: a line of the ledger says who, to what, in which words, when, where, how, from
// which network and kind of program; the network goes after 30 days, the line three years
// after it ended, and its person with it if nothing else is known of them.
func TestMAIL_C_3_WhatALineSaysAndForHowLong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ann, bob := w.add("ann@example.org"), w.add("bob@example.org")
		for _, who := range []supporter.Person{ann, bob} {
			w.tx(func(ctx context.Context, tx *db.Tx) error {
				return w.people.Join(ctx, tx, []supporter.Tick{{
					Supporter: who.ID, List: supporter.Updates, Campaign: w.water, Lang: "en", At: w.now, Confirmed: w.now,
					Source: "facebook/spring", Network: "203.0.113.0/24", Agent: "phone",
				}})
			})
		}
		line := func(who supporter.Person) supporter.Consent {
			t.Helper()
			all := w.consents(who)
			if len(all) != 1 {
				t.Fatalf("%+v", all)
			}
			return all[0]
		}
		c := line(ann)
		if c.List != supporter.Updates || c.Words != "Yes, send me news." || len(c.Hash) != 64 || c.Lang != "en" || c.Version != 1 || c.Page != "/c/water" || c.Slug != "water" ||
			!c.Given.Equal(noon) || !c.Confirmed.Equal(noon) || c.Method != supporter.MethodConfirmed || c.Source != "facebook/spring" ||
			c.Network != "203.0.113.0/24" || c.Agent != "phone" || !c.Proved {
			t.Errorf("%+v", c)
		}
		forget := func(after time.Duration) {
			t.Helper()
			w.now = noon.Add(after)
			if err := w.people.ForgetOld(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		const day = 24 * time.Hour
		forget(supporter.NetworkFor)
		if c := line(ann); c.Network == "" {
			t.Error("the network went too early")
		}
		forget(supporter.NetworkFor + time.Second)
		if c := line(ann); c.Network != "" || c.Agent != "phone" || !c.Proved {
			t.Errorf("%+v", c)
		}
		w.leave(ann, supporter.Updates)
		ended := w.now
		forget(ended.Sub(noon) + supporter.EndedFor)
		if c := line(ann); c.Withdrawn.IsZero() || c.Way != supporter.ByPage {
			t.Errorf("%+v", c)
		}
		forget(ended.Sub(noon) + supporter.EndedFor + day)
		if _, ok, err := w.people.ByAddress(t.Context(), ann.Email); ok || err != nil {
			t.Errorf("a person of whom nothing is known is still there (%v)", err)
		}
		if all := w.consents(ann); len(all) != 0 {
			t.Errorf("%+v", all)
		}
		if !w.suppressed(ann.Email, supporter.Updates) {
			t.Error("who left is forgotten as having left")
		}
		if c := line(bob); !c.Withdrawn.IsZero() || !c.Proved {
			t.Errorf("what holds was touched: %+v", c)
		}
		if one, ok, err := w.people.ByAddress(t.Context(), bob.Email); !ok || err != nil || one.ID != bob.ID {
			t.Errorf("%+v, %v", one, err)
		}
	})
}
