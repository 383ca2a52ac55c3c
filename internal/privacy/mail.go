package privacy

import (
	"github.com/franklin-letters/franklin/internal/inbox"
	"github.com/franklin-letters/franklin/internal/journey"
	"github.com/franklin-letters/franklin/internal/mailing"
)

// mailHoldings are those of the mails that follow by themselves, and of the mail that comes in.
func mailHoldings() []Holding {
	return []Holding{
		{
			"journeys", "people who got a welcome, a reminder or news of a campaign", "which of these mails they got or are to get, about what, when, and what became of it",
			columns("journey_steps", "journey", "supporter_id", "about", "submission_id", "state", "reason", "attempts", "since", "due_at"),
			int(journey.KeptFor / day), "the mail was sent or given up",
		},
		{
			"mailings", "people on the list", "which newsletters and action alerts went to them, and whether they failed, complained, left by them or acted",
			append(columns("mailing_recipients", "mailing_id", "supporter_id", "variant", "state", "reason", "attempts", "due_at", "sent_at", "bounced_at",
				"complained_at", "unsubscribed_at", "acted_at"), columns("mailing_flights", "people")...),
			int(mailing.KeptFor / day), "the mailing's end",
		},
		{
			"from-mailings", "people who sent a letter", "by the link of which mailing they came", columns("submissions", "mailing_id"),
			0, "kept, for the numbers of the mailing",
		},
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
