package public

import (
	"net/http"
	"slices"

	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// leaving serves a page behind a link by which people leave. Whoever holds a link of ours
// gets through at any time, whatever else comes from their network: the limit is for those
// who try links that are none.
func (s *Site) leaving(serve func(http.ResponseWriter, *http.Request, supporter.Link) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		link, ok := s.Desk.People.ToLeave(r.PathValue("token"))
		if ok {
			return serve(w, r, link)
		}
		return s.guessable(func(http.ResponseWriter, *http.Request) error { return fault.New(fault.NotFound, "") })(w, r)
	}
}

func (s *Site) leavePage(r *http.Request, link supporter.Link) (LeavePage, error) {
	m, err := s.Desk.People.Membership(r.Context(), link.Supporter)
	p := LeavePage{Page: s.frame(r, "/leave/"+r.PathValue("token")), Masked: m.Masked, List: link.List}
	for _, list := range m.Lists {
		if list != link.List {
			p.Also = append(p.Also, list)
		}
	}
	return p, err
}

// askLeave shows the one button. Programs that look at every link in a mail come here too,
// so opening the page changes nothing.
func (s *Site) askLeave(w http.ResponseWriter, r *http.Request, link supporter.Link) error {
	p, err := s.leavePage(r, link)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, leavePage(p))
}

// leave takes whoever holds the link off its list, or off what they chose on the page. Mail
// programs post here by themselves when their reader presses "unsubscribe" (RFC 8058): they
// bring no cookie, follow no redirect, and may post anything.
func (s *Site) leave(w http.ResponseWriter, r *http.Request, link supporter.Link) error {
	way := supporter.ByPage
	if r.PostFormValue("List-Unsubscribe") != "" {
		way = supporter.ByOneClick
	}
	list := link.List
	switch chosen := r.PostFormValue("list"); {
	case chosen == everything:
		list = supporter.Everything
	case chosen != "":
		before, err := s.leavePage(r, link)
		if err != nil {
			return err
		}
		if slices.Contains(before.Also, supporter.List(chosen)) {
			list = supporter.List(chosen)
		}
	}
	if err := s.Desk.People.Leave(r.Context(), link, list, way); err != nil {
		return err
	}
	p, err := s.leavePage(r, supporter.Link{Supporter: link.Supporter, List: list})
	if err != nil {
		return err
	}
	p.Done, p.Never = true, list == supporter.Everything
	return s.render(w, r, http.StatusOK, leavePage(p))
}

// askJoin shows the words that were ticked and the button that confirms them.
func (s *Site) askJoin(w http.ResponseWriter, r *http.Request) error {
	link, ok := s.Desk.People.ToJoin(r.PathValue("token"))
	if !ok {
		return fault.New(fault.NotFound, "")
	}
	return s.joined(w, r, link)
}

// join puts the owner of the mailbox on the list.
func (s *Site) join(w http.ResponseWriter, r *http.Request) error {
	link, ok := s.Desk.People.ToJoin(r.PathValue("token"))
	if !ok {
		return fault.New(fault.NotFound, "")
	}
	if _, err := s.Desk.People.Confirm(r.Context(), link); err != nil {
		return err
	}
	return s.joined(w, r, link)
}

func (s *Site) joined(w http.ResponseWriter, r *http.Request, link supporter.Link) error {
	waiting, err := s.Desk.People.Waiting(r.Context(), link)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, joinPage(JoinPage{
		Page: s.frame(r, "/join/"+r.PathValue("token")), Masked: waiting.Masked, Words: waiting.Words, WordsLang: waiting.Lang,
		Done: waiting.Done, Gone: waiting.Gone,
	}))
}
