package staff

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/web/mw"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

const (
	// asideRows is how many letters a page lists.
	asideRows = 50
	// moveRows is how many letters one act moves at most: each is a transaction, and the answer
	// waits for all of them, at most ten seconds.
	moveRows = 200
	// previewRows is how many letters of a preview are shown one by one.
	previewRows = 20
)

// AsidePage lists the letters that were put aside. It shows nothing of what is in them.
type AsidePage struct {
	ui.Staff

	Reasons []reasonSum
	Reason  string // that of the letters listed; "" for all
	All     int    // letters of the reason
	Letters []query.ListAsideRow
	Older   string // leads to the next page; "" for none
	Later   bool   // this is not the first page
	MayMove bool
	MayRead bool
	Nothing bool   // nothing was chosen
	Notice  string // what was just done; "" for nothing
}

// reasonSum is how many letters were put aside for a reason.
type reasonSum struct {
	Reason  string
	Letters int
	Oldest  time.Time
}

// asidePath is the page of a reason; "" for all.
const asidePath = "/staff/aside"

func asideOf(reason string) string {
	if reason == "" {
		return asidePath
	}
	return asidePath + "?reason=" + url.QueryEscape(reason)
}

// aside lists a page of letters, chosen by the request's address.
func (s *Site) aside(w http.ResponseWriter, r *http.Request, m account.Member) error {
	q := r.URL.Query()
	before, err := strconv.ParseInt(q.Get("before"), 10, 64)
	if err != nil {
		before = 0
	}
	p := AsidePage{Reason: line(q.Get("reason"))}
	return s.asidePage(w, r, m, http.StatusOK, p, letter.AsidePage{Before: stamp.Time(before).Time(), BeforeID: q.Get("id")})
}

// asidePage fills in what the page lists.
func (s *Site) asidePage(w http.ResponseWriter, r *http.Request, m account.Member, status int, p AsidePage, from letter.AsidePage) (err error) {
	p.Staff = s.frame(r, m, asideOf(p.Reason))
	p.Title, p.Failed = p.L.StaffAsideTitle(), p.Nothing
	p.MayMove, p.MayRead, p.Later = m.May(account.MoveLetters), m.May(account.ReadLetters), !from.Before.IsZero()
	if p.Reasons, err = s.asideReasons(r); err != nil {
		return err
	}
	for _, one := range p.Reasons {
		if p.Reason == "" || p.Reason == one.Reason {
			p.All += one.Letters
		}
	}
	from.Reason, from.Limit = p.Reason, asideRows+1
	if p.Letters, err = s.Letters.Aside(r.Context(), from); err != nil {
		return err
	}
	if len(p.Letters) > asideRows {
		p.Letters = p.Letters[:asideRows]
		last := p.Letters[asideRows-1]
		p.Older = asidePath + "?" + url.Values{"reason": {p.Reason}, "before": {strconv.FormatInt(int64(last.Since), 10)}, "id": {last.ID}}.Encode()
	}
	return mw.HTML(w, r, status, asidePage(p))
}

// asideReasons sums the letters of each reason over the channels, the most first.
func (s *Site) asideReasons(r *http.Request) ([]reasonSum, error) {
	held, err := s.Letters.HeldReasons(r.Context())
	if err != nil {
		return nil, err
	}
	var all []reasonSum
	for _, h := range held {
		if h.State != letter.Frozen {
			continue
		}
		at := slices.IndexFunc(all, func(one reasonSum) bool { return one.Reason == h.Reason })
		if at < 0 {
			at, all = len(all), append(all, reasonSum{Reason: h.Reason, Oldest: h.Oldest})
		}
		if all[at].Letters += int(h.Letters); h.Oldest.Before(all[at].Oldest) {
			all[at].Oldest = h.Oldest
		}
	}
	slices.SortStableFunc(all, func(a, b reasonSum) int { return b.Letters - a.Letters })
	return all, nil
}

// PreviewPage shows what an act would move, before it does.
type PreviewPage struct {
	ui.Staff

	Operation letter.Operation // release or refuse
	Reason    string           // of the list from which it came
	Letters   []string
	Shown     []query.ListBrieflyRow // the first of them
	Part      bool                   // there are more of the reason
	Why       string
	Missing   bool // the reason that the act needs
}

// preview shows what would be moved: the letters that were chosen, or all of a reason.
func (s *Site) preview(w http.ResponseWriter, r *http.Request, m account.Member) error {
	p, all, err := s.moving(r, m)
	if err != nil {
		return err
	}
	if all {
		if err := s.wholeReason(r, &p); err != nil {
			return err
		}
	}
	if len(p.Letters) == 0 {
		return s.asidePage(w, r, m, http.StatusUnprocessableEntity, AsidePage{Reason: p.Reason, Nothing: true}, letter.AsidePage{})
	}
	return s.previewed(w, r, http.StatusOK, p)
}

// previewed shows the page with the first of the letters.
func (s *Site) previewed(w http.ResponseWriter, r *http.Request, status int, p PreviewPage) (err error) {
	if p.Shown, err = s.Letters.Brief(r.Context(), p.Letters[:min(len(p.Letters), previewRows)]); err != nil {
		return err
	}
	return mw.HTML(w, r, status, previewPage(p))
}

// moving reads what is to be moved. all says that it is every letter of the reason.
func (s *Site) moving(r *http.Request, m account.Member) (p PreviewPage, all bool, err error) {
	if err := r.ParseForm(); err != nil {
		return p, false, fault.Wrap(fault.Invalid, err, "")
	}
	what, all := strings.CutPrefix(r.PostForm.Get("do"), "every-")
	p = PreviewPage{Operation: letter.Operation(what), Reason: line(r.PostForm.Get("reason")), Letters: r.PostForm["letter"], Why: line(r.PostForm.Get("why"))}
	if p.Operation != letter.Release && p.Operation != letter.Refuse || len(p.Letters) > moveRows {
		return p, false, fault.New(fault.Invalid, "")
	}
	p.Staff = s.frame(r, m, asideOf(p.Reason))
	return p, all, nil
}

// wholeReason chooses the letters of a reason, as many as can be moved at once.
func (s *Site) wholeReason(r *http.Request, p *PreviewPage) error {
	rows, err := s.Letters.Aside(r.Context(), letter.AsidePage{Reason: p.Reason, Limit: moveRows + 1})
	if err != nil {
		return err
	}
	if p.Part = len(rows) > moveRows; p.Part {
		rows = rows[:moveRows]
	}
	p.Letters = nil
	for _, row := range rows {
		p.Letters = append(p.Letters, row.ID)
	}
	return nil
}

// move does it, and says how many letters were moved.
func (s *Site) move(w http.ResponseWriter, r *http.Request, m account.Member) error {
	p, _, err := s.moving(r, m)
	if err != nil {
		return err
	}
	if p.Operation.NeedsReason() && p.Why == "" {
		p.Missing, p.Failed = true, true
		return s.previewed(w, r, http.StatusUnprocessableEntity, p)
	}
	moved, failed, err := s.Letters.OperateAll(r.Context(), p.Operation, p.Letters, m.Who(), p.Why)
	if err != nil {
		return err
	}
	notice := p.words().done(moved)
	if len(failed) > 0 {
		notice += " " + p.L.StaffMovedNot(len(failed))
	}
	return s.asidePage(w, r, m, http.StatusOK, AsidePage{Notice: notice}, letter.AsidePage{})
}

// moveWords are what the page says about an act.
type moveWords struct {
	title, button, done func(int) string
	text, why           string
}

func (p PreviewPage) words() moveWords {
	if p.Operation == letter.Refuse {
		return moveWords{p.L.StaffPreviewRefuse, p.L.StaffPreviewDoRefuse, p.L.StaffMovedRefuse, p.L.StaffPreviewRefuseText(), p.L.StaffPreviewWhyRefuse()}
	}
	return moveWords{p.L.StaffPreviewRelease, p.L.StaffPreviewDoRelease, p.L.StaffMovedRelease, p.L.StaffPreviewReleaseText(), p.L.StaffPreviewWhyRelease()}
}

// framed is the page with its title.
func (p PreviewPage) framed() ui.Staff {
	f := p.Staff
	f.Title = p.words().title(len(p.Letters))
	return f
}

// more is how many letters the preview does not show.
func (p PreviewPage) more() int { return max(0, len(p.Letters)-previewRows) }

// field is that of the reason.
func (p PreviewPage) field() ui.Field {
	f := ui.Field{Name: "why", Label: p.words().why, Value: p.Why, Max: 500, Autocomplete: "off"}
	if !p.Operation.NeedsReason() {
		f.Optional = p.L.StaffPreviewOptional()
	}
	if p.Missing {
		f.Error = p.L.StaffPreviewWhyMissing()
	}
	return f
}

// every names the buttons for all letters of the reason that is listed.
func (p AsidePage) every() string { return p.L.StaffAsideEvery(min(p.All, moveRows)) }

// short is how a letter is called in a list: the end of its id tells letters apart.
func short(id string) string { return "…" + id[max(0, len(id)-8):] }

func chooseLabel(l *locale.Locale, row query.ListAsideRow) string {
	return l.StaffAsideChoose(short(row.ID), row.Office)
}
