package main

import (
	"context"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

type segmentCommand struct {
	config.Settings `embed:"" group:"settings"`

	List    segmentList    `cmd:"" help:"List the saved segments."`
	Count   segmentCount   `cmd:"" help:"Say how many people are in a segment now."`
	Save    segmentSave    `cmd:"" help:"Save a filter under a name."`
	Show    segmentShow    `cmd:"" help:"Show a saved segment, with how many people are in it now."`
	Remove  segmentRemove  `cmd:"" help:"Forget a saved segment. Nobody in it is touched."`
	Rebuild segmentRebuild `cmd:"" help:"Make the copy anew by which segments are counted. The server does it by itself; this is for after a repair."`
}

func (c *segmentCommand) open(ctx context.Context, con console) (*segment.People, func(), error) {
	b, done, err := backOffice(ctx, &c.Settings, con)
	if err != nil {
		return nil, nil, err
	}
	return b.Segments(), done, nil
}

// countedSegment is the stable JSON of `franklin segment count --json` and of the others.
type countedSegment struct {
	Name    string     `json:"name,omitempty"`
	Filter  string     `json:"filter"`
	People  *int64     `json:"people,omitempty"`
	MadeBy  string     `json:"made_by,omitempty"`
	Updated *time.Time `json:"updated,omitempty"`
}

func (s countedSegment) print(con console) {
	if s.Name != "" {
		con.print("%s (by %s, %s)\n  ", s.Name, s.MadeBy, s.Updated.Format(moment))
	}
	con.print("%s\n", s.Filter)
	if s.People != nil {
		con.print("  %s\n", people(*s.People))
	}
}

// people says how many people there are.
func people(n int64) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

type segmentList struct {
	JSON bool `help:"Print JSON." name:"json"`
}

// Run lists the saved segments.
func (c segmentList) Run(ctx context.Context, con console, group *segmentCommand) error {
	p, done, err := group.open(ctx, con)
	if err != nil {
		return err
	}
	defer done()
	saved, err := p.List(ctx)
	if err != nil {
		return err
	}
	all := make([]countedSegment, len(saved))
	for i, s := range saved {
		all[i] = countedSegment{Name: s.Name, Filter: s.Segment.String(), MadeBy: s.MadeBy, Updated: momentOrNil(s.Updated)}
	}
	if c.JSON {
		return printJSON(con, all)
	}
	if len(all) == 0 {
		con.print("No segment is saved.\n")
	}
	for _, s := range all {
		s.print(con)
	}
	return nil
}

type segmentCount struct {
	Segment string `arg:"" help:"Name of a saved segment, or a filter such as: state = TX and not acted(stop-abuse)."`
	JSON    bool   `help:"Print JSON." name:"json"`
}

// Run counts the people of a segment.
func (c segmentCount) Run(ctx context.Context, con console, group *segmentCommand) error {
	p, done, err := group.open(ctx, con)
	if err != nil {
		return err
	}
	defer done()
	s, err := p.Find(ctx, c.Segment)
	if err != nil {
		return plain(err)
	}
	n, err := p.Count(ctx, s)
	if err != nil {
		return plain(err)
	}
	if c.JSON {
		return printJSON(con, countedSegment{Filter: s.String(), People: &n})
	}
	countedSegment{Filter: s.String(), People: &n}.print(con)
	return nil
}

type segmentSave struct {
	Name   string `arg:"" help:"Small letters, digits and hyphens, such as texas-volunteers. A segment of that name is replaced."`
	Filter string `arg:"" help:"Name of a saved segment, or a filter such as: state = TX and not acted(stop-abuse)."`
}

// Run saves a filter.
func (c segmentSave) Run(ctx context.Context, con console, group *segmentCommand) error {
	p, done, err := group.open(ctx, con)
	if err != nil {
		return err
	}
	defer done()
	s, err := p.Find(ctx, c.Filter)
	if err == nil {
		err = p.Save(ctx, c.Name, s, operator())
	}
	if err != nil {
		return plain(err)
	}
	con.print("Saved %s: %s\n", c.Name, s)
	return nil
}

type segmentShow struct {
	Name string `arg:"" help:"Name of a saved segment."`
	JSON bool   `help:"Print JSON." name:"json"`
}

// Run shows a saved segment.
func (c segmentShow) Run(ctx context.Context, con console, group *segmentCommand) error {
	p, done, err := group.open(ctx, con)
	if err != nil {
		return err
	}
	defer done()
	s, err := p.Saved(ctx, c.Name)
	if err != nil {
		return plain(err)
	}
	n, err := p.Count(ctx, s.Segment)
	if err != nil {
		return plain(err)
	}
	one := countedSegment{s.Name, s.Segment.String(), &n, s.MadeBy, momentOrNil(s.Updated)}
	if c.JSON {
		return printJSON(con, one)
	}
	one.print(con)
	return nil
}

type segmentRemove struct {
	Name string `arg:"" help:"Name of a saved segment."`
}

// Run forgets a saved segment.
func (c segmentRemove) Run(ctx context.Context, con console, group *segmentCommand) error {
	p, done, err := group.open(ctx, con)
	if err != nil {
		return err
	}
	defer done()
	if err := p.Remove(ctx, c.Name); err != nil {
		return plain(err)
	}
	con.print("Removed %s.\n", c.Name)
	return nil
}

type segmentRebuild struct{}

// Run makes all blocks anew.
func (segmentRebuild) Run(ctx context.Context, con console, group *segmentCommand) error {
	p, done, err := group.open(ctx, con)
	if err != nil {
		return err
	}
	defer done()
	if err := p.Rebuild(ctx); err != nil {
		return plain(err)
	}
	n, err := p.Count(ctx, segment.Segment{})
	if err != nil {
		return err
	}
	con.print("Made anew: %s.\n", people(n))
	return nil
}
