package public

import (
	"slices"
	"time"

	"github.com/a-h/templ"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

func cannotFixtures() map[string]fixture {
	all := map[string]fixture{}
	with := func(name string, change func(p *CannotPage)) {
		all["cannot-"+name] = func(l *locale.Locale) templ.Component {
			p := CannotPage{Page: framed(l, "/c/close-the-loophole/review"), Campaign: loophole(), Form: answered(), Share: shared()}
			change(&p)
			return cannotPage(p)
		}
	}
	with("delegate", func(p *CannotPage) {
		p.Reason, p.Seat, p.Delegate, p.JoinAction = CannotDelegate, seat("DC-00"), norton(), "/c/close-the-loophole/join"
	})
	with("commissioner", func(p *CannotPage) {
		p.Reason, p.Seat = CannotDelegate, seat("PR-00")
		p.Delegate = &Member{Seat: seat("PR-00"), Name: "Pablo José Hernández", Party: "Democrat", Phone: "202-225-2615"}
	})
	with("delegate-empty", func(p *CannotPage) { p.Reason, p.Seat = CannotDelegate, seat("GU-00") })
	with("vacant", func(p *CannotPage) { p.Reason, p.Seat, p.Senators = CannotVacant, seat("AZ-07"), senators() })
	for _, reason := range []CannotReason{CannotMilitary, CannotPOBox, CannotFreely, CannotForeign, CannotUnknown, CannotUncertain} {
		with(string(reason), func(p *CannotPage) { p.Reason = reason })
	}
	return all
}

func reviewFixtures() map[string]fixture {
	page := func(l *locale.Locale) ReviewPage {
		return ReviewPage{
			Page: framed(l, "/c/close-the-loophole/review"), Campaign: loophole(), Form: answered(),
			Recipients: []Member{stanton()}, Basis: BasisZIP,
		}
	}
	return map[string]fixture{
		"review": func(l *locale.Locale) templ.Component { return reviewPage(page(l)) },
		"review-edited": func(l *locale.Locale) templ.Component {
			p := page(l)
			p.Campaign.Partners, p.Form.Partners = cosponsors(), "harbor-fund"
			p.Edited, p.Form.Join, p.Form.Phone, p.Form.Address2, p.Basis = true, true, "", "", BasisChoice
			p.Form.District, p.Form.Latitude, p.Form.Longitude, p.Form.Accuracy = "AZ-04", "33.4", "-112.0", "20"
			p.Form.Message = "My sister was stopped at night on Route 60. What followed was not consent.\n\nPlease vote for H.R. 2172. — Averylongwordwithoutanybreakthatwouldpushapageapartonasmallphone"
			return reviewPage(p)
		},
		"review-senators": func(l *locale.Locale) templ.Component {
			p := page(l)
			p.Recipients = append(p.Recipients, senators()...)
			p.Basis, p.Notice, p.Street = BasisStreet, NoticeOtherPerson, "N MAIN ST"
			p.Next = &NextDistrict{From: congress.Number(120).Start(), Seat: seat("AZ-01")}
			return reviewPage(p)
		},
		"review-changed": func(l *locale.Locale) templ.Component {
			p := page(l)
			p.Basis, p.Notice, p.Handoff = BasisPoint, NoticeMemberChanged, true
			return reviewPage(p)
		},
		"review-busy": func(l *locale.Locale) templ.Component {
			p := page(l)
			p.Notice, p.Campaign.JoinWords, p.Campaign.Stance = NoticeBusy, "", Oppose
			return reviewPage(p)
		},
	}
}

// inState returns a letter with all that a receipt knows about a state.
func inState(state LetterState) LetterReceipt {
	form := answered()
	r := LetterReceipt{
		ID: "0192f0c1-b7e4-7f6e-9c1d-000000000001", Member: stanton(), State: state, At: noon(),
		Name: form.FirstName + " " + form.LastName, City: form.City, ZIP: form.ZIP,
		Subject: form.Subject, Text: form.Message,
		Sender:  append([]string{form.fullName()}, append(form.addressLines(), form.Email)...),
		History: []LetterMoment{{noon().Add(-40 * time.Second), StateReady}, {noon().Add(-2 * time.Second), StateSending}, {noon(), state}},
	}
	switch state {
	case StateAccepted, StateUnknown:
		r.Tracking = "5C1A77E0F3B94D0E8A6612C09D3F41B7"
	case StateRefused:
		r.Tracking = "5C1A77E0F3B94D0E8A6612C09D3F41B7"
		r.Reasons = []string{"Constituent zip code does not match the office's district", "Phone is not valid"}
	case StateWaiting:
		r.Next = noon().Add(15 * time.Minute)
	case StateReady:
		r.History = r.History[:1]
		r.InLine, r.Expected = 1204, noon().Add(5*time.Minute)
	case StateExpired:
		r.Subject, r.Text, r.Sender, r.Name = "", "", nil, ""
	case StateUnconfirmed, StateFrozen, StateSending, StateHandoff, StatePaper, StateHandedOver, StateWithdrawn:
	}
	return r
}

func receiptFixtures() map[string]fixture {
	page := func(l *locale.Locale, letters ...LetterReceipt) ReceiptPage {
		p := ReceiptPage{
			Page: framed(l, "/receipt/t0k3n"), Campaign: loophole(), Token: "t0k3n", Sent: noon().Add(-time.Minute),
			Letters: letters, Checked: noon(), Share: shared(),
			ThankYou: "You stood up for people who are told that nobody will believe them. Thank you from all of us.",
		}
		for _, letter := range letters {
			if slices.Contains([]LetterState{StateUnconfirmed, StateFrozen, StateReady, StateSending, StateUnknown, StateWaiting}, letter.State) {
				p.Refresh = 5
			}
		}
		return p
	}
	all := map[string]fixture{}
	for _, state := range []LetterState{
		StateUnconfirmed, StateFrozen, StateReady, StateSending, StateAccepted, StateRefused,
		StateUnknown, StateWaiting, StateHandoff, StatePaper, StateHandedOver, StateWithdrawn, StateExpired,
	} {
		all["receipt-"+string(state)] = func(l *locale.Locale) templ.Component { return receiptPage(page(l, inState(state))) }
	}
	all["receipt-three"] = func(l *locale.Locale) templ.Component {
		letters := []LetterReceipt{inState(StateAccepted), inState(StateAccepted), inState(StateWaiting)}
		letters[1].Member, letters[2].Member = senators()[0], senators()[1]
		p := page(l, letters...)
		p.Joined = true
		return receiptPage(p)
	}
	all["receipt-sent-back"] = func(l *locale.Locale) templ.Component {
		letter := inState(StateRefused)
		letter.SentBack, letter.History[2].State = true, StateAccepted
		letter.History = append(letter.History, LetterMoment{noon().Add(time.Hour), stateSentBack})
		return receiptPage(page(l, letter))
	}
	for _, ask := range []Ask{AskOffer, AskAgreed, AskAsked} {
		all["receipt-ask-"+string(ask)] = func(l *locale.Locale) templ.Component {
			p := page(l, inState(StateAccepted))
			p.Ask = ask
			return receiptPage(p)
		}
	}
	for _, tell := range []Tell{TellOffer, TellAgreed} {
		all["receipt-tell-"+string(tell)] = func(l *locale.Locale) templ.Component {
			p := page(l, inState(StateAccepted))
			p.Tell = tell
			return receiptPage(p)
		}
	}
	all["receipt-next"] = func(l *locale.Locale) templ.Component {
		letter := inState(StateReady)
		letter.InLine, letter.Expected = 1, time.Time{}
		return receiptPage(page(l, letter))
	}
	all["receipt-paused"] = func(l *locale.Locale) templ.Component {
		letter := inState(StateReady)
		letter.Paused = true
		return receiptPage(page(l, letter))
	}
	for name, mailed := range map[string]bool{"receipt-reported": false, "receipt-blocked": true} {
		all[name] = func(l *locale.Locale) templ.Component {
			letter := inState(StateAccepted)
			letter.History = append(letter.History, LetterMoment{noon(), stateDisowned})
			p := page(l, letter)
			p.Disowned, p.Mailed, p.Blocked = noon(), mailed, mailed
			return receiptPage(p)
		}
	}
	all["receipt-neutral"] = func(l *locale.Locale) templ.Component {
		p := page(l, inState(StateAccepted))
		p.Neutral = true
		return receiptPage(p)
	}
	all["receipt-again"] = func(l *locale.Locale) templ.Component {
		return receiptPage(ReceiptPage{Page: framed(l, "/c/close-the-loophole"), Campaign: loophole(), Again: true, Share: shared()})
	}
	return all
}

func undoFixtures() map[string]fixture {
	all := map[string]fixture{}
	for name, p := range map[string]UndoPage{
		"take-back": {}, "take-back-part": {Part: true}, "take-back-late": {Late: true},
		"not-me": {NotMe: true}, "not-me-mailed": {NotMe: true, Mailed: true},
	} {
		all["undo-"+name] = func(l *locale.Locale) templ.Component {
			p.Token, p.Campaign = "t0k3n", loophole()
			p.Page = framed(l, p.path())
			return undoPage(p)
		}
	}
	return all
}

func plainFixtures() map[string]fixture {
	all := map[string]fixture{
		"privacy": func(l *locale.Locale) templ.Component {
			return privacyPage(PrivacyPage{Page: findable(l, "/privacy"), ScrubDays: 28})
		},
	}
	for _, status := range []int{400, 404, 405, 410, 429, 500, 503} {
		all["error-"+number(status)] = func(l *locale.Locale) templ.Component {
			p := ErrorPage{Page: framed(l, "/nowhere"), Fault: ui.Fault{Status: status}}
			switch status {
			case 429, 503:
				p.RetryAfter = 90
			case 500:
				p.Reference = "4F1C09AB"
			}
			return errorPage(p)
		}
	}
	return all
}
