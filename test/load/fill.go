package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/letter"
)

// filledAtOnce is how many letters one transaction makes.
const filledAtOnce = 2000

// tables are what a letter in line consists of, in the order in which they refer to each other.
var tables = []db.Insert{
	{Table: "supporters", Columns: strings.Fields("id email_key email first_name last_name lang zip created_at updated_at")},
	{Table: "submissions", Columns: strings.Fields(`id key campaign_id campaign_version supporter_id person prefix first_name last_name
		email address1 city state zip seat basis lang created_at`)},
	{Table: "letters", Columns: strings.Fields(`id submission_id campaign_id seat office channel delivery_id subject message edited
		state since due_at created_at`)},
	{Table: "letter_history", Columns: strings.Fields("letter_id seq at to_state actor node")},
}

// fill puts letters in line, as many at each office. The server does not run.
func (t *town) fill(ctx context.Context, queued int) (err error) {
	d, err := app.OpenSealed(ctx, t.Database, t.keyring())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.Establish(ctx, firstMoment); err != nil {
		return err
	}
	campaign, err := d.Read().CampaignBySlug(ctx, slug)
	if err != nil {
		return err
	}
	for from := 0; from < queued; from += filledAtOnce {
		rows := make([][][]any, len(tables))
		for i := from; i < min(from+filledAtOnce, queued); i++ {
			for j, row := range inLine(campaign.ID, campaign.Version, t.seats[i%len(t.seats)], i) {
				rows[j] = append(rows[j], row)
			}
		}
		err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			for j, table := range tables {
				if _, err := tx.InsertRows(ctx, table, rows[j]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("put letters in line: %w", err)
		}
	}
	return nil
}

// held returns the seats of the House that somebody holds: no letter goes to the others.
func held() ([]congress.Seat, error) {
	people, err := roster.Embedded()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(congress.AllHouseSeats(), func(s congress.Seat) bool {
		holder, err := people.Holder(s, firstMoment)
		return err != nil || !holder.Seated()
	}), nil
}

// inLine makes the rows of one letter. Its writer has chosen the member: all write from one
// city, in no state that has several districts, because an address in another district of the
// office's state is refused before it is sent.
func inLine(campaign string, version int64, seat congress.Seat, number int) [][]any {
	id := func() string { return uuid.Must(uuid.NewV7()).String() }
	supporter, submission, one := id(), id(), id()
	at, office := stamp.Of(firstMoment), seat.OfficeCode()
	key := fmt.Sprintf("drain%016d", number)
	email := key + "@mail.example"
	return [][]any{
		{supporter, key, email, "Ada", "Sample", "en", "20001", at, at},
		{
			submission, key, campaign, version, supporter, key, "Ms.", "Ada", "Sample",
			email, "100 Main St NW", "Washington", string(seat.State), "20001", seat.String(), string(district.BasisChoice), "en", at,
		},
		{one, submission, campaign, seat.String(), office, letter.ChannelHouse, cwc.DeliveryID(key, office), "Please support H.R. 2172", words, true, string(letter.Ready), at, at, at},
		{one, int64(1), at, string(letter.Ready), "supporter", "load"},
	}
}
