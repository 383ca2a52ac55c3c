package letter

import (
	"context"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/mail"
)

// claimRemind tells a reminder from the mail that it repeats.
const claimRemind = "remind-"

// Remind returns the one mail that asks once more to confirm a letter, and takes the
// mailbox's turn for it. No mail and a wait mean that its turn is later; no mail and no
// wait, that none is sent: see Ask. It holds nothing that the form's writer chose.
func (d *Desk) Remind(ctx context.Context, submissionID, claim string, n Notices) (m mail.Message, send bool, wait time.Duration, err error) {
	s, err := d.DB.Read().SubmissionByID(ctx, submissionID)
	if err != nil {
		return m, false, 0, fmt.Errorf("read a submission: %w", db.Fault(err))
	}
	p, err := d.Pending(ctx, submissionID)
	if err != nil || s.Email == "" || !p.Waiting {
		return m, false, 0, err
	}
	if blocked, err := d.silent(ctx, string(s.Email)); err != nil || blocked {
		return m, false, 0, err
	}
	turn, err := d.People.Turn(ctx, d.Keys.Mailbox(string(s.Email)), claimRemind+claim)
	if err != nil || !turn.Taken {
		return m, false, turn.Wait, err
	}
	n.Neutral = n.Neutral || p.Campaign.Neutral
	stop := n.BaseURL + "/stop/" + d.Keys.StopToken(s.ID, string(s.Email)) + inLang(s)
	return n.Remind(reader(s, claim), n.BaseURL+"/confirm/"+d.Keys.ConfirmToken(s.ID)+inLang(s), stop), true, 0, nil
}
