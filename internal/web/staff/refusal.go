package staff

import (
	"errors"

	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mailing"
)

// refused is why something was not done. The zero one says that it was.
type refused struct {
	Text   string // in the reader's language
	Detail string // what the program says about it, in English; "" where the text says all
}

// told reports whether something was refused.
func (r refused) told() bool { return r != refused{} }

// refusals are those whose words say all.
var refusals = map[error]func(*locale.Locale) string{
	mailing.ErrNobody: (*locale.Locale).MailingsNobody,
	mailing.ErrState:  (*locale.Locale).MailingsNotNow,
	mailing.ErrMoved:  (*locale.Locale).MailingsMovedMeanwhile,
	mailing.ErrClosed: (*locale.Locale).MailingsClosed,
	mailing.ErrEarly:  (*locale.Locale).MailingsEarly,
	mailing.ErrNoMail: (*locale.Locale).MailingsNoMail,
}

// refusalOf says in the reader's language why the domain refuses something; zero for any other
// error.
func refusalOf(l *locale.Locale, err error) refused {
	if !refuses(err) {
		return refused{}
	}
	for of, words := range refusals {
		if errors.Is(err, of) {
			return refused{Text: words(l)}
		}
	}
	switch {
	case errors.Is(err, mailing.ErrUnfit):
		return refused{l.MailingsUnfit(), fault.Message(err)}
	case fault.Is(err, fault.NotFound), fault.Is(err, fault.Invalid):
		return refused{l.MailingsGone(), fault.Message(err)}
	case fault.Is(err, fault.RateLimited):
		return refused{Text: l.MailingsTried()}
	}
	return refused{Detail: fault.Message(err)}
}

// refuses reports whether the domain refuses something in a sentence; other errors are pages of
// their own.
func refuses(err error) bool {
	switch fault.KindOf(err) { //nolint:exhaustive // see above
	case fault.Conflict, fault.Invalid, fault.NotFound, fault.RateLimited:
		return fault.Message(err) != ""
	}
	return false
}
