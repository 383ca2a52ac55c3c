package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/franklin-letters/franklin/internal/inbox"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/mail"
)

type mailFeed struct {
	File string `arg:"" help:"An mbox, a maildir, a single message, or - for standard input."`

	Sender   []string `help:"Believe what mails of these domains, and of those within them, say about letters." default:"house.gov,senate.gov" placeholder:"DOMAIN,..."`
	Verified string   `help:"Believe them only when this mail server of yours found them genuine (DMARC), as it names itself in Authentication-Results." placeholder:"NAME" xor:"proof"`
	Unproven bool     `help:"Believe them without a proof, because you know where they come from." xor:"proof"`
	As       string   `help:"What all of them say, when a person has read them: accepted or refused." enum:"auto,accepted,refused" default:"auto"`
	Yes      bool     `help:"Do it. Without this it is only told what would be done."`
	JSON     bool     `help:"Print JSON." name:"json"`

	At dateFlag `hidden:"" help:"Moment at which the clock starts, for rehearsals and tests."`
}

// fedMail is the stable JSON of one message of `franklin mail feed --json`.
type fedMail struct {
	Message int          `json:"message"` // counts from 1
	Kind    inbox.Kind   `json:"kind"`
	Does    string       `json:"does,omitempty"`
	Letter  string       `json:"letter,omitempty"`
	Was     letter.State `json:"was,omitempty"`
	Becomes letter.State `json:"becomes,omitempty"`
	Why     string       `json:"why,omitempty"`    // why nothing changes
	Person  bool         `json:"person,omitempty"` // it waits for a person
}

// fed is the stable JSON of `franklin mail feed --json`.
type fed struct {
	Done    bool      `json:"done"` // false for a preview
	Reports []fedMail `json:"reports"`
	Moved   int       `json:"moved"` // letters
	Held    int       `json:"held"`  // for a person
}

// Run takes mails in.
func (c mailFeed) Run(ctx context.Context, con console, group *mailCommand) error {
	con.now = c.At.clock(con.now)
	_, box, done, err := group.open(ctx, con, c.offices(group))
	if err != nil {
		return err
	}
	defer done()
	all := fed{Done: c.Yes, Reports: []fedMail{}}
	err = c.read(con.in, func(raw []byte) error {
		r, err := box.Take(ctx, raw, !c.Yes)
		if err != nil {
			return err
		}
		one := fedMail{
			Message: len(all.Reports) + 1, Kind: r.Kind, Does: r.Does, Letter: r.Ack.LetterID, Was: r.Ack.From, Becomes: r.Ack.To, Why: r.Why, Person: r.Held,
		}
		all.add(one)
		if !c.JSON {
			one.print(con)
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case c.JSON:
		return printJSON(con, all)
	case c.Yes:
		con.print("%d messages, %d letters moved, %d wait for a person (franklin mail list).\n", len(all.Reports), all.Moved, all.Held)
	default:
		con.print("%d messages, %d letters would move, %d would wait for a person. Nothing is done without --yes.\n", len(all.Reports), all.Moved, all.Held)
	}
	return nil
}

func (f *fed) add(one fedMail) {
	if one.Becomes != "" {
		f.Moved++
	}
	if one.Person {
		f.Held++
	}
	f.Reports = append(f.Reports, one)
}

// offices says whose reports about letters are believed. A flag comes before the server's
// setting.
func (c mailFeed) offices(group *mailCommand) inbox.Offices {
	o := inbox.Offices{Domains: c.Sender, Verified: c.Verified, Unproven: c.Unproven}
	if o.Verified == "" && !o.Unproven {
		o.Verified = group.Mail.In.Verified
	}
	if c.As != "auto" {
		o.As = c.As
	}
	return o
}

// read calls each with every message.
func (c mailFeed) read(in io.Reader, each func([]byte) error) error {
	if c.File == "-" {
		return mail.ReadInbox(in, each)
	}
	info, err := os.Stat(c.File)
	if err != nil {
		return fmt.Errorf("read mails: %w", err)
	}
	if info.IsDir() {
		return mail.ReadMaildir(c.File, each)
	}
	f, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("read mails: %w", err)
	}
	defer func() { _ = f.Close() }()
	return mail.ReadInbox(f, each)
}

func (m fedMail) print(con console) {
	var says []string
	switch {
	case m.Becomes != "":
		says = append(says, fmt.Sprintf("letter %s: %s becomes %s", m.Letter, m.Was, m.Becomes))
	case m.Letter != "":
		says = append(says, fmt.Sprintf("letter %s stays %s: %s", m.Letter, m.Was, m.Why))
	case m.Does != "":
		says = append(says, m.Does)
	default:
		says = append(says, "nothing changes: "+m.Why)
	}
	if m.Person {
		says = append(says, "waits for a person")
	}
	con.print("%d: %s: %s\n", m.Message, m.Kind, strings.Join(says, "; "))
}
