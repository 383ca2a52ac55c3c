package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
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
	_, err = fmt.Fprintln(os.Stdout, int64(time.Since(start)), int64(cpuTime(0)))
	return err
}

// readyTime starts a fresh process a few times and returns its best time, by the clock and of
// processors: what else runs on the machine can only add.
func readyTime(ctx context.Context, rounds int) (best, bestCPU time.Duration, err error) {
	self, err := os.Executable()
	if err != nil {
		return 0, 0, err
	}
	for range 2*rounds + 1 {
		out, err := exec.CommandContext(ctx, self, readyFlag).Output() // #nosec G204 -- ourselves
		if err != nil {
			return 0, 0, err
		}
		var took, used time.Duration
		if _, err := fmt.Sscan(string(out), (*int64)(&took), (*int64)(&used)); err != nil || took <= 0 || used <= 0 {
			return 0, 0, errors.Join(errors.New("no time until ready"), err)
		}
		if best == 0 || took < best {
			best = took
		}
		if bestCPU == 0 || used < bestCPU {
			bestCPU = used
		}
	}
	return best, bestCPU, nil
}
