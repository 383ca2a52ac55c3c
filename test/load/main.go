// Command load measures what an overload does: it finds the rate at which letters can be
// taken in, offers ten times as many by a clock that waits for nobody, and looks what is
// served, how fast, and what the others are told.
//
// It starts the real program with a database in a temporary folder, and one process of
// clients. In an overload both share the processors, as the bar has it; in a drain, and with
// -pinned, each has one of its own where there are two. Everything stays on this machine and ends by itself.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	length := flags.Duration("time", 20*time.Second, "length of each phase")
	postgres := flags.Bool("postgres", false, "on PostgreSQL instead of SQLite")
	queued := flags.Int("queued", 0, "drain a line of this many letters, instead of an overload")
	pace := flags.Float64("pace", 400, "letters a second, of a drain")
	most := flags.Int("most", 0, "letters of a drain to wait for; 0 for all")
	pinned := flags.Bool("pinned", false, "give the server of an overload one processor and the clients another, instead of all to both")
	clients := flags.String("clients", "", "be the process of clients for an address (internal)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	switch {
	case *clients != "":
		return eachPlan(*clients)
	case *queued > 0:
		return drain(ctx, drainPlan{queued: *queued, pace: *pace, most: *most, length: *length, postgres: *postgres})
	}
	return overload(ctx, overloadPlan{length: *length, postgres: *postgres, pinned: *pinned})
}

// eachPlan offers each load that the parent asks for, until its input closes.
func eachPlan(address string) error {
	plans, answers := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var p plan
		if err := plans.Decode(&p); err != nil {
			return nil //nolint:nilerr // the parent has enough
		}
		if err := answers.Encode(p.offer(address)); err != nil {
			return err
		}
	}
}
