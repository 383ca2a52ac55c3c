package mail

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Limits of what is read from a file of mails. A longer message is cut: what a report says
// stands at its beginning, and one mail, from whoever, must not keep those behind it back.
const (
	maxMail  = 4 << 20   // bytes of one message
	maxInbox = 256 << 20 // bytes of one mbox file
)

// ErrTooLarge says that a file of mails is larger than any that is read.
var ErrTooLarge = errors.New("the file of mails is too large")

// ReadInbox calls each with the bytes of every message of an mbox file, or with all that
// there is when it is a single message. A line ">From " of a message in an mbox is given
// back as it was.
func ReadInbox(r io.Reader, each func(raw []byte) error) error {
	lines := bufio.NewReader(io.LimitReader(r, maxInbox+1))
	var one bytes.Buffer
	var total int
	mbox, blank := false, true
	for {
		line, err := lines.ReadBytes('\n')
		if total += len(line); total > maxInbox {
			return ErrTooLarge
		}
		starts := blank && bytes.HasPrefix(line, []byte("From "))
		switch {
		case starts && (mbox || one.Len() == 0):
			if one.Len() > 0 {
				if err := each(bytes.Clone(one.Bytes())); err != nil {
					return err
				}
			}
			mbox = true
			one.Reset()
		case mbox:
			one.Write(fitting(unquoted(line), one.Len()))
		default:
			one.Write(fitting(line, one.Len()))
		}
		blank = len(bytes.TrimRight(line, "\r\n")) == 0
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("read mails: %w", err)
		}
	}
	if len(bytes.TrimSpace(one.Bytes())) == 0 {
		return nil
	}
	return each(bytes.Clone(one.Bytes()))
}

// fitting is as much of a line as a message of a length still takes.
func fitting(line []byte, length int) []byte { return line[:min(len(line), maxMail-length)] }

// unquoted takes off the sign that an mbox puts in front of a line that begins like a message.
func unquoted(line []byte) []byte {
	if bytes.HasPrefix(bytes.TrimLeft(line, ">"), []byte("From ")) {
		return bytes.TrimPrefix(line, []byte(">"))
	}
	return line
}

// ReadMaildir calls each with the bytes of every message of a maildir, those of new before
// those of cur, in the order of their names, which is that of their arrival.
func ReadMaildir(folder string, each func(raw []byte) error) error {
	found := false
	for _, part := range []string{"new", "cur"} {
		entries, err := os.ReadDir(filepath.Join(folder, part))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("read a maildir: %w", err)
		}
		found = true
		slices.SortFunc(entries, func(a, b os.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
		for _, entry := range entries {
			if !entry.Type().IsRegular() {
				continue
			}
			raw, err := readMail(filepath.Join(folder, part, entry.Name()))
			if err != nil {
				return err
			}
			if err := each(raw); err != nil {
				return err
			}
		}
	}
	if !found {
		return fmt.Errorf("%s is no maildir: it has neither new nor cur", folder)
	}
	return nil
}

func readMail(name string) ([]byte, error) {
	f, err := os.Open(name) //nolint:gosec // the operator names the folder
	if err != nil {
		return nil, fmt.Errorf("read a mail: %w", err)
	}
	defer func() { _ = f.Close() }()
	raw, err := io.ReadAll(io.LimitReader(f, maxMail))
	if err != nil {
		return nil, fmt.Errorf("read a mail: %w", err)
	}
	return raw, nil
}
