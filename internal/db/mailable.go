package db

import (
	"context"
	"fmt"
)

// Mailable is a person as far as a mail to them needs it. Seat is the one that
// they were last known to live under, such as "AZ-04"; "" when none is known.
type Mailable struct {
	ID, Email, FirstName, LastName, Lang, ZIP, Seat string
}

// MailableAmong returns the people behind the ids. Who was forgotten is not among them.
func (d *DB) MailableAmong(ctx context.Context, supporters []string) ([]Mailable, error) {
	rows, err := d.Read().ListMailableOf(ctx, supporters)
	if err != nil {
		return nil, fmt.Errorf("read people: %w", Fault(err))
	}
	all := make([]Mailable, len(rows))
	for i, r := range rows {
		all[i] = Mailable{r.ID, string(r.Email), string(r.FirstName), string(r.LastName), r.Lang, r.Zip, r.Seat}
	}
	return all, nil
}
