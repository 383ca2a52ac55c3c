// Package splice serves a page that is the same for everybody but for one short text, the
// key in its form. The page is rendered and compressed once; each visitor costs one copy
// and a checksum.
package splice

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/franklin-letters/franklin/internal/web/mw"
)

// Page is a rendered page with a hole in it. It is immutable and safe for concurrent use.
type Page struct {
	head, tail     []byte // around the hole
	gzHead, gzTail []byte // the same in gzip's format, from the header to the last block
	headSum        uint32 // checksum of head
	plain, hole    int    // lengths in bytes

	bodies sync.Pool // *[]byte, to write into
}

// ErrHole says that the hole's text does not stand in the page exactly once.
var ErrHole = errors.New("splice: the page must contain the placeholder exactly once")

// New takes a page apart at the placeholder. What fills the hole later may be longer or
// shorter.
func New(page []byte, placeholder string) (*Page, error) {
	if bytes.Count(page, []byte(placeholder)) != 1 {
		return nil, ErrHole
	}
	head, tail, _ := bytes.Cut(page, []byte(placeholder))
	p := &Page{
		head: head, tail: tail, headSum: crc32.ChecksumIEEE(head),
		plain: len(page), hole: len(placeholder),
	}
	var err error
	if p.gzHead, err = deflate(gzipHeader, head, (*flate.Writer).Flush); err != nil {
		return nil, err
	}
	if p.gzTail, err = deflate(nil, tail, (*flate.Writer).Close); err != nil {
		return nil, err
	}
	return p, nil
}

// gzipHeader is that of RFC 1952 without name and time.
var gzipHeader = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255}

// deflaters are *flate.Writer, kept for the next page because each takes 0.8 MB.
var deflaters sync.Pool

// deflate compresses a text into whole bytes behind the prefix. Flush ends it with an
// empty stored block, which aligns the stream, and Close with the final block.
func deflate(prefix, text []byte, end func(*flate.Writer) error) ([]byte, error) {
	out := bytes.NewBuffer(bytes.Clone(prefix))
	z, ok := deflaters.Get().(*flate.Writer)
	if !ok {
		z, _ = flate.NewWriter(nil, flate.BestCompression) // refuses only levels that do not exist
	}
	defer deflaters.Put(z)
	z.Reset(out)
	if _, err := z.Write(text); err != nil {
		return nil, err
	}
	if err := end(z); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Serve writes the page with its hole filled, compressed when the browser takes gzip. The
// caller sets the other headers.
func (p *Page) Serve(w http.ResponseWriter, r *http.Request, fill string) {
	h := w.Header()
	h["Vary"] = vary
	room, ok := p.bodies.Get().(*[]byte)
	if !ok {
		room = new([]byte)
	}
	defer p.bodies.Put(room)
	body := (*room)[:0]
	if mw.AcceptsGzip(r) {
		h["Content-Encoding"] = encoding
		body = p.appendGzip(slices.Grow(body, len(p.gzHead)+len(p.gzTail)+len(fill)+gzipRest), fill)
	} else {
		body = slices.Grow(body, p.plain-p.hole+len(fill))
		body = append(append(append(body, p.head...), fill...), p.tail...)
	}
	*room = body
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the reader went away: nobody is left to tell
	}
}

// gzipRest is what appendGzip adds to the two parts and the filling: the head of a stored
// block, and the checksum and size at the end.
const gzipRest = 5 + 8

// Shared header values; nobody changes them.
var (
	vary     = []string{"Accept-Encoding, Accept-Language"}
	encoding = []string{"gzip"}
)

// appendGzip puts the filling between the two compressed parts as a stored block
// (RFC 1951, 3.2.4: type 0, length, its complement) and closes with checksum and size.
func (p *Page) appendGzip(out []byte, fill string) []byte {
	n := uint16(len(fill)) //nolint:gosec // a form's key
	out = append(append(out, p.gzHead...), 0)
	out = binary.LittleEndian.AppendUint16(out, n)
	out = binary.LittleEndian.AppendUint16(out, ^n)
	out = append(append(out, fill...), p.gzTail...)
	sum := crc32.Update(p.headSum, crc32.IEEETable, []byte(fill))
	sum = crc32.Update(sum, crc32.IEEETable, p.tail)
	out = binary.LittleEndian.AppendUint32(out, sum)
	return binary.LittleEndian.AppendUint32(out, uint32(p.plain-p.hole+len(fill))) //nolint:gosec // gzip counts modulo 2^32
}
