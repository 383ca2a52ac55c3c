package privacy

import "github.com/franklin-letters/franklin/internal/inbox"

// mailHoldings are those of the mail that comes in.
func mailHoldings() []Holding {
	return []Holding{
		{
			"mail-in", "people who wrote to us, or of whom a mail system wrote", "the mail, encrypted, until its work is done or a person has read it",
			columns("mail_in", "raw", "kind", "created_at"), int(inbox.HeldFor / day), "its arrival",
		},
		{
			"soft-bounces", "people to whom a mail failed", "keyed hash of the e-mail address, and when it failed",
			columns("soft_bounces", "mailbox", "key", "created_at"), int(inbox.SoftWithin / day), "the failure",
		},
		{
			"mail-refusals", "people with a mail domain of their own", "the domain whose mail system did not want our mail, and when",
			columns("mail_refusals", "domain", "status", "refused", "since", "updated_at"), int(inbox.RefusalsFor / day), "the last refusal",
		},
	}
}
