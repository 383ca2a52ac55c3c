package public

import (
	"github.com/a-h/templ"

	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/supporter"
)

func peopleFixtures() map[string]fixture {
	all := map[string]fixture{}
	for name, p := range map[string]LeavePage{
		"leave":        {Masked: "a***@a-rather-long-domain.example.org", List: supporter.Updates},
		"leave-others": {Masked: "a***@example.org", List: supporter.Updates, Also: []supporter.List{"partner-harbor-fund", "partner-lamps"}},
		"leave-nobody": {List: supporter.Updates},
		"leave-done":   {Masked: "a***@example.org", List: supporter.Updates, Done: true, Also: []supporter.List{"partner-lamps"}},
		"leave-never":  {Masked: "a***@example.org", Done: true, Never: true},
	} {
		all[name] = func(l *locale.Locale) templ.Component {
			p.Page = framed(l, "/leave/t0k3n")
			return leavePage(p)
		}
	}
	for name, p := range map[string]JoinPage{
		"join": {Masked: "a***@example.org", Words: loophole().JoinWords, WordsLang: "en"}, "join-done": {Done: true}, "join-gone": {Gone: true},
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
