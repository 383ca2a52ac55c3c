package db

import (
	"fmt"
	"os"
)

// probe is a file beside a SQLite database by which each commit asks whether the file
// system still keeps its word.
//
// ext4 gives up when its disk fails: it closes its journal and turns read-only. An fsync
// that was waiting for its data at that moment can return success although what says where
// the data lies is never written; the next mount does not have it. (Linux 6.18, by
// `mount -o remount,abort`: in 4 of 60 times the last record of a program that writes,
// calls fsync and prints is gone.) The journal is closed before such an fsync returns, so a
// change that has to go into the journal and comes later is refused.
type probe struct{ *os.File }

// openProbe opens the probe of the database at path: its lock file, which nobody reads.
// Closing it does not give up the lock, which belongs to another opening of the file.
func openProbe(path string) (probe, error) {
	file, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // beside the database that the operator names
	if err != nil {
		return probe{}, fmt.Errorf("open the lock of the database: %w", err)
	}
	return probe{file}, nil
}

// check returns an error if the file system has stopped writing. It takes some 6 us. On
// PostgreSQL, where the disk is the database server's, there is no probe and nothing to say.
func (p probe) check() error {
	if p.File == nil {
		return nil
	}
	if err := journaled(p.File); err != nil {
		return fmt.Errorf("%w: %w: the file system confirmed a commit and has stopped writing: %w", ErrCommitUnknown, errFailed, err)
	}
	return nil
}
