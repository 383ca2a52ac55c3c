package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/supporter"
	"github.com/franklin-letters/franklin/internal/supporter/peoplefile"
)

type peopleCommand struct {
	config.Settings `embed:"" group:"settings"`

	Find       peopleFind       `cmd:"" help:"List people of a segment, or look for an address. Addresses and names are masked."`
	Show       peopleShow       `cmd:"" help:"Show everything about one person. Every look is logged."`
	Import     peopleImport     `cmd:"" help:"Bring people in from a table (CSV) or OSDI JSON. Nobody who left comes back by it. Exits with 1 when some were refused."`
	Export     peopleExport     `cmd:"" help:"Write the people of a segment into a file. It is logged."`
	Tag        peopleTag        `cmd:"" help:"Give the people of a segment a tag."`
	Untag      peopleUntag      `cmd:"" help:"Take a tag from the people of a segment."`
	Duplicates peopleDuplicates `cmd:"" help:"List people with the same name and ZIP code and different addresses, who may be one. It is logged."`
	Merge      peopleMerge      `cmd:"" help:"Make one person of two. It cannot be undone."`
	Sources    peopleSources    `cmd:"" help:"Say from where people came: letters and ticks of the list for each source."`
}

func (c *peopleCommand) open(ctx context.Context, con console) (*app.BackOffice, func(), error) {
	return (&blockCommand{Settings: c.Settings}).open(ctx, con)
}

type peopleFind struct {
	Address string `arg:"" optional:"" help:"E-mail address, in any spelling."`
	Segment string `help:"Name of a saved segment, or a filter such as: state = TX and not acted(stop-abuse)."`
	Limit   int    `help:"How many people at most." default:"20"`
	After   string `help:"Only people behind this id, for the next page." placeholder:"ID"`
	JSON    bool   `help:"Print JSON." name:"json"`
}

// foundPerson is the stable JSON of `franklin people find --json`.
type foundPerson struct {
	ID       string     `json:"id"`
	Address  string     `json:"address"` // masked
	Initials string     `json:"initials,omitempty"`
	District string     `json:"district,omitempty"`
	State    string     `json:"state,omitempty"`
	Lang     string     `json:"lang,omitempty"`
	Status   string     `json:"status"`
	Tags     []string   `json:"tags"`
	Joined   *time.Time `json:"joined,omitempty"`
}

func foundOf(r peoplefile.Record) foundPerson {
	status := string(r.Status)
	if r.Status == peoplefile.Fine {
		status = "subscribed"
	}
	return foundPerson{
		r.ID, supporter.Masked(r.Email), initial(r.First) + initial(r.Last), r.District, r.State, r.Lang, status, append([]string{}, r.Tags...), momentOrNil(r.Joined),
	}
}

func initial(name string) string {
	for _, r := range name {
		return string(r) + "."
	}
	return ""
}

func (f foundPerson) print(con console) {
	con.print("%s  %s %s %s %s\n", f.ID, strings.TrimSpace(f.Address+" "+f.Initials), orDash(f.District, f.State), f.Status, strings.Join(f.Tags, ", "))
}

func orDash(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return "-"
}

// Run looks for people.
func (c peopleFind) Run(ctx context.Context, con console, group *peopleCommand) error {
	if (c.Address == "") == (c.Segment == "") {
		return errors.New("give an address, or --segment with a filter")
	}
	b, done, err := group.open(ctx, con)
	if err != nil {
		return err
	}
	defer done()
	found, err := c.look(ctx, b)
	if err != nil {
		return plain(err)
	}
	all := make([]foundPerson, len(found))
	for i, r := range found {
		all[i] = foundOf(r)
	}
	if c.JSON {
		return printJSON(con, all)
	}
	for _, one := range all {
		one.print(con)
	}
	if len(all) == 0 {
		con.print("Nobody was found.\n")
		return exitError{1}
	}
	return nil
}

// look finds the people by the address or the segment.
func (c peopleFind) look(ctx context.Context, b *app.BackOffice) ([]peoplefile.Record, error) {
	if c.Segment != "" {
		s, err := b.Segments().Find(ctx, c.Segment)
		if err != nil {
			return nil, err
		}
		return b.Desk.People.Found(ctx, b.Segments(), s, c.After, c.Limit)
	}
	one, ok, err := b.Desk.People.ByAddress(ctx, c.Address)
	if err != nil || !ok {
		return []peoplefile.Record{}, err
	}
	return b.Desk.People.Records(ctx, one.ID)
}

type peopleTag struct {
	Tag     string `arg:"" help:"The tag, in any spelling of small and large letters."`
	Segment string `required:"" help:"Name of a saved segment, or a filter such as: state = TX and not acted(stop-abuse)."`
}

// Run tags people.
func (c peopleTag) Run(ctx context.Context, con console, group *peopleCommand) error {
	return group.tag(ctx, con, c.Tag, c.Segment, false)
}

type peopleUntag struct {
	Tag     string `arg:"" help:"The tag."`
	Segment string `required:"" help:"Name of a saved segment, or a filter such as: state = TX and not acted(stop-abuse)."`
}

// Run takes a tag from people.
func (c peopleUntag) Run(ctx context.Context, con console, group *peopleCommand) error {
	return group.tag(ctx, con, c.Tag, c.Segment, true)
}

func (c *peopleCommand) tag(ctx context.Context, con console, tag, filter string, take bool) error {
	b, done, err := c.open(ctx, con)
	if err != nil {
		return err
	}
	defer done()
	s, err := b.Segments().Find(ctx, filter)
	if err != nil {
		return plain(err)
	}
	n, err := b.Desk.People.Tag(ctx, b.Segments(), s, tag, take, operator())
	if err != nil {
		return plain(err)
	}
	if take {
		con.print("Taken from %s.\n", people(n))
	} else {
		con.print("Given to %s.\n", people(n))
	}
	return nil
}

type peopleMerge struct {
	Kept string `arg:"" help:"Id of the person who stays."`
	Gone string `arg:"" help:"Id of the person who goes: who they were is forgotten, what they did becomes the other one's."`
	Yes  bool   `help:"Do it. It cannot be undone."`
}

// Run merges two people.
func (c peopleMerge) Run(ctx context.Context, con console, group *peopleCommand) error {
	b, done, err := group.open(ctx, con)
	if err != nil {
		return err
	}
	defer done()
	records, err := b.Desk.People.Records(ctx, c.Kept, c.Gone)
	if err != nil {
		return err
	}
	if len(records) < 2 {
		return errors.New("two people with these ids are not on record")
	}
	if !c.Yes {
		for _, r := range records {
			foundOf(r).print(con)
		}
		con.print("Letters, consents, lists and tags of %s would become those of %s, and who %s was would be forgotten.\nThis cannot be undone. Add --yes to do it.\n", c.Gone, c.Kept, c.Gone)
		return exitError{1}
	}
	if err := b.Desk.People.Merge(ctx, c.Kept, c.Gone, operator()); err != nil {
		return plain(err)
	}
	con.print("Merged into %s. It cannot be undone.\n", c.Kept)
	return nil
}

type peopleDuplicates struct {
	Segment string `help:"Name of a saved segment, or a filter such as: state = TX and not acted(stop-abuse)." default:"everyone"`
	Limit   int    `help:"How many groups at most." default:"50"`
}

// Run lists who may be one person.
func (c peopleDuplicates) Run(ctx context.Context, con console, group *peopleCommand) error {
	b, done, err := group.open(ctx, con)
	if err != nil {
		return err
	}
	defer done()
	s, err := b.Segments().Find(ctx, c.Segment)
	if err != nil {
		return plain(err)
	}
	groups, err := b.Desk.People.Duplicates(ctx, b.Segments(), s, c.Limit, operator())
	if err != nil {
		return plain(err)
	}
	for _, g := range groups {
		for _, r := range g {
			foundOf(r).print(con)
		}
		con.print("\n")
	}
	if len(groups) == 0 {
		con.print("No two people have the same name and ZIP code.\n")
	}
	return nil
}

type peopleSources struct {
	Campaign string `help:"Only letters of this campaign, by its slug."`
	JSON     bool   `help:"Print JSON." name:"json"`
}

// Run says from where people came.
func (c peopleSources) Run(ctx context.Context, con console, group *peopleCommand) error {
	b, done, err := group.open(ctx, con)
	if err != nil {
		return err
	}
	defer done()
	chosen, err := lettersFilter{Campaign: c.Campaign}.filter(ctx, b, "")
	if err != nil {
		return err
	}
	sources, err := b.Desk.People.Sources(ctx, chosen.CampaignID)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(con, sources)
	}
	con.print("%10s %10s %7s  source\n", "letters", "joined", "")
	for _, s := range sources {
		con.print("%10d %10d %6.1f%%  %s\n", s.Letters, s.Joined, 100*float64(s.Joined)/float64(max(s.Letters, 1)), orDash(s.Source, "(none named)"))
	}
	return nil
}
