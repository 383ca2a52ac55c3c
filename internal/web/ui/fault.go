package ui

import (
	"net/http"

	"github.com/franklin-letters/franklin/internal/locale"
)

// Fault is what an answer says that is not a page: 404, 405, 410, 429, 500, 503. Status
// picks the words; any other status reads like a 500.
type Fault struct {
	Status     int
	Reference  string // id to quote to the people who run the site; "" for none
	RetryAfter int    // seconds, for 429 and 503; 0 when not known
}

type faultWords struct{ title, text string }

// FaultTitle is the title of the page for an HTTP status.
func FaultTitle(l *locale.Locale, status int) string { return faultOf(l, status).title }

func faultOf(l *locale.Locale, status int) faultWords {
	switch status {
	case http.StatusNotFound:
		return faultWords{l.FaultNotFoundTitle(), l.FaultNotFound()}
	case http.StatusGone:
		return faultWords{l.FaultGoneTitle(), l.FaultGone()}
	case http.StatusMethodNotAllowed:
		return faultWords{l.FaultMethodTitle(), l.FaultMethod()}
	case http.StatusBadRequest, http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge:
		return faultWords{l.FaultFormTitle(), l.FaultForm()}
	case http.StatusTooManyRequests:
		return faultWords{l.FaultBusyTitle(), l.FaultBusy()}
	case http.StatusServiceUnavailable:
		return faultWords{l.FaultDownTitle(), l.FaultDown()}
	default:
		return faultWords{l.FaultBrokenTitle(), l.FaultBroken()}
	}
}
