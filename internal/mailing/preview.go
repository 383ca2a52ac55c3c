package mailing

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/seal"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// Look says for whom a message is written to look at it.
type Look struct {
	As     string      // the address of somebody on record; "" for a made-up reader
	Known  bool        // all is known of the made-up reader, and nothing otherwise
	Lang   locale.Lang // of the made-up reader; "" for the file's own
	Second bool        // with the second subject
}

// reader is the made-up one.
func (l Look) reader(f *File) mailable {
	p := mailable{Lang: string(cmp.Or(l.Lang, f.Lang))}
	if l.Known {
		p.FirstName, p.LastName, p.Seat = "Ana", "Rivera", "TX-07"
	}
	return p
}

// Preview returns the message as somebody would get it. Its links are nobody's: whoever looks
// can neither leave the list nor write in the name of another. A look as somebody on record is
// logged, because it shows their name and district.
func (s *Store) Preview(ctx context.Context, m Mailing, look Look, who string) (mail.Message, error) {
	c, err := s.composer(ctx, m)
	if err != nil {
		return mail.Message{}, err
	}
	if look.As == "" {
		return c.message(look.reader(m.File), asked(look.Second)), nil
	}
	p, known, err := s.mailable(ctx, look.As)
	if err != nil {
		return mail.Message{}, err
	}
	if !known {
		return mail.Message{}, fault.New(fault.NotFound, "nobody with this address is known")
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return s.log(ctx, tx, m.ID, who, audit.MailingPreview, "as "+s.People.Keys.Mailbox(look.As))
	})
	if err != nil {
		return mail.Message{}, fmt.Errorf("look at a mailing: %w", err)
	}
	p.ID, p.Email = "", ""
	return c.message(p, asked(look.Second)), nil
}

func asked(second bool) string {
	if second {
		return variantB
	}
	return variantA
}

// Trial returns the message for an address that an author names, to send it by itself. Whose
// address it is need not be known, and who has left the list may get it: an author who tried
// the way out. Who must get no mail at all does not. Every trial is logged, and an hour has a
// limited number of them.
func (s *Store) Trial(ctx context.Context, m Mailing, address string, second bool, who string) (mail.Message, error) {
	out, err := s.People.Suppressed(ctx, address, supporter.Everything)
	if err != nil {
		return mail.Message{}, err
	}
	if out {
		return mail.Message{}, fault.Wrap(fault.Conflict, ErrNoMail, "no mail must go to this address")
	}
	p, known, err := s.mailable(ctx, address)
	if err != nil {
		return mail.Message{}, err
	}
	if !known {
		p = mailable{Email: seal.Text(address), Lang: string(m.File.Lang)}
	}
	c, err := s.composer(ctx, m)
	if err != nil {
		return mail.Message{}, err
	}
	if err := s.try(ctx, m, who, "to "+s.People.Keys.Mailbox(address)); err != nil {
		return mail.Message{}, err
	}
	message := c.message(p, asked(second))
	message.ID = "mailing-trial-" + uuid.NewString()
	return message, nil
}

// trialsAnHour is how often one mailing may be sent to try it, by everybody together: enough to
// get a text right, and too few to send it to people with.
const trialsAnHour = 20

// try logs a trial, if there may be one more.
func (s *Store) try(ctx context.Context, m Mailing, who, detail string) error {
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := audit.Count(ctx, tx, audit.MailingTest, m.ID, s.Clock().Add(-time.Hour))
		if err != nil {
			return err
		}
		if n >= trialsAnHour {
			return fault.Limited(time.Hour, fmt.Sprintf("this mailing was sent %d times within an hour to try it: wait", n))
		}
		return s.log(ctx, tx, m.ID, who, audit.MailingTest, detail)
	})
	if err != nil && !fault.Is(err, fault.RateLimited) {
		return fmt.Errorf("try a mailing: %w", err)
	}
	return err
}

// mailable finds the person behind an address.
func (s *Store) mailable(ctx context.Context, address string) (p mailable, known bool, err error) {
	who, known, err := s.People.ByAddress(ctx, address)
	if err != nil || !known {
		return p, false, err
	}
	all, err := mailableOf(ctx, s.DB, []string{who.ID})
	if err != nil || len(all) == 0 {
		return p, false, err
	}
	return all[0], true, nil
}
