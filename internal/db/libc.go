package db

import (
	"fmt"
	"runtime/debug"
)

// libcVersion is the version of modernc.org/libc that modernc.org/sqlite v1.62.0 was made
// and tested with, from its go.mod. Its generated code breaks silently with another one.
const libcVersion = "v1.80.1"

// checkLibc refuses a program that was linked with another libc. A test binary carries no
// versions and passes.
func checkLibc() error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil
	}
	for _, module := range info.Deps {
		if module.Path != "modernc.org/libc" {
			continue
		}
		if module.Replace != nil {
			module = module.Replace
		}
		if module.Version != libcVersion {
			return fmt.Errorf("built with modernc.org/libc %s; SQLite needs %s: run go get modernc.org/libc@%s", module.Version, libcVersion, libcVersion)
		}
	}
	return nil
}
