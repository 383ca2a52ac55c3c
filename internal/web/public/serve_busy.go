package public

import (
	"bytes"
	"context"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/web/mw"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// Numbers of the way in. A commit takes up to 256 letters, so 512 fill the one that is being
// written and the next: a longer line makes nobody's letter safe sooner.
const (
	sendPlaces = 512
	busyRetry  = 5 * time.Second
)

// busyPages keeps what all pages of one language share: when there is no room for letters
// there is no time to make pages either.
type busyPages struct {
	kept    sync.Map  // of busyKey to []busyPiece
	buffers sync.Pool // of *bytes.Buffer
}

type busyKey struct {
	lang   locale.Lang
	chosen bool
}

// busyPiece is a part of a kept page and the hole behind it.
type busyPiece struct {
	html []byte
	hole hole
}

// hole is a place in a kept page for what differs.
type hole int

const (
	noHole hole = iota
	slugHole
	subjectHole
	messageHole
	fieldsHole
)

// holeMarks stand in the holes while a page is made.
var holeMarks = [...]string{
	slugHole: "the-slug-of-the-campaign-stands-here", subjectHole: "the-subject-stands-here",
	messageHole: "the-message-stands-here", fieldsHole: "the-fields-stand-here",
}

// admitted serves a post while there is room for it, and else brings back what was typed,
// without any of the work that a letter takes.
func (s *Site) admitted(gate *mw.Gate, serve func(http.ResponseWriter, *http.Request) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		leave, ok := gate.Enter()
		if !ok {
			return s.busy(w, r)
		}
		defer leave()
		return serve(w, r)
	}
}

// busy refuses a letter with a page that holds what was typed.
func (s *Site) busy(w http.ResponseWriter, r *http.Request) error {
	posted, page := s.busies.buffer(), s.busies.buffer()
	defer s.busies.buffers.Put(posted)
	defer s.busies.buffers.Put(page)
	typed, err := rawFormOf(r, posted)
	if err != nil {
		return err
	}
	pieces, err := s.busies.pieces(r, s.inLanguage(r, string(typed.value("lang")), "/c/"+holeMarks[slugHole]+"/review"))
	if err != nil {
		return err
	}
	for _, piece := range pieces {
		page.Write(piece.html)
		switch piece.hole {
		case noHole:
		case slugHole:
			page.WriteString(html.EscapeString(url.PathEscape(r.PathValue("slug"))))
		case subjectHole:
			writeText(page, typed.value("subject"))
		case messageHole:
			writeText(page, typed.value("message"))
		case fieldsHole:
			typed.writeHidden(page)
		}
	}
	h := w.Header()
	h["Content-Type"] = htmlType
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(page.Len()))
	h.Set("Retry-After", strconv.Itoa(int(busyRetry/time.Second)))
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = w.Write(page.Bytes()) // the reader went away: nobody is left to tell
	return nil
}

// rawFormOf returns the form that was posted, into the buffer unless it was read before.
func rawFormOf(r *http.Request, into *bytes.Buffer) (rawForm, error) {
	if r.PostForm != nil {
		return rawForm(r.PostForm.Encode()), nil
	}
	if !isForm(r) {
		return nil, nil // nothing that this site's forms send
	}
	if _, err := into.ReadFrom(r.Body); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "")
	}
	return into.Bytes(), nil
}

func (b *busyPages) buffer() *bytes.Buffer {
	kept, ok := b.buffers.Get().(*bytes.Buffer)
	if !ok {
		return new(bytes.Buffer)
	}
	kept.Reset()
	return kept
}

// pieces returns the page in the reader's language, cut at its holes.
func (b *busyPages) pieces(r *http.Request, p ui.Page) ([]busyPiece, error) {
	key := busyKey{p.L.Lang(), p.LangChosen}
	if kept, ok := b.kept.Load(key); ok {
		return kept.([]busyPiece), nil //nolint:forcetypeassert // only pieces are stored
	}
	var page bytes.Buffer
	if err := busyPage(p).Render(context.WithoutCancel(r.Context()), &page); err != nil {
		return nil, err
	}
	pieces := cutAtHoles(page.Bytes())
	b.kept.Store(key, pieces)
	return pieces, nil
}

func cutAtHoles(page []byte) []busyPiece {
	var pieces []busyPiece
	for {
		first := busyPiece{html: page}
		for h, mark := range holeMarks {
			if at := bytes.Index(first.html, []byte(mark)); mark != "" && at >= 0 {
				first = busyPiece{page[:at], hole(h)}
			}
		}
		pieces = append(pieces, first)
		if first.hole == noHole {
			return pieces
		}
		page = page[len(first.html)+len(holeMarks[first.hole]):]
	}
}
