// Package asset holds the files a page loads: one style sheet, one small script, the
// icon. They are embedded, carry a fingerprint of their content in the name, and
// are compressed once, so that browsers may keep them for ever.
package asset

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/franklin-letters/franklin/internal/web/mw"
)

// Prefix is the path under which Handler serves.
const Prefix = "/assets/"

//go:embed files
var embedded embed.FS

// file is one asset as it is sent.
type file struct {
	mime  string
	plain []byte
	gzip  []byte
}

type library struct {
	paths map[string]string // "franklin.css" -> "/assets/franklin.0123456789.css"
	files map[string]file   // by path
}

// The files are part of the program, so a fault in them is a programming error that any
// test finds; compressing them waits for the first use.
var assets = sync.OnceValue(func() library {
	lib, err := open(embedded)
	if err != nil {
		panic(err)
	}
	return lib
})

// Path returns the address of an asset, with the fingerprint of its content:
// "/assets/franklin.0123456789.css" for "franklin.css". It returns "" for a name that
// is none.
func Path(name string) string { return assets().paths[name] }

// Handler serves the assets below Prefix. An address with another fingerprint is not
// found, so a cache can never mix an old page with a new style.
func Handler() http.Handler {
	lib := assets()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, ok := lib.files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		f.serve(w, r)
	})
}

func (f file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	body := f.plain
	h.Set("Content-Type", f.mime)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Encoding")
	if mw.AcceptsGzip(r) {
		h.Set("Content-Encoding", "gzip")
		body = f.gzip
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // the reader went away: nobody is left to tell
	}
}

func open(tree fs.FS) (library, error) {
	lib := library{paths: map[string]string{}, files: map[string]file{}}
	names, err := fs.Glob(tree, "files/*.*")
	if err != nil {
		return lib, err
	}
	for _, name := range names {
		content, err := fs.ReadFile(tree, name)
		if err != nil {
			return lib, err
		}
		base, ext := path.Base(name), path.Ext(name)
		if ext == ".css" {
			content = slim(content)
		}
		packed, err := pack(content)
		if err != nil {
			return lib, fmt.Errorf("asset %s: %w", base, err)
		}
		sum := sha256.Sum256(content)
		address := Prefix + strings.TrimSuffix(base, ext) + "." + hex.EncodeToString(sum[:5]) + ext
		lib.paths[base] = address
		lib.files[address] = file{mime: mime.TypeByExtension(ext), plain: content, gzip: packed}
	}
	return lib, nil
}

func pack(content []byte) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(content); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// slim takes comments and indentation out of our own style sheet, whose strings hold
// neither comment signs nor line ends.
func slim(css []byte) []byte {
	var b bytes.Buffer
	for {
		before, rest, found := bytes.Cut(css, []byte("/*"))
		b.Write(before)
		if !found {
			break
		}
		_, css, _ = bytes.Cut(rest, []byte("*/"))
	}
	var out bytes.Buffer
	for line := range bytes.Lines(b.Bytes()) {
		out.Write(bytes.TrimSpace(line))
		if bytes.HasSuffix(bytes.TrimSpace(line), []byte(",")) || len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		out.WriteByte('\n')
	}
	return out.Bytes()
}
