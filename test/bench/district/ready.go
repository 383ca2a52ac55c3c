package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress/district"
)

// readyFlag makes this program a process that opens the index and says how long it took.
const readyFlag = "measure-ready"

func reportReady() error {
	start := time.Now()
	l, err := district.Embedded()
	if err != nil {
		return err
	}
	if _, err := l.Index(middle()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(os.Stdout, int64(time.Since(start)))
	return err
}

// readyTime starts a fresh process a few times and returns its best time: what else runs
// on the machine can only add.
func readyTime(rounds int) (time.Duration, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	best := time.Duration(0)
	for range 2*rounds + 1 {
		out, err := exec.Command(self, readyFlag).Output() // #nosec G204 -- ourselves
		if err != nil {
			return 0, err
		}
		ns, err := strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64)
		if err != nil || ns <= 0 {
			return 0, errors.Join(errors.New("no time until ready"), err)
		}
		if took := time.Duration(ns); best == 0 || took < best {
			best = took
		}
	}
	return best, nil
}
