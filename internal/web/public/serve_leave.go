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
	p := LeavePage{Page: s.frame(r, "/leave/"+r.PathValue("token")), List: link.List}
	var err error
	if link.Supporter, err = s.Desk.People.Present(r.Context(), link.Supporter); err != nil {
		return p, err
	}
	m, err := s.Desk.People.Membership(r.Context(), link.Supporter)
	if err != nil {
		return p, err
	}
	p.Masked = m.Masked
	for _, list := range m.Lists {
		if _, partner := list.Partner(); !partner && list != link.List {
			p.Also = append(p.Also, list)
		}
	}
	p.Partners, err = s.partnersOf(r, link, m)
	return p, err
}

// partnersOf returns to which partners somebody agreed, as the newest line of the ledger
// names each.
func (s *Site) partnersOf(r *http.Request, link supporter.Link, m supporter.Membership) ([]LeavePartner, error) {
	consents, err := s.Desk.People.Consents(r.Context(), s.Campaigns, link.Supporter)
	if err != nil {
		return nil, err
	}
	var all []LeavePartner
	for _, c := range slices.Backward(consents) {
		known := slices.ContainsFunc(all, func(p LeavePartner) bool { return p.List == c.List })
		if c.Partner.Key != "" && !c.Confirmed.IsZero() && !known {
			all = append(all, LeavePartner{c.List, c.Partner.Name, c.Partner.Privacy, !m.On(c.List)})
		}
	}
	return all, nil
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
		if before.offers(supporter.List(chosen)) {
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

// join confirms the one tick whose button was pressed.
func (s *Site) join(w http.ResponseWriter, r *http.Request) error {
	link, ok := s.Desk.People.ToJoin(r.PathValue("token"))
	if !ok {
		return fault.New(fault.NotFound, "")
	}
	if chosen := r.PostFormValue("list"); chosen != "" {
		link.List = supporter.List(chosen) // who has not ticked it cannot confirm it
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
	p := JoinPage{Page: s.frame(r, "/join/"+r.PathValue("token")), Masked: waiting.Masked, Ticks: waiting.Ticks}
	if p.Leave, err = s.leavePath(r, link.Supporter); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, joinPage(p))
}

// leavePath is where a person whose mailbox a link has proved takes back what they agreed to;
// "" for who is not known any more.
func (s *Site) leavePath(r *http.Request, id string) (string, error) {
	who, known, err := s.Desk.People.ByID(r.Context(), id)
	if err != nil || !known {
		return "", err
	}
	return "/leave/" + s.Desk.People.LeaveToken(who.ID, who.Email, supporter.Updates), nil
}
