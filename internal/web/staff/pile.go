package staff

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// pileRows is how many letters a page lists.
const pileRows = 50

// PilePage is what the lists of letters that wait for a decision have in common. They show
// nothing of what is in the letters.
type PilePage struct {
	ui.Staff
	said

	Pile    pile
	All     int    // letters of the pile
	Next    string // leads to the next page; "" for none
	Later   bool   // this is not the first page
	MayMove bool
	MayRead bool
}

// said is what a list tells above its letters.
type said struct {
	Nothing bool   // nothing was chosen
	Notice  string // what was just done; "" for nothing
}

// pileFrame is the page around a list.
func (s *Site) pileFrame(r *http.Request, m account.Member, of pile, title func(*locale.Locale) string, says said, later bool) PilePage {
	p := PilePage{
		Staff: s.frame(r, m, of.path()), said: says, Pile: of, Later: later,
		MayMove: m.May(account.MoveLetters), MayRead: m.May(account.ReadLetters),
	}
	p.Title, p.Failed = title(p.L), says.Nothing
	return p
}

// pilePage lists a pile from its beginning.
func (s *Site) pilePage(w http.ResponseWriter, r *http.Request, m account.Member, status int, of pile, says said) error {
	if of.State == letter.Unknown {
		return s.unknownPage(w, r, m, status, of, says, letter.UnknownPage{})
	}
	return s.asidePage(w, r, m, status, of, says, letter.AsidePage{})
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

// every names the buttons for all letters of the pile; "" where there are none.
func (p PilePage) every() string {
	switch {
	case !p.Pile.whole() || p.All < 2:
		return ""
	case p.Pile.State == letter.Unknown:
		return p.L.StaffUnknownEvery(min(p.All, moveRows))
	}
	return p.L.StaffAsideEvery(min(p.All, moveRows))
}

// pile is the letters that wait for one decision: those put aside, or those of unknown fate,
// or some of them.
type pile struct {
	State            letter.State // Frozen or Unknown
	Reason           string       // "" for every reason
	Campaign, Office string       // "" for all of them
}

// pileOf reads a pile off a page's address or a form: only what its letters are chosen by, so
// that nothing else makes all of them a pile that is decided about as a whole. A reason is only
// compared with those that there are, so it stays as it is.
func pileOf(state letter.State, v url.Values) pile {
	if state == letter.Unknown {
		return pile{State: state, Campaign: line(v.Get("campaign")), Office: line(v.Get("office"))}
	}
	return pile{State: state, Reason: v.Get("reason")}
}

// values are what a page's address or a form says of the pile.
func (p pile) values() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"reason": p.Reason, "campaign": p.Campaign, "office": p.Office} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v
}

// path is the page that lists the pile.
func (p pile) path() string { return p.at(p.values()) }

// from is the page that goes on behind a letter. name is that of the field that holds its
// time.
func (p pile) from(name string, since stamp.Time, id string) string {
	v := p.values()
	v.Set(name, strconv.FormatInt(int64(since), 10))
	v.Set("id", id)
	return p.at(v)
}

func (p pile) at(v url.Values) string {
	base := asidePath
	if p.State == letter.Unknown {
		base = unknownPath
	}
	if len(v) == 0 {
		return base
	}
	return base + "?" + v.Encode()
}

// placeOf reads back what from wrote: after which letter a page begins. Without one it is the
// first page.
func placeOf(v url.Values, name string) (since time.Time, id string) {
	at, err := strconv.ParseInt(v.Get(name), 10, 64)
	if err != nil {
		return time.Time{}, ""
	}
	return stamp.Time(at).Time(), line(v.Get("id"))
}

// whole reports whether the pile is small enough in kind to decide about all of it: not
// every letter that there is.
func (p pile) whole() bool { return len(p.values()) > 0 }

// kept are the same values as fields of a form.
func (p pile) kept() []kept { return keptOf(p.values()) }
