package public

import (
	"sync"
	"sync/atomic"

	"github.com/franklin-letters/franklin/internal/locale"
)

// languages remembers what Accept-Language headers mean. Browsers send few different ones,
// and reading one costs as much as the rest of a page view.
type languages struct {
	known sync.Map // header -> locale.Lang
	size  atomic.Int32
}

// Bounds of the memory, since anybody may send any header.
const (
	maxLanguages      = 1000
	maxLanguageHeader = 256 // longer ones are read each time
)

// choose is locale.Choose for one wish.
func (l *languages) choose(header, wish string) (lang locale.Lang, chosen bool) {
	if wish != "" || len(header) > maxLanguageHeader {
		return locale.Choose(header, wish)
	}
	if known, ok := l.known.Load(header); ok {
		return known.(locale.Lang), false //nolint:forcetypeassert // only languages are stored
	}
	lang, chosen = locale.Choose(header)
	if l.size.Add(1) > maxLanguages {
		l.known.Clear()
		l.size.Store(1)
	}
	l.known.Store(header, lang)
	return lang, chosen
}
