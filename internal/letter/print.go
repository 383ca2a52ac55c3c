package letter

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/paper"
)

const (
	// maxPrinted bounds a batch: what a person can carry, and a file that opens everywhere.
	maxPrinted = 500
	// batchesListed is how many batches PrintBatches returns.
	batchesListed = 1000
	// printClaim bounds how many letters one look takes in hand.
	printClaim = 5000
)

// PrintBatches returns the newest batches of printed letters.
func (d *Desk) PrintBatches(ctx context.Context) ([]query.ListPrintBatchesRow, error) {
	rows, err := d.DB.Read().ListPrintBatches(ctx, batchesListed)
	if err != nil {
		return nil, fmt.Errorf("list the printed batches: %w", db.Fault(err))
	}
	return rows, nil
}

// MakePrintBatches puts the letters that wait for paper into batches in the name of who, one
// for each campaign and office and 500 letters, and returns the ids of the batches. An empty
// campaign or office means all. No letter is ever in two batches. Their files are written
// from PrintedBatch, any number of times.
func (d *Desk) MakePrintBatches(ctx context.Context, campaignID, office, who string) ([]string, error) {
	var made []string
	for {
		ids, err := d.claimForPrint(ctx, campaignID, office, who)
		if err != nil {
			return made, fmt.Errorf("make batches of letters: %w", db.Fault(err))
		}
		if made = append(made, ids...); len(ids) == 0 {
			return made, nil
		}
	}
}

func (d *Desk) claimForPrint(ctx context.Context, campaignID, office, who string) ([]string, error) {
	var made []string
	err := d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		made = nil
		rows, err := tx.ListLettersToPrint(ctx, query.ListLettersToPrintParams{CampaignID: campaignID, Office: office, MaxRows: printClaim})
		if err != nil || len(rows) == 0 {
			return err
		}
		var places [][]any
		for i, r := range rows {
			last := len(places)
			if i == 0 || rows[i-1].CampaignID != r.CampaignID || rows[i-1].Office != r.Office || places[last-1][2] == int64(maxPrinted) {
				made = append(made, newID())
				if err := d.insertPrintBatch(ctx, tx, made[len(made)-1], r, who); err != nil {
					return err
				}
				places = append(places, []any{r.ID, made[len(made)-1], int64(1)})
				continue
			}
			places = append(places, []any{r.ID, made[len(made)-1], places[last-1][2].(int64) + 1})
		}
		_, err = tx.InsertRows(ctx, db.Insert{Table: "print_letters", Columns: []string{"letter_id", "batch_id", "place"}}, places)
		return err
	})
	return made, err
}

func (d *Desk) insertPrintBatch(ctx context.Context, tx *db.Tx, id string, r query.ListLettersToPrintRow, who string) error {
	now := d.Clock()
	err := tx.InsertPrintBatch(ctx, query.InsertPrintBatchParams{
		ID: id, CampaignID: r.CampaignID, Seat: r.Seat, Office: r.Office, MadeAt: stamp.Of(now), MadeBy: who,
	})
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{At: now, Who: who, Action: audit.PrintMake, Subject: id, Detail: "letters to " + r.Office})
}

// PrintedBatch returns a batch as it stands on paper, and writes into the log of acts that
// who looked at its letters. Letters that were taken back since are not in it. The holder
// says who has the seat, org who runs the campaign.
func (d *Desk) PrintedBatch(ctx context.Context, id, who, org string, holder Holder) (paper.Batch, error) {
	b, err := d.DB.Read().PrintBatch(ctx, id)
	if err != nil {
		return paper.Batch{}, fmt.Errorf("find a batch: %w", db.Fault(err))
	}
	rows, err := d.DB.Read().ListPrinted(ctx, id)
	if err != nil {
		return paper.Batch{}, fmt.Errorf("read a batch: %w", db.Fault(err))
	}
	seat, err := congress.ParseSeat(b.Seat)
	if err != nil {
		return paper.Batch{}, err
	}
	out := paper.Batch{ID: id, Made: washingtonDay(b.MadeAt.Time()), Organization: org, Code: b.Office}
	address(&out, seat, holder, d.Clock())
	for _, r := range rows {
		if State(r.Letter.State) != Waiting || r.Letter.Subject == "" {
			continue
		}
		c, err := d.Campaigns.Version(ctx, b.CampaignID, r.Submission.CampaignVersion)
		if err != nil {
			return paper.Batch{}, err
		}
		out.Campaign = c.Words(c.Language()).Title
		out.Letters = append(out.Letters, onPaper(r.Letter, r.Submission, c))
	}
	err = d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{At: d.Clock(), Who: who, Action: audit.PrintWrite, Subject: id})
	})
	return out, err
}

// address says whose office it is. Without a holder the seat is all that is known.
func address(b *paper.Batch, seat congress.Seat, holder Holder, at time.Time) {
	b.Office, b.Place = seat.String(), seat.State.Name()
	a, err := holder(seat, at)
	if err != nil || !a.Seated() {
		b.To = []string{"The office of " + seat.String()}
		return
	}
	contact := a.Contact()
	b.Office, b.Place, b.Phone = a.Name(), roster.Place(seat), contact.Phone
	b.To = append([]string{"The Honorable " + a.Member.Name}, postalLines(contact.Address)...)
}

// postalLines breaks the one line of an address in Washington into two.
func postalLines(address string) []string {
	street, zip, found := strings.Cut(address, " Washington DC ")
	if !found || street == "" {
		return nil
	}
	return []string{street, "Washington, DC " + zip}
}

func onPaper(l query.Letter, s query.Submission, c *campaign.Campaign) paper.Letter {
	name := strings.Join(strings.Fields(string(s.Prefix+" "+s.FirstName+" "+s.LastName)), " ")
	from := []string{name, string(s.Address1)}
	for _, line := range []string{string(s.Address2), fmt.Sprintf("%s, %s %s", s.City, s.State, s.Zip), string(s.Phone), string(s.Email)} {
		if line != "" {
			from = append(from, line)
		}
	}
	return paper.Letter{
		From: from, Date: washingtonDay(l.CreatedAt.Time()), Subject: string(l.Subject),
		Text: cmp.Or(string(l.Message), c.Letter.Text), Name: name, Number: l.DeliveryID,
	}
}

// washingtonDay returns the day of a moment in Washington, as a message to an office has it.
func washingtonDay(at time.Time) time.Time {
	day, err := time.Parse("20060102", cwc.DeliveryDate(at))
	if err != nil { // never so: it was written in that form
		return at
	}
	return day
}

// HandOver records in the name of who that a batch was handed to its office: every letter
// of it that still waits is handed over. It returns how many were, and how many had left the
// batch before: taken back, or given up. Doing it again completes what was cut short. It
// returns a not-found fault for an unknown batch.
func (d *Desk) HandOver(ctx context.Context, id, who, note string) (moved, gone int, err error) {
	if _, err := d.DB.Read().PrintBatch(ctx, id); err != nil {
		return 0, 0, fmt.Errorf("find a batch: %w", db.Fault(err))
	}
	rows, err := d.DB.Read().ListPrinted(ctx, id)
	if err != nil {
		return 0, 0, fmt.Errorf("read a batch: %w", db.Fault(err))
	}
	for _, r := range rows {
		switch {
		case State(r.Letter.State) == HandedOver:
			continue
		case State(r.Letter.State) != Waiting || r.Letter.Channel != ChannelPrint:
			gone++
			continue
		}
		err := d.change(ctx, r.Letter, move{to: HandedOver, actor: ByOperator, reason: "handed to the office on paper"})
		switch {
		case errors.Is(err, errLostRace):
			gone++
		case err != nil:
			return moved, gone, err
		default:
			moved++
		}
	}
	now := d.Clock()
	err = d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.HandOverPrintBatch(ctx, query.HandOverPrintBatchParams{HandedOverAt: stamp.Of(now), HandedOverBy: who, ID: id})
		if err != nil || n == 0 && moved == 0 {
			return err
		}
		detail := strings.TrimSuffix(fmt.Sprintf("%d letters: %s", moved, note), ": ")
		return audit.Record(ctx, tx, audit.Entry{At: now, Who: who, Action: audit.PrintHandOver, Subject: id, Detail: detail})
	})
	return moved, gone, err
}
