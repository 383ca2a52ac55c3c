package obs

import (
	"fmt"
	"syscall"
)

// Room on the disk under a database. A letter with its history and its job takes about
// 4 kB, and the write-ahead log some megabytes.
const (
	littleRoom = 1 << 30 // then a person should look
	noRoom     = 4 << 20 // then a commit can fail at any moment
)

// FreeBytes returns how much the file system that holds the path has left for a process
// without special rights.
func FreeBytes(path string) (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(path, &s); err != nil {
		return 0, fmt.Errorf("look at the disk under %s: %w", path, err)
	}
	return s.Bavail * uint64(s.Bsize), nil //nolint:gosec // the size of a block is never negative
}

// Disk judges the room on the disk that holds the path.
func Disk(path string) Finding {
	f := Finding{Check: "disk", Level: OK}
	free, err := FreeBytes(path)
	if err != nil {
		f.Level, f.Detail = Fail, err.Error()
		return f
	}
	f.Detail = fmt.Sprintf("%s free under %s", size(free), path)
	switch {
	case free < noRoom:
		f.Level, f.Do = Fail, "Make room at once: no letter can be taken in"
	case free < littleRoom:
		f.Level, f.Do = Warn, "Make room: a letter takes about 4 kB"
	}
	return f
}

func size(n uint64) string {
	if n < 1<<30 {
		return fmt.Sprintf("%d MB", n>>20)
	}
	return fmt.Sprintf("%d GB", n>>30)
}
