package privacy

import (
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// peopleHoldings are those of people, and of what they agreed to.
func peopleHoldings() []Holding {
	scrub := int(letter.ScrubAfter / day)
	return []Holding{
		{
			"supporters", "people who sent a letter or joined the list", "e-mail address, name, ZIP code, district, from where they came, and the organisation's own fields",
			columns("supporters", "email_key", "email", "first_name", "last_name", "zip", "state", "seat", "source", "custom"),
			scrub, "their last letter's end; with no end for who joined the list",
		},
		{
			"consents", "people who joined the list, or let a partner have their data", "to what they agreed, in which words, when, and when they took it back",
			columns("consents", "supporter_id", "purpose", "words", "words_hash", "lang", "campaign_id", "campaign_version", "page", "method",
				"given_at", "confirmed_at", "withdrawn_at", "withdrawn_way", "import_id", "source", "agent"),
			int(supporter.EndedFor / day), "it was taken back; kept as proof while it holds; what the mailbox never confirmed goes after 7 days; all of it when they have themselves erased",
		},
		{
			"subscriptions", "people who joined the list, or let a partner have their data", "on which list they are, which partner may have their data, since when, and when the mailbox confirmed it",
			columns("subscriptions", "supporter_id", "list", "since", "confirmed_at"), 0, "kept until they leave; what the mailbox never confirmed, 7 days",
		},
		{
			"networks", "people who joined the list by a form", "the network from which they ticked the box, cut to its first 24 bits (48 of IPv6)",
			columns("consents", "network"), int(supporter.NetworkFor / day), "the tick",
		},
		{
			"imports", "operators", "who brought people in from which file, when, and on what basis",
			columns("imports", "at", "who", "file", "basis", "basis_hash"), 0, "kept with the consents that name it",
		},
		{
			"tags", "people whom an operator tagged", "the tags of a person, and since when",
			columns("person_tags", "supporter_id", "tag", "since"), 0, "kept as long as the person is",
		},
		{
			"people-copy", "people who sent a letter or joined the list", "a copy of place, language, source, lists, tags and campaigns, packed so that people can be chosen by them, and who of them has changed since",
			append(columns("people_blocks", "facet", "start", "people", "data"), columns("people_changes", "supporter_id", "change")...), 0, "made anew within the hour after a change, at once when somebody was erased",
		},
	}
}
