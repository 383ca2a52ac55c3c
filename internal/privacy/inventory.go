// Package privacy says what an installation holds about people and until when: the answer
// to "what do you have, and what would you have to hand over?".
//
// Every column of every table is either part of a holding or named as impersonal; a test
// holds both lists to the real schema, so a new column cannot be forgotten.
package privacy

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/letter"
)

const day = 24 * time.Hour

// Holding is one kind of thing that is held about people.
type Holding struct {
	Name    string
	Whose   string
	What    string
	Columns []string // as "table.column"
	// Days is how long it is kept after what Until names; 0 when no clock ends it.
	Days  int
	Until string
}

// Held is a holding as the database has it now.
type Held struct {
	Holding

	Rows   int64
	Oldest time.Time // zero when there is none
}

// Holdings returns all kinds, the most telling first.
func Holdings() []Holding {
	scrub := int(letter.ScrubAfter / day)
	return append([]Holding{
		{
			"submissions", "people who sent a letter", "name, e-mail address, telephone and postal address of a letter",
			columns("submissions", "prefix", "first_name", "last_name", "email", "phone", "address1", "address2", "city", "zip"),
			scrub, "the last move of the submission's last letter",
		},
		{
			"letters", "people who sent a letter", "subject, own words, and the office's reason, which may quote them",
			columns("letters", "subject", "message", "reason"), scrub, "the last move of the submission's last letter",
		},
		{
			"partner-ticks", "people who ticked a partner's box beside a letter", "the keys of the partners, until the mailbox has confirmed them; then they are in the consents, too",
			columns("submissions", "partners"), scrub, "the last move of the submission's last letter",
		},
		{
			"reasons", "people who sent a letter", "answers of offices and reasons of operators in the letter's history",
			columns("letter_history", "note"), scrub, "the last move of the submission's last letter",
		},
		{
			"fingerprints", "people who sent a letter", "keyed hash of mailbox and name, the form's key, seat, state, language and times: who has written on a campaign, without saying who",
			columns("submissions", "key", "person", "supporter_id", "state", "seat", "basis", "plan", "lang", "joined", "copied", "forget", "source"),
			0, "kept, so that one person has one letter on a campaign",
		},
		{
			"text-hashes", "people who sent a letter", "SHA-256 of subject and text, by which a copy can be compared",
			columns("letters", "text_hash"), 0, "kept, to prove or refute a copy",
		},
		{
			"disowned", "people in whose name others wrote", "that and when a letter was reported as not theirs",
			columns("submissions", "disowned_at"), 0, "kept with the letter's moves",
		},
		{
			"suppressions", "people who want no mail, or no letters in their name, and mailboxes that do not exist", "keyed hash of the e-mail address, and why",
			columns("suppressions", "address", "list", "reason", "created_at"), 0, "kept, also after the person was erased, until they join anew or ask an operator to end it",
		},
		{
			"downloads", "people who fetched their data", "that a mailed link was used, and when, without saying whose",
			columns("downloads", "link", "at"), 2, "the download",
		},
		{
			"mailboxes", "people who were asked to confirm a letter", "keyed hash of the e-mail address, how often and when it was asked",
			columns("mailboxes", "address", "asked", "asked_at", "asked_for", "confirmed_at"), 0, "kept, so that nobody is asked too often",
		},
		{
			"questions", "people who agreed to be asked whether the offices answered", "to what they agreed, in which words, when, and when they were asked",
			columns("questions", "submission_id", "words", "words_hash", "lang", "agreed_at", "due_at", "asked_at"),
			scrub, "the last move of the submission's last letter",
		},
		{
			"answers", "people who said whether an office answered", "what they said and when, without a name",
			columns("answers", "letter_id", "answer", "answered_at"), 0, "kept, for the rates of the offices",
		},
		{
			"crowds", "networks, mailboxes and households from which very much came, on two nodes or more", "keyed hash of the network, mailbox or household, and how much was counted",
			columns("guard_counts", "rule", "key", "counted", "at"), 1, "the last count; as a rule a minute",
		},
		{
			"print-batches", "operators", "who printed letters and who handed them over",
			columns("print_batches", "made_by", "handed_over_by"), 0, "kept with the letters' moves",
		},
		{
			"staff", "members of the staff", "e-mail address, name and role, and when they last signed in",
			columns("staff", "email_key", "email", "name", "role", "created_at", "signed_in_at", "disabled_at"), 0, "kept, so that the log of acts says who somebody was",
		},
		{
			"staff-sessions", "members of the staff", "in which browsers they are signed in, as hashes, and since when",
			columns("staff_sessions", "token", "staff_id", "created_at", "seen_at"), 1, "the sign-in; half a day, and two hours without a click",
		},
		{
			"staff-links", "members of the staff", "hashes of links to sign in by that nobody has used",
			columns("staff_links", "token", "staff_id", "browser", "expires_at"), 3, "the link was made",
		},
		{
			"audit", "operators and members of the staff", "who looked at what and did what",
			columns("audit", "at", "who", "action", "subject", "detail"), int(audit.KeptFor / day), "the act",
		},
	}, slices.Concat(peopleHoldings(), mailHoldings())...)
}

// Impersonal returns the columns that say nothing about a person: what campaigns are, how
// letters of unnamed people stand, and the ids that tie rows together.
func Impersonal() []string {
	var all []string
	for table, names := range map[string][]string{
		"audit":             {"id"},
		"campaigns":         {"id", "slug", "version", "created_at", "updated_at"},
		"campaign_versions": {"campaign_id", "version", "source", "hash", "author", "created_at"},
		"campaign_slugs":    {"slug", "campaign_id"},
		"campaign_counts":   {"campaign_id", "shard", "submitted", "delivered", "joined", "disowned"},
		"view_counts":       {"campaign_id", "source", "views"},
		"supporters":        {"id", "lang", "created_at", "updated_at", "merged_into"},
		"consents":          {"id"},
		"submissions":       {"id", "campaign_id", "campaign_version", "created_at", "scrubbed_at"},
		"letters": {
			"id", "submission_id", "campaign_id", "seat", "office", "channel", "delivery_id", "edited", "state", "since", "due_at",
			"attempts", "delivered_at", "created_at",
		},
		"answers":        {"campaign_id", "seat"},
		"buckets":        {"name", "full_us"},
		"campaign_holds": {"campaign_id", "reason", "held_at", "disowned", "submitted"},
		"guard_counts":   {"node"},
		"mail_in":        {"id", "state"},
		"mail_in_counts": {"day", "kind", "mails"},
		"mail_seen":      {"key", "created_at"},
		"journey_steps":  {"id"},
		"journey_runs": {
			"campaign_id", "journey", "since", "last_at", "last_id", "queued", "done_at", "sent", "returned", "complained",
			"heard_delivered", "heard_complained", "paused_at", "paused_by", "paused_why",
		},
		"mailings": {
			"id", "number", "name", "source", "author", "state", "reason", "moved_by", "starts_at", "began_at", "ended_at", "filled_to", "filled", "winner",
			"created_at", "updated_at", "heard_delivered", "heard_complained",
		},
		"mailing_counts": {
			"mailing_id", "shard", "queued", "sent", "failed", "unknown", "skipped", "hard", "soft", "complained", "unsubscribed", "acted", "joined",
		},
		"mailing_flights": {"mailing_id", "fence"},
		"leases":          {"name", "holder", "fence", "expires_at", "note"},
		"print_batches":   {"id", "campaign_id", "seat", "office", "made_at", "handed_over_at"},
		"imports":         {"id", "list", "taken", "refused"},
		"segments":        {"name", "text", "made_by", "created_at", "updated_at"},
		"print_letters":   {"letter_id", "batch_id", "place"},
		"letter_history":  {"letter_id", "seq", "at", "from_state", "to_state", "actor", "node"},
		"senders":         {"channel", "node", "since", "sender"},
		"settings":        {"name", "value"},
		"staff":           {"id"},
	} {
		all = append(all, columns(table, names...)...)
	}
	return all
}

func columns(table string, names ...string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = table + "." + name
	}
	return all
}

// Inventory counts what the database holds now. It reads whole tables.
func Inventory(ctx context.Context, d *db.DB) ([]Held, error) {
	rows, err := d.Read().Inventory(ctx)
	if err != nil {
		return nil, fmt.Errorf("count what is held: %w", db.Fault(err))
	}
	byName := map[string]Held{}
	for _, r := range rows {
		byName[r.Held] = Held{Rows: r.HeldRows, Oldest: stamp.Time(r.Oldest).Time()}
	}
	all := make([]Held, 0, len(rows))
	for _, h := range Holdings() {
		held, known := byName[h.Name]
		if !known {
			return nil, fmt.Errorf("nobody counts the rows of %s", h.Name)
		}
		held.Holding = h
		all = append(all, held)
	}
	return all, nil
}
