package supporter

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

// Methods by which a consent was given.
const (
	MethodTick      = "tick"
	MethodConfirmed = "tick, confirmed by e-mail"
	MethodMailed    = "button on a page behind a mailed link"
)

// Tick is a box that somebody ticked on a campaign's form: they want to be on the list, or a
// partner to get their data.
type Tick struct {
	Supporter string
	List      List
	Campaign  *campaign.Campaign // in the version that was shown
	Lang      string             // in which it was shown
	At        time.Time
	// Confirmed is when the owner of the mailbox confirmed it; zero when they have not.
	Confirmed time.Time
	// Mailed says that it was given on a page that only the mailbox's owner could open.
	Mailed  bool
	Source  string // from where they came to the page
	Network string // from which the form was posted; see Network
	Agent   string // the kind of program it was posted with; see Agent
}

// wordsOf returns the exact words beside the box of a list. Those about a campaign's end are
// the program's own: once they have been shown, they must stay in the catalogues as they are.
func wordsOf(list List, c *campaign.Campaign, lang string) string {
	if list.IsOutcome() {
		return locale.In(locale.Lang(lang)).ReceiptTellWords()
	}
	if key, ok := list.Partner(); ok {
		partner, _ := c.Partner(key)
		words, _ := partner.Words(lang)
		return words
	}
	return c.Words(lang).OptIn
}

// digest is the SHA-256 of words in hexadecimal, as the ledger keeps it beside them.
func digest(words string) string {
	sum := sha256.Sum256([]byte(words))
	return hex.EncodeToString(sum[:])
}

// Join writes ticks into the ledger and puts their people on the lists: in waiting, until
// the mailbox has confirmed. It is the ledger's one writer.
func (p *People) Join(ctx context.Context, tx *db.Tx, ticks []Tick) error {
	if len(ticks) == 0 {
		return nil
	}
	rows := make([][]any, len(ticks))
	for i, t := range ticks {
		words := wordsOf(t.List, t.Campaign, t.Lang)
		method := MethodTick
		switch {
		case t.Mailed:
			method = MethodMailed
		case !t.Confirmed.IsZero():
			method = MethodConfirmed
		}
		rows[i] = []any{
			newID(), t.Supporter, string(t.List), words, digest(words), t.Lang, t.Campaign.ID, t.Campaign.Version, "/c/" + t.Campaign.Slug,
			method, stamp.Of(t.At), stamp.Of(t.Confirmed), t.Source, t.Network, t.Agent,
		}
	}
	_, err := tx.InsertRows(ctx, db.Insert{Table: "consents", Columns: []string{
		"id", "supporter_id", "purpose", "words", "words_hash", "lang", "campaign_id", "campaign_version", "page",
		"method", "given_at", "confirmed_at", "source", "network", "agent",
	}}, rows)
	if err != nil {
		return err
	}
	return subscribe(ctx, tx, ticks)
}

// subscribe keeps the current state: one row a person and list, in one order on all nodes.
// Who is on a list stays on it, whoever types their address into another form.
func subscribe(ctx context.Context, tx *db.Tx, ticks []Tick) error {
	last := slices.Clone(ticks)
	slices.SortStableFunc(last, func(a, b Tick) int {
		return cmp.Or(cmp.Compare(a.Supporter, b.Supporter), cmp.Compare(a.List, b.List), b.Confirmed.Compare(a.Confirmed), b.At.Compare(a.At))
	})
	last = slices.CompactFunc(last, func(a, b Tick) bool { return a.Supporter == b.Supporter && a.List == b.List })
	rows := make([][]any, len(last))
	for i, t := range last {
		rows[i] = []any{t.Supporter, string(t.List), stamp.Of(t.At), stamp.Of(t.Confirmed)}
	}
	_, err := tx.InsertRows(ctx, db.Insert{
		Table: "subscriptions", Columns: []string{"supporter_id", "list", "since", "confirmed_at"},
		Suffix: `ON CONFLICT (supporter_id, list) DO UPDATE SET since = excluded.since, confirmed_at = excluded.confirmed_at
			WHERE subscriptions.confirmed_at = 0`,
	}, rows)
	if err != nil {
		return err
	}
	var confirmed []string
	for _, t := range last {
		if !t.Confirmed.IsZero() {
			confirmed = append(confirmed, t.Supporter)
		}
	}
	return segment.Changed(ctx, tx, confirmed...)
}

// Confirmed records in the caller's transaction that the owner of a mailbox wants to be on
// a list. It undoes, as nothing else does, that they once left. What they agree to for a
// partner brings no mail of ours back.
func (p *People) Confirmed(ctx context.Context, tx *db.Tx, who Person, list List) error {
	_, partner := list.Partner()
	_, err := lift(ctx, tx, p.Keys.mailboxes(who.Email), func(s query.Suppression) bool {
		return reasons[Reason(s.Reason)].undone && (s.List == string(Everything) && !partner || s.List == string(list))
	})
	if err != nil || p.OnList == nil {
		return err
	}
	return p.OnList(ctx, tx, who.ID, list)
}

// JoinURL returns the address of the page that confirms a tick.
func (p *People) JoinURL(supporterID, email string, list List) string {
	return p.BaseURL + "/join/" + p.Keys.sign(toJoin, Link{Supporter: supporterID, Mailbox: p.Keys.Mailbox(email), List: list, Until: p.Clock().Add(JoinFor)})
}

// ToJoin returns what the token in a JoinURL says.
func (p *People) ToJoin(token string) (Link, bool) { return p.Keys.open(toJoin, token, p.Clock()) }

// Waiting is what a person has ticked and confirms, each for itself.
type Waiting struct {
	Masked string
	Ticks  []WaitingTick // none: they were not confirmed in time, or taken back
}

// WaitingTick is a tick of our own list or of a partner.
type WaitingTick struct {
	List  List
	Words string // the newest of what was ticked
	Lang  string // in which the words are
	Done  bool   // it was confirmed
}

// Waiting looks at what the person of a link of JoinURL is to confirm. It changes nothing.
func (p *People) Waiting(ctx context.Context, who Link) (Waiting, error) {
	s, ok, err := person(ctx, p.DB.Read(), who.Supporter)
	if err != nil || !ok {
		return Waiting{}, err
	}
	w := Waiting{Masked: Masked(string(s.Email))}
	lists, err := p.DB.Read().ListSubscriptions(ctx, who.Supporter)
	if err != nil {
		return w, fmt.Errorf("find a person's lists: %w", db.Fault(err))
	}
	consents, err := p.DB.Read().ListConsents(ctx, who.Supporter)
	if err != nil {
		return w, fmt.Errorf("read consents: %w", db.Fault(err))
	}
	for _, l := range lists {
		t := WaitingTick{List: List(l.List), Done: l.ConfirmedAt > 0}
		if _, partner := t.List.Partner(); !partner && t.List != Updates {
			continue
		}
		for _, c := range consents {
			if c.Purpose == l.List && c.WithdrawnAt == 0 {
				t.Words, t.Lang = c.Words, c.Lang
			}
		}
		w.Ticks = append(w.Ticks, t)
	}
	slices.SortStableFunc(w.Ticks, func(a, b WaitingTick) int { return ours(b) - ours(a) })
	return w, nil
}

// ours puts the organisation's own box before those of partners.
func ours(t WaitingTick) int {
	if t.List == Updates {
		return 1
	}
	return 0
}

// Confirm puts a person on the list of a link of JoinURL. It returns false when there is
// nothing to confirm any more. Doing it twice is as good as once.
func (p *People) Confirm(ctx context.Context, who Link) (ok bool, err error) {
	now := stamp.Of(p.Clock())
	err = p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		s, known, err := person(ctx, tx.Queries, who.Supporter)
		if err != nil || !known {
			return err
		}
		n, err := tx.ConfirmSubscription(ctx, query.ConfirmSubscriptionParams{SupporterID: s.ID, List: string(who.List), ConfirmedAt: now})
		if ok = n > 0; err != nil || !ok {
			return err
		}
		if err := segment.Changed(ctx, tx, s.ID); err != nil {
			return err
		}
		_, err = tx.ConfirmConsents(ctx, query.ConfirmConsentsParams{SupporterID: s.ID, Purpose: string(who.List), ConfirmedAt: now})
		if err != nil {
			return err
		}
		if err := tx.ConfirmMailbox(ctx, query.ConfirmMailboxParams{Address: p.Keys.Mailbox(string(s.Email)), ConfirmedAt: now}); err != nil {
			return err
		}
		return p.Confirmed(ctx, tx, Person{s.ID, string(s.Email), s.Lang}, who.List)
	})
	if err != nil {
		return false, fmt.Errorf("confirm a list: %w", err)
	}
	return ok, nil
}
