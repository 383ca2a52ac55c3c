package letter

// Mailbox returns the keyed hash under which a mailbox is known where its address must not
// stand; see supporter.Keys.
func (k Keys) Mailbox(email string) string { return k.people.Mailbox(email) }
