package supporter

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
)

// DataURL returns the address of the page where a person sees or erases what is held about
// them. It is only ever mailed.
func (p *People) DataURL(who Person) string {
	return p.BaseURL + "/my-data/" + p.Keys.sign(toData, Link{Supporter: who.ID, Mailbox: p.Keys.Mailbox(who.Email), Until: p.Clock().Add(DataFor)})
}

// ToData returns what the token in a DataURL says: the person to whom it was mailed.
func (p *People) ToData(token string) (Link, bool) { return p.Keys.open(toData, token, p.Clock()) }

// ByID returns a person; ok is false for somebody who was forgotten.
func (p *People) ByID(ctx context.Context, id string) (_ Person, ok bool, err error) {
	s, ok, err := person(ctx, p.DB.Read(), id)
	return Person{s.ID, string(s.Email), s.Lang}, ok, err
}

// downloadName is what is kept of a link that was used: its mark, which opens nothing.
func downloadName(token string) string { return token[strings.LastIndexByte(token, '.')+1:] }

// Downloaded reports whether the data were fetched by a link before.
func (p *People) Downloaded(ctx context.Context, token string) (bool, error) {
	n, err := p.DB.Read().CountDownloads(ctx, downloadName(token))
	if err != nil {
		return false, fmt.Errorf("look for a download: %w", db.Fault(err))
	}
	return n > 0, nil
}

// Download takes the one use of a link to fetch the data of its person. It returns a fault
// of the kind Conflict when it was used before. The mailbox has answered by it.
func (p *People) Download(ctx context.Context, token string, who Person) error {
	now := stamp.Of(p.Clock())
	err := p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.UseDownload(ctx, query.UseDownloadParams{Link: downloadName(token), At: now})
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.Conflict, "the data were fetched by this link before")
		}
		mailbox := p.Keys.Mailbox(who.Email)
		return errors.Join(
			tx.ConfirmMailbox(ctx, query.ConfirmMailboxParams{Address: mailbox, ConfirmedAt: now}),
			tx.ConfirmMailbox(ctx, query.ConfirmMailboxParams{Address: ofData(mailbox), ConfirmedAt: now}),
		)
	})
	if err != nil {
		return fmt.Errorf("fetch the data of a person: %w", err)
	}
	return nil
}
