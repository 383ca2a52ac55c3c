package public

import (
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// text is the count in words: "1,204 of 3,000 letters".
func (p Progress) text(l *locale.Locale) string {
	if p.Goal == 0 || p.Letters > p.Goal {
		return l.ProgressCount(p.Letters)
	}
	return l.ProgressOf(l.Number(p.Goal), l.Number(p.Letters))
}

// help is the sentence under the bar.
func (p Progress) help(l *locale.Locale) string {
	switch {
	case p.Goal == 0:
		return ""
	case p.Letters == 0:
		return l.ProgressFirst()
	case p.Letters == p.Goal:
		return l.ProgressReached(l.Number(p.Goal))
	case p.Letters > p.Goal:
		return l.ProgressPast(l.Number(p.Goal))
	default:
		return l.ProgressHelp(l.Number(p.Goal))
	}
}

// shown is what the bar shows; it is full from the goal on.
func (p Progress) shown() int { return min(p.Letters, p.Goal) }

// count is the answer that keeps a page's counter fresh.
func (p Progress) count(l *locale.Locale) Count {
	return Count{Letters: p.Letters, Goal: p.Goal, Text: p.text(l), Help: p.help(l)}
}

// preview is the answer that shows a member while the address is typed.
func (m Member) preview(l *locale.Locale) Preview {
	detail := l.District(m.Seat)
	if m.Name == "" {
		return Preview{Heading: l.SeatVacant(), Detail: detail}
	}
	if m.Party != "" {
		detail = l.Party(m.Party) + ", " + detail
	}
	return Preview{Heading: m.Title(l), Detail: detail}
}

// previewOf names everybody to whom a letter would go, with the place of the first.
func previewOf(offices []roster.Answer, l *locale.Locale) Preview {
	first := memberOf(offices[0]).preview(l)
	names := []string{first.Heading}
	for _, office := range offices[1:] {
		names = append(names, memberOf(office).preview(l).Heading)
	}
	first.Heading = strings.Join(names, ", ")
	return first
}

// shortAddress is a web address as people say it.
func shortAddress(address string) string {
	address = strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://")
	return strings.TrimSuffix(strings.TrimPrefix(address, "www."), "/")
}

// path draws an icon on a field of 20 by 20. Networks share one sign: their marks are
// theirs, and their names stand beside it.
func (i Icon) path() string {
	switch i {
	case IconEmail:
		return "M2 4h16v12H2zM2 5l8 6 8-6"
	case IconSMS, IconWhatsApp, IconTelegram:
		return "M3 3h14v10H9l-4 4v-4H3z"
	default:
		return "M10 12V2m0 0L6.500 5.500M10 2l3.500 3.500M4 9v8h12V9"
	}
}

// mistakes are the lines of the error summary, in the order of the fields on the page.
func (es Errors) mistakes(l *locale.Locale) []ui.Mistake {
	place := func(field string) int {
		return slices.IndexFunc(Form{}.typed(), func(h hiddenField) bool { return h.name == field })
	}
	sorted := slices.Clone(es)
	slices.SortStableFunc(sorted, func(a, b FieldError) int { return place(a.Field) - place(b.Field) })
	lines := make([]ui.Mistake, 0, len(sorted))
	for _, e := range sorted {
		field := e.Field
		if field == "lat" { // the position has no field that people see; a choice helps
			field = "district"
		}
		lines = append(lines, ui.Mistake{Field: field, Text: e.text(l)})
	}
	return lines
}

// fullName is the name as it stands on a letter.
func (f Form) fullName() string {
	return strings.Join(strings.Fields(f.Prefix+" "+f.FirstName+" "+f.LastName), " ")
}

// addressLines are the lines of the address as it stands on a letter.
func (f Form) addressLines() []string {
	lines := []string{f.Address1}
	if f.Address2 != "" {
		lines = append(lines, f.Address2)
	}
	return append(lines, f.City+", "+f.State+" "+f.ZIP)
}

// stance says in words what the campaign wants for its bill.
func (c Campaign) stance(l *locale.Locale) string {
	switch c.Stance {
	case Support:
		return l.CampaignSupport()
	case Oppose:
		return l.CampaignOppose()
	}
	return ""
}
