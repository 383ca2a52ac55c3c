package public

import (
	"strconv"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// OfficesPage tells how often each office answered on a campaign, at "/c/{slug}/offices".
type OfficesPage struct {
	ui.Page
	Campaign Campaign
	Rates    []letter.Rate // of offices about which enough people have spoken
}

func (p OfficesPage) frame() ui.Page {
	f := p.Page
	f.Title = p.L.OfficesTitle() + " " + p.Campaign.Title
	return f
}

// officeName names the seat and not its holder, who may have changed since the letters
// arrived.
func officeName(l *locale.Locale, seat congress.Seat) string {
	if seat.Chamber() == congress.Senate {
		return l.OfficesSenate(number(int(seat.Class)), l.State(seat.State))
	}
	return l.District(seat)
}

// percent is a part of the people who spoke about an office, as text.
func percent(l *locale.Locale, part int, r letter.Rate) string {
	return l.OfficesPercent(strconv.Itoa((100*part + r.People()/2) / r.People()))
}

// heardBack says how many had any answer.
func heardBack(l *locale.Locale, r letter.Rate) string {
	return l.OfficesAnswered(r.People(), l.Number(r.Real+r.Form))
}
