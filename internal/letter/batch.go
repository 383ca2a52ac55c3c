package letter

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

// maxBatch is how many submissions share one commit at most. A commit waits for the disk
// once, however many rows it holds.
const maxBatch = 256

// batchTimeout bounds a commit. People whose submission it carries wait that long at most.
const batchTimeout = 20 * time.Second

type pending struct {
	draft  *draft
	answer chan answer
}

// longestLine is how long a letter may stand in line. Later its sender is told to try again, so
// that under an overload those who are served are served in time.
const longestLine = 700 * time.Millisecond

// ErrLine is in the chain of the error when a letter stood in line for too long.
var ErrLine = errors.New("the line was too long")

type answer struct {
	receipt Receipt
	err     error
}

// write takes whatever waits, commits it together, and answers everybody. Nobody waits
// for a batch to fill: under light load a batch is a single submission.
func (d *Desk) write() {
	defer close(d.done)
	for {
		select {
		case first := <-d.inbox:
			d.commit(d.collect(first))
		case <-d.closing:
			for { // those that were in line when the desk closed
				select {
				case first := <-d.inbox:
					d.commit(d.collect(first))
				default:
					return
				}
			}
		}
	}
}

// collect takes what stands in line behind the first. Under an overload some have stood
// there for too long: they are told to try again, before any work is spent on them.
func (d *Desk) collect(first pending) []pending {
	batch := make([]pending, 0, maxBatch)
	for next, ok := first, true; ok; next, ok = d.next() {
		if d.Clock().Sub(next.draft.at) > longestLine {
			next.answer <- answer{err: fault.Retry(retrySoon, ErrLine, "")}
		} else if batch = append(batch, next); len(batch) == maxBatch {
			break
		}
	}
	return batch
}

// next takes who stands in line. Before it says that nobody does, it lets those go on who are
// about to join. On one processor the writer and the people it has just answered would else
// hand that to each other: commits of a letter or two, while others wait for seconds.
func (d *Desk) next() (pending, bool) {
	for yielded := false; ; yielded = true {
		select {
		case p := <-d.inbox:
			return p, true
		default:
		}
		if yielded {
			return pending{}, false
		}
		runtime.Gosched()
	}
}

// commit writes the batch.
func (d *Desk) commit(batch []pending) {
	if len(batch) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), batchTimeout)
	defer cancel()
	d.commitBefore(ctx, batch)
}

// commitBefore writes the batch before ctx ends. When it fails, each submission is tried alone
// in the time that is left, so that one bad row cannot take the others with it, and a database
// that does not answer keeps nobody waiting longer.
func (d *Desk) commitBefore(ctx context.Context, batch []pending) {
	receipts, err := d.insert(ctx, batch)
	if err == nil {
		d.wake()
	}
	if err != nil && len(batch) > 1 && ctx.Err() == nil {
		for i := range batch {
			d.commitBefore(ctx, batch[i:i+1])
		}
		return
	}
	for i, p := range batch {
		if err != nil {
			p.answer <- answer{err: err}
			continue
		}
		p.answer <- answer{receipt: receipts[i]}
	}
}

func (d *Desk) insert(ctx context.Context, batch []pending) ([]Receipt, error) {
	if err := d.bar(ctx, batch); err != nil {
		return nil, err
	}
	var receipts []Receipt
	err := d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		receipts, err = d.insertAll(ctx, tx, draftsOf(batch))
		return err
	})
	return receipts, err
}

// bar finds out whose mailboxes' owners want no letter in their name. Such a submission goes
// the way of all others, for nobody but the mailbox may be told by a sooner answer.
func (d *Desk) bar(ctx context.Context, batch []pending) error {
	mailboxes := make([]string, len(batch))
	for i, p := range batch {
		mailboxes[i] = p.draft.Form.Email
	}
	barred, err := d.People.BarredAmong(ctx, mailboxes)
	for i, p := range batch {
		p.draft.barred = barred[mailboxes[i]]
	}
	return err
}

// draftsOf copies the drafts, because a transaction changes them and may be tried again.
func draftsOf(batch []pending) []*draft {
	copies, drafts := make([]draft, len(batch)), make([]*draft, len(batch))
	for i, p := range batch {
		copies[i] = *p.draft
		drafts[i] = &copies[i]
	}
	return drafts
}

// insertAll writes the rows of all drafts, one statement a table, and returns a receipt
// for each.
func (d *Desk) insertAll(ctx context.Context, tx *db.Tx, drafts []*draft) ([]Receipt, error) {
	if err := insertSupporters(ctx, tx, drafts); err != nil {
		return nil, err
	}
	fresh, err := insertSubmissions(ctx, tx, drafts)
	if err != nil {
		return nil, err
	}
	if err := renewSupporters(ctx, tx, drafts, fresh); err != nil {
		return nil, err
	}
	receipts := make([]Receipt, len(drafts))
	added := make([]*draft, 0, len(drafts))
	var repeats []*draft
	for i, one := range drafts {
		if fresh[one.id] {
			receipts[i] = Receipt{Taken, one.id}
			added = append(added, one)
			continue
		}
		if receipts[i], err = standing(ctx, tx, one); err != nil {
			return nil, err
		}
		if receipts[i].Standing == Already {
			one.again = true
			repeats = append(repeats, one)
		}
	}
	if err := d.joinAll(ctx, tx, repeats); err != nil {
		return nil, err
	}
	if err := dropSupporters(ctx, tx, drafts, fresh); err != nil {
		return nil, err
	}
	if len(added) > 0 {
		if err := d.insertAdded(ctx, tx, added); err != nil {
			return nil, err
		}
	}
	if asked := askings(drafts, receipts); len(asked) > 0 {
		if err := d.Asked(ctx, tx, asked); err != nil {
			return nil, err
		}
	}
	return receipts, nil
}

// insertAdded writes what belongs to the submissions that are new.
func (d *Desk) insertAdded(ctx context.Context, tx *db.Tx, added []*draft) error {
	if err := d.holdCrowdedMailboxes(ctx, tx, added); err != nil {
		return err
	}
	if err := holdOnHeldCampaigns(ctx, tx, added); err != nil {
		return err
	}
	if err := d.insertLetters(ctx, tx, added); err != nil {
		return err
	}
	if err := d.joinAll(ctx, tx, added); err != nil {
		return err
	}
	if err := addCounts(ctx, tx, added); err != nil {
		return err
	}
	if err := d.begun(ctx, tx, added); err != nil {
		return err
	}
	if err := d.tellMailings(ctx, tx, added); err != nil {
		return err
	}
	ids := make([]string, 0, len(added))
	for _, one := range added {
		if one.state != Unconfirmed { // those hear of their receipt when they have confirmed
			ids = append(ids, one.id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return d.Taken(ctx, tx, ids)
}

// tellMailings tells which submissions came from mailings.
func (d *Desk) tellMailings(ctx context.Context, tx *db.Tx, added []*draft) error {
	var all []FromMailing
	for _, one := range added {
		if one.Mailing != "" {
			all = append(all, FromMailing{one.Mailing, one.supporterID, one.Form.Join})
		}
	}
	if len(all) == 0 || d.FromMailing == nil {
		return nil
	}
	return d.FromMailing(ctx, tx, all)
}

// insertSupporters adds the people who are new, each address once and in one order on all
// nodes, and fills in the ids that hold. Of those who are known it changes nothing: whether
// their letters are taken is not known yet.
func insertSupporters(ctx context.Context, tx *db.Tx, drafts []*draft) error {
	insert, rows := peopleOf(drafts)
	insert.Suffix = `ON CONFLICT (email_key) DO UPDATE SET email_key = excluded.email_key RETURNING id || ' ' || email_key`
	ids, err := tx.InsertRowsReturning(ctx, insert, rows)
	if err != nil {
		return err
	}
	byKey := make(map[string]string, len(ids))
	for _, pair := range ids {
		id, key, _ := strings.Cut(pair, " ")
		byKey[key] = id
	}
	for i := range drafts {
		id := byKey[drafts[i].emailKey]
		drafts[i].known = drafts[i].supporterID != id
		drafts[i].supporterID = id
	}
	return segment.Changed(ctx, tx, slices.Sorted(maps.Values(byKey))...)
}

// houseSeat is the district of a person; "" where nobody found it.
func houseSeat(one *draft) string {
	if seat := one.Recipient.Found.Seat; seat.Valid() && seat.Chamber() == congress.House {
		return seat.String()
	}
	return ""
}

// renewSupporters brings those people up to date who were known and whose letters are new.
// What anybody can post again, or post from an address that is barred, changes nobody.
func renewSupporters(ctx context.Context, tx *db.Tx, drafts []*draft, fresh map[string]bool) error {
	insert, rows := peopleOf(slices.DeleteFunc(slices.Clone(drafts), func(one *draft) bool { return !one.known || !fresh[one.id] }))
	if len(rows) == 0 {
		return nil
	}
	for _, row := range rows {
		row[0] = newID() // never to be used: the address is there
	}
	insert.Suffix = `ON CONFLICT (email_key) DO UPDATE SET email = excluded.email, first_name = excluded.first_name, last_name = excluded.last_name,
		lang = excluded.lang, zip = excluded.zip, state = excluded.state, seat = excluded.seat,
		source = CASE WHEN supporters.source = '' THEN excluded.source ELSE supporters.source END, updated_at = excluded.updated_at`
	_, err := tx.InsertRows(ctx, insert, rows)
	return err
}

// dropSupporters forgets from whom no letter was taken: nobody needs to know them, unless an
// earlier one was.
func dropSupporters(ctx context.Context, tx *db.Tx, drafts []*draft, fresh map[string]bool) error {
	for _, one := range drafts {
		if fresh[one.id] {
			continue
		}
		if _, err := tx.DropSupporter(ctx, one.supporterID); err != nil {
			return fmt.Errorf("forget a person: %w", err)
		}
	}
	return nil
}

// peopleOf returns a row for each person, as the last of the drafts tells.
func peopleOf(drafts []*draft) (db.Insert, [][]any) {
	latest := map[string]*draft{}
	for _, one := range drafts {
		latest[one.emailKey] = one
	}
	rows := make([][]any, 0, len(latest))
	for _, key := range slices.Sorted(maps.Keys(latest)) {
		one := latest[key]
		f := one.Form
		rows = append(rows, []any{one.supporterID, key, f.Email, f.FirstName, f.LastName, f.Lang, zip5(f.ZIP), f.State, houseSeat(one), f.Source, stamp.Of(one.at), stamp.Of(one.at)})
	}
	return db.Insert{
		Table:   "supporters",
		Columns: []string{"id", "email_key", "email", "first_name", "last_name", "lang", "zip", "state", "seat", "source", "created_at", "updated_at"},
	}, rows
}

// zip5 is all of the address that is kept with a person.
func zip5(zip string) string { return zip[:min(5, len(zip))] }

// insertSubmissions returns the ids of those that are new; the others are repeats.
func insertSubmissions(ctx context.Context, tx *db.Tx, drafts []*draft) (map[string]bool, error) {
	rows := make([][]any, 0, len(drafts))
	for _, one := range drafts {
		if one.barred {
			continue
		}
		f, found := one.Form, one.Recipient.Found
		rows = append(rows, []any{
			one.id, f.Key, one.Campaign.ID, one.Campaign.Version, one.supporterID, one.person,
			f.Prefix, f.FirstName, f.LastName, f.Email, f.Phone, f.Address1, f.Address2, f.City, f.State, f.ZIP,
			found.Seat.String(), string(found.Basis), found.Plan.String(), f.Lang, f.Join, known(one.Campaign, f.Partners), f.Copy, f.Forget, f.Source, one.Mailing, stamp.Of(one.at),
		})
	}
	ids, err := tx.InsertRowsReturning(ctx, db.Insert{
		Table: "submissions",
		Columns: []string{
			"id", "key", "campaign_id", "campaign_version", "supporter_id", "person",
			"prefix", "first_name", "last_name", "email", "phone", "address1", "address2", "city", "state", "zip",
			"seat", "basis", "plan", "lang", "joined", "partners", "copied", "forget", "source", "mailing_id", "created_at",
		},
		Suffix: "ON CONFLICT DO NOTHING RETURNING id",
	}, rows)
	fresh := make(map[string]bool, len(ids))
	for _, id := range ids {
		fresh[id] = true
	}
	return fresh, err
}

// insertLetters adds the letters with the first line of their history.
func (d *Desk) insertLetters(ctx context.Context, tx *db.Tx, drafts []*draft) error {
	var letters, history [][]any
	for _, one := range drafts {
		at := stamp.Of(one.at)
		for _, l := range one.letters {
			state := one.state
			if state == Ready {
				state = startOn(l.channel)
			}
			due := stamp.Of(firstDue(one.Campaign, l.deliveryID, one.at))
			if state != Ready {
				due = at.Add(rules[state].After)
			}
			letters = append(letters, []any{
				l.id, one.id, one.Campaign.ID, l.seat.String(), l.seat.OfficeCode(), l.channel, l.deliveryID,
				one.Form.Subject, one.message, one.message != "", one.textHash, string(state), one.Suspicion, at, due, at,
			})
			history = append(history, []any{l.id, int64(1), at, string(state), "supporter", d.Node, one.Suspicion})
		}
	}
	_, err := tx.InsertRows(ctx, db.Insert{Table: "letters", Columns: []string{
		"id", "submission_id", "campaign_id", "seat", "office", "channel", "delivery_id",
		"subject", "message", "edited", "text_hash", "state", "reason", "since", "due_at", "created_at",
	}}, letters)
	if err != nil {
		return err
	}
	_, err = tx.InsertRows(ctx, db.Insert{Table: "letter_history", Columns: []string{
		"letter_id", "seq", "at", "to_state", "actor", "node", "note",
	}}, history)
	return err
}

// addCounts adds the batch to its campaigns' counters, one row a campaign.
func addCounts(ctx context.Context, tx *db.Tx, drafts []*draft) error {
	sums := map[string]query.AddCampaignCountsParams{}
	for _, one := range drafts {
		n := sums[one.Campaign.ID]
		n.Submitted++
		if one.Form.Join {
			n.Joined++
		}
		sums[one.Campaign.ID] = n
	}
	for id, n := range sums {
		n.CampaignID, n.Shard = id, tx.Shard()
		if err := tx.AddCampaignCounts(ctx, n); err != nil {
			return fmt.Errorf("count: %w", err)
		}
	}
	return nil
}
