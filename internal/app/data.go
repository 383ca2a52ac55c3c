package app

import (
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/doctor"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/obs"
	"github.com/franklin-letters/franklin/internal/web/ops"
)

// guide finds seats with the lines and the roster in use now.
func (a *App) guide() letter.Guide {
	data := a.data.Data()
	return letter.Guide{Districts: data.Districts, Roster: data.Roster}
}

// dataFacts are the operator's lines about district lines and roster.
func (a *App) dataFacts(now time.Time) []ops.Fact {
	var facts []ops.Fact
	for _, f := range doctor.Data(a.data.Data(), now) {
		facts = append(facts, ops.Fact{Name: strings.ToUpper(f.Check[:1]) + f.Check[1:], Value: f.Words(), Warn: f.Level != obs.OK})
	}
	return facts
}
