package crash

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

var (
	// full asks for the long drills that docs/reliability.md promises; without it each is short.
	full = flag.Bool("full", false, "run the long drills: 100 kills, 20 power cuts, 10 minutes of a bad Capitol")
	// mutants asks for the drills against programs that were broken on purpose.
	mutants = flag.Bool("mutants", false, "break the program in five ways; each must be noticed")
)

// binary is the program under test, built once.
var binary string

func TestMain(m *testing.M) {
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	flag.Parse()
	folder, err := os.MkdirTemp("", "franklin-crash-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }()
	binary = filepath.Join(folder, "franklin")
	if err := build(binary); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// build builds the program into a file.
func build(into string, flags ...string) error {
	cmd := exec.Command("go", append(append([]string{"build", "-trimpath", "-o", into}, flags...), "../../cmd/franklin")...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return nil
}

// pick returns long where the long drills are asked for, and else short.
func pick[T any](long, short T) T {
	if *full {
		return long
	}
	return short
}
