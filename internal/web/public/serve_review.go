package public

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/guard"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/supporter"
	"github.com/franklin-letters/franklin/internal/web/mw"
)

// posted is a form on its way to being sent, with all that is known about it.
type posted struct {
	campaign  campaign.Listed
	form      Form // as typed
	clean     letter.Form
	recipient letter.Recipient
	fresh     guard.Freshness // of the key that the form came with
	quiet     *time.Timer     // before which the answer of a mailbox must not come
}

// examine reads the posted form and finds its office. When something is missing or in the
// way it answers with the page that says so, and ok is false.
func (s *Site) examine(w http.ResponseWriter, r *http.Request) (p posted, ok bool, err error) {
	p.campaign, ok, err = s.open(w, r)
	if fault.Is(err, fault.Unavailable) { // what was typed must come back, whatever is not known
		s.Log.Error("a campaign could not be read", "error", err.Error())
		return p, false, s.busy(w, r)
	}
	if err != nil || !ok {
		return p, false, err
	}
	if p.form, err = decode(r); err != nil {
		return p, false, err
	}
	p.fresh = s.renew(p.campaign, &p.form)
	p.clean = p.form.cleaned(s.frame(r, "").L.Lang())
	p.clean.Network, p.clean.Agent = supporter.Network(s.Proxies.Client(r)), supporter.Agent(r.UserAgent())
	if problems := p.clean.Problems(); len(problems) > 0 {
		return p, false, s.filledForm(w, r, p.campaign, p.form, errorsOf(problems))
	}
	p.recipient, err = s.Guide().Recipient(p.clean, p.form.position(), s.Clock())
	if err != nil {
		return p, false, err
	}
	p.recipient, err = s.Guide().Addressees(p.recipient, p.clean, p.campaign.Campaign, s.Clock())
	if err != nil {
		return p, false, err
	}
	p.form = p.form.shown(p.clean)
	if p.recipient.Clear() {
		return p, true, nil
	}
	return p, false, s.stop(w, r, p)
}

// stop answers a form that cannot go on: a question to the person, or the reason.
func (s *Site) stop(w http.ResponseWriter, r *http.Request, p posted) error {
	switch p.recipient.Obstacle {
	case letter.StateMismatch:
		return s.filledForm(w, r, p.campaign, p.form, Errors{{Field: "zip", Problem: Elsewhere}})
	case letter.OutOfDate:
		return fault.New(fault.Unavailable, "the district lines or the roster are out of date")
	case letter.NoObstacle:
		return s.choose(w, r, p)
	default:
		return s.cannot(w, r, p)
	}
}

// choose asks which of several members is the person's own.
func (s *Site) choose(w http.ResponseWriter, r *http.Request, p posted) error {
	page := ChoicePage{Page: s.frameOf(r, "/c/"+p.campaign.Slug+"/review", p.campaign), Form: p.form}
	page.Campaign = s.campaign(p.campaign, page.L)
	for _, office := range p.recipient.Choices {
		page.Candidates = append(page.Candidates, memberOf(office))
	}
	page.Street = streetDoubt(p.recipient.Found)
	page.Map = s.choiceMap(p.recipient)
	switch {
	case p.form.position() != nil:
		page.Errors = Errors{{Field: "lat", Problem: Invalid}}
	case r.PostForm.Has("district") && len(r.PostForm["lang"]) < 2: // two: the language button was pressed
		page.Errors = Errors{{Field: "district", Problem: Missing}}
	}
	status := http.StatusOK
	if len(page.Errors) > 0 {
		status = http.StatusUnprocessableEntity
	}
	page.Form.District, page.Form.Latitude, page.Form.Longitude, page.Form.Accuracy = "", "", "", ""
	return s.render(w, r, status, choicePage(page))
}

var reasons = map[letter.Obstacle]CannotReason{
	letter.Delegate: CannotDelegate, letter.Vacancy: CannotVacant, letter.MilitaryMail: CannotMilitary,
	letter.FreelyAssoc: CannotFreely, letter.Foreign: CannotForeign, letter.POBox: CannotPOBox, letter.UnknownZIP: CannotUnknown,
}

// cannot says why no letter goes out and what the person can still do. Nothing is counted.
func (s *Site) cannot(w http.ResponseWriter, r *http.Request, p posted) error {
	page := CannotPage{
		Page: s.frameOf(r, "/c/"+p.campaign.Slug+"/review", p.campaign), Form: p.form,
		Reason: reasons[p.recipient.Obstacle], Seat: p.recipient.Found.Seat,
	}
	page.Campaign, page.Share = s.campaign(p.campaign, page.L), s.share(p.campaign, page.L)
	switch p.recipient.Obstacle { //nolint:exhaustive // the others name nobody
	case letter.Delegate:
		if p.recipient.Office.Seated() {
			m := memberOf(p.recipient.Office)
			page.Delegate = &m
		}
	case letter.Vacancy:
		for _, seat := range page.Seat.State.SenateSeats() {
			if holder, err := s.Guide().Roster.Holder(seat, s.Clock()); err == nil && holder.Seated() {
				page.Senators = append(page.Senators, memberOf(holder))
			}
		}
	}
	return s.render(w, r, http.StatusOK, cannotPage(page))
}

// review shows exactly what will be sent.
func (s *Site) review(w http.ResponseWriter, r *http.Request) error {
	p, ok, err := s.examine(w, r)
	if err != nil || !ok {
		return err
	}
	return s.reviewed(w, r, p, "", http.StatusOK)
}

func (s *Site) reviewed(w http.ResponseWriter, r *http.Request, p posted, notice ReviewNotice, status int) error {
	page := ReviewPage{Page: s.frameOf(r, "/c/"+p.campaign.Slug+"/review", p.campaign), Form: p.form, Notice: notice}
	page.Campaign = s.campaign(p.campaign, page.L)
	for _, office := range p.recipient.Offices {
		page.Recipients = append(page.Recipients, memberOf(office))
	}
	page.Basis = Basis(p.recipient.Found.Basis)
	page.Street, page.Next = streetRead(p.recipient.Found), nextDistrict(p.recipient.Found)
	page.Handoff = s.Desk.OnlyByHand(p.campaign.Campaign, p.recipient.Seats())
	_, own := cwc.Texts(p.campaign.Letter.Text, p.clean.Message)
	page.Edited = own != ""
	page.Work = s.Guard.Work(s.network(r), p.campaign.Work, s.Clock())
	page.Form.District = ""
	if page.Basis == BasisChoice {
		page.Form.District = p.recipient.Found.Seat.String()
	}
	return s.render(w, r, status, reviewPage(page))
}

// streetDoubt returns why the street left several districts.
func streetDoubt(found district.Result) StreetDoubt {
	switch {
	case found.Has(district.NoteStreetSplit):
		return StreetSplit
	case found.Has(district.NoteStreetAmbiguous):
		return StreetAmbiguous
	case found.Has(district.NoteStreetUnknown):
		return StreetUnknown
	}
	return ""
}

// streetRead returns the street that was found in place of the one typed, for the person
// to look at.
func streetRead(found district.Result) string {
	if found.Has(district.NoteStreetCorrected) || found.Has(district.NoteOtherZIP) {
		return found.Street
	}
	return ""
}

// nextDistrict returns where the address will lie under the next lines.
func nextDistrict(found district.Result) *NextDistrict {
	if found.Next == nil {
		return nil
	}
	return &NextDistrict{From: found.Next.From, Seat: found.Next.Seat}
}

// send takes the letter in. It answers with the way to the receipt only when the letter
// is durable.
func (s *Site) send(w http.ResponseWriter, r *http.Request) error {
	p, ok, err := s.examine(w, r)
	if err != nil || !ok {
		return err
	}
	if ok, err := s.again(w, r, p); err != nil || !ok {
		return err
	}
	verdict := s.judge(r, p)
	p.quiet = time.NewTimer(s.Quiet)
	defer p.quiet.Stop()
	receipt, err := s.Desk.Submit(r.Context(), letter.Submission{
		Form: p.clean, Campaign: p.campaign.Campaign, Recipient: p.recipient,
		Suspicion: verdict.Freeze, Confirm: verdict.Confirm, ConfirmAfter: verdict.After, Discreet: s.Asks,
		Mailing: s.mailingOf(r, p),
	})
	if errors.Is(err, letter.ErrLine) {
		return s.busy(w, r)
	}
	if fault.Is(err, fault.Unavailable) {
		s.Log.Error("a letter could not be saved", "error", err.Error())
		mw.RetryAfter(w, fault.Of(err).RetryAfter)
		return s.reviewed(w, r, p, NoticeBusy, http.StatusServiceUnavailable)
	}
	if err != nil {
		return fmt.Errorf("take a letter in: %w", err)
	}
	return s.taken(w, r, p, receipt, verdict.Confirm)
}

// taken answers a letter by how it stands.
func (s *Site) taken(w http.ResponseWriter, r *http.Request, p posted, receipt letter.Receipt, confirm bool) error {
	switch known := receipt.Standing == letter.Already || receipt.Standing == letter.Barred; {
	case receipt.Standing == letter.KeyUsed:
	case confirm:
		return s.mailed(w, r, p, false)
	case known && s.Asks:
		return s.mailed(w, r, p, true)
	}
	switch receipt.Standing {
	case letter.KeyUsed:
		p.form.Key, p.clean.Key = s.Guard.Renew(p.campaign.ID, s.Clock()), ""
		return s.reviewed(w, r, p, NoticeOtherPerson, http.StatusConflict)
	case letter.Already:
		return s.already(w, r, p)
	case letter.Barred:
		return s.filledForm(w, r, p.campaign, p.form, Errors{{Field: "email", Problem: Barred}})
	case letter.Taken, letter.Repeated:
	}
	redirect(w, r, s.frame(r, "").Href("/receipt/"+s.Desk.Keys.ReceiptToken(receipt.SubmissionID)), http.StatusSeeOther)
	return nil
}

// memberOf returns the holder of a seat as pages show them.
func memberOf(a roster.Answer) Member {
	m := Member{Seat: a.Seat, Name: a.Member.Name, Party: string(a.Member.Party)}
	contact := a.Contact()
	m.Phone, m.Website = contact.Phone, contact.Page
	return m
}

// memberAt returns who holds the seat now; only the seat when the roster cannot say.
func (s *Site) memberAt(seat congress.Seat) Member {
	holder, err := s.Guide().Roster.Holder(seat, s.Clock())
	if err != nil {
		return Member{Seat: seat}
	}
	return memberOf(holder)
}

func writeJSON(w http.ResponseWriter, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(body) // the reader went away: nobody is left to tell
	return nil
}
