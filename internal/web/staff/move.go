package staff

import (
	"net/http"
	"strings"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/web/mw"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

const (
	previewPath = "/staff/move/preview"
	movePath    = "/staff/move"

	// moveRows is how many letters one act moves at most: each is a transaction, and the answer
	// waits for all of them, at most ten seconds.
	moveRows = 200
	// previewRows is how many letters of a preview are shown one by one.
	previewRows = 20
)

// PreviewPage shows what an act would move, before it does.
type PreviewPage struct {
	ui.Staff

	Operation letter.Operation
	Pile      pile     // from which it came
	Letters   []string // all of them stand where the operation finds them
	Shown     []query.ListBrieflyRow
	Elsewhere int  // how many were chosen that stand elsewhere by now
	Part      bool // there are more of the pile
	Why       string
	Missing   bool // the reason that the act needs
	words     moveWords
}

// preview shows what would be moved: the letters that were chosen, or all of a pile.
func (s *Site) preview(w http.ResponseWriter, r *http.Request, m account.Member) error {
	p, all, err := s.moving(r, m)
	if err != nil {
		return err
	}
	if all && p.Pile.whole() {
		if err := s.wholePile(r, &p); err != nil {
			return err
		}
	}
	if len(p.Letters) == 0 {
		return s.pilePage(w, r, m, http.StatusUnprocessableEntity, p.Pile, said{Nothing: true})
	}
	return s.previewed(w, r, m, http.StatusOK, p)
}

// previewed shows those of the letters that can be moved. Where none can any more, the list
// says so.
func (s *Site) previewed(w http.ResponseWriter, r *http.Request, m account.Member, status int, p PreviewPage) error {
	rows, err := s.Letters.Brief(r.Context(), p.Letters)
	if err != nil {
		return err
	}
	all := len(p.Letters)
	p.Letters, p.Shown = nil, nil
	for _, row := range rows {
		if letter.State(row.State) != p.Operation.From() {
			continue
		}
		p.Letters = append(p.Letters, row.ID)
		if len(p.Shown) < previewRows {
			p.Shown = append(p.Shown, row)
		}
	}
	p.Elsewhere = all - len(p.Letters)
	if len(p.Letters) == 0 {
		return s.pilePage(w, r, m, http.StatusConflict, p.Pile, said{Notice: p.L.StaffMovedNot(p.Elsewhere)})
	}
	p.Title = p.words.title(p.L, len(p.Letters))
	return mw.HTML(w, r, status, previewPage(p))
}

// moving reads what is to be moved. all says that it is the whole pile.
func (s *Site) moving(r *http.Request, m account.Member) (p PreviewPage, all bool, err error) {
	if err := r.ParseForm(); err != nil {
		return p, false, fault.Wrap(fault.Invalid, err, "")
	}
	what, all := strings.CutPrefix(r.PostForm.Get("do"), "every-")
	p = PreviewPage{Operation: letter.Operation(what), Letters: chosen(r.PostForm["letter"]), Why: line(r.PostForm.Get("why"))}
	p.Pile = pileOf(p.Operation.From(), r.PostForm)
	p.Staff = s.frame(r, m, p.Pile.path())
	words, known := offered[p.Operation]
	if !known || len(p.Letters) > moveRows {
		return p, false, fault.New(fault.Invalid, "")
	}
	p.words = words
	return p, all, nil
}

// chosen are the ids that a form holds, each once.
func chosen(typed []string) []string {
	var ids []string
	seen := map[string]bool{}
	for _, id := range typed {
		if id = line(id); id != "" && !seen[id] {
			ids, seen[id] = append(ids, id), true
		}
	}
	return ids
}

// wholePile chooses the letters of a pile, as many as can be moved at once.
func (s *Site) wholePile(r *http.Request, p *PreviewPage) error {
	ids, err := s.pileIDs(r.Context(), p.Pile, moveRows+1)
	if err != nil {
		return err
	}
	p.Part = len(ids) > moveRows
	p.Letters = ids[:min(len(ids), moveRows)]
	return nil
}

// move does it, and says how many letters were moved. Many at once need a new sign-in: who
// looked at each of a few knows what they do.
func (s *Site) move(w http.ResponseWriter, r *http.Request, m account.Member) error {
	p, _, err := s.moving(r, m)
	if err != nil {
		return err
	}
	switch {
	case len(p.Letters) == 0:
		return s.pilePage(w, r, m, http.StatusUnprocessableEntity, p.Pile, said{Nothing: true})
	case p.Operation.NeedsReason() && p.Why == "":
		p.Missing, p.Failed = true, true
		return s.previewed(w, r, m, http.StatusUnprocessableEntity, p)
	case len(p.Letters) > previewRows && !m.Fresh(s.Clock()):
		return s.again(w, r, m)
	}
	moved, failed, err := s.Letters.OperateAll(r.Context(), p.Operation, p.Letters, m.Who(), p.Why)
	notice := p.words.done(p.L, moved)
	if len(failed) > 0 {
		notice += " " + p.L.StaffMovedNot(len(failed))
	}
	if err != nil {
		r.PostForm["letter"] = p.Letters[moved+len(failed):] // the form that may be sent again
		s.faults(m, notice).Fail(w, r, err)
		return nil
	}
	return s.pilePage(w, r, m, http.StatusOK, pile{State: p.Pile.State}, said{Notice: notice})
}

// moveWords are what the pages say about an act.
type moveWords struct {
	title, button, done func(*locale.Locale, int) string
	text, why           func(*locale.Locale) string
}

// offered are the acts that the pages offer.
var offered = map[letter.Operation]moveWords{
	letter.Release: {
		(*locale.Locale).StaffPreviewRelease, (*locale.Locale).StaffPreviewDoRelease, (*locale.Locale).StaffMovedRelease,
		(*locale.Locale).StaffPreviewReleaseText, (*locale.Locale).StaffPreviewWhyRelease,
	},
	letter.Refuse: {
		(*locale.Locale).StaffPreviewRefuse, (*locale.Locale).StaffPreviewDoRefuse, (*locale.Locale).StaffMovedRefuse,
		(*locale.Locale).StaffPreviewRefuseText, (*locale.Locale).StaffPreviewWhyRefuse,
	},
	letter.ResolveAccepted: {
		(*locale.Locale).StaffPreviewArrived, (*locale.Locale).StaffPreviewDoArrived, (*locale.Locale).StaffMovedArrived,
		(*locale.Locale).StaffPreviewArrivedText, (*locale.Locale).StaffPreviewWhyArrived,
	},
	letter.ResolveRefused: {
		(*locale.Locale).StaffPreviewLost, (*locale.Locale).StaffPreviewDoLost, (*locale.Locale).StaffMovedLost,
		(*locale.Locale).StaffPreviewLostText, (*locale.Locale).StaffPreviewWhyRefuse,
	},
}

// more is how many letters the preview does not show.
func (p PreviewPage) more() int { return len(p.Letters) - len(p.Shown) }

// field is that of the reason.
func (p PreviewPage) field() ui.Field {
	f := ui.Field{Name: "why", Label: p.words.why(p.L), Value: p.Why, Max: 500, Autocomplete: "off"}
	if !p.Operation.NeedsReason() {
		f.Optional = p.L.StaffPreviewOptional()
	}
	if p.Missing {
		f.Error = p.L.StaffPreviewWhyMissing()
	}
	return f
}
