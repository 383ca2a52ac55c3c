package staff

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/headed"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
	"github.com/franklin-letters/franklin/internal/text"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// filterExample is a filter, which is written the same in every language.
const filterExample = "state = TX and not acted(stop-abuse)"

// mailingState names a state.
func mailingState(l *locale.Locale, s mailing.State) string {
	return named(map[mailing.State]func() string{
		mailing.Draft: l.MailingsStateDraft, mailing.Scheduled: l.MailingsStateScheduled, mailing.Sending: l.MailingsStateSending,
		mailing.Paused: l.MailingsStatePaused, mailing.Done: l.MailingsStateDone, mailing.Cancelled: l.MailingsStateCancelled,
	}, s)
}

// mailingClass is the colour of a state: what leaves or has left is good, what is stopped is bad.
func mailingClass(s mailing.State) string {
	switch s {
	case mailing.Sending, mailing.Done:
		return "badge good"
	case mailing.Paused:
		return "badge bad"
	default:
		return "badge"
	}
}

func mailingKind(l *locale.Locale, k mailing.Kind) string {
	return named(map[mailing.Kind]func() string{mailing.Newsletter: l.MailingsKindNewsletter, mailing.Alert: l.MailingsKindAlert}, k)
}

// mover names who paused a mailing: a person by name, or the program.
func mover(l *locale.Locale, who string) string {
	return named(map[string]func() string{string(mailing.ByBrake): l.MailingsByBrake, string(mailing.ByClock): l.StaffByClock}, who)
}

// delayWords say how long a test of two subjects takes.
func delayWords(l *locale.Locale, d time.Duration) string {
	if d%time.Hour == 0 {
		return l.MailingsHours(int(d.Hours()))
	}
	return l.MailingsMinutes(int(d.Minutes()))
}

// audienceWords say whom a mailing is for, before anybody is counted.
func audienceWords(l *locale.Locale, f *mailing.File) string {
	if f.Audience == "" {
		return l.MailingsEverybody()
	}
	return f.Audience
}

// leftOut says why some of an audience get nothing, line by line.
func leftOut(l *locale.Locale, c counted) []string {
	words := map[string]func(int) string{
		mailing.NotOnList: l.MailingsLeftList, mailing.Suppressed: l.MailingsLeftSuppressed, mailing.HasActed: l.MailingsLeftActed, mailing.NoTarget: l.MailingsLeftTarget,
	}
	var lines []string
	for _, why := range slices.Sorted(maps.Keys(c.LeftOut)) {
		if say, known := words[why]; known {
			lines = append(lines, say(int(c.LeftOut[why])))
		}
	}
	return lines
}

// formFields are the names of the form's fields by those of the file's, in the form's order.
var formFields = []struct{ file, form string }{
	{"name", "name"},
	{"kind", "kind"},
	{"campaign", "campaign"},
	{"audience", "filter"},
	{"language", "language"},
	{"subject", "subject"},
	{"", "text"},
	{"other.subject", "other-subject"},
	{"other.text", "other-text"},
	{"second_subject", "second"},
	{"test", "second"},
	{"other.second_subject", "other-second"},
	{"test.share", "share"},
	{"test.after", "after"},
	{"local_time", "local"},
	{"rate", "rate"},
}

// at returns the form's field at which a problem is shown, and its place in the form. What no
// field has stands at the text.
func (p DraftPage) at(one headed.Problem) (field string, place int) {
	name := one.Field
	if rest, translated := strings.CutPrefix(name, string(other(p.Lang))+"."); translated {
		name = "other." + rest
	}
	for i, f := range formFields {
		if f.file == name {
			return f.form, i
		}
	}
	return "text", len(formFields)
}

// mistakes are the problems in the order of the form.
func (p DraftPage) mistakes() []ui.Mistake {
	sorted := slices.Clone(p.Problems)
	slices.SortStableFunc(sorted, func(a, b headed.Problem) int {
		_, first := p.at(a)
		_, second := p.at(b)
		return first - second
	})
	all := make([]ui.Mistake, len(sorted))
	for i, one := range sorted {
		field, _ := p.at(one)
		all[i] = ui.Mistake{Field: field, Text: p.problemWords(field, one)}
	}
	return all
}

// wrong is what is said at a field.
func (p DraftPage) wrong(field string) string {
	var said []string
	for _, m := range p.mistakes() {
		if m.Field == field && !slices.Contains(said, m.Text) {
			said = append(said, m.Text)
		}
	}
	return strings.Join(said, " ")
}

// problemWords says what is wrong and what to do.
func (p DraftPage) problemWords(field string, one headed.Problem) string {
	l := p.L
	fixed := map[string]func() string{
		mailing.RuleName: l.MailingsWrongName, mailing.RuleKind: l.MailingsWrongKind, mailing.RuleLanguage: l.MailingsWrongLanguage,
		mailing.RuleLink: l.MailingsWrongLink, mailing.RuleSecond: l.MailingsWrongSecond, mailing.RuleShare: l.MailingsWrongShare, mailing.RuleAfter: l.MailingsWrongAfter,
		mailing.RuleRate: l.MailingsWrongRate, mailing.RuleLocalTime: l.MailingsWrongLocal, mailing.RuleInvisible: l.MailingsWrongInvisible, mailing.RuleDeep: l.MailingsWrongDeep,
		mailing.RuleUnknown: l.MailingsWrongCampaign, ruleTaken: l.MailingsWrongTaken, ruleBoth: l.MailingsWrongBoth,
	}
	if say, known := fixed[one.Rule]; known {
		return say()
	}
	switch one.Rule {
	case mailing.RuleMissing:
		return missingWords(l, field)
	case mailing.RuleLong:
		return longWords(l, field)
	case mailing.RuleField:
		return l.MailingsWrongField(braced(one.Value))
	case mailing.RuleFallback:
		return l.MailingsWrongFallback(braced(one.Value), braced(one.Value+"|…"))
	case mailing.RuleUnread:
		return l.MailingsWrongUnread(one.Value)
	case mailing.RuleAudience:
		return p.filterWords(one.Value)
	}
	return one.Message
}

// filterWords says what is wrong with the filter. What its own reader says of it is in English; in
// another language the page only says where it stops.
func (p DraftPage) filterWords(why string) string {
	if p.L.Lang() == locale.English {
		return p.L.MailingsWrongAudience(why)
	}
	_, err := segment.Parse(p.Filter)
	syntax, unread := errors.AsType[*segment.SyntaxError](err)
	typed := []rune(p.Filter)
	switch {
	case p.Audience != "", !unread:
		return p.L.MailingsWrongFilterName()
	case syntax.At > len(typed):
		return p.L.MailingsWrongFilterEnd()
	}
	return p.L.MailingsWrongFilter(text.Short(string(typed[syntax.At-1:]), 40))
}

func missingWords(l *locale.Locale, field string) string {
	switch field {
	case "name":
		return l.MailingsMissingName()
	case "campaign":
		return l.MailingsMissingCampaign()
	case "subject", "other-subject":
		return l.MailingsMissingSubject()
	}
	return l.MailingsMissingText()
}

func longWords(l *locale.Locale, field string) string {
	if strings.HasSuffix(field, "text") {
		return l.MailingsWrongLongText(l.Number(mailing.MaxBody))
	}
	return l.MailingsWrongLong(l.Number(mailing.MaxSubject))
}

// braced is a merge field as it is written.
func braced(name string) string { return "{{" + name + "}}" }

// fields are the merge fields with what they stand for.
func (p DraftPage) fields() []mergeField {
	say := map[string]string{
		"first_name": p.L.MailingsFieldFirst(), "last_name": p.L.MailingsFieldLast(), "state": p.L.MailingsFieldState(), "district": p.L.MailingsFieldDistrict(),
		"member": p.L.MailingsFieldMember(), "campaign": p.L.MailingsFieldCampaign(), "letters": p.L.MailingsFieldLetters(), "goal": p.L.MailingsFieldGoal(),
		"organization": p.L.MailingsFieldOrganization(), "link": p.L.MailingsFieldLink(),
	}
	var all []mergeField
	for _, name := range mailing.Fields() {
		written := braced(name)
		if mailing.Personal(name) {
			written = braced(name + "|…")
		}
		all = append(all, mergeField{written, say[name]})
	}
	return all
}

// mergeField is a field as it is written and what it stands for.
type mergeField struct{ Written, Means string }

// figure is one number of a mailing and what it means.
type figure struct {
	N           int64
	Name, Means string
}

// figures are all of them, as mailing numbers prints them.
func (p MailingPage) figures() []figure {
	n, l := p.Numbers, p.L
	return []figure{
		{n.Queued, l.MailingsNumberPeople(), l.MailingsNumberPeopleText()},
		{n.InLine, l.MailingsNumberLine(), l.MailingsNumberLineText()},
		{n.Delivered, l.MailingsNumberDelivered(), l.MailingsNumberDeliveredText()},
		{n.Hard + n.Soft, l.MailingsNumberBounced(), l.MailingsNumberBouncedText(l.Number(int(n.Hard)))},
		{n.Failed, l.MailingsNumberRefused(), l.MailingsNumberRefusedText()},
		{n.Unknown, l.MailingsNumberUnknown(), l.MailingsNumberUnknownText()},
		{n.Skipped, l.MailingsNumberSkipped(), l.MailingsNumberSkippedText()},
		{n.Complained, l.MailingsNumberComplained(), l.MailingsNumberComplainedText()},
		{n.Unsubscribed, l.MailingsNumberLeft(), l.MailingsNumberLeftText()},
		{n.Acted, l.MailingsNumberActed(), l.MailingsNumberActedText()},
		{n.Joined, l.MailingsNumberJoined(), l.MailingsNumberJoinedText()},
	}
}

// whyField is that of the reason for a move.
func (p MailingPage) whyField(do string) ui.Field {
	f := ui.Field{Name: "why", ID: "why-" + do, Label: p.L.MailingsWhy(), Hint: p.L.MailingsWhyHint(), Max: 500, Autocomplete: "off"}
	if p.Missing == do {
		f.Error = p.L.StaffPreviewWhyMissing()
	}
	if do == doResume {
		f.Optional = p.L.StaffPreviewOptional()
	}
	return f
}
