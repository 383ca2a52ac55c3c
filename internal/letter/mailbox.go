package letter

import "github.com/franklin-letters/franklin/internal/supporter"

// Mailbox returns the keyed hash under which a mailbox is known where its address must not
// stand; see supporter.Keys.
func (k Keys) Mailbox(email string) string { return k.people().Mailbox(email) }

// people are the keys for the people themselves, under the same secret.
func (k Keys) people() supporter.Keys {
	if k.secret == nil {
		return supporter.NewKeys()
	}
	return supporter.NewKeys(k.secret)
}
