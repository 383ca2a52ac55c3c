package district

import (
	"embed"
	"io/fs"
	"sync"
	"unsafe"
)

//go:embed data
var dataFS embed.FS

// lines119 is the largest of the files once more; the program holds its bytes a single time.
//
//go:embed data/119/lines.bin
var lines119 string

// builtIn is the data folder built into the program, as this package reads it.
type builtIn struct{ fs.FS }

// ReadFile is that of embed.FS but for the lines, of which it makes no copy: an atlas keeps
// them for as long as the program runs. Nobody may write into what it returns.
func (b builtIn) ReadFile(name string) ([]byte, error) {
	if name == "119/lines.bin" {
		return unsafe.Slice(unsafe.StringData(lines119), len(lines119)), nil //nolint:gosec // it is only read
	}
	return fs.ReadFile(b.FS, name)
}

// embedded opens the built-in data once.
var embedded = sync.OnceValues(func() (*Locator, error) {
	folder, err := EmbeddedFS()
	if err != nil {
		return nil, err
	}
	return Open(builtIn{folder})
})

// Embedded returns the Locator over the data built into the program. It is opened on
// the first call, in a few milliseconds, and shared by all callers.
func Embedded() (*Locator, error) { return embedded() }
