// District measures the district index against what others would use for the question
// "in which district is this point": orb, S2, Tile38 and PostGIS, in one run on the same
// points.
//
//	go -C test/bench run ./district            one table
//	go -C test/bench run ./district -markdown  the same for a document
//	go -C test/bench run ./district -json      the same for programs
//	go -C test/bench run ./district verify     a million points near lines against brute force
//
// Orb tests every district whose box holds the point; it is the reference the others are
// compared with. S2 is golang/geo's ShapeIndex, asked through one query object. Tile38 is
// started when the machine has it; a server of the libraries it consists of always is, and
// the geometry library alone runs inside this process. PostGIS is the system's own in a
// throw-away cluster on a socket, with whole districts and with polygons subdivided to 128
// vertices under a GiST index, a prepared query, asked by one client, by two, and by one
// query for all points. Points are populated places with 2 km of jitter, places 2 to
// 50 m beside district lines, and places anywhere.
//
// Street tables are measured on an invented country of three million rows with real ZIP
// codes and seats: addresses as people type them, on known, unknown and misspelt streets,
// through ByAddress. SQLite and PostgreSQL hold the same rows under an index of whole rows,
// and are given the key that Franklin has to work out.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "district:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("district", flag.ContinueOnError)
	root := flags.String("root", "", "the repository; found from the working folder when empty")
	n := flags.Int("n", 10_000, "points of each kind")
	rounds := flags.Int("rounds", 3, "rounds of each measurement, twice and one; the best counts")
	asJSON := flags.Bool("json", false, "print JSON")
	asMarkdown := flags.Bool("markdown", false, "print tables in Markdown")
	tile38 := flags.String("tile38", "", "tile38-server to measure; the one on PATH when empty")
	noPostGIS := flags.Bool("no-postgis", false, "leave PostGIS and PostgreSQL out")
	only := flags.String("only", "", "points or streets; both when empty")
	rows := flags.Int("rows", 3_000_000, "rows of the invented street table")
	addresses := flags.Int("addresses", 100_000, "addresses of each kind")
	if len(args) > 0 && args[0] == partsFlag {
		return serveParts(ctx, args[1:])
	}
	if len(args) == 1 && args[0] == readyFlag {
		return reportReady()
	}
	verifyOnly := len(args) > 0 && args[0] == "verify"
	if verifyOnly {
		args = args[1:]
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	if verifyOnly {
		return verify(ctx, *root)
	}
	var r report
	var missed []error
	if *only != "streets" {
		c, err := newContest(ctx, *n, *rounds)
		if err != nil {
			return err
		}
		if err := c.run(ctx, *tile38, !*noPostGIS); err != nil {
			return err
		}
		r.Points, missed = c, append(missed, c.missed())
	}
	if *only != "points" {
		s, err := newStreetContest(*rows, *addresses, *rounds)
		if err != nil {
			return err
		}
		if err := s.run(ctx, !*noPostGIS); err != nil {
			return fmt.Errorf("streets: %w", err)
		}
		r.Streets, missed = s, append(missed, s.missed())
	}
	return errors.Join(append([]error{r.write(os.Stdout, *asJSON, *asMarkdown)}, missed...)...)
}

// write prints the report in the form asked for.
func (r *report) write(out io.Writer, asJSON, asMarkdown bool) error {
	switch {
	case asJSON:
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(r)
	case asMarkdown:
		return r.print(out, markdown)
	default:
		return r.print(out, aligned)
	}
}

// verify runs the full comparison with brute force, which is a test of the package.
func verify(ctx context.Context, root string) error {
	if root == "" {
		var err error
		if root, err = findRoot(); err != nil {
			return err
		}
	}
	cmd := exec.CommandContext(ctx, "go", "test", "-tags", "verify", "-run", "TestVerify", "-count", "1", "-timeout", "5h", "-v", "./congress/district")
	cmd.Dir, cmd.Stdout, cmd.Stderr = root, os.Stdout, os.Stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	_, err := fmt.Fprintf(os.Stdout, "6,000,000 points, none different, in %s\n", time.Since(start).Round(time.Second))
	return err
}

// findRoot goes up from the working folder to the one with the package.
func findRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "congress", "district", "verify_test.go")); err == nil {
			return dir, nil
		}
	}
	return "", errors.New("run it inside the repository, or name it with -root")
}
