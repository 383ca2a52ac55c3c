package public

import (
	"net/http"

	"github.com/franklin-letters/franklin/internal/locale"
)

type faultWords struct{ title, text string }

func (p ErrorPage) words() faultWords { return wordsOfStatus(p.L, p.Status) }

// ErrorTitle is the title of the page for an HTTP status.
func ErrorTitle(l *locale.Locale, status int) string { return wordsOfStatus(l, status).title }

func wordsOfStatus(l *locale.Locale, status int) faultWords {
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
