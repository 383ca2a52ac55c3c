package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
)

// Bars of a drain.
const (
	mostSlower  = 1.2
	mostMemory  = 150 // MiB
	paceMistake = 0.03
	// mostUneven is how many letters more one office may have got than another: the turns
	// that are under way, and a letter or two that were posted meanwhile.
	mostUneven = 4
)

// What the clients ask for meanwhile: each of them begins two requests a second, and one
// letter comes for five pages that are read.
const (
	visitors   = 60
	readers    = 50
	visitsRate = 120 // a second
)

// drainPlan is how a line is drained.
type drainPlan struct {
	queued   int
	pace     float64
	most     int           // letters to wait for after the pages were measured; 0 for all
	length   time.Duration // of each measurement of the pages
	postgres bool
}

// drain lets letters wait in line at all offices and drains them at a set pace. It measures
// the pace, how evenly the offices get theirs, the server's memory, and the action page and
// the sending of letters, in turns with the line paused and with letters leaving: a machine
// differs more from minute to minute than these may.
func drain(ctx context.Context, p drainPlan) (err error) {
	t, err := newTown(ctx, p.postgres)
	if err != nil {
		return err
	}
	t.apart = true
	defer func() { err = errors.Join(err, t.close()) }()
	if t.seats, err = held(); err != nil {
		return err
	}
	if err := errors.Join(t.fill(ctx, p.queued), t.start(ctx, p.pace)); err != nil {
		return err
	}
	quiet, busy, err := t.visited(ctx, p.length)
	if err != nil {
		return err
	}
	before := len(t.capitol.Receptions())
	letters, err := t.drained(ctx, before, p.drained(before))
	if err != nil {
		return err
	}
	return errors.Join(t.judge(p, quiet, busy, letters), t.stop())
}

// drained is how many letters of the line are waited for after the first ones have left.
func (p drainPlan) drained(before int) int {
	if p.most > 0 {
		return min(p.most, p.queued-before)
	}
	return p.queued - before
}

// rounds is how often the line is paused and resumed; medians are over them.
const rounds = 5

// visited lets clients read and write by the clock, at the same time as people do, in turns without and with letters leaving.
func (t *town) visited(ctx context.Context, length time.Duration) (quiet, busy []seen, err error) {
	clients, err := newPeople(ctx, t)
	if err != nil {
		return quiet, busy, err
	}
	defer func() { err = errors.Join(err, clients.close()) }()
	if err := aside(ctx); err != nil { // what is started after it would stand aside too
		return quiet, busy, err
	}
	visits := plan{Rate: visitsRate, Clients: visitors, Readers: readers, Length: 5 * time.Second}
	if _, err := clients.offer(visits); err != nil { // warm
		return quiet, busy, err
	}
	visits.Length = length
	for range rounds {
		for n, all := range []*[]seen{&quiet, &busy} {
			if err := t.queue(ctx, [][]string{{"pause", "--why", "to compare"}, {"resume"}}[n]); err != nil {
				return quiet, busy, err
			}
			visits.Seed++
			saw, err := clients.offer(visits)
			if err != nil {
				return quiet, busy, err
			}
			*all = append(*all, saw)
		}
	}
	return quiet, busy, nil
}

// queue runs a command of the operator beside the server.
func (t *town) queue(ctx context.Context, words []string) error {
	line := append([]string{"queue"}, words...)
	line = append(line, "cwc-house", "--db", t.Database, "--secret-file", filepath.Join(t.folder, "secret.key"), "--keyring-file", t.keyring())
	if out, err := exec.CommandContext(ctx, filepath.Join(t.folder, "franklin"), line...).CombinedOutput(); err != nil { //nolint:gosec // our own program
		return fmt.Errorf("%v: %w\n%s", words, err, out)
	}
	return nil
}

// drained waits until so many letters more have arrived, and returns them.
func (t *town) drained(ctx context.Context, before, number int) ([]cwctest.Reception, error) {
	for {
		if all := t.capitol.Receptions()[before:]; len(all) >= number {
			return all[:number], nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(2 * time.Second):
		}
	}
}

// judge prints what was measured and compares it with the bars.
func (t *town) judge(p drainPlan, quiet, busy []seen, letters []cwctest.Reception) error {
	took := letters[len(letters)-1].ReceivedAt.Sub(letters[0].ReceivedAt).Seconds()
	pace := float64(len(letters)-1) / took
	fewest, most := t.spread(letters[:len(letters)/2])
	fmt.Printf("%d letters at %d offices, at %.0f a second\n", p.queued, len(t.seats), p.pace)
	fmt.Printf("pace: %d letters in %.1f s, %.2f a second\n", len(letters), took, pace)
	fmt.Printf("after half of them, offices had %d to %d letters\n", fewest, most)
	fmt.Printf("memory: %.0f MiB at most\n", t.memory())
	broken := []error{slower(quiet, busy)}
	if t.memory() > mostMemory {
		broken = append(broken, fmt.Errorf("the server took %.0f MiB, more than %d", t.memory(), mostMemory))
	}
	if pace < p.pace*(1-paceMistake) || pace > p.pace*(1+paceMistake) {
		broken = append(broken, fmt.Errorf("%.1f letters a second were delivered instead of %.0f", pace, p.pace))
	}
	if most-fewest > mostUneven {
		broken = append(broken, fmt.Errorf("after half of the letters one office had %d and another %d", fewest, most))
	}
	return errors.Join(broken...)
}

// spread returns the fewest and the most letters that an office got, however its list of
// offices spells it.
func (t *town) spread(letters []cwctest.Reception) (fewest, most int) {
	got := map[congress.Seat]int{}
	for _, l := range letters {
		if seat, err := congress.ParseSeat(l.Office); err == nil {
			got[seat]++
		}
	}
	fewest = len(letters)
	for _, seat := range t.seats {
		n := got[seat]
		fewest, most = min(fewest, n), max(most, n)
	}
	return fewest, most
}

// slower compares the p99 of all that the web tier answers, which is what the bar is about,
// and shows its two kinds beside it.
func slower(quiet, busy []seen) error {
	for _, s := range slices.Concat(quiet, busy) {
		if s.Failed > 0 {
			return fmt.Errorf("%d requests failed: %s", s.Failed, s.Fault)
		}
	}
	compare("pages alone", quiet, busy, func(s seen) time.Duration { return s.PageP99 })
	compare("letters alone", quiet, busy, func(s seen) time.Duration { return s.PostP99 })
	times := compare("web tier", quiet, busy, func(s seen) time.Duration { return s.P99 })
	if times > mostSlower {
		return fmt.Errorf("the web tier's p99 is %.2f times that of a quiet time, more than %.1f", times, mostSlower)
	}
	return nil
}

// compare prints the medians of a percentile, and returns how many times the quiet one the
// busy one is.
func compare(what string, quiet, busy []seen, of func(seen) time.Duration) float64 {
	before, after := median(quiet, of), median(busy, of)
	times := float64(after) / float64(max(1, before))
	fmt.Printf("%s: p99 %v quiet, %v draining (%.2f times; medians of %d)\n", what, before, after, times, len(quiet))
	return times
}

func median(all []seen, of func(seen) time.Duration) time.Duration {
	values := make([]time.Duration, len(all))
	for i, s := range all {
		values[i] = of(s)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// aside moves this process, in which the Capitol is, to the clients' processor, where it runs
// when they have nothing to do: else they would measure how long they wait for the Capitol.
func aside(ctx context.Context) error {
	self := strconv.Itoa(os.Getpid())
	for _, line := range [][]string{
		{"taskset", "--all-tasks", "--cpu-list", "--pid", "1", self},
		{"chrt", "--all-tasks", "--idle", "--pid", "0", self},
	} {
		tool, err := exec.LookPath(line[0])
		if err != nil {
			continue // it runs where and when it can
		}
		if out, err := exec.CommandContext(ctx, tool, line[1:]...).CombinedOutput(); err != nil { //nolint:gosec // our own process
			return fmt.Errorf("%v: %w: %s", line, err, out)
		}
	}
	return nil
}
