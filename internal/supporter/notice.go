package supporter

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/notice"
)

// How often one mailbox is written to before it answers, whatever is entered on how many
// campaigns and nodes, and whatever the mail is about: once in TurnPause, and maxTurns times.
const (
	TurnPause = 24 * time.Hour
	maxTurns  = 3
)

// Turn says whether a mail may go to a mailbox that has not answered yet.
type Turn struct {
	Taken bool
	Wait  time.Duration // how long until the next turn, when there is one
	For   string        // the claim of the mail that was sent last, when it is not taken
}

// Turn takes a mailbox's turn for a mail that it has to answer. Claims tell such mails
// apart: one that has to be tried again counts once.
func (p *People) Turn(ctx context.Context, mailbox, claim string) (t Turn, err error) {
	now := p.Clock()
	err = p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		rows, err := tx.ClaimConfirmation(ctx, query.ClaimConfirmationParams{
			Address: mailbox, AskedAt: stamp.Of(now), AskedFor: claim, Most: maxTurns, Before: int64(stamp.Of(now.Add(-TurnPause))),
		})
		if t = (Turn{Taken: rows > 0}); err != nil || t.Taken {
			return err
		}
		box, err := tx.Mailbox(ctx, mailbox)
		if t.For = box.AskedFor; err == nil && box.Asked < maxTurns {
			t.Wait = max(box.AskedAt.Time().Add(TurnPause).Sub(now), time.Second)
		}
		return err
	})
	if err != nil {
		return Turn{}, fmt.Errorf("take a mailbox's turn: %w", err)
	}
	return t, nil
}

// claimRemind tells a reminder from the mail that it repeats.
const claimRemind = "remind-"

// Prefixes of claims. While a mail of a kind is unanswered, no second one of it waits.
const (
	claimJoin = "join-"
	claimData = "data-"
)

// turnOf takes the turn for a mail of a kind, or returns how long it has to wait.
func (p *People) turnOf(ctx context.Context, who Person, kind, claim string) (turn bool, wait time.Duration, err error) {
	if out, err := p.Suppressed(ctx, who.Email, OwnActs); err != nil || out {
		return false, 0, err
	}
	mailbox := p.Keys.Mailbox(who.Email)
	if kind == claimData {
		mailbox = ofData(mailbox)
	}
	t, err := p.Turn(ctx, mailbox, kind+claim)
	if strings.HasPrefix(t.For, kind) {
		t.Wait = 0
	}
	return t.Taken, t.Wait, err
}

// ofData names the turn of the mails that lead a mailbox's owner to their data. It is one of
// its own: these come within the hour, whatever else was mailed there on that day.
func ofData(mailbox string) string { return mailbox + "-data" }

// waiting returns a person, and the lists and partners whose ticks wait for a confirmation,
// our own list first.
func (p *People) waiting(ctx context.Context, supporterID string) (Person, []List, error) {
	s, ok, err := person(ctx, p.DB.Read(), supporterID)
	if err != nil || !ok {
		return Person{}, nil, err
	}
	w, err := p.Waiting(ctx, Link{Supporter: supporterID})
	var lists []List
	for _, t := range w.Ticks {
		if !t.Done {
			lists = append(lists, t.List)
		}
	}
	return Person{s.ID, string(s.Email), s.Lang}, lists, err
}

// AskJoin returns the mail that lets somebody confirm what they ticked: our list, or partners.
// No mail and a wait mean that the mailbox's turn is later; no mail and no wait, that none
// is sent: there is nothing to confirm any more, or it was asked often enough.
func (p *People) AskJoin(ctx context.Context, supporterID, claim string, n notice.House) (m mail.Message, send bool, wait time.Duration, err error) {
	who, waits, err := p.waiting(ctx, supporterID)
	if err != nil || len(waits) == 0 {
		return m, false, 0, err
	}
	turn, wait, err := p.turnOf(ctx, who, claimJoin, claim)
	if err != nil || !turn {
		return m, false, wait, err
	}
	join, stop := p.joinLinks(who, waits[0])
	if waits[0] == Updates {
		return n.Join(who.reader(claim), join, stop), true, 0, nil
	}
	return n.Partner(who.reader(claim), join, stop), true, 0, nil
}

// joinLinks lead to where somebody confirms what they ticked, and to where they say that they
// want no mail.
func (p *People) joinLinks(who Person, list List) (join, stop string) {
	return who.inLang(p.JoinURL(who.ID, who.Email, list)), who.inLang(p.LeaveURL(who.ID, who.Email, Updates))
}

// RemindJoin returns the one mail that asks again who has not confirmed that they want to be
// on the list; see AskJoin.
func (p *People) RemindJoin(ctx context.Context, supporterID, claim string, n notice.House) (m mail.Message, send bool, wait time.Duration, err error) {
	who, waits, err := p.waiting(ctx, supporterID)
	if err != nil || !slices.Contains(waits, Updates) {
		return m, false, 0, err
	}
	turn, wait, err := p.turnOf(ctx, who, claimRemind, claim)
	if err != nil || !turn {
		return m, false, wait, err
	}
	join, stop := p.joinLinks(who, Updates)
	return n.RemindJoin(who.reader(claim), join, stop), true, 0, nil
}

// JoinLink returns where to confirm what waits, for a mail that the mailbox gets anyway, so that
// it is asked at once.
func (p *People) JoinLink(ctx context.Context, supporterID string) (notice.Join, error) {
	who, waits, err := p.waiting(ctx, supporterID)
	if err != nil || len(waits) == 0 {
		return notice.Join{}, err
	}
	return notice.Join{Link: p.JoinURL(who.ID, who.Email, waits[0]), Partner: waits[0] != Updates}, nil
}

// DataNotice returns the mail that leads a person to what is held about them; see AskJoin.
func (p *People) DataNotice(ctx context.Context, supporterID, claim string, n notice.House) (m mail.Message, send bool, wait time.Duration, err error) {
	s, ok, err := person(ctx, p.DB.Read(), supporterID)
	if err != nil || !ok {
		return m, false, 0, err
	}
	who := Person{s.ID, string(s.Email), s.Lang}
	turn, wait, err := p.turnOf(ctx, who, claimData, claim)
	if err != nil || !turn {
		return m, false, wait, err
	}
	return n.Data(who.reader(claim), who.inLang(p.DataURL(who))), true, 0, nil
}

// reader is whoever reads the person's mailbox; id names what the mail is about.
func (w Person) reader(id string) notice.Reader {
	return notice.Reader{ID: id, Email: w.Email, Lang: locale.Lang(w.Lang)}
}

// inLang makes the page behind a link speak the person's language.
func (w Person) inLang(link string) string {
	return link + "?lang=" + string(locale.In(locale.Lang(w.Lang)).Lang())
}
