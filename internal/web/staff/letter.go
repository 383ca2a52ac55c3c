package staff

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/supporter"
	"github.com/franklin-letters/franklin/internal/text"
	"github.com/franklin-letters/franklin/internal/web/mw"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// FindPage asks for the number of a letter.
type FindPage struct {
	ui.Staff

	Typed   string
	Missing bool // there is none
}

// LetterPage is the dossier of one letter: all that is known about it.
type LetterPage struct {
	ui.Staff
	letter.Evidence

	MayMove bool
}

// find shows the form, or leads to the letter that was typed.
func (s *Site) find(w http.ResponseWriter, r *http.Request, m account.Member) error {
	p := FindPage{Staff: s.frame(r, m, "/staff/letters")}
	if number := line(r.URL.Query().Get("number")); number != "" {
		http.Redirect(w, r, p.Href("/staff/letters/"+url.PathEscape(number)), http.StatusSeeOther)
		return nil
	}
	return s.findPage(w, r, http.StatusOK, p)
}

func (s *Site) findPage(w http.ResponseWriter, r *http.Request, status int, p FindPage) error {
	p.Title, p.Failed = p.L.StaffFindTitle(), p.Missing
	return mw.HTML(w, r, status, findPage(p))
}

// letter opens a letter, by its id or delivery number. That is written into the log first.
func (s *Site) letter(w http.ResponseWriter, r *http.Request, m account.Member) error {
	number := line(r.PathValue("id"))
	e, err := s.Letters.Evidence(r.Context(), number, m.Who())
	if fault.Is(err, fault.NotFound) {
		return s.findPage(w, r, http.StatusNotFound, FindPage{Staff: s.frame(r, m, "/staff/letters"), Typed: number, Missing: true})
	}
	if err != nil {
		return err
	}
	p := LetterPage{Staff: s.frame(r, m, "/staff/letters/"+number), Evidence: e}
	state := letter.State(e.Letter.State)
	p.MayMove = m.May(account.MoveLetters) && (state == letter.Frozen || state == letter.Unknown)
	p.Title = p.L.StaffLetterTitle(e.Letter.Office)
	return mw.HTML(w, r, http.StatusOK, letterPage(p))
}

// field is that of the number.
func (p FindPage) field() ui.Field {
	f := ui.Field{Name: "number", Label: p.L.StaffFindId(), Hint: p.L.StaffFindHint(), Value: p.Typed, Plain: true, Max: 64, Autocomplete: "off"}
	if p.Missing {
		f.Error = p.L.StaffFindNothing()
	}
	return f
}

// erased reports whether words and address are gone.
func (p LetterPage) erased() bool { return !p.Submission.ScrubbedAt.IsZero() }

// writer is who wrote the letter, line by line.
func (p LetterPage) writer() []string {
	s := p.Submission
	var lines []string
	for _, one := range []string{
		words(string(s.Prefix), string(s.FirstName), string(s.LastName)), string(s.Address1), string(s.Address2),
		words(string(s.City), s.State, string(s.Zip)), string(s.Email), string(s.Phone),
	} {
		if one != "" {
			lines = append(lines, one)
		}
	}
	return lines
}

// line makes one clean line of what was typed: no control characters, which PostgreSQL may
// refuse, and not longer than anything that is meant.
func line(typed string) string { return text.Short(text.Line(typed), 500) }

func words(all ...string) string { return strings.Join(strings.Fields(strings.Join(all, " ")), " ") }

// text is the letter as its writer saw it, without the subject.
func (p LetterPage) text() string {
	if p.Shown.Own != "" {
		return p.Shown.Own
	}
	return p.Shown.Statement
}

// stateName names a state.
func stateName(l *locale.Locale, s letter.State) string {
	names := map[letter.State]func() string{
		letter.Unconfirmed: l.StaffStateUnconfirmed, letter.Frozen: l.StaffStateFrozen, letter.Ready: l.StaffStateReady, letter.Sending: l.StaffStateSending,
		letter.Accepted: l.StaffStateAccepted, letter.Refused: l.StaffStateRefused, letter.Unknown: l.StaffStateUnknown, letter.Waiting: l.StaffStateWaiting,
		letter.HandedOver: l.StaffStateHandedOver, letter.Withdrawn: l.StaffStateWithdrawn, letter.Expired: l.StaffStateExpired,
	}
	return named(names, s)
}

// named says a word by its name; what has none is shown as it is.
func named[K ~string](names map[K]func() string, key K) string {
	if name, known := names[key]; known {
		return name()
	}
	return string(key)
}

// stateClass is the colour of a state: what has arrived is good, what will not is bad.
func stateClass(s letter.State) string {
	switch s {
	case letter.Accepted, letter.HandedOver:
		return "badge good"
	case letter.Refused, letter.Expired, letter.Frozen, letter.Unknown:
		return "badge bad"
	default:
		return "badge"
	}
}

func actorName(l *locale.Locale, actor string) string {
	return named(map[letter.Actor]func() string{
		letter.BySupporter: l.StaffBySupporter, letter.ByDelivery: l.StaffByDelivery, letter.ByClock: l.StaffByClock,
		letter.ByOperator: l.StaffByOperator, letter.ByOffice: l.StaffByOffice,
	}, letter.Actor(actor))
}

// found says how the district was found.
func (p LetterPage) found() string {
	basis := named(map[district.Basis]func() string{
		district.BasisStreet: p.L.StaffBasisStreet, district.BasisZIP: p.L.StaffBasisZip, district.BasisPoint: p.L.StaffBasisPoint, district.BasisChoice: p.L.StaffBasisChoice,
	}, district.Basis(p.Submission.Basis))
	return p.L.StaffLetterDistrictHow(basis, p.Submission.Plan, p.Submission.Seat)
}

func (p LetterPage) form() string {
	return named(map[letter.KeyClass]func() string{
		letter.KeySigned: p.L.StaffKeySigned, letter.KeyPlain: p.L.StaffKeyPlain, letter.KeyForeign: p.L.StaffKeyForeign, letter.KeyUnchecked: p.L.StaffKeyUnchecked,
	}, p.KeyClass) + " (" + p.Submission.Lang + ")"
}

func (p LetterPage) confirmed() string {
	return named(map[string]func() string{
		"not-asked": p.L.StaffConfirmNotAsked, "awaited": p.L.StaffConfirmAwaited, "never": p.L.StaffConfirmNever,
		"confirmed": func() string { return p.L.StaffConfirmConfirmed(p.L.Moment(p.Confirmation.At)) },
	}, p.Confirmation.State)
}

// answer is what the writer said the office did.
func (p LetterPage) answer() string {
	return named(map[letter.Answer]func() string{
		letter.AnswerReal: p.L.AnswerReal, letter.AnswerForm: p.L.AnswerForm, letter.AnswerNone: p.L.AnswerNone,
	}, p.Answer)
}

// methodName says how a consent was given.
func methodName(l *locale.Locale, method string) string {
	return named(map[string]func() string{
		supporter.MethodTick: l.StaffMethodTick, supporter.MethodConfirmed: l.StaffMethodConfirmed,
		supporter.MethodMailed: l.StaffMethodMailed, supporter.MethodImport: l.StaffMethodImport,
	}, method)
}

// made says how the message that is shown stands to the one that was sent.
func made(l *locale.Locale, m letter.Made) string {
	switch m {
	case letter.MadeAsSent:
		return l.StaffLetterMessageSent()
	case letter.MadeAhead:
		return l.StaffLetterMessageAhead()
	default:
		return l.StaffLetterMessageToday()
	}
}
