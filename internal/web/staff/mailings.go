package staff

import (
	"net/http"
	"strconv"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/web/mw"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// mailingsPath is the list of mailings; each is below it by its number.
const mailingsPath = "/staff/mailings/"

// mailingsRows is how many mailings a page lists.
const mailingsRows = 30

// MailingsPage lists the mailings with what became of them.
type MailingsPage struct {
	ui.Staff

	Mailings []mailingCard
	Older    string // leads to the next page; "" for none
	Later    bool   // this is not the first page
	MayWrite bool
}

// mailingCard is how a mailing stands.
type mailingCard struct {
	mailing.Standing

	File  *mailing.File
	Reach int64 // how many are in its audience, before it begins
}

func (s *Site) mailings(w http.ResponseWriter, r *http.Request, m account.Member) error {
	before, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	if err != nil {
		before = 0
	}
	p := MailingsPage{Staff: s.frame(r, m, mailingsPath), Later: before > 0, MayWrite: m.May(account.WriteMailings)}
	p.Title = p.L.MailingsTitle()
	rows, err := s.Mailings.Page(r.Context(), before, mailingsRows+1)
	if err != nil {
		return err
	}
	if len(rows) > mailingsRows {
		rows = rows[:mailingsRows]
		p.Older = mailingsPath + "?before=" + count(rows[mailingsRows-1].Number)
	}
	for _, row := range rows {
		card, err := s.mailingCard(r, row)
		if err != nil {
			return err
		}
		p.Mailings = append(p.Mailings, card)
	}
	return mw.HTML(w, r, http.StatusOK, mailingsPage(p))
}

// mailingCard reads the file of a mailing, and how many it may reach as long as nobody has been
// put in line for it.
func (s *Site) mailingCard(r *http.Request, row mailing.Standing) (c mailingCard, err error) {
	c.Standing = row
	if c.File, err = mailing.Stored([]byte(row.Source)); err != nil {
		return c, err
	}
	if c.begun() {
		return c, nil
	}
	c.Reach, err = s.Mailings.Reach(r.Context(), mailing.Mailing{Mailing: row.Mailing, File: c.File})
	return c, misread(err)
}

// misread takes a filter that cannot be worked out any more for one that reaches nobody: the
// page on which it is changed says why.
func misread(err error) error {
	if refuses(err) {
		return nil
	}
	return err
}

func (c mailingCard) state() mailing.State { return mailing.State(c.State) }

// begun reports whether people were put in line for it.
func (c mailingCard) begun() bool { return c.BeganAt > 0 }

// waits reports whether nothing has left and what it says can be changed.
func (c mailingCard) waits() bool {
	return !c.begun() && (c.state() == mailing.Draft || c.state() == mailing.Scheduled)
}

// path is the page of a mailing, or one below it.
func (c mailingCard) path(below string) string { return pathOfMailing(c.Number, below) }

func pathOfMailing(number int64, below string) string {
	return mailingsPath + count(number) + below
}

// subject is the subject as its author wrote it.
func (c mailingCard) subject() string { return c.File.Words[c.File.Lang].Subject }

// dealt is how many of its people have got it, or will not.
func (c mailingCard) dealt() int64 { return c.Numbers.Queued - c.Numbers.InLine }

// count writes a number for a program.
func count(n int64) string { return strconv.FormatInt(n, 10) }
