package tiger

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Cache keeps what was read of counties in a folder, one file for each, so that another
// plan needs the streets compiled again but no TIGER file read. A file answers only for
// the inputs it was made of and only while it is whole.
type Cache struct{ Dir string }

const (
	cacheMagic = "FRT1"
	// maxCounty bounds what one file unpacks to, in bytes.
	maxCounty = 1 << 30
)

// ErrNotCached says that the cache has nothing, or nothing whole, made of these inputs.
var ErrNotCached = errors.New("not in the cache")

// Key names the inputs of a county: the checksums of its files.
type Key [sha256.Size]byte

func (c Cache) path(code string) string { return filepath.Join(c.Dir, code+".tiger") }

// Load returns a county made of the inputs, or ErrNotCached.
func (c Cache) Load(code string, inputs Key) (*County, error) {
	raw, err := os.ReadFile(c.path(code))
	if err != nil {
		return nil, fmt.Errorf("county %s: %w: %w", code, ErrNotCached, err)
	}
	county, err := decode(raw, inputs)
	if err == nil && county.Code != code {
		err = errors.New("it is another county's")
	}
	if err != nil {
		return nil, fmt.Errorf("county %s: %w: %w", code, ErrNotCached, err)
	}
	return county, nil
}

// Store keeps a county made of the inputs in place of what was there.
func (c Cache) Store(county *County, inputs Key) error {
	raw, err := encode(county, inputs)
	if err != nil {
		return fmt.Errorf("cache of county %s: %w", county.Code, err)
	}
	if err := os.MkdirAll(c.Dir, 0o755); err != nil { // #nosec G301 -- public data
		return err
	}
	temp := c.path(county.Code) + ".new"
	if err := os.WriteFile(temp, raw, 0o644); err != nil { // #nosec G306 -- public data
		return err
	}
	return os.Rename(temp, c.path(county.Code))
}

// encode writes the magic, the inputs, the checksum of the rest, and the county, deflated.
func encode(county *County, inputs Key) ([]byte, error) {
	var packed bytes.Buffer
	z, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(appendCounty(nil, county)); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(packed.Bytes())
	out := append([]byte(cacheMagic), inputs[:]...)
	out = append(out, sum[:]...)
	return append(out, packed.Bytes()...), nil
}

func decode(raw []byte, inputs Key) (*County, error) {
	rest, ok := bytes.CutPrefix(raw, []byte(cacheMagic))
	if !ok || len(rest) < 2*sha256.Size {
		return nil, errors.New("it is no file of this cache")
	}
	if !bytes.Equal(rest[:sha256.Size], inputs[:]) {
		return nil, errors.New("it was made of other files")
	}
	want, packed := rest[sha256.Size:2*sha256.Size], rest[2*sha256.Size:]
	if sum := sha256.Sum256(packed); !bytes.Equal(sum[:], want) {
		return nil, errors.New("its checksum is wrong")
	}
	plain, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxCounty+1))
	if err != nil {
		return nil, err
	}
	if len(plain) > maxCounty {
		return nil, fmt.Errorf("it unpacks to more than %d bytes", maxCounty)
	}
	return readCounty(plain)
}
