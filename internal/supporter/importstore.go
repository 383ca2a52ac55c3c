package supporter

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/supporter/peoplefile"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

// elsewhere says what is kept from a mailbox for what another program knew of it.
var elsewhere = map[peoplefile.Status]Reason{
	peoplefile.Unsubscribed: Unsubscribed, peoplefile.Bounced: HardBounce, peoplefile.Complained: Complaint,
}

// strictness orders the statuses by how much they keep back.
var strictness = []peoplefile.Status{peoplefile.Fine, peoplefile.Outside, peoplefile.Unsubscribed, peoplefile.Complained, peoplefile.Bounced}

// left says what is kept from a mailbox for what another program knew of it: mail of the list,
// also where the person comes on none by this import, or all mail.
func (n *newcomer) left() (reason Reason, list List, ok bool) {
	reason, ok = elsewhere[n.Status]
	if reason == Unsubscribed {
		return reason, Updates, ok
	}
	return reason, Everything, ok
}

// barred is what the people are refused with who want no letters in their name.
const barred = "the owner of this mailbox asked to be left alone, or a court did"

// store takes people in within a transaction.
func (b *importBatch) store(ctx context.Context, tx *db.Tx, people []*newcomer) error {
	if err := b.keepOff(ctx, tx, people); err != nil {
		return err
	}
	people = slices.DeleteFunc(slices.Clone(people), func(one *newcomer) bool { return one.why != "" })
	if len(people) == 0 {
		return nil
	}
	if err := b.storePeople(ctx, tx, people); err != nil {
		return err
	}
	if err := b.takeOff(ctx, tx, people); err != nil {
		return err
	}
	if err := b.storeConsents(ctx, tx, people); err != nil {
		return err
	}
	if err := b.storeTags(ctx, tx, people); err != nil {
		return err
	}
	return b.count(ctx, tx, people)
}

// count has segments count the people.
func (b *importBatch) count(ctx context.Context, tx *db.Tx, people []*newcomer) error {
	var known []string
	var newcomers []segment.Newcomer
	for _, one := range people {
		if one.known {
			known = append(known, one.id)
			continue
		}
		n := segment.Newcomer{ID: one.id, State: one.State, Seat: one.seat, ZIP: one.ZIP, Lang: one.Lang, Source: one.Source, Tags: one.Tags}
		if !one.off {
			n.List, n.Since = string(b.List), b.now
		}
		newcomers = append(newcomers, n)
	}
	if err := segment.Changed(ctx, tx, known...); err != nil {
		return err
	}
	return segment.Add(ctx, tx, newcomers)
}

// keepOff finds out who must not come on the list: by what is known here, and by what another
// program knew, which is kept from now on.
func (b *importBatch) keepOff(ctx context.Context, tx *db.Tx, people []*newcomer) error {
	for _, one := range b.people { // each row of those who stand in the file more than once
		if one.why == "" && slices.Index(strictness, one.Status) > slices.Index(strictness, b.byHash[one.hashes[0]].Status) {
			b.byHash[one.hashes[0]].Status = one.Status
		}
	}
	for _, one := range people {
		one.tried = b.tried.of(one)
		one.off = one.Status != peoplefile.Fine || b.List == Record || one.tried.left
	}
	suppressed, err := tx.ListSuppressionsOf(ctx, b.hashes)
	if err != nil {
		return err
	}
	for _, s := range suppressed {
		one := b.byHash[s.Address]
		if reasons[Reason(s.Reason)].barred {
			one.why = barred
		}
		one.off = one.off || (Suppression{List: List(s.List), Reason: Reason(s.Reason)}).bars(b.List)
	}
	var rows [][]any
	for _, one := range people {
		if reason, list, ok := one.left(); ok && one.why == "" {
			rows = append(rows, []any{one.hashes[0], string(list), string(reason), b.now})
		}
	}
	_, err = tx.InsertRows(ctx, db.Insert{
		Table: "suppressions", Columns: []string{"address", "list", "reason", "created_at"}, Suffix: "ON CONFLICT (address, list, reason) DO NOTHING",
	}, rows)
	return err
}

// newPeople is how the rows of people go in. Who is on record is filled in where something was
// not known of them.
func (r *importing) newPeople() db.Insert {
	return db.Insert{
		Table:   "supporters",
		Columns: []string{"id", "email_key", "email", "first_name", "last_name", "lang", "zip", "state", "seat", "source", "custom", "created_at", "updated_at"},
		Same:    []any{r.now, r.now},
		Suffix: `ON CONFLICT (email_key) DO UPDATE SET
			first_name = CASE WHEN supporters.first_name = '' THEN excluded.first_name ELSE supporters.first_name END,
			last_name = CASE WHEN supporters.last_name = '' THEN excluded.last_name ELSE supporters.last_name END,
			lang = CASE WHEN supporters.lang = '' THEN excluded.lang ELSE supporters.lang END,
			zip = CASE WHEN supporters.zip = '' THEN excluded.zip ELSE supporters.zip END,
			state = CASE WHEN supporters.zip = '' AND supporters.state = '' THEN excluded.state ELSE supporters.state END,
			seat = CASE WHEN supporters.zip = '' AND supporters.seat = '' THEN excluded.seat ELSE supporters.seat END,
			source = CASE WHEN supporters.source = '' THEN excluded.source ELSE supporters.source END,
			custom = CASE WHEN supporters.custom = '' THEN excluded.custom ELSE supporters.custom END
			RETURNING id || ' ' || email_key`,
	}
}

// rowOf is the row of somebody new, but for what is the same in all.
func (r *importing) rowOf(one *newcomer) []any {
	custom := ""
	if len(one.Custom) > 0 {
		if text, err := json.Marshal(one.Custom); err == nil { // texts always can
			custom = string(text)
		}
	}
	return []any{newID(), one.key, one.Email, one.First, one.Last, one.Lang, one.ZIP, one.State, one.seat, one.Source, custom}
}

// storePeople adds the people, or fills in what is not known of them yet.
func (b *importBatch) storePeople(ctx context.Context, tx *db.Tx, people []*newcomer) error {
	rows := make([][]any, len(people))
	for i, one := range people {
		rows[i] = one.row
	}
	pairs, err := tx.InsertRowsReturning(ctx, b.newPeople(), rows)
	if err != nil {
		return err
	}
	for _, pair := range pairs {
		id, key, _ := strings.Cut(pair, " ")
		one := b.byKey[key]
		if one.known = one.row[0] != id || one.tried.known; one.known {
			b.done.Known++
		} else {
			b.done.New++
		}
		one.id = id
	}
	return nil
}

// takeOff takes those off the list who are on it here, and of whom another program knew that
// they left: so that they can come back by a tick of their own.
func (b *importBatch) takeOff(ctx context.Context, tx *db.Tx, people []*newcomer) error {
	gone := map[string]*newcomer{}
	var ids []string
	for _, one := range people {
		if _, _, ok := one.left(); ok && one.known {
			gone[one.id] = one
			ids = append(ids, one.id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	on, err := tx.ListSubscribedOf(ctx, query.ListSubscribedOfParams{People: ids, List: string(Updates)})
	if err != nil {
		return err
	}
	for _, id := range on {
		reason, list, _ := gone[id].left()
		who := Link{Supporter: id, Mailbox: gone[id].hashes[0], List: list}
		if err := b.importing.people.SuppressIn(ctx, tx, who, reason, Way(reason)); err != nil {
			return err
		}
	}
	return nil
}

// storeConsents writes the basis into the ledger, once for each person, and puts them on the
// list who may be on it.
func (b *importBatch) storeConsents(ctx context.Context, tx *db.Tx, people []*newcomer) error {
	has, err := b.told(ctx, tx, people)
	if err != nil {
		return err
	}
	var consents [][]any
	for _, one := range people {
		purpose, confirmed := b.List, b.now
		if one.off {
			purpose, confirmed = Record, 0
		}
		if !has[one.id+string(purpose)] {
			consents = append(consents, []any{one.line, one.id, string(purpose), one.Lang, confirmed, one.Source})
		}
	}
	_, err = tx.InsertRows(ctx, db.Insert{
		Table:   "consents",
		Columns: []string{"id", "supporter_id", "purpose", "lang", "confirmed_at", "source", "words", "words_hash", "method", "given_at", "import_id"},
		Same:    []any{b.Basis, b.hash, MethodImport, b.now, b.id},
	}, consents)
	if err != nil || b.List == Record {
		return err
	}
	return b.putOn(ctx, tx, people)
}

// putOn puts people on the list who may be on it, and counts them. Who had ticked its box and
// not confirmed it is on it now: the organisation declares for them what it declares for those
// who never came here.
func (b *importBatch) putOn(ctx context.Context, tx *db.Tx, people []*newcomer) error {
	var lists belongings
	byID := map[string]*newcomer{}
	var outside []string
	for _, one := range people {
		byID[one.id] = one
		switch {
		case !one.off:
			lists.add(one)
		case one.tried.on && one.Status == peoplefile.Outside:
			b.done.Already++
		default:
			b.done.KeptOff++
			if one.known && one.Status == peoplefile.Outside {
				outside = append(outside, one.id)
			}
		}
	}
	in := db.Insert{Table: "subscriptions", Columns: []string{"supporter_id", "list", "since", "confirmed_at"}, Same: []any{b.List, b.now, b.now}}
	if _, err := tx.InsertRows(ctx, in, lists.new); err != nil {
		return err
	}
	in.Suffix = `ON CONFLICT (supporter_id, list) DO UPDATE SET confirmed_at = excluded.confirmed_at WHERE subscriptions.confirmed_at = 0
		RETURNING supporter_id || ' ' || CAST(since AS text)`
	came, err := tx.InsertRowsReturning(ctx, in, lists.known)
	if err != nil {
		return err
	}
	b.done.Joined += int64(len(lists.new))
	b.done.Already += int64(len(lists.known) - len(came))
	for _, pair := range came {
		id, since, _ := strings.Cut(pair, " ")
		if byID[id].tried.on {
			b.done.Already++
			continue
		}
		b.done.Joined++
		if since != strconv.FormatInt(int64(b.now), 10) {
			b.done.Ticked++
		}
	}
	return b.stay(ctx, tx, outside)
}

// stay counts those who are on the list here although another program does not have them on
// its own: they have not left, so they stay.
func (b *importBatch) stay(ctx context.Context, tx *db.Tx, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	on, err := tx.ListSubscribedOf(ctx, query.ListSubscribedOfParams{People: ids, List: string(b.List)})
	b.done.KeptOff -= int64(len(on))
	b.done.Already += int64(len(on))
	return err
}

// belongings are rows that belong to people. Those of new people cannot be there yet; only for
// the others is it looked, which takes PostgreSQL as long as inserting them.
type belongings struct{ new, known [][]any }

func (b *belongings) add(one *newcomer, values ...any) {
	row := append([]any{one.id}, values...)
	if one.known {
		b.known = append(b.known, row)
	} else {
		b.new = append(b.new, row)
	}
}

// insert inserts the rows. The suffix is for those that may be there.
func (b *belongings) insert(ctx context.Context, tx *db.Tx, in db.Insert) error {
	if _, err := tx.InsertRows(ctx, in, b.known); err != nil {
		return err
	}
	in.Suffix = ""
	_, err := tx.InsertRows(ctx, in, b.new)
	return err
}

// told returns whose ledger has the basis already, by id and purpose.
func (b *importBatch) told(ctx context.Context, tx *db.Tx, people []*newcomer) (map[string]bool, error) {
	var known []string
	for _, one := range people {
		if one.known {
			known = append(known, one.id)
		}
	}
	has := map[string]bool{}
	if len(known) == 0 {
		return has, nil
	}
	for _, purpose := range []List{b.List, Record} {
		ids, err := tx.ListImportedOf(ctx, query.ListImportedOfParams{Purpose: string(purpose), WordsHash: b.hash, People: known})
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			has[id+string(purpose)] = true
		}
	}
	return has, nil
}

func (b *importBatch) storeTags(ctx context.Context, tx *db.Tx, people []*newcomer) error {
	var rows belongings
	for _, one := range people {
		for _, tag := range one.Tags {
			rows.add(one, tag)
		}
	}
	return rows.insert(ctx, tx, db.Insert{
		Table: "person_tags", Columns: []string{"supporter_id", "tag", "since"}, Same: []any{b.now}, Suffix: "ON CONFLICT (supporter_id, tag) DO NOTHING",
	})
}
