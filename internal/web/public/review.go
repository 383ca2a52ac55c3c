package public

import (
	"strconv"

	"github.com/a-h/templ"

	"github.com/franklin-letters/franklin/internal/locale"
)

// found says how the district was found.
func (p ReviewPage) found() string {
	switch p.Basis {
	case BasisStreet:
		if p.Street != "" {
			return p.L.ReviewFoundStreetAs(p.Street)
		}
		return p.L.ReviewFoundStreet()
	case BasisZIP:
		return p.L.ReviewFoundZip()
	case BasisPoint:
		return p.L.ReviewFoundPoint()
	case BasisChoice:
		return p.L.ReviewFoundChoice()
	}
	return ""
}

// nextDistrict tells of the change of lines, so that nobody wonders why the member is not
// the one they just elected.
func (p ReviewPage) nextDistrict() string {
	date := p.L.Date(p.Next.From)
	if p.Next.Seat.IsZero() {
		return p.L.ReviewNextUnsure(date)
	}
	return p.L.ReviewNextLines(date, p.L.District(p.Next.Seat))
}

func (p ReviewPage) noticeText() string {
	switch p.Notice {
	case NoticeOtherPerson:
		return p.L.ReviewNoticeOtherPerson()
	case NoticeMemberChanged:
		return p.L.ReviewNoticeMemberChanged()
	case NoticeFast:
		return p.L.ConfirmNoticeFast()
	case NoticeStale:
		return p.L.ConfirmNoticeStale()
	case NoticeBusy:
	}
	return p.L.ReviewNoticeBusy()
}

// sendLabel names the member, so that the button says what it does.
func (p ReviewPage) sendLabel() string {
	single := len(p.Recipients) == 1
	switch {
	case p.Handoff && single:
		return p.L.ReviewReady(p.Recipients[0].Title(p.L))
	case p.Handoff:
		return p.L.ReviewReadyAll(len(p.Recipients))
	case single:
		return p.L.ReviewSend(p.Recipients[0].Title(p.L))
	default:
		return p.L.ReviewSendAll(len(p.Recipients))
	}
}

// next says what the button leads to.
func (p ReviewPage) next() string {
	if p.Handoff {
		return p.L.ReviewNextHandoff()
	}
	return p.L.ReviewNext()
}

// textLang is the language of the letter as far as it is known: the campaign's, until
// somebody changed the text.
func (p ReviewPage) textLang() locale.Lang {
	if p.Edited {
		return ""
	}
	return p.Campaign.LetterLang
}

// work tells the script of the form how much to do.
func (p ReviewPage) work() templ.Attributes {
	if p.Work == 0 {
		return nil
	}
	return templ.Attributes{"data-work": strconv.Itoa(p.Work)}
}

// workText says why the browser works, and what happens when it does not.
func (p ReviewPage) workText() string {
	if p.Campaign.Work {
		return p.L.ReviewWorkCampaign()
	}
	return p.L.ReviewWorkNetwork()
}
