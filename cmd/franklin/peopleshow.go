package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/supporter"
)

type peopleShow struct {
	Person string `arg:"" help:"Id or e-mail address."`
	JSON   bool   `help:"Print JSON." name:"json"`
}

// shownPerson is the stable JSON of `franklin people show --json`.
type shownPerson struct {
	ID       string            `json:"id"`
	Address  string            `json:"address"`
	First    string            `json:"first_name"`
	Last     string            `json:"last_name"`
	State    string            `json:"state"`
	District string            `json:"district"`
	ZIP      string            `json:"zip"`
	Lang     string            `json:"lang"`
	Source   string            `json:"source"`
	Tags     []string          `json:"tags"`
	Custom   map[string]string `json:"custom"`
	Since    time.Time         `json:"since"`
	Lists    []supporter.List  `json:"lists"`
	Acts     []shownAct        `json:"acts"`
	Consents []provenConsent   `json:"consents"`
	Blocked  []provenBlock     `json:"blocked"`
}

type shownAct struct {
	Submission string    `json:"submission"`
	Campaign   string    `json:"campaign"`
	District   string    `json:"district"`
	Source     string    `json:"source"`
	At         time.Time `json:"at"`
}

// Run shows a person.
func (c peopleShow) Run(ctx context.Context, con console, group *peopleCommand) error {
	b, done, err := group.open(ctx, con)
	if err != nil {
		return err
	}
	defer done()
	w, err := b.Desk.People.Show(ctx, b.Campaigns, c.Person, operator())
	if err != nil {
		return plain(err)
	}
	proof := provenOf(supporter.Proof{Known: true, Consents: w.Consents, Lists: w.Lists, Suppressions: w.Suppressions})
	one := shownPerson{
		w.ID, w.Email, w.First, w.Last, w.State, w.District, w.ZIP, w.Lang, w.Source, append([]string{}, w.Tags...), w.Custom, w.Created,
		proof.Lists, []shownAct{}, proof.Consents, proof.Blocked,
	}
	for _, a := range w.Acts {
		one.Acts = append(one.Acts, shownAct{a.Submission, a.Campaign, a.Seat, a.Source, a.At.Time()})
	}
	if c.JSON {
		return printJSON(con, one)
	}
	one.print(con)
	proof.print(con, one.Address)
	return nil
}

func (s shownPerson) print(con console) {
	con.print("%s\n  %s %s <%s>\n", s.ID, s.First, s.Last, s.Address)
	for _, line := range [][2]string{
		{"district", orDash(s.District, s.State)}, {"ZIP code", s.ZIP}, {"language", s.Lang}, {"came from", s.Source}, {"tags", strings.Join(s.Tags, ", ")},
		{"since", s.Since.Format(moment)},
	} {
		con.print("  %-10s %s\n", line[0], orDash(line[1]))
	}
	names := make([]string, 0, len(s.Custom))
	for name := range s.Custom {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		con.print("  %-10s %s\n", name, s.Custom[name])
	}
	for _, a := range s.Acts {
		con.print("  wrote on %s on %s (%s)\n", a.Campaign, a.At.Format(moment), orDash(a.District))
	}
}
