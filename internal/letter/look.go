package letter

import (
	"context"
	"fmt"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/keys"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// sight is what an attempt has to know of its letter: all that is needed to build the message,
// and whether the owner of the mailbox wants no letter in their name.
type sight struct {
	row    *query.LetterWithSubmissionRow
	barred bool
}

// lookAt reads the letters whose turn it is. One that is not there is not among the sights.
func (d *Desk) lookAt(ctx context.Context, letters keys.List) (map[string]*sight, error) {
	ctx, cancel := d.bounded(ctx, beginTime)
	defer cancel()
	rows, err := d.DB.Read().ListLettersWithSubmissions(ctx, letters)
	if err != nil {
		return nil, fmt.Errorf("read letters: %w", db.Fault(err))
	}
	mailboxes := make([]string, len(rows))
	for i := range rows {
		mailboxes[i] = string(rows[i].Submission.Email)
	}
	barred, err := d.People.BarredAmong(ctx, mailboxes)
	if err != nil {
		return nil, err
	}
	found := make(map[string]*sight, len(rows))
	for i := range rows {
		found[rows[i].Letter.ID] = &sight{(*query.LetterWithSubmissionRow)(&rows[i]), barred[mailboxes[i]]}
	}
	return found, nil
}

// unwanted returns why no further attempt is made at a letter: the owner of the mailbox says
// that it is not theirs, or wants none in their name. "" is the rule.
func (s *sight) unwanted() string {
	switch {
	case !s.row.Submission.DisownedAt.IsZero():
		return noteDisowned
	case s.barred:
		return noteBlocked
	}
	return ""
}
