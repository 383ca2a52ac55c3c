package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/fault"
)

type campaignCommand struct {
	DB string `help:"Database: a SQLite file or a postgres:// address." default:"data/franklin.db" env:"FRANKLIN_DB"`

	Apply  campaignApply  `cmd:"" help:"Make a file the current version of its campaign. The same file twice changes nothing."`
	List   campaignList   `cmd:"" help:"List all campaigns with their counts."`
	Resume campaignResume `cmd:"" help:"Let a campaign go on that was stopped because people said that they did not write its letters."`
	Show   campaignShow   `cmd:"" help:"Show one campaign and its versions."`
}

type campaignApply struct {
	Files []string `arg:"" name:"file" help:"Campaign files, Markdown with a head; - is standard input."`
	Check bool     `help:"Only check the files; the database is not touched."`

	MailHost string `help:"The server's mail relay, without which a campaign cannot ask to confirm." env:"FRANKLIN_MAIL_HOST"`

	JSON bool `help:"Print JSON, one object a file." name:"json"`
}

// applied is the stable JSON of `franklin campaign apply --json`.
type applied struct {
	File     string             `json:"file"`
	Slug     string             `json:"slug,omitempty"`
	Change   campaign.Change    `json:"change,omitempty"` // created, updated, unchanged
	Version  int64              `json:"version,omitempty"`
	Life     campaign.Life      `json:"life,omitempty"`
	Problems []campaign.Problem `json:"problems,omitempty"`
	Error    string             `json:"error,omitempty"`
}

// Run applies the files one by one. It exits with 1 when one of them was refused.
func (c campaignApply) Run(ctx context.Context, con console, group *campaignCommand) error {
	apply := func(_ context.Context, source []byte) (*campaign.Campaign, campaign.Change, error) {
		one, err := c.parse(source, con.now())
		return one, "", err
	}
	if !c.Check {
		store, done, err := openCampaigns(ctx, group.DB, con.now)
		if err != nil {
			return err
		}
		defer done()
		apply = func(ctx context.Context, source []byte) (*campaign.Campaign, campaign.Change, error) {
			if _, err := c.parse(source, con.now()); err != nil {
				return nil, "", err
			}
			return store.Apply(ctx, source, "command line")
		}
	}
	results, refused := make([]applied, 0, len(c.Files)), false
	for _, name := range c.Files {
		r := applied{File: name}
		source, err := readInput(con, name)
		if err == nil {
			var one *campaign.Campaign
			if one, r.Change, err = apply(ctx, source); err == nil {
				r.Slug, r.Version, r.Life = one.Slug, one.Version, one.Life(con.now())
			}
		}
		refused = r.failed(err) || refused
		results = append(results, r)
	}
	if c.JSON {
		if err := printJSON(con, results); err != nil {
			return err
		}
	} else {
		for _, r := range results {
			r.print(con)
		}
	}
	if refused {
		return exitError{1}
	}
	return nil
}

// parse reads a file, and refuses a campaign whose letters would wait for ever.
func (c campaignApply) parse(source []byte, now time.Time) (*campaign.Campaign, error) {
	one, err := campaign.Parse(source, now)
	if err == nil && one.Confirm && one.Published && c.MailHost == "" {
		return nil, errors.New("\"confirm: email\" needs a mail relay, and none is set: give --mail-host, or FRANKLIN_MAIL_HOST, as for the server")
	}
	return one, err
}

// failed records an error in the words of whoever wrote the file.
func (r *applied) failed(err error) bool {
	if problems, ok := errors.AsType[campaign.Problems](err); ok {
		r.Problems = problems
	} else if err != nil {
		if r.Error = fault.Message(err); r.Error == "" {
			r.Error = err.Error()
		}
	}
	return err != nil
}

func (r applied) print(con console) {
	for _, p := range r.Problems {
		at := p.Line
		p.Line = 0 // it stands before the colon already
		con.print("%s:%d: %s\n", r.File, at, p)
	}
	switch {
	case r.Error != "":
		con.print("%s: %s\n", r.File, r.Error)
	case len(r.Problems) > 0:
	case r.Change == "":
		con.print("%s: in order\n", r.File)
	default:
		con.print("%s: %s is %s, version %d, %s\n", r.File, r.Slug, r.Change, r.Version, r.Life)
	}
}

type campaignList struct {
	JSON bool `help:"Print JSON." name:"json"`
}

// listedCampaign is the stable JSON of `franklin campaign list --json`.
type listedCampaign struct {
	Slug      string        `json:"slug"`
	Title     string        `json:"title"`
	Life      campaign.Life `json:"life"`
	Version   int64         `json:"version"`
	Goal      int           `json:"goal"`
	Submitted int           `json:"submitted"`
	Delivered int           `json:"delivered"`
	Joined    int           `json:"joined"`
}

// Run lists the campaigns.
func (c campaignList) Run(ctx context.Context, con console, group *campaignCommand) error {
	store, done, err := openCampaigns(ctx, group.DB, con.now)
	if err != nil {
		return err
	}
	defer done()
	all, err := store.List(ctx)
	if err != nil {
		return err
	}
	rows := make([]listedCampaign, len(all))
	for i, one := range all {
		rows[i] = listedCampaign{
			one.Slug, one.Words(one.Language()).Title, one.Life(con.now()), one.Version, one.Goal,
			one.Counts.Submitted, one.Counts.Delivered, one.Counts.Joined,
		}
	}
	if c.JSON {
		return printJSON(con, rows)
	}
	for _, r := range rows {
		con.print("%-30s %-10s %6d of %d letters, %d joined  %s\n", r.Slug, r.Life, r.Delivered, r.Goal, r.Joined, r.Title)
	}
	if len(rows) == 0 {
		con.print("There is no campaign yet. Write one as a file and run: franklin campaign apply FILE.md\n")
	}
	return nil
}

type campaignShow struct {
	Slug   string `arg:"" help:"The campaign's slug, also one that it had before."`
	Source bool   `help:"Print the file as it was applied."`
	JSON   bool   `help:"Print JSON." name:"json"`
}

// shownCampaign is the stable JSON of `franklin campaign show --json`.
type shownCampaign struct {
	listedCampaign

	ID       string         `json:"id"`
	Bill     string         `json:"bill,omitempty"`
	Stance   string         `json:"stance,omitempty"`
	Topics   []string       `json:"topics"`
	Opens    *time.Time     `json:"opens,omitempty"`
	Closes   *time.Time     `json:"closes,omitempty"`
	Versions []shownVersion `json:"versions"`
}

type shownVersion struct {
	Version int64     `json:"version"`
	Author  string    `json:"author"`
	At      time.Time `json:"at"`
}

// Run shows one campaign.
func (c campaignShow) Run(ctx context.Context, con console, group *campaignCommand) error {
	store, done, err := openCampaigns(ctx, group.DB, con.now)
	if err != nil {
		return err
	}
	defer done()
	one, err := store.Live(ctx, c.Slug)
	if fault.Is(err, fault.NotFound) {
		return fmt.Errorf("there is no campaign %q", c.Slug)
	}
	if err != nil {
		return err
	}
	versions, err := store.Versions(ctx, one.ID)
	if err != nil {
		return err
	}
	if c.Source {
		con.print("%s", versions[0].Source)
		return nil
	}
	shown := shownCampaign{
		listedCampaign: listedCampaign{
			one.Slug, one.Words(one.Language()).Title, one.Life(con.now()), one.Version, one.Goal,
			one.Counts.Submitted, one.Counts.Delivered, one.Counts.Joined,
		},
		ID: one.ID, Bill: one.Bill.String(), Stance: string(one.Stance), Topics: one.Topics,
		Opens: momentOrNil(one.Opens), Closes: momentOrNil(one.Closes),
	}
	for _, v := range versions {
		shown.Versions = append(shown.Versions, shownVersion{v.Version, v.Author, v.At})
	}
	if c.JSON {
		return printJSON(con, shown)
	}
	con.print("%s\n%s, %s, %s\n%d letters taken in, %d of %d delivered, %d people joined the list\n",
		shown.Title, shown.Slug, shown.Life, shown.Bill, shown.Submitted, shown.Delivered, shown.Goal, shown.Joined)
	for _, v := range shown.Versions {
		con.print("version %d, %s, by %s\n", v.Version, v.At.Format("2006-01-02 15:04 MST"), v.Author)
	}
	return nil
}

func momentOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// openCampaigns opens the store, also while the server runs. Call done at the end.
func openCampaigns(ctx context.Context, url string, clock func() time.Time) (store *campaign.Store, done func(), err error) {
	d, err := openBeside(ctx, url)
	if err != nil {
		return nil, nil, err
	}
	done = func() { _ = d.Close() } // everything that matters was committed
	if err := migrated(ctx, d); err != nil {
		done()
		return nil, nil, err
	}
	return campaign.NewStore(d, clock), done, nil
}

// migrated brings a database that nobody has used yet to the schema; one in use must be
// there already, because the server does that when it starts.
func migrated(ctx context.Context, d *db.DB) error {
	v, err := d.SchemaVersion(ctx)
	if err == nil && v > 0 {
		return nil
	}
	return d.Migrate(ctx)
}

// maxInput bounds what is read from a file or from standard input.
const maxInput = 16 << 20

func readInput(con console, name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(io.LimitReader(con.in, maxInput))
	}
	file, err := os.Open(name) //nolint:gosec // the user names the file
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(io.LimitReader(file, maxInput))
}
