package inbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/inbound"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
)

// A mailbox that failed so often within so long, for reasons that pass, gets no more mail.
const (
	SoftLimit  = 5
	SoftWithin = 30 * 24 * time.Hour
)

// sent is a mail of ours that a report is about.
type sent struct {
	ref     returnpath.Ref
	token   string
	address string // that it went to
}

// proven finds the mail of ours that a report is about. why says why there is none.
func (b *Inbox) proven(ctx context.Context, tokens []string) (s sent, why string, err error) {
	why = "it carries no return address of ours"
	for _, token := range tokens {
		ref, err := b.Paths.OpenToken(token, b.Clock())
		if errors.Is(err, returnpath.ErrExpired) {
			why = "the mail that it is about was sent too long ago"
		}
		if err != nil {
			continue
		}
		s = sent{ref: ref, token: token}
		s.address, err = b.Whose(ctx, ref)
		if fault.Is(err, fault.NotFound) {
			return sent{}, "whom the mail went to is forgotten", nil
		}
		if err != nil {
			return sent{}, "", fmt.Errorf("find whom a mail went to: %w", err)
		}
		return s, "", nil
	}
	return sent{}, why, nil
}

// report is for what became of a mail.
func (b *Inbox) report(ctx context.Context, p plan, m inbound.Message) (plan, error) {
	s, why, err := b.proven(ctx, m.Tokens)
	if err != nil || why != "" {
		p.Kind, p.Why = Unproven, why
		return p, err
	}
	r := about(m.Recipients, s.address)
	p.Kind, p.event = Kind(r.Class), &Event{Ref: s.ref, Kind: Kind(r.Class)}
	if r.Class == inbound.Delayed || r.Class == inbound.Delivered {
		p.Why, p.event = "the mail has not failed", nil
		return p, nil
	}
	// One mail fails once, whatever else is written about it.
	p.key = "failed " + s.token
	p.subject, p.action = b.Mailbox(s.address), audit.MailBounced
	switch r.Class {
	case inbound.Hard:
		p.Does = "no more mail to the address" + statusIn(r.Status)
		p.act = func(ctx context.Context, _ *plan) error { return b.Suppress(ctx, s.address, HardBounce) }
	case inbound.Policy:
		b.refusal(&p, s.address, r.Status)
	default:
		p.Does = "counted" + statusIn(r.Status)
		p.act = func(ctx context.Context, p *plan) error { return b.soft(ctx, p, s.address, r.Status) }
	}
	return p, nil
}

func statusIn(status string) string {
	if status == "" {
		return ""
	}
	return " (" + status + ")"
}

// mildness orders the classes for reports that tell of several recipients, none of whom is
// the one the mail went to: a list, or a mailbox that passes mail on to several.
var mildness = []inbound.Class{inbound.Delivered, inbound.Delayed, inbound.Soft, inbound.Policy, inbound.Hard}

// about is what a report says about the one the mail went to.
func about(all []inbound.Recipient, address string) inbound.Recipient {
	mailbox := mail.Mailbox(address)
	for _, r := range all {
		if mail.Mailbox(r.Address) == mailbox {
			return r
		}
	}
	return slices.MinFunc(all, func(a, b inbound.Recipient) int {
		return slices.Index(mildness, a.Class) - slices.Index(mildness, b.Class)
	})
}

// soft counts a failure that may pass, and ends mail to the address after too many. The
// count is stored before it is looked at, so that two at one time see each other.
func (b *Inbox) soft(ctx context.Context, p *plan, address, status string) error {
	mailbox, now := b.Mailbox(address), b.Clock()
	err := b.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.InsertSoftBounce(ctx, query.InsertSoftBounceParams{Mailbox: mailbox, Key: b.keys.hash(p.key), CreatedAt: stamp.Of(now)})
		return err
	})
	if err != nil {
		return fmt.Errorf("count a failure: %w", err)
	}
	n, err := b.DB.Read().CountSoftBounces(ctx, query.CountSoftBouncesParams{Mailbox: mailbox, Since: stamp.Of(now.Add(-SoftWithin))})
	if err != nil {
		return fmt.Errorf("count failures: %w", db.Fault(err))
	}
	if n < SoftLimit {
		return nil
	}
	p.Does = fmt.Sprintf("no more mail to the address: %d mails failed in 30 days", n) + statusIn(status)
	return b.Suppress(ctx, address, HardBounce)
}

// refusal is for mail systems that do not want mail from us: nobody's mailbox is to blame,
// and whoever sends should stop.
func (b *Inbox) refusal(p *plan, address, status string) {
	_, domain, _ := strings.Cut(strings.ToLower(address), "@")
	p.Does = "alarm: the mail system of the address does not want our mail" + statusIn(status)
	p.action = audit.MailRefused
	p.also = func(ctx context.Context, tx *db.Tx) error {
		return tx.PutMailRefusal(ctx, query.PutMailRefusalParams{Domain: domain, Status: status, At: stamp.Of(b.Clock())})
	}
	p.after = func(ctx context.Context) {
		b.Log.Warn("a mail system does not want mail from us; the operator's page names it", "status", status)
		if b.Refused != nil {
			b.Refused(ctx, domain, status)
		}
	}
}

// complaint is for "this is spam".
func (b *Inbox) complaint(ctx context.Context, p plan, m inbound.Message) (plan, error) {
	s, why, err := b.proven(ctx, m.Tokens)
	if err != nil || why != "" {
		p.Held, p.Why = true, why
		return p, err
	}
	p.key = "complaint " + s.token
	p.subject, p.action, p.event = b.Mailbox(s.address), audit.MailComplaint, &Event{Ref: s.ref, Kind: Complaint}
	p.Does = "no more mail to the address"
	p.act = func(ctx context.Context, _ *plan) error { return b.Suppress(ctx, s.address, Complained) }
	return p, nil
}

// leave does what an unsubscribe link does, when the mail holds its token. Anybody can write
// "STOP" in anybody's name; such a mail waits for a person.
func (b *Inbox) leave(p plan, m inbound.Message) plan {
	p.Held, p.Why = true, "it asks for no more mail without the token of a mail of ours"
	if len(m.Wishes) == 0 || b.Leave == nil {
		return p
	}
	p.Held, p.Why, p.Does = false, "", "unsubscribed, if its token is ours"
	p.act = func(ctx context.Context, p *plan) error {
		for _, token := range m.Wishes {
			done, err := b.Leave(ctx, token)
			if err != nil {
				return fmt.Errorf("unsubscribe by mail: %w", err)
			}
			if done {
				p.Does, p.subject, p.action = "unsubscribed", b.keys.hash("leave "+token), audit.MailLeft
				return nil
			}
		}
		p.Held, p.Does, p.Why = true, "", "it asks for no more mail without the token of a mail of ours"
		return nil
	}
	return p
}

// office is for what an office's mail system says about a letter. The desk makes sure that
// each move is made once, so a report that was held is taken when a person feeds it again.
func (b *Inbox) office(ctx context.Context, p plan, m inbound.Message, dry bool) (plan, error) {
	accepted := m.Ack.Verdict == mail.VerdictAccepted
	p.again = true
	switch o := b.Offices; {
	case !o.Unproven && o.Verified == "":
		p.Why = "no mail server is named that proves whom a mail comes from"
	case !o.Unproven && !m.Ack.ProvenBy(o.Verified):
		p.Why = o.Verified + " did not find that it really comes from there"
	case o.As != "":
		accepted = o.As == string(mail.VerdictAccepted)
	case m.Ack.Verdict == mail.VerdictUnclear:
		p.Why = "it does not say clearly what became of the letter; read it, and feed it with --as"
	}
	if p.Held = p.Why != ""; p.Held {
		return p, nil
	}
	ack := letter.Ack{Numbers: m.Ack.Numbers, Accepted: accepted, Reason: m.Ack.Reason}
	var err error
	if p.Ack, err = b.Acknowledge(ctx, ack, b.Who, true); err != nil {
		return p, err
	}
	p.Why = p.Ack.Why
	p.Held = p.Ack.To == "" && p.Ack.LetterID == "" // a letter that stays where it is needs nobody
	if p.Ack.To == "" || dry {
		return p, nil
	}
	p.act = func(ctx context.Context, p *plan) (err error) {
		p.Ack, err = b.Acknowledge(ctx, ack, b.Who, false)
		p.Why = p.Ack.Why
		return err
	}
	return p, nil
}
