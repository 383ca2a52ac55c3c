package db

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// probe is a file beside a SQLite database by which each transaction asks after its commit
// whether the file system still keeps its word. Its zero value asks nothing.
//
// ext4 gives up when its disk fails: it closes its journal and turns read-only. An fsync
// that was waiting for its data at that moment can return success although what says where
// the data lies is never written; the next mount does not have it. (Linux 6.18, by
// `mount -o remount,abort`: in 4 of 60 times the last record of a program that writes,
// calls fsync and prints is gone.) The journal is closed before such an fsync returns, so a
// change that has to go into the journal and comes later is refused.
//
// Between the commit and the answer others can read what may be lost, for some 10 us.
type probe struct{ file *os.File }

// openProbe opens the probe of the database at path, which is there: the lock file, which
// nobody reads, of the file to which SQLite follows a link. Closing it does not give up the
// lock, which belongs to another opening. Where nothing can be written there is no probe.
func openProbe(path string) (probe, error) {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return probe{}, fmt.Errorf("follow the database's links: %w", err)
	}
	file, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // beside the database that the operator names
	if errors.Is(err, syscall.EROFS) {
		return probe{}, nil
	}
	if err != nil {
		return probe{}, fmt.Errorf("open the lock of the database: %w", err)
	}
	return probe{file}, nil
}

// check returns an error if the file system has stopped writing. It takes 5 to 10 us.
func (p probe) check() error {
	if p.file == nil {
		return nil
	}
	if err := journaled(p.file); err != nil {
		return fmt.Errorf("%w: %w: the file system confirmed a commit and has stopped writing: %w", ErrCommitUnknown, errFailed, err)
	}
	return nil
}

// close closes the probe; a second time it does nothing, as with the pools and the lock.
func (p probe) close() error {
	if p.file == nil {
		return nil
	}
	if err := p.file.Close(); !errors.Is(err, os.ErrClosed) {
		return err
	}
	return nil
}
