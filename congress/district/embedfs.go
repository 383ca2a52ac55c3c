package district

import "io/fs"

// EmbeddedFS returns the data folder built into the program, for whoever compiles newer
// data and takes over what stays the same.
func EmbeddedFS() (fs.FS, error) { return fs.Sub(dataFS, "data") }
