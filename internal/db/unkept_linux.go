package db

import (
	"errors"
	"os"
	"syscall"
)

// keepSize is FALLOC_FL_KEEP_SIZE of linux/falloc.h: room is given to the file, its length
// stays.
const keepSize = 1

// journaled makes a change for which every file system with a journal opens it: the file is
// given the room that it has, which changes its times alone. It returns the error of a file
// system that does not write any more. Other errors (it has no such call, it is full) say
// nothing about that.
func journaled(file *os.File) error {
	conn, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var refused error
	err = conn.Control(func(fd uintptr) {
		refused = syscall.EINTR
		for errors.Is(refused, syscall.EINTR) {
			refused = syscall.Fallocate(int(fd), keepSize, 0, 4096)
		}
	})
	if errors.Is(refused, syscall.EROFS) || errors.Is(refused, syscall.EIO) {
		return refused
	}
	return err
}
