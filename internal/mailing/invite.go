package mailing

import (
	"context"
	"fmt"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/fault"
)

// Invite is what the link of a mailing lets a campaign's form know. It never holds where
// somebody can be reached: the link may have been passed on.
type Invite struct {
	Mailing   string // its id
	FirstName string
	ZIP       string
}

// Invited reads the token of a mailing's link to a campaign. ok is false for a token that
// is not ours, has run out, or was made for another campaign. It opens nothing else, and
// whoever follows the link acts in their own name.
func (s *Store) Invited(ctx context.Context, token, campaignID string) (i Invite, ok bool, err error) {
	link, ok := s.People.ToAct(token)
	if !ok {
		return i, false, nil
	}
	row, err := s.DB.Read().MailingByID(ctx, link.Mailing)
	if err = db.Fault(err); fault.Is(err, fault.NotFound) {
		return i, false, nil
	}
	if err != nil {
		return i, false, fmt.Errorf("find a mailing: %w", err)
	}
	file, err := Stored([]byte(row.Source))
	if err != nil || file.Campaign == "" {
		return i, false, err
	}
	c, err := s.campaignOf(ctx, file)
	if err != nil || c.ID != campaignID {
		return i, false, err
	}
	i.Mailing = row.ID
	people, err := mailableOf(ctx, s.DB, []string{link.Supporter})
	if err != nil || len(people) == 0 {
		return i, err == nil, err
	}
	i.FirstName, i.ZIP = string(people[0].FirstName), people[0].Zip
	return i, true, nil
}
