package staff

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/web/mw"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// DeskPage says what waits for a person. It shows no supporter's data.
type DeskPage struct {
	ui.Staff

	Aside, Unknown waiting
	Channels       []channelCard

	UnderWay        []mailingCard // mailings that are not over, and no drafts
	MayReadMailings bool
}

// stopped is how many mailings wait for a person to let them go on.
func (p DeskPage) stopped() int {
	n := 0
	for _, c := range p.UnderWay {
		if c.state() == mailing.Paused {
			n++
		}
	}
	return n
}

// waiting is how many letters need a person, and for what reasons most of them.
type waiting struct {
	Letters int
	Reasons []letter.HeldReason // the most frequent ones
}

// deskReasons is how many reasons the desk tells of each kind.
const deskReasons = 10

func (w *waiting) add(h letter.HeldReason) {
	if len(w.Reasons) < deskReasons {
		w.Reasons = append(w.Reasons, h)
	}
}

// others is how many letters have reasons that the desk does not tell.
func (w waiting) others() int {
	n := w.Letters
	for _, h := range w.Reasons {
		n -= int(h.Letters)
	}
	return max(n, 0)
}

func (s *Site) desk(w http.ResponseWriter, r *http.Request, m account.Member) error {
	p := DeskPage{Staff: s.frame(r, m, "/staff/")}
	p.Title = p.L.StaffDeskTitle()
	var err error
	if p.Aside.Letters, p.Unknown.Letters, err = s.Letters.Held(r.Context()); err != nil {
		return err
	}
	held, err := s.Letters.HeldReasons(r.Context())
	if err != nil {
		return err
	}
	for _, h := range held {
		if h.State == letter.Frozen {
			p.Aside.add(h)
		} else {
			p.Unknown.add(h)
		}
	}
	if p.Channels, err = s.channels(r, p.L); err != nil {
		return err
	}
	standing, err := mailing.UnderWay(r.Context(), s.Mailings.DB)
	if err != nil {
		return err
	}
	for _, one := range standing {
		p.UnderWay = append(p.UnderWay, mailingCard{Standing: one})
	}
	p.MayReadMailings = m.May(account.ReadMailings)
	return mw.HTML(w, r, http.StatusOK, deskPage(p))
}

// channelCard is how a channel stands, in words.
type channelCard struct {
	letter.Overview

	Status letter.Status
	Word   string // the status
	Text   string // what follows from it; "" for nothing
	Heard  string // what somebody said about it, in their own words; "" for nothing
}

// Good reports whether letters leave.
func (c channelCard) Good() bool { return c.Status == letter.StatusRunning }

func (s *Site) channels(r *http.Request, l *locale.Locale) ([]channelCard, error) {
	all, err := s.Letters.Overview(r.Context())
	if err != nil {
		return nil, err
	}
	cards := make([]channelCard, len(all))
	for i, o := range all {
		cards[i] = cardOf(l, o, s.Clock())
	}
	return cards, nil
}

func cardOf(l *locale.Locale, o letter.Overview, now time.Time) channelCard {
	c := channelCard{Overview: o, Status: o.Status(now)}
	switch c.Status {
	case letter.StatusPaused:
		c.Word, c.Text, c.Heard = l.StaffChannelPaused(), l.StaffChannelPausedBy(l.Moment(o.Paused.At), o.Paused.Who), o.Paused.Why
	case letter.StatusClosed:
		c.Word, c.Text = l.StaffChannelClosed(), l.StaffChannelClosedUntil(l.Moment(o.ClosedUntil))
	case letter.StatusDown:
		c.Word, c.Text, c.Heard = l.StaffChannelDown(), l.StaffChannelDownUntil(l.Moment(o.BreakerUntil)), o.Reason
	case letter.StatusTrying:
		c.Word, c.Text, c.Heard = l.StaffChannelTrying(), l.StaffChannelTryingText(), o.Reason
	case letter.StatusNoNode:
		c.Word, c.Text = l.StaffChannelNobody(), l.StaffChannelNobodyText()
	case letter.StatusRunning:
		c.Word = l.StaffChannelOpen()
	}
	return c
}

// down names the offices whose own systems do not answer.
func (c channelCard) down() string {
	return strings.Join(slices.Sorted(maps.Keys(c.Offices)), ", ")
}
