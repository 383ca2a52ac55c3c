package datasync

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/datasync/inuse"
)

// record stands beside a file in the cache: what is needed to go on after a cut, and to
// ask the server whether there is a newer one.
type record struct {
	URL          string    `json:"url"`
	ETag         string    `json:"etag,omitempty"`          // as the server gave it
	LastModified string    `json:"last_modified,omitempty"` // as the server gave it
	Length       int64     `json:"length"`                  // bytes of the whole file; -1 when the server did not say
	SHA256       string    `json:"sha256,omitempty"`        // once the file is whole
	Published    time.Time `json:"published,omitzero"`      // the server's date of the file
}

// maxRecord bounds the size of a record, in bytes.
const maxRecord = 64 << 10

// decodeRecord reads a record and refuses one that cannot be ours.
func decodeRecord(raw []byte) (record, error) {
	var r record
	if err := json.Unmarshal(raw, &r); err != nil {
		return record{}, err
	}
	sum, err := hex.DecodeString(r.SHA256)
	switch {
	case r.URL == "" || r.Length < -1:
		return record{}, errors.New("it names no file")
	case err != nil || len(sum) != 0 && len(sum) != 32:
		return record{}, errors.New("its checksum is none")
	case strings.ContainsAny(r.ETag+r.LastModified, "\r\n\x00"):
		return record{}, errors.New("its header fields are none")
	}
	return r, nil
}

// readRecord reads a record. One that is missing, cut or damaged is as good as none: the
// file is then fetched from its beginning.
func readRecord(path string) (record, bool) {
	f, err := os.Open(path) // #nosec G304 -- in the cache
	if err != nil {
		return record{}, false
	}
	defer func() { _ = f.Close() }() // it was only read
	raw, err := io.ReadAll(io.LimitReader(f, maxRecord))
	if err != nil {
		return record{}, false
	}
	r, err := decodeRecord(raw)
	return r, err == nil
}

func (r record) write(path string) error {
	raw, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return inuse.WriteFile(path, append(raw, '\n'))
}

// validator returns what tells the server which version we have the beginning of: a
// strong tag, or else its date. Without one there is no going on.
func (r record) validator() string {
	if r.ETag != "" && !strings.HasPrefix(r.ETag, "W/") {
		return r.ETag
	}
	return r.LastModified
}

// recordOf describes the file that an answer with a whole file brings.
func recordOf(url string, resp *http.Response) record {
	r := record{URL: url, ETag: resp.Header.Get("ETag"), LastModified: resp.Header.Get("Last-Modified"), Length: resp.ContentLength}
	for _, field := range []string{"Last-Modified", "Date"} {
		if t, err := http.ParseTime(resp.Header.Get(field)); err == nil {
			r.Published = t.UTC()
			break
		}
	}
	return r
}
