package main

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/headed"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mailing"
)

type mailingCommand struct {
	config.Settings `embed:"" group:"settings"`

	Create     mailingCreate     `cmd:"" help:"Make a file a draft, or the new text of the draft that has its name."`
	List       mailingList       `cmd:"" help:"List all mailings with how they stand."`
	Show       mailingShow       `cmd:"" help:"Show one mailing: how it stands, and why."`
	Preview    mailingPreview    `cmd:"" help:"Print the message, as the owner of an address would get it or as a reader of whom nothing is known."`
	Test       mailingTest       `cmd:"" help:"Send the message to one address, to look at it in a mail program. It is logged."`
	Count      mailingCount      `cmd:"" help:"Count to how many people it would go now, and who is left out for what reason."`
	Schedule   mailingSchedule   `cmd:"" help:"Have it sent at a moment that you name. It can be taken back until then."`
	Unschedule mailingUnschedule `cmd:"" help:"Take the moment back: it is a draft again."`
	Start      mailingStart      `cmd:"" help:"Have it sent now, to those whom count counts."`
	Pause      mailingPause      `cmd:"" help:"Stop the sending: no further message begins. It can go on later."`
	Resume     mailingResume     `cmd:"" help:"Let a paused one go on where it stopped."`
	Cancel     mailingCancel     `cmd:"" help:"End it for good: who has not got it gets nothing."`
	Numbers    mailingNumbers    `cmd:"" help:"Show what became of it: delivered, bounced, complained, left, acted, joined."`
}

// open opens the back office and finds the mailing.
func (c *mailingCommand) open(ctx context.Context, con console, ref string) (*app.BackOffice, mailing.Mailing, func(), error) {
	b, done, err := backOffice(ctx, &c.Settings, con)
	if err != nil {
		return nil, mailing.Mailing{}, nil, err
	}
	if !b.KnowsMailboxes {
		done()
		return nil, mailing.Mailing{}, nil, errNoSecret
	}
	if ref == "" {
		return b, mailing.Mailing{}, done, nil
	}
	m, err := b.Mailings.Find(ctx, ref)
	if err != nil {
		done()
		return nil, m, nil, plain(err)
	}
	return b, m, done, nil
}

type mailingCreate struct {
	File  string `arg:"" help:"The file, Markdown with a head; - is standard input."`
	Check bool   `help:"Only check the file; the database is not touched."`
	JSON  bool   `help:"Print JSON." name:"json"`
}

// Help shows a file.
func (mailingCreate) Help() string {
	return `A file to begin with:

  ---
  name: water-alert
  kind: alert
  campaign: water
  subject: "{{first_name|Friend}}, the vote is on Tuesday"
  audience: state = TX and not acted(water)
  ---
  The bill comes to the floor on **Tuesday**.

  [Write your letter]({{link}})

A kind: newsletter needs no campaign, and without an audience it goes to all of
the list. The fields, a Spanish text and a test of two subjects stand in
docs/mailings.md.`
}

// createdMailing is the stable JSON of `franklin mailing create --json`.
type createdMailing struct {
	Number   int64            `json:"number,omitempty"`
	Name     string           `json:"name,omitempty"`
	Created  bool             `json:"created"`
	Problems []headed.Problem `json:"problems,omitempty"`
}

// Run makes a draft. It exits with 1 when the file is at fault.
func (c mailingCreate) Run(ctx context.Context, con console, group *mailingCommand) error {
	source, err := readInput(con, c.File)
	if err != nil {
		return err
	}
	result := createdMailing{}
	if c.Check {
		var f *mailing.File
		if f, err = mailing.Parse(source); err == nil {
			result.Name = f.Name
		}
	} else {
		b, _, done, e := group.open(ctx, con, "")
		if e != nil {
			return e
		}
		defer done()
		var m mailing.Mailing
		if m, result.Created, err = b.Mailings.Apply(ctx, source, operator()); err == nil {
			result.Number, result.Name = m.Number, m.Name
		}
	}
	problems, atFault := errors.AsType[headed.Problems](err)
	if err != nil && !atFault {
		return plain(err)
	}
	result.Problems = problems
	return c.tell(con, result)
}

func (c mailingCreate) tell(con console, r createdMailing) error {
	if c.JSON {
		if err := printJSON(con, r); err != nil {
			return err
		}
	}
	for _, p := range r.Problems {
		switch at := p.Line; {
		case c.JSON:
		case at == 0:
			con.print("%s: %s\n", c.File, p)
		default:
			p.Line = 0 // it stands before the colon already
			con.print("%s:%d: %s\n", c.File, at, p)
		}
	}
	switch {
	case len(r.Problems) > 0:
		return exitError{1}
	case c.JSON:
	case c.Check:
		con.print("%s: in order\n", c.File)
	case r.Created:
		con.print("%s is mailing %d, a draft. Look at it with: franklin mailing preview %d\n", r.Name, r.Number, r.Number)
	default:
		con.print("mailing %d, %s, has the new text\n", r.Number, r.Name)
	}
	return nil
}

type mailingList struct {
	JSON bool `help:"Print JSON." name:"json"`
}

// listedMailing is the stable JSON of one mailing of `franklin mailing list --json`.
type listedMailing struct {
	Number int64         `json:"number"`
	Name   string        `json:"name"`
	State  mailing.State `json:"state"`
	Reason string        `json:"reason,omitempty"`
	By     string        `json:"by"`
	Starts *time.Time    `json:"starts,omitempty"`
	Began  *time.Time    `json:"began,omitempty"`
	Ended  *time.Time    `json:"ended,omitempty"`
}

// Run lists the mailings.
func (c mailingList) Run(ctx context.Context, con console, group *mailingCommand) error {
	b, _, done, err := group.open(ctx, con, "")
	if err != nil {
		return err
	}
	defer done()
	rows, err := b.Mailings.List(ctx)
	if err != nil {
		return err
	}
	all := make([]listedMailing, len(rows))
	for i, r := range rows {
		all[i] = listedMailing{
			r.Number, r.Name, mailing.State(r.State), r.Reason, r.MovedBy, timeOrNil(r.StartsAt), timeOrNil(r.BeganAt), timeOrNil(r.EndedAt),
		}
	}
	if c.JSON {
		return printJSON(con, all)
	}
	for _, m := range all {
		con.print("%4d  %-10s %s%s\n", m.Number, m.State, m.Name, m.when())
	}
	if len(all) == 0 {
		con.print("There is no mailing yet. Write one as a file, as that in franklin mailing create --help, and run: franklin mailing create FILE.md\n")
	}
	return nil
}

// when tells the moment that matters, and why it stands as it does.
func (m listedMailing) when() string {
	switch {
	case m.State == mailing.Scheduled && m.Starts != nil:
		return ", leaves " + m.Starts.Format(moment)
	case m.State == mailing.Paused:
		return ", PAUSED by " + m.By + ": " + m.Reason
	case m.Ended != nil:
		return ", ended " + m.Ended.Format(moment)
	}
	return ""
}

// theMailing names one mailing on the command line.
type theMailing struct {
	ID string `arg:"" help:"The mailing, by its number or its name."`
}

type mailingShow struct {
	theMailing

	Source bool `help:"Print the file."`
	JSON   bool `help:"Print JSON." name:"json"`
}

// Run shows one mailing.
func (c mailingShow) Run(ctx context.Context, con console, group *mailingCommand) error {
	_, m, done, err := group.open(ctx, con, c.ID)
	if err != nil {
		return err
	}
	defer done()
	if c.Source {
		con.print("%s", m.Source)
		return nil
	}
	shown := listedMailing{
		m.Number, m.Name, mailing.State(m.State), m.Reason, m.MovedBy, timeOrNil(m.StartsAt), timeOrNil(m.BeganAt), timeOrNil(m.EndedAt),
	}
	if c.JSON {
		return printJSON(con, shown)
	}
	con.print("%d  %s, %s, %s%s\n", m.Number, m.Name, m.File.Kind, shown.State, shown.when())
	for lang, words := range m.File.Words {
		con.print("  %s: %s\n", lang, words.Subject)
		if words.Second != "" {
			con.print("      %s\n", words.Second)
		}
	}
	if m.Winner != "" {
		con.print("  the better subject: %s\n", m.Winner)
	}
	return nil
}

type mailingPreview struct {
	theMailing

	As     string      `help:"The address of somebody on record as whom to look; it is logged. Without it, nothing is known of the reader." placeholder:"ADDRESS"`
	Known  bool        `help:"As a made-up reader of whom all is known."`
	Lang   locale.Lang `help:"The language of a made-up reader. The file's own unless given." enum:",en,es" default:""`
	Second bool        `help:"With the second subject."`
	HTML   bool        `help:"Print the HTML part." name:"html"`
}

// Run prints a message.
func (c mailingPreview) Run(ctx context.Context, con console, group *mailingCommand) error {
	b, m, done, err := group.open(ctx, con, c.ID)
	if err != nil {
		return err
	}
	defer done()
	message, err := b.Mailings.Preview(ctx, m, mailing.Look{As: c.As, Known: c.Known, Lang: c.Lang, Second: c.Second}, operator())
	if err != nil {
		return plain(err)
	}
	if c.HTML {
		con.print("%s", message.HTML)
		return nil
	}
	con.print("Subject: %s\n\n%s", message.Subject, message.Text)
	return nil
}

type mailingTest struct {
	theMailing

	To     string `help:"The address to send it to." required:"" placeholder:"ADDRESS"`
	Second bool   `help:"With the second subject."`
}

// Run sends one message.
func (c mailingTest) Run(ctx context.Context, con console, group *mailingCommand) error {
	b, m, done, err := group.open(ctx, con, c.ID)
	if err != nil {
		return err
	}
	defer done()
	address, err := mail.ValidAddress(c.To)
	if err != nil {
		return err
	}
	message, err := b.Mailings.Trial(ctx, m, address, c.Second, operator())
	if err != nil {
		return plain(err)
	}
	sender, err := b.Sender()
	if err != nil {
		return err
	}
	if err := sender.Send(ctx, message); err != nil {
		return err
	}
	con.print("Sent. The relay has it.\n")
	return nil
}

type mailingCount struct {
	theMailing

	JSON bool `help:"Print JSON." name:"json"`
}

// Run counts a mailing's people.
func (c mailingCount) Run(ctx context.Context, con console, group *mailingCommand) error {
	b, m, done, err := group.open(ctx, con, c.ID)
	if err != nil {
		return err
	}
	defer done()
	n, err := b.Mailings.Count(ctx, m)
	if err != nil {
		return plain(err)
	}
	if c.JSON {
		return printJSON(con, n)
	}
	con.print("%d people would get it now.\n", n.People)
	for _, why := range slices.Sorted(maps.Keys(n.LeftOut)) {
		con.print("%d are left out: %s\n", n.LeftOut[why], why)
	}
	return nil
}
