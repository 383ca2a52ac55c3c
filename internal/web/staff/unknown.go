package staff

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/web/mw"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

const unknownPath = "/staff/unknown"

// UnknownPage lists the letters whose fate is not known. It shows nothing of what is in them.
type UnknownPage struct {
	ui.Staff
	said

	Pile    pile
	Sums    []query.CountUnknownRow // of all of them
	Letters []query.ListUnknownRow
	Newer   string // leads to the next page; "" for none
	Later   bool   // this is not the first page
	MayMove bool
	MayRead bool
}

// said is what a list tells above its letters.
type said struct {
	Nothing bool   // nothing was chosen
	Notice  string // what was just done; "" for nothing
}

// unknown lists a page of letters, chosen by the request's address.
func (s *Site) unknown(w http.ResponseWriter, r *http.Request, m account.Member) error {
	q := r.URL.Query()
	after, id := placeOf(q, "after")
	return s.unknownPage(w, r, m, http.StatusOK, UnknownPage{Pile: pileOf(letter.Unknown, q)}, letter.UnknownPage{After: after, AfterID: id})
}

// unknownPage fills in what the page lists.
func (s *Site) unknownPage(w http.ResponseWriter, r *http.Request, m account.Member, status int, p UnknownPage, from letter.UnknownPage) (err error) {
	p.Staff = s.frame(r, m, p.Pile.path())
	p.Title, p.Failed = p.L.StaffUnknownTitle(), p.Nothing
	p.MayMove, p.MayRead, p.Later = m.May(account.MoveLetters), m.May(account.ReadLetters), !from.After.IsZero()
	if p.Sums, err = s.Letters.UnknownSums(r.Context()); err != nil {
		return err
	}
	from.Campaign, from.Office, from.Limit = p.Pile.Campaign, p.Pile.Office, asideRows+1
	if p.Letters, err = s.Letters.Unknown(r.Context(), from); err != nil {
		return err
	}
	if len(p.Letters) > asideRows {
		p.Letters = p.Letters[:asideRows]
		last := p.Letters[asideRows-1]
		p.Newer = p.Pile.from("after", last.Since, last.ID)
	}
	return mw.HTML(w, r, status, unknownPage(p))
}

// pilePage lists a pile from its beginning.
func (s *Site) pilePage(w http.ResponseWriter, r *http.Request, m account.Member, status int, of pile, says said) error {
	if of.State == letter.Unknown {
		return s.unknownPage(w, r, m, status, UnknownPage{Pile: of, said: says}, letter.UnknownPage{})
	}
	return s.asidePage(w, r, m, status, AsidePage{Reason: of.Reason, said: says}, letter.AsidePage{})
}

// pileIDs returns the first letters of a pile.
func (s *Site) pileIDs(ctx context.Context, of pile, most int) ([]string, error) {
	var ids []string
	if of.State == letter.Unknown {
		rows, err := s.Letters.Unknown(ctx, letter.UnknownPage{Campaign: of.Campaign, Office: of.Office, Limit: most})
		for _, row := range rows {
			ids = append(ids, row.ID)
		}
		return ids, err
	}
	rows, err := s.Letters.Aside(ctx, letter.AsidePage{Reason: of.Reason, Limit: most})
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	return ids, err
}

// all is how many letters of the pile there are.
func (p UnknownPage) all() int {
	n := 0
	for _, sum := range p.Sums {
		if (p.Pile.Campaign == "" || p.Pile.Campaign == sum.Slug) && (p.Pile.Office == "" || p.Pile.Office == sum.Office) {
			n += int(sum.Letters)
		}
	}
	return n
}

// every names the buttons for all letters of the choice; "" where there are none.
func (p UnknownPage) every() string {
	if !p.Pile.whole() || p.all() < 2 {
		return ""
	}
	return p.L.StaffUnknownEvery(min(p.all(), moveRows))
}

// choices are the values of a field by which letters are chosen, with their numbers.
func (p UnknownPage) choices(of func(query.CountUnknownRow) string) []ui.OptionGroup {
	sums := map[string]int{}
	for _, sum := range p.Sums {
		sums[of(sum)] += int(sum.Letters)
	}
	var all []ui.Option
	for value, n := range sums {
		all = append(all, ui.Option{Value: value, Text: value + " (" + p.L.Number(n) + ")"})
	}
	slices.SortFunc(all, func(a, b ui.Option) int { return cmp.Compare(a.Value, b.Value) })
	return []ui.OptionGroup{{Options: all}}
}

func (p UnknownPage) campaigns() []ui.OptionGroup {
	return p.choices(func(sum query.CountUnknownRow) string { return sum.Slug })
}

func (p UnknownPage) offices() []ui.OptionGroup {
	return p.choices(func(sum query.CountUnknownRow) string { return sum.Office })
}
