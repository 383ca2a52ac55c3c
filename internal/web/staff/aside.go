package staff

import (
	"net/http"
	"slices"
	"time"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/web/mw"
)

// AsidePage lists the letters that were put aside.
type AsidePage struct {
	PilePage

	Reasons []reasonSum
	Letters []query.ListAsideRow
}

// reasonSum is how many letters were put aside for a reason.
type reasonSum struct {
	Reason  string
	Letters int
	Oldest  time.Time
}

const asidePath = "/staff/aside"

func asideOf(reason string) string { return pile{State: letter.Frozen, Reason: reason}.path() }

// aside lists a page of letters, chosen by the request's address.
func (s *Site) aside(w http.ResponseWriter, r *http.Request, m account.Member) error {
	q := r.URL.Query()
	before, id := placeOf(q, "before")
	return s.asidePage(w, r, m, http.StatusOK, pileOf(letter.Frozen, q), said{}, letter.AsidePage{Before: before, BeforeID: id})
}

// asidePage fills in what the page lists.
func (s *Site) asidePage(w http.ResponseWriter, r *http.Request, m account.Member, status int, of pile, says said, from letter.AsidePage) (err error) {
	p := AsidePage{PilePage: s.pileFrame(r, m, of, (*locale.Locale).StaffAsideTitle, says, !from.Before.IsZero())}
	if p.Reasons, err = s.asideReasons(r); err != nil {
		return err
	}
	for _, one := range p.Reasons {
		if of.Reason == "" || of.Reason == one.Reason {
			p.All += one.Letters
		}
	}
	from.Reason, from.Limit = of.Reason, pileRows+1
	if p.Letters, err = s.Letters.Aside(r.Context(), from); err != nil {
		return err
	}
	if len(p.Letters) > pileRows {
		p.Letters = p.Letters[:pileRows]
		last := p.Letters[pileRows-1]
		p.Next = of.from("before", last.Since, last.ID)
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

// short is how a letter is called in a list: the end of its id tells letters apart.
func short(id string) string { return "…" + id[max(0, len(id)-8):] }

func chooseLabel(l *locale.Locale, id, office string) string {
	return l.StaffAsideChoose(short(id), office)
}
