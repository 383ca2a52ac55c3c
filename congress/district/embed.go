package district

import (
	"embed"
	"io/fs"
	"sync"
)

//go:embed data
var dataFS embed.FS

// embedded opens the built-in data once.
var embedded = sync.OnceValues(func() (*Locator, error) {
	fsys, err := fs.Sub(dataFS, "data")
	if err != nil {
		return nil, err
	}
	return Open(fsys)
})

// Embedded returns the Locator over the data built into the program. It is opened on
// the first call, in a few milliseconds, and shared by all callers.
func Embedded() (*Locator, error) { return embedded() }
