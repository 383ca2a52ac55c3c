package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/datasync"
)

type dataSync struct {
	dataFolder `embed:""`

	From    string   `help:"Folder or https address with copies of the official files, for machines without the Internet. Default: the official addresses." placeholder:"DIR|URL"`
	Streets []string `help:"States whose streets to fetch too, such as AZ,TX, or all. Those in use stay. At most 7 MB a county, and only counties of divided ZIP codes." placeholder:"STATES"`
	Only    string   `help:"Bring only this up to date: districts or roster." enum:"districts,roster," default:"" placeholder:"PART"`
	JSON    bool     `help:"Print what happened as JSON." name:"json"`
}

// Run brings the data up to date. It exits with 1 when a part could not be; what was in
// use then stays in use.
func (c dataSync) Run(ctx context.Context, con console) error {
	streets, err := parseStates(c.Streets)
	if err != nil {
		return err
	}
	outcome, err := datasync.Sync(ctx, datasync.Options{
		Dir: c.DataDir, From: c.From, Only: c.Only, Streets: streets, Agent: "franklin/" + version,
		Clock: con.now, Wait: sleep, Jitter: rand.Float64, Progress: progressOn(con),
	})
	if c.JSON {
		if err := printJSON(con, outcome); err != nil {
			return err
		}
	} else if err == nil || outcome.Changed {
		con.print("%s\n", outcome)
	}
	if err == nil {
		return nil
	}
	fmt.Fprintf(con.err, "franklin: %s\n", strings.ReplaceAll(err.Error(), "\n", "\nfranklin: "))
	if outcome.Set == "" && !outcome.Changed {
		fmt.Fprintln(con.err, "franklin: the built-in data stay in use")
	} else if !outcome.Changed {
		fmt.Fprintln(con.err, "franklin: the data in use stay as they were")
	}
	return exitError{1}
}

// parseStates reads codes or names of states; "all" is all of them.
func parseStates(texts []string) ([]congress.State, error) {
	var states []congress.State
	for _, text := range texts {
		if strings.EqualFold(text, "all") {
			return congress.States(), nil
		}
		s, err := congress.ParseState(text)
		if err != nil {
			return nil, err
		}
		states = append(states, s)
	}
	return states, nil
}

// progressOn draws bars on a terminal and writes lines elsewhere.
func progressOn(con console) datasync.Progress {
	if isTerminal(con.err) {
		return &datasync.Bars{Out: con.err, Clock: con.now}
	}
	return &datasync.Lines{Out: con.err}
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
}

// sleep waits, or ends with the context.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return errors.New("interrupted")
	case <-timer.C:
		return nil
	}
}
