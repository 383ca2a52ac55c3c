package public

import (
	"github.com/a-h/templ"

	"github.com/franklin-letters/franklin/internal/locale"
)

func confirmFixtures() map[string]fixture {
	all := map[string]fixture{
		"mailed": func(l *locale.Locale) templ.Component {
			return mailedPage(MailedPage{
				Page: framed(l, "/c/close-the-loophole"), Campaign: loophole(), Member: stanton(), Email: "ana.maria.munoz-de-la-cruz@a-rather-long-domain.example.org",
			})
		},
	}
	for name, p := range map[string]ConfirmPage{"confirm": {}, "confirm-done": {Done: true}, "confirm-gone": {Gone: true}} {
		all[name] = func(l *locale.Locale) templ.Component {
			p.Page, p.Campaign, p.StopPath = framed(l, "/confirm/t0k3n"), loophole(), "/stop/t0k3n"
			return confirmPage(p)
		}
	}
	for name, p := range map[string]StopPage{"stop": {Back: "/confirm/t0k3n", Confirms: true}, "stop-alone": {Back: "/"}, "stop-done": {Done: true}} {
		all[name] = func(l *locale.Locale) templ.Component {
			p.Page = framed(l, "/stop/t0k3n")
			return stopPage(p)
		}
	}
	return all
}
