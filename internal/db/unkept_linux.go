package db

import (
	"errors"
	"os"
	"syscall"
)

// keepSize is FALLOC_FL_KEEP_SIZE of linux/falloc.h: room is given to the file, its length
// stays.
const keepSize = 1

// journaled makes a change for which every file system with a journal opens it, and which
// is none from the second time on: the file is given the room it has. It returns the
// error of a file system that does not write any more. Others (it has no such call, it is
// full) say nothing about that.
func journaled(file *os.File) error {
	for {
		err := syscall.Fallocate(int(file.Fd()), keepSize, 0, 4096)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EROFS), errors.Is(err, syscall.EIO):
			return err
		}
		return nil
	}
}
