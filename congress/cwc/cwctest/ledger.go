package cwctest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// ledger keeps receptions in order. With a file, each is a line of JSON that is flushed to
// the disk before the sender is answered; many senders share one flush.
type ledger struct {
	mu      sync.RWMutex
	entries []Reception
	first   map[string]int // DeliveryId -> index of the first stored entry
	bodies  [][]byte       // without a file
	places  []place        // with a file: where the lines stand

	file  *os.File
	end   int64
	flush sync.Mutex
	safe  int64 // bytes of file known to be on the disk; guarded by flush
	// broken is set for good when a flush fails: what the disk then holds is not known, so
	// nothing may be acknowledged any more. Guarded by flush.
	broken error
}

type place struct{ at, size int64 }

// line is what the file holds of a reception.
type line struct {
	Reception
	Body []byte `json:"body,omitempty"`
}

// maxLine bounds a line; a message has 1 MiB at most, in base 64.
const maxLine = 2 << 20

func openLedger(folder string) (*ledger, error) {
	l := &ledger{first: map[string]int{}}
	if folder == "" {
		return l, nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(folder, "received.jsonl"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	l.file = file
	if err := l.read(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return l, nil
}

// read loads the file. A last line without its end was never acknowledged: it is cut off.
func (l *ledger) read() error {
	r := bufio.NewReaderSize(l.file, 64<<10)
	for {
		text, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		var entry line
		if err := json.Unmarshal(text, &entry); err != nil {
			return fmt.Errorf("line %d: %w", len(l.entries)+1, err)
		}
		l.remember(entry, place{l.end, int64(len(text))})
		l.end += int64(len(text))
	}
	if err := l.file.Truncate(l.end); err != nil {
		return err
	}
	l.safe = l.end
	return l.file.Sync()
}

// remember adds an entry to the memory.
func (l *ledger) remember(entry line, at place) {
	if _, known := l.first[entry.DeliveryID]; !known && entry.Stored {
		l.first[entry.DeliveryID] = len(l.entries)
	}
	l.entries = append(l.entries, entry.Reception)
	if l.file == nil {
		l.bodies = append(l.bodies, entry.Body)
	} else {
		l.places = append(l.places, at)
	}
}

// add writes down a message and returns whether its DeliveryId was known. It returns only
// when the entry is on the disk.
func (l *ledger) add(m Message, body []byte, repeat Repeat, twice bool) (repeated bool, err error) {
	l.mu.Lock()
	_, repeated = l.first[m.DeliveryID]
	entry := line{Reception: Reception{Message: m, Repeated: repeated, Stored: !repeated || repeat == RepeatStore}}
	if entry.Stored {
		entry.Body = body
	}
	err = l.write(entry)
	if err == nil && twice {
		entry.Repeated, entry.Stored, entry.Body = true, true, body
		err = l.write(entry)
	}
	end := l.end
	l.mu.Unlock()
	if err != nil {
		return repeated, err
	}
	return repeated, l.sync(end)
}

// write appends one entry to file and memory. The caller holds mu.
func (l *ledger) write(entry line) error {
	if l.file == nil {
		entry.Body = bytes.Clone(entry.Body)
		l.remember(entry, place{})
		return nil
	}
	text, err := json.Marshal(entry)
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if _, err := l.file.WriteAt(text, l.end); err != nil {
		return err
	}
	l.remember(entry, place{l.end, int64(len(text))})
	l.end += int64(len(text))
	return nil
}

// sync makes the file safe up to end. Whoever comes while another flushes waits, and then
// often finds its own entry safe already.
func (l *ledger) sync(end int64) error {
	if l.file == nil {
		return nil
	}
	l.flush.Lock()
	defer l.flush.Unlock()
	if l.broken != nil || l.safe >= end {
		return l.broken
	}
	l.mu.RLock()
	written := l.end
	l.mu.RUnlock()
	if l.broken = l.file.Sync(); l.broken != nil {
		return l.broken
	}
	l.safe = written
	return nil
}

func (l *ledger) all() []Reception {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return append([]Reception{}, l.entries...)
}

// find returns the first stored entry of a DeliveryId.
func (l *ledger) find(deliveryID string) (Reception, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	i, ok := l.first[deliveryID]
	if !ok {
		return Reception{}, false
	}
	return l.entries[i], true
}

// body returns the bytes first stored under a DeliveryId.
func (l *ledger) body(deliveryID string) ([]byte, bool, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	i, ok := l.first[deliveryID]
	if !ok {
		return nil, false, nil
	}
	if l.file == nil {
		return bytes.Clone(l.bodies[i]), true, nil
	}
	at := l.places[i]
	text := make([]byte, min(at.size, maxLine))
	if _, err := l.file.ReadAt(text, at.at); err != nil {
		return nil, false, fmt.Errorf("read the ledger: %w", err)
	}
	var entry line
	if err := json.Unmarshal(text, &entry); err != nil {
		return nil, false, fmt.Errorf("read the ledger: %w", err)
	}
	return entry.Body, true, nil
}

// close closes the file, once.
func (l *ledger) close() error {
	if l.file == nil {
		return nil
	}
	if err := l.file.Close(); !errors.Is(err, os.ErrClosed) {
		return err
	}
	return nil
}
