package staff

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/headed"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/supporter"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
	"github.com/franklin-letters/franklin/internal/text"
	"github.com/franklin-letters/franklin/internal/web/mw"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// DraftPage is where a mailing is written.
type DraftPage struct {
	ui.Staff
	Draft

	Number    int64 // 0 for a new one
	Campaigns []ui.Option
	Saved     []segment.Saved
	Problems  headed.Problems
	Refused   refused  // why it was not saved, when no field is at fault
	Count     *counted // whom it would go to; nil when nobody asked
	Comments  bool     // the file has comments, which saving takes away
}

// Draft is what was typed. Slug is the name of the mailing.
type Draft struct {
	Slug, Kind, Campaign string
	Audience, Filter     string // the name of a saved segment, or a filter
	Lang                 locale.Lang
	Words, Other         mailing.Words // in its own language, and in the other one
	Share, After, Rate   string
	LocalTime            bool
	Domains              map[string]int
	Seen                 time.Time // when what is changed was written; zero for a new one
}

// draftOf reads what was typed. What the page has no field for stays as it was.
func draftOf(r *http.Request, old *mailing.File) Draft {
	typed := func(name string) string { return text.Line(r.PostFormValue(name)) }
	words := func(prefix string) mailing.Words {
		return mailing.Words{Subject: typed(prefix + "subject"), Second: typed(prefix + "second"), Body: text.Block(r.PostFormValue(prefix + "text"))}
	}
	d := Draft{
		Slug: typed("name"), Kind: typed("kind"), Campaign: typed("campaign"), Audience: typed("audience"), Filter: typed("filter"),
		Lang: locale.Lang(typed("language")), Words: words(""), Other: words("other-"),
		Share: typed("share"), After: typed("after"), Rate: typed("rate"), LocalTime: typed("local") == "yes", Seen: seenOf(r),
	}
	if old != nil {
		d.Slug, d.Domains = old.Name, old.Domains
	} else {
		d.Slug = strings.ReplaceAll(strings.ToLower(d.Slug), " ", "-")
	}
	return d
}

// seenOf is when what somebody looked at was written, as the page's form tells it.
func seenOf(r *http.Request) time.Time {
	at, err := strconv.ParseInt(r.PostFormValue("seen"), 10, 64)
	if err != nil {
		return time.Time{}
	}
	return stamp.Time(at).Time()
}

// seen is the same for the form.
func seen(at time.Time) string { return strconv.FormatInt(int64(stamp.Of(at)), 10) }

// draftOfFile is a file to be changed.
func draftOfFile(f *mailing.File) Draft {
	d := Draft{
		Slug: f.Name, Kind: string(f.Kind), Campaign: f.Campaign, Filter: f.Audience, Lang: f.Lang, Words: f.Words[f.Lang], Other: f.Words[other(f.Lang)],
		LocalTime: f.LocalTime, Domains: f.Domains,
	}
	if f.Rate > 0 {
		d.Rate = strconv.Itoa(f.Rate)
	}
	if f.Test != nil {
		d.Share, d.After = strconv.Itoa(f.Test.Share), f.Test.Delay()
	}
	return d
}

// other is the language that a mailing is translated into.
func other(lang locale.Lang) locale.Lang {
	if lang == locale.Spanish {
		return locale.English
	}
	return locale.Spanish
}

// file is the draft as a file. What is no number becomes one that no file may have.
func (d Draft) file() *mailing.File {
	f := &mailing.File{
		Name: d.Slug, Kind: mailing.Kind(d.Kind), List: supporter.Updates, Campaign: d.Campaign, Audience: d.Audience, Lang: d.Lang,
		Words: map[locale.Lang]mailing.Words{d.Lang: d.Words}, Domains: d.Domains, LocalTime: d.LocalTime,
	}
	if f.Audience == "" {
		f.Audience = d.Filter
	}
	if d.Other != (mailing.Words{}) {
		f.Words[other(d.Lang)] = d.Other
	}
	f.Rate = number(d.Rate, 0)
	if d.Words.Second != "" {
		f.Test = &mailing.Test{Share: number(d.Share, mailing.TestShare), After: mailing.TestAfter}
		if d.After != "" {
			after, err := time.ParseDuration(d.After)
			if err != nil {
				after = -1
			}
			f.Test.After = after
		}
	}
	return f
}

// number is what was typed; -1 for what is none, and for zero, which a file takes for nothing said.
func number(typed string, unless int) int {
	if typed == "" {
		return unless
	}
	n, err := strconv.Atoi(typed)
	if err != nil || n == 0 {
		return -1
	}
	return n
}

// newMailing shows an empty form.
func (s *Site) newMailing(w http.ResponseWriter, r *http.Request, m account.Member) error {
	p := DraftPage{Staff: s.frame(r, m, mailingsPath+"new")}
	p.Draft = Draft{Kind: string(mailing.Newsletter), Lang: p.L.Lang()}
	return s.draftPage(w, r, m, http.StatusOK, p)
}

// createMailing saves a new one.
func (s *Site) createMailing(w http.ResponseWriter, r *http.Request, m account.Member) error {
	if err := whole(r); err != nil {
		return err
	}
	return s.writeMailing(w, r, m, DraftPage{Draft: draftOf(r, nil)})
}

// whole reads what was typed and refuses a form that is too large: the page would come back empty,
// as if nothing had been typed.
func whole(r *http.Request) error {
	err := r.ParseForm()
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return err
	}
	return nil
}

// openMailing shows the form with what a mailing says now.
func (s *Site) openMailing(w http.ResponseWriter, r *http.Request, m account.Member) error {
	found, err := s.found(r)
	if err != nil {
		return err
	}
	p := DraftPage{Draft: draftOfFile(found.File), Number: found.Number, Comments: headed.Comments([]byte(found.Source))}
	p.Seen = found.UpdatedAt.Time()
	return s.draftPage(w, r, m, http.StatusOK, p)
}

// changeMailing saves what a mailing says now. One that has its date leaves with it without
// anybody's further doing, so that is as good as to send it.
func (s *Site) changeMailing(w http.ResponseWriter, r *http.Request, m account.Member) error {
	if err := whole(r); err != nil {
		return err
	}
	found, err := s.found(r)
	if err != nil {
		return err
	}
	if mailing.State(found.State) == mailing.Scheduled && !m.Fresh(s.Clock()) {
		return s.again(w, r, m)
	}
	return s.writeMailing(w, r, m, DraftPage{Draft: draftOf(r, found.File), Number: found.Number, Comments: headed.Comments([]byte(found.Source))})
}

// What the buttons of the form do. The others only show it again.
const (
	doSave  = "save"
	doCount = "count"
)

// writeMailing saves what was typed, or counts whom it would go to, and shows what is wrong with
// it beside the fields.
func (s *Site) writeMailing(w http.ResponseWriter, r *http.Request, m account.Member, p DraftPage) error {
	do := r.PostFormValue("do")
	saved, err := s.write(r, m, &p, do)
	problems, atFault := errors.AsType[headed.Problems](err)
	switch {
	case err == nil && do == doSave:
		http.Redirect(w, r, s.frame(r, m, "").Href(pathOfMailing(saved.Number, "")), http.StatusSeeOther)
		return nil
	case err == nil:
		return s.draftPage(w, r, m, http.StatusOK, p)
	case atFault:
		p.Problems = problems
		return s.draftPage(w, r, m, http.StatusUnprocessableEntity, p)
	}
	l := s.frame(r, m, "").L
	switch why := refusalOf(l, err); {
	case errors.Is(err, mailing.ErrNameTaken):
		p.Problems = headed.Problems{{Field: "name", Rule: ruleTaken}}
	case errors.Is(err, mailing.ErrChanged):
		p.Refused = refused{Text: l.MailingsChangedTyped()}
	case why.told():
		p.Refused = why
	default:
		return err
	}
	return s.draftPage(w, r, m, mw.StatusOf(err), p)
}

// ruleTaken and ruleBoth are broken on the page, and in no file.
const (
	ruleTaken = "taken" // another mailing has the name
	ruleBoth  = "both"  // a saved segment and a filter
)

// write does what a button of the form asks for.
func (s *Site) write(r *http.Request, m account.Member, p *DraftPage, do string) (mailing.Mailing, error) {
	if do != doSave && do != doCount {
		return mailing.Mailing{}, nil
	}
	if p.Audience != "" && p.Filter != "" {
		return mailing.Mailing{}, headed.Problems{{Field: "audience", Rule: ruleBoth}}
	}
	source := p.file().Source()
	if do == doSave {
		return s.Mailings.Save(r.Context(), source, p.Seen, m.Who())
	}
	file, err := mailing.Parse(source)
	if err == nil {
		err = s.Mailings.Check(r.Context(), file)
	}
	if err != nil {
		return mailing.Mailing{}, err
	}
	n, err := s.count(r.Context(), mailing.Mailing{File: file})
	p.Count = &n
	return mailing.Mailing{}, err
}

// draftPage fills in what there is to choose from.
func (s *Site) draftPage(w http.ResponseWriter, r *http.Request, m account.Member, status int, p DraftPage) (err error) {
	p.Staff = s.frame(r, m, p.path())
	p.FormID, p.FormAction, p.FormNext, p.FormDo = "mailing-form", p.path(), p.L.MailingsSave(), doSave
	p.Title, p.Failed = p.title(), len(p.Problems) > 0 || p.Refused.told()
	all, err := s.Mailings.Campaigns.List(r.Context())
	if err != nil {
		return err
	}
	for _, c := range all {
		p.Campaigns = append(p.Campaigns, ui.Option{Value: c.Slug, Text: c.Words(string(p.L.Lang())).Title})
	}
	if p.Saved, err = s.Segments.List(r.Context()); err != nil {
		return err
	}
	p.chooseSaved()
	return mw.HTML(w, r, status, draftPage(p))
}

// chooseSaved takes a filter that is the name of a saved segment for the choice of it.
func (p *DraftPage) chooseSaved() {
	for _, saved := range p.Saved {
		if p.Filter == saved.Name && p.Audience == "" {
			p.Audience, p.Filter = saved.Name, ""
		}
	}
}

func (p DraftPage) path() string {
	if p.Number == 0 {
		return mailingsPath + "new"
	}
	return pathOfMailing(p.Number, "/change")
}

func (p DraftPage) title() string {
	if p.Number == 0 {
		return p.L.MailingsNew()
	}
	return p.L.MailingsChangeTitle(p.Slug)
}

func (p DraftPage) seen() string {
	if p.Seen.IsZero() {
		return ""
	}
	return seen(p.Seen)
}

// opened reports whether a part that few need is unfolded: something is in it, or wrong with it.
func (p DraftPage) opened(first, second string, fields ...string) bool {
	return first != "" || second != "" || slices.ContainsFunc(fields, func(name string) bool { return p.wrong(name) != "" })
}

// input is a field of one line.
func (p DraftPage) input(name, label, hint, value string, most int) ui.Field {
	return ui.Field{Name: name, Label: label, Hint: hint, Value: value, Error: p.wrong(name), Max: most, Autocomplete: "off"}
}

// short is one that takes a number, and may be left empty.
func (p DraftPage) short(name, label, hint, value string) ui.Field {
	f := p.input(name, label, hint, value, 12)
	f.Optional, f.Plain, f.Width = p.L.StaffPreviewOptional(), true, "half"
	return f
}

// area is the field of a text in Markdown.
func (p DraftPage) area(name, label, value string) ui.Field {
	return ui.Field{Name: name, Label: label, Hint: p.L.MailingsTextHint(), Value: value, Error: p.wrong(name), Max: mailing.MaxBody, Rows: 14, Autocomplete: "off"}
}

// segments are the saved ones with what they choose.
func (p DraftPage) segments() []ui.Option {
	all := make([]ui.Option, len(p.Saved))
	for i, one := range p.Saved {
		all[i] = ui.Option{Value: one.Name, Text: one.Name + ": " + text.Short(one.Segment.String(), 60)}
	}
	return all
}

func languageOptions() []ui.Option {
	var all []ui.Option
	for _, lang := range locale.Languages() {
		all = append(all, ui.Option{Value: string(lang), Text: locale.In(lang).LangName()})
	}
	return all
}
