package public

import (
	"strconv"

	"github.com/a-h/templ"

	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

func number(n int) string { return strconv.Itoa(n) }

// scheduled reports whether the campaign waits for its day, so that there is no form yet.
func (p ActionPage) scheduled() bool { return !p.Opens.IsZero() }

// open reports whether the page has its form.
func (p ActionPage) open() bool { return !p.Draft && !p.scheduled() }

// liveCount tells the script where to ask for fresh numbers.
func (p ActionPage) liveCount() templ.Attributes {
	if !p.open() {
		return nil
	}
	return templ.Attributes{"data-count": p.Campaign.Path() + "/count?lang=" + string(p.L.Lang())}
}

// field completes a field with its name, label, value and error.
func (p ActionPage) field(name string, f ui.Field) ui.Field {
	f.Name = name
	f.Label = fieldLabels[name](p.L)
	f.Value = p.Form.value(name)
	f.Error = p.Errors.of(name, p.L)
	return f
}

func (p ActionPage) prefixField() ui.Field {
	return p.field("prefix", ui.Field{Autocomplete: "honorific-prefix", Hint: p.L.FormPrefixHint(), Width: "title"})
}

// prefixOptions are the five titles that both chambers take, in their own spelling.
func prefixOptions(l *locale.Locale) []ui.OptionGroup {
	return []ui.OptionGroup{{Options: []ui.Option{
		{Value: "Ms.", Text: l.FormPrefixMs()},
		{Value: "Mr.", Text: l.FormPrefixMr()},
		{Value: "Mrs.", Text: l.FormPrefixMrs()},
		{Value: "Miss", Text: l.FormPrefixMiss()},
		{Value: "Dr.", Text: l.FormPrefixDr()},
	}}}
}

// stateOptions are the 56, and the three "states" of military mail by themselves.
func stateOptions(l *locale.Locale) []ui.OptionGroup {
	states := ui.OptionGroup{Label: l.FormStateGroup()}
	for _, s := range l.States() {
		states.Options = append(states.Options, ui.Option{Value: string(s.State), Text: s.Name})
	}
	military := ui.OptionGroup{Label: l.FormStateMilitary(), Options: []ui.Option{
		{Value: "AA", Text: l.FormStateAa()}, {Value: "AE", Text: l.FormStateAe()}, {Value: "AP", Text: l.FormStateAp()},
	}}
	return []ui.OptionGroup{states, military}
}
