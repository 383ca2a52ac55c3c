package letter

import (
	"context"
	"fmt"
	"strings"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mail"
)

// Notices are the mails that belong to a letter itself. They go to addresses that nobody
// has confirmed, so they hold no word that the form's writer chose: no name, no letter.
type Notices struct {
	Org     string
	Postal  string
	Contact string
	BaseURL string
}

// noticePause is how long an address gets no second notice, whoever enters it.
const noticePause = day

// ReceiptNotice returns the mail with the link to a submission's receipt. It returns
// false when the address has had one in the last day, has been forgotten, or is blocked.
func (d *Desk) ReceiptNotice(ctx context.Context, submissionID string, n Notices) (mail.Message, bool, error) {
	s, err := d.DB.Read().SubmissionByID(ctx, submissionID)
	if err != nil {
		return mail.Message{}, false, fmt.Errorf("read a submission: %w", db.Fault(err))
	}
	if s.Email == "" {
		return mail.Message{}, false, nil
	}
	if blocked, err := d.Blocked(ctx, s.Email); err != nil || blocked {
		return mail.Message{}, false, err
	}
	others, err := d.DB.Read().ListSubmissionsOfSupporter(ctx, s.SupporterID)
	if err != nil {
		return mail.Message{}, false, fmt.Errorf("read submissions: %w", db.Fault(err))
	}
	for _, o := range others {
		if o.ID < s.ID && o.CreatedAt > s.CreatedAt-stamp.Time(noticePause.Milliseconds()) {
			return mail.Message{}, false, nil
		}
	}
	l := locale.In(locale.Lang(s.Lang))
	link := n.BaseURL + "/receipt/" + d.Keys.MailedToken(s.ID) + "?lang=" + string(l.Lang())
	return mail.Message{
		ID: "receipt-" + s.ID, To: s.Email,
		Subject: l.MailReceiptSubject(n.Org),
		Text:    strings.TrimSpace(l.MailReceiptText(n.Contact, link, n.Org, n.Postal)) + "\n",
		Headers: map[string]string{"Auto-Submitted": "auto-generated"},
	}, true, nil
}
