package mailing

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/seal"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// Preview returns the message as the owner of an address would get it, with the second
// subject if asked. Every look is logged, because it shows somebody's name and district.
// Without an address it is for a reader of whom nothing is known.
func (s *Store) Preview(ctx context.Context, m Mailing, address string, second bool, who string) (mail.Message, error) {
	c, err := s.composer(ctx, m)
	if err != nil {
		return mail.Message{}, err
	}
	if address == "" {
		return c.message(mailable{Lang: string(m.File.Lang)}, asked(second)), nil
	}
	p, known, err := s.mailable(ctx, address)
	if err != nil {
		return mail.Message{}, err
	}
	if !known {
		return mail.Message{}, fault.New(fault.NotFound, "nobody with this address is known")
	}
	if err := s.looked(ctx, m, who, audit.MailingPreview, "as "+s.People.Keys.Mailbox(address)); err != nil {
		return mail.Message{}, err
	}
	return c.message(p, asked(second)), nil
}

// looked logs that somebody tried a mailing on an address.
func (s *Store) looked(ctx context.Context, m Mailing, who string, action audit.Action, detail string) error {
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.log(ctx, tx, m.ID, who, action, detail) })
	if err != nil {
		return fmt.Errorf("try a mailing: %w", err)
	}
	return nil
}

func asked(second bool) string {
	if second {
		return variantB
	}
	return variantA
}

// Trial returns the message for an address that an author names, to send it by itself. Whose
// address it is need not be known, and who has left the list may get it: an author who tried
// the way out. Who must get no mail at all does not. Every trial is logged.
func (s *Store) Trial(ctx context.Context, m Mailing, address string, second bool, who string) (mail.Message, error) {
	out, err := s.People.Suppressed(ctx, address, supporter.Everything)
	if err != nil {
		return mail.Message{}, err
	}
	if out {
		return mail.Message{}, fault.New(fault.Conflict, "no mail must go to this address")
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
	if err := s.looked(ctx, m, who, audit.MailingTest, "to "+s.People.Keys.Mailbox(address)); err != nil {
		return mail.Message{}, err
	}
	message := c.message(p, asked(second))
	message.ID = "mailing-trial-" + uuid.NewString()
	return message, nil
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
