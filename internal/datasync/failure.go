package datasync

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"time"
)

// Failure is why something could not be brought up to date, and what a person can do.
type Failure struct {
	What   string // what went wrong, in plain words
	Advice string // what to do about it
	Err    error
}

func (f *Failure) Error() string {
	text := f.What
	if f.Err != nil {
		text += ": " + f.Err.Error()
	}
	if f.Advice != "" {
		text += ". " + f.Advice
	}
	return text
}

func (f *Failure) Unwrap() error { return f.Err }

// Advice that fits several failures.
const (
	adviceLater   = "Run the command again later; what was fetched is kept"
	adviceMirror  = "If it stays so, fetch the files on another machine and use --from DIR"
	advicePublish = "The publisher's file may be wrong today; try again tomorrow, or use --from with a copy that you trust"
)

// errNotThere means that the source has no such file.
var errNotThere = errors.New("there is no such file")

// passing is a failure that may go away by itself.
type passing struct {
	err   error
	after time.Duration // as the server asked; 0 when it did not
}

func (p *passing) Error() string { return p.err.Error() }
func (p *passing) Unwrap() error { return p.err }

// localFailure explains errors of this machine's own disk.
func localFailure(what string, err error) error {
	if err == nil {
		return nil
	}
	f := &Failure{What: what, Err: err}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		f.Advice = "The disk is full: make room, then run the command again; what was fetched is kept"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		f.Advice = "Run the command as the user that the server runs as, or choose another folder with --data-dir"
	}
	return f
}

func failed(advice string, err error, format string, args ...any) *Failure {
	return &Failure{What: fmt.Sprintf(format, args...), Advice: advice, Err: err}
}
