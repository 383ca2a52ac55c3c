// Bench measures Franklin against its own parts and against what others would use, in one
// run on one machine, and prints ratios: rates alone say more about the machine than about
// the program. What is measured, and why so, is in docs/reliability.md.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// bench holds the settings of a run.
type bench struct {
	root     string
	clients  int
	rounds   int
	warm     time.Duration
	length   time.Duration
	json     bool
	verbose  bool
	profiles string
	letters  int

	seed int
}

// parts are what can be measured, in the order of the report.
var parts = []string{"district", "submissions", "deliveries", "pages"}

func main() {
	if len(os.Args) == 3 && os.Args[1] == childFlag {
		signal.Ignore(os.Interrupt, syscall.SIGTERM) // the parent closes our input
		exit(perform(context.Background(), os.Args[2]))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	exit(run(ctx, os.Args[1:]))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// run measures the parts named on the command line, or all.
func run(ctx context.Context, args []string) error {
	if len(args) > 0 && args[0] == "verify-district" {
		return districtTool(ctx, os.Stdout, append([]string{"verify"}, args[1:]...)...)
	}
	b := &bench{}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&b.root, "root", filepath.Join("..", ".."), "the repository")
	flags.IntVar(&b.clients, "clients", 64, "keep-alive connections")
	flags.IntVar(&b.rounds, "rounds", 15, "rounds; each measures everything once, and medians count")
	flags.DurationVar(&b.warm, "warm", 100*time.Millisecond, "time before each measurement that does not count")
	flags.DurationVar(&b.length, "time", 500*time.Millisecond, "time of each measurement")
	flags.IntVar(&b.letters, "letters", 300_000, "letters stored in the database with many; 3000000 takes some minutes to store")
	flags.BoolVar(&b.json, "json", false, "print JSON")
	flags.BoolVar(&b.verbose, "v", false, "say on standard error what each round gave")
	flags.StringVar(&b.profiles, "profiles", "", "folder for CPU profiles of the measured processes")
	flags.Usage = func() {
		fmt.Fprintf(flags.Output(), "bench [flags] [district] [submissions] [deliveries] [pages]\nbench verify-district [flags of the check]\n\n")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	for _, name := range flags.Args() {
		if !slices.Contains(parts, name) {
			return fmt.Errorf("%q is none of %q", name, parts)
		}
	}
	chosen := flags.Args()
	if len(chosen) == 0 {
		chosen = parts
	}
	return b.report(ctx, chosen)
}

// report measures and prints. A missed target is an error in the end, so that a script
// notices; the other parts are measured all the same.
func (b *bench) report(ctx context.Context, chosen []string) error {
	all := map[string]any{}
	var missed []string
	for _, name := range parts {
		if !slices.Contains(chosen, name) {
			continue
		}
		found, short, err := b.part(ctx, name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		all[name], missed = found, append(missed, short...)
	}
	if b.json {
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", "  ")
		if err := out.Encode(all); err != nil {
			return err
		}
	}
	if len(missed) > 0 {
		return errors.New("missed: " + strings.Join(missed, "; "))
	}
	return nil
}

// part measures one part and returns it with the names of the targets it missed.
func (b *bench) part(ctx context.Context, name string) (found any, missed []string, err error) {
	if name == "district" {
		found, err = b.districts(ctx)
		if _, told := errors.AsType[*exec.ExitError](err); told {
			return found, []string{"the district index, as said above"}, nil
		}
		return found, nil, err
	}
	measure := map[string]func(context.Context) (section, error){"submissions": b.submissions, "deliveries": b.deliveries, "pages": b.pages}[name]
	s, err := measure(ctx)
	if err != nil {
		return nil, nil, err
	}
	if !b.json {
		s.print(os.Stdout)
	}
	return s, s.missed(), nil
}

// plan is one run of the clients with people whom no run before had.
func (b *bench) plan(url, kind string) plan {
	b.seed++
	return plan{URL: url, Kind: kind, Clients: b.clients, Warm: b.warm, Length: b.length, Seed: b.seed}
}

// terms says how a section was measured.
func (b *bench) terms() string {
	return fmt.Sprintf("%d clients, medians of %d rounds of %s", b.clients, b.rounds, b.length)
}

func (b *bench) campaign() string {
	return filepath.Join(b.root, "cmd", "franklin", "demo", slug+".md")
}

func (b *bench) profileOf(name string) string {
	if b.profiles == "" {
		return ""
	}
	return filepath.Join(b.profiles, name+".pprof")
}

func (b *bench) note(format string, args ...any) {
	if b.verbose {
		fmt.Fprintf(os.Stderr, format+"\n", args...)
	}
}
