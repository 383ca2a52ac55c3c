package staff

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/web/mw"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

const unknownPath = "/staff/unknown"

// UnknownPage lists the letters whose fate is not known.
type UnknownPage struct {
	PilePage

	Sums    []query.CountUnknownRow // of all of them
	Letters []query.ListUnknownRow
}

// unknown lists a page of letters, chosen by the request's address.
func (s *Site) unknown(w http.ResponseWriter, r *http.Request, m account.Member) error {
	q := r.URL.Query()
	after, id := placeOf(q, "after")
	return s.unknownPage(w, r, m, http.StatusOK, pileOf(letter.Unknown, q), said{}, letter.UnknownPage{After: after, AfterID: id})
}

// unknownPage fills in what the page lists.
func (s *Site) unknownPage(w http.ResponseWriter, r *http.Request, m account.Member, status int, of pile, says said, from letter.UnknownPage) (err error) {
	p := UnknownPage{PilePage: s.pileFrame(r, m, of, (*locale.Locale).StaffUnknownTitle, says, !from.After.IsZero())}
	if p.Sums, err = s.Letters.UnknownSums(r.Context()); err != nil {
		return err
	}
	for _, sum := range p.Sums {
		if (of.Campaign == "" || of.Campaign == sum.Slug) && (of.Office == "" || of.Office == sum.Office) {
			p.All += int(sum.Letters)
		}
	}
	from.Campaign, from.Office, from.Limit = of.Campaign, of.Office, pileRows+1
	if p.Letters, err = s.Letters.Unknown(r.Context(), from); err != nil {
		return err
	}
	if len(p.Letters) > pileRows {
		p.Letters = p.Letters[:pileRows]
		last := p.Letters[pileRows-1]
		p.Next = of.from("after", last.Since, last.ID)
	}
	return mw.HTML(w, r, status, unknownPage(p))
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
