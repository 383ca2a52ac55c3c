package public

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// askMyData asks whose data somebody wants to see.
func (s *Site) askMyData(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, r, http.StatusOK, myDataPage(MyDataPage{Page: s.frame(r, "/my-data"), CanAsk: s.AskData != nil}))
}

// myData answers every address alike, and a fixed time after the form came: whether there
// is anybody behind it, only the mailbox is told.
func (s *Site) myData(w http.ResponseWriter, r *http.Request) error {
	if wait := s.Guard.Posted(s.network(r), s.Clock()); wait > 0 {
		return fault.Limited(wait+time.Second, "")
	}
	page := MyDataPage{Page: s.frame(r, "/my-data"), CanAsk: s.AskData != nil, Typed: strings.TrimSpace(r.PostFormValue("email"))}
	address, err := mail.ValidAddress(page.Typed)
	if err != nil {
		page.Wrong = true
		return s.render(w, r, http.StatusUnprocessableEntity, myDataPage(page))
	}
	answer := time.NewTimer(s.Quiet)
	defer answer.Stop()
	who, known, err := s.Desk.People.ByAddress(r.Context(), address)
	if err != nil {
		return err
	}
	if known && page.CanAsk {
		if err := s.AskData(r.Context(), who.ID); err != nil {
			return err
		}
	}
	select {
	case <-answer.C:
	case <-r.Context().Done():
		return nil // nobody is left to answer
	}
	page.Sent = page.CanAsk
	return s.render(w, r, http.StatusOK, myDataPage(page))
}

// owner returns whom the link was mailed to; known is false when they were erased since.
func (s *Site) owner(r *http.Request) (p OwnDataPage, who supporter.Person, known bool, err error) {
	token := r.PathValue("token")
	link, ok := s.Desk.People.ToData(token)
	if !ok {
		return p, who, false, fault.New(fault.NotFound, "")
	}
	who, known, err = s.Desk.People.ByID(r.Context(), link.Supporter)
	if err != nil {
		return p, who, false, err
	}
	p = OwnDataPage{Page: s.frame(r, "/my-data/"+token), Token: token, Masked: supporter.Masked(who.Email), Gone: !known}
	if known {
		p.Leave = "/leave/" + s.Desk.People.LeaveToken(who.ID, who.Email, supporter.Updates)
	}
	p.Got, err = s.Desk.People.Downloaded(r.Context(), token)
	return p, who, known, err
}

// ownData shows what the reader of the mailbox can do. Opening it changes nothing.
func (s *Site) ownData(w http.ResponseWriter, r *http.Request) error {
	p, _, _, err := s.owner(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, ownDataPage(p))
}

// download gives out everything about the reader of the mailbox, once.
func (s *Site) download(w http.ResponseWriter, r *http.Request) error {
	p, who, known, err := s.owner(r)
	if err != nil {
		return err
	}
	if !known || p.Got {
		return s.render(w, r, http.StatusConflict, ownDataPage(p))
	}
	record, err := s.Desk.Record(r.Context(), who)
	if err != nil {
		return err
	}
	file, err := s.recordFile(r, p.L, record)
	if err != nil {
		return err
	}
	err = s.Desk.People.Download(r.Context(), p.Token, who)
	if fault.Is(err, fault.Conflict) { // somebody was quicker
		p.Got = true
		return s.render(w, r, http.StatusConflict, ownDataPage(p))
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="my-data.zip"`)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(file) //nolint:gosec // a file to keep, not a page; and who went away need not be told
	return nil
}

// recordFile packs a person's data twice: to read, and for programs.
func (s *Site) recordFile(r *http.Request, l *locale.Locale, record letter.Record) ([]byte, error) {
	var page, file bytes.Buffer
	if err := recordPage(l, s.Frame.OrgName, record).Render(r.Context(), &page); err != nil {
		return nil, err
	}
	text, err := json.MarshalIndent(record, "", "  ")
	if err != nil {
		return nil, err
	}
	archive := zip.NewWriter(&file)
	for _, part := range []struct {
		name string
		text []byte
	}{{"my-data.html", page.Bytes()}, {"data.json", text}} {
		out, err := archive.Create(part.name)
		if err != nil {
			return nil, err
		}
		if _, err := out.Write(part.text); err != nil {
			return nil, err
		}
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	return file.Bytes(), nil
}

// askErase asks once more before it does what cannot be undone.
func (s *Site) askErase(w http.ResponseWriter, r *http.Request) error {
	p, _, _, err := s.owner(r)
	if err != nil {
		return err
	}
	p.Path, p.Sure = p.posted().Path, true
	return s.render(w, r, http.StatusOK, ownDataPage(p))
}

// erase forgets the reader of the mailbox. Doing it twice is as good as once.
func (s *Site) erase(w http.ResponseWriter, r *http.Request) error {
	p, who, known, err := s.owner(r)
	if err != nil {
		return err
	}
	if known {
		left, err := s.Desk.Erase(r.Context(), who)
		if err != nil {
			return err
		}
		p.Gone, p.Moving = true, left > 0
	}
	return s.render(w, r, http.StatusOK, ownDataPage(p))
}
