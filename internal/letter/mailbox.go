package letter

import (
	"encoding/hex"

	"github.com/franklin-letters/franklin/internal/mail"
)

// Mailbox returns the keyed hash under which a mailbox is known where its address must not
// stand: in the list of those who want no mail, and in the count of what was mailed. Every
// spelling of the mailbox has the same one; see mail.Mailbox.
func (k Keys) Mailbox(email string) string {
	return hex.EncodeToString(k.sum("mailbox", mail.Mailbox(email))[:16])
}
