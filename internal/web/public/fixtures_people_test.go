package public

import (
	"github.com/a-h/templ"

	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/supporter"
)

const (
	harborWords = "Yes, Harbor Fund may contact me too. Please pass my name, e-mail address and ZIP code on to Harbor Fund. I can take this back at any time."
	lampsWords  = "Yes, Lamps of the Coast may write to me about shelters."
)

func ownTick(done bool) supporter.WaitingTick {
	return supporter.WaitingTick{List: supporter.Updates, Words: loophole().JoinWords, Lang: "en", Done: done}
}

// sponsors are two partners: one gets the data, of the other that was taken back.
func sponsors() []LeavePartner {
	return []LeavePartner{
		{List: "partner:harbor-fund", Name: "Harbor Fund", Privacy: "https://harbor.example.org/privacy"},
		{List: "partner:lamps", Name: "Lamps of the Coast", Gone: true},
	}
}

func peopleFixtures() map[string]fixture {
	all := map[string]fixture{}
	for name, p := range map[string]LeavePage{
		"leave":              {Masked: "a***@a-rather-long-domain.example.org", List: supporter.Updates},
		"leave-others":       {Masked: "a***@example.org", List: supporter.Updates, Also: []supporter.List{"outcome-x"}, Partners: sponsors()},
		"leave-nobody":       {List: supporter.Updates},
		"leave-done":         {Masked: "a***@example.org", List: supporter.Updates, Done: true, Partners: sponsors()},
		"leave-never":        {Masked: "a***@example.org", Done: true, Never: true, Partners: sponsors()[1:]},
		"leave-partner":      {Masked: "a***@example.org", List: "partner:harbor-fund", Partners: sponsors()},
		"leave-partner-done": {Masked: "a***@example.org", List: "partner:lamps", Done: true, Partners: sponsors()},
	} {
		all[name] = func(l *locale.Locale) templ.Component {
			p.Page = framed(l, "/leave/t0k3n")
			return leavePage(p)
		}
	}
	for name, p := range map[string]JoinPage{
		"join":      {Masked: "a***@example.org", Ticks: []supporter.WaitingTick{ownTick(false)}},
		"join-done": {Ticks: []supporter.WaitingTick{ownTick(true)}},
		"join-gone": {},
		"join-partners": {Masked: "a***@example.org", Leave: "/leave/t0k3n", Ticks: []supporter.WaitingTick{
			ownTick(false),
			{List: "partner:harbor-fund", Words: harborWords, Lang: "en"},
			{List: "partner:lamps", Words: lampsWords, Lang: "en", Done: true},
		}},
	} {
		all[name] = func(l *locale.Locale) templ.Component {
			p.Page = framed(l, "/join/t0k3n")
			return joinPage(p)
		}
	}
	for name, p := range map[string]MyDataPage{
		"data": {CanAsk: true}, "data-wrong": {CanAsk: true, Wrong: true, Typed: "ana@"}, "data-sent": {CanAsk: true, Sent: true}, "data-no-mail": {},
	} {
		all[name] = func(l *locale.Locale) templ.Component {
			p.Page = framed(l, "/my-data")
			return myDataPage(p)
		}
	}
	for name, p := range map[string]OwnDataPage{
		"own-data": {}, "own-data-got": {Got: true}, "own-data-sure": {Sure: true}, "own-data-gone": {Gone: true}, "own-data-moving": {Gone: true, Moving: true},
	} {
		all[name] = func(l *locale.Locale) templ.Component {
			p.Page, p.Token, p.Masked = framed(l, "/my-data/t0k3n"), "t0k3n", "a***@example.org"
			return ownDataPage(p)
		}
	}
	return all
}
