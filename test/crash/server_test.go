package crash

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binary is the program under test, built once.
var binary string

func TestMain(m *testing.M) {
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	folder, err := os.MkdirTemp("", "franklin-crash-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }()
	binary = filepath.Join(folder, "franklin")
	build := exec.Command("go", "build", "-trimpath", "-o", binary, "../../cmd/franklin")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the program: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// firstMoment is a day on which the compiled-in lines and roster hold.
var firstMoment = time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC)

// newClock returns a clock that starts at firstMoment. The server's clock is set by it
// again at each start, so that it never runs backwards.
func newClock() func() time.Time {
	begin := time.Now()
	return func() time.Time { return firstMoment.Add(time.Since(begin)) }
}

// node is how the server is started; it may run, be killed and be started any number of
// times.
type node struct {
	folder string
	flags  []string
	clock  func() time.Time
	late   time.Duration // by how much the server's clock is ahead of clock

	mu      sync.Mutex
	cmd     *exec.Cmd
	address string        // where the running server answers; "" when it does not
	moved   chan struct{} // closed when address changes
	log     []string      // the last warnings and errors
}

func newNode(folder, database, capitol string, clock func() time.Time, more ...string) *node {
	return &node{folder: folder, clock: clock, moved: make(chan struct{}), flags: append([]string{
		"serve", "--db", database, "--addr", "127.0.0.1:0", "--ops-addr", "127.0.0.1:0", "--base-url", "https://letters.example",
		"--secret-file", filepath.Join(folder, "secret.key"),
		"--org-name", "Crash Alliance", "--org-contact-name", "Robin Sample", "--org-contact-email", "robin@letters.example", "--org-contact-phone", "202-555-0142",
		"--cwc-url", capitol, "--cwc-key", "crash", "--cwc-agent", "Crash Agent", "--cwc-ack-email", "acks@letters.example",
		"--cwc-contact-name", "Robin Sample", "--cwc-contact-email", "robin@letters.example", "--cwc-contact-phone", "202-555-0142",
		"--cwc-rate", "2000", "--cwc-timeout", "8s", "--cwc-margin", "2s", "--guard-off",
	}, more...)}
}

// command runs a short command of the program on the same folder.
func (n *node) command(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Dir = n.folder
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("franklin %s: %w\n%s", args[0], err, out)
	}
	return nil
}

// start starts the process and returns a channel that yields nil when it answers, or what
// kept it from that.
func (n *node) start() (<-chan error, error) {
	cmd := exec.Command(binary, append(n.flags, "--at", n.clock().Add(n.late).Format(time.RFC3339Nano))...)
	cmd.Dir = n.folder
	// Should the test itself be killed, the server goes with it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	output, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	n.mu.Lock()
	n.cmd = cmd
	n.mu.Unlock()
	ready := make(chan error, 1)
	go n.listen(output, ready)
	return ready, nil
}

// listen reads the server's log until its end.
func (n *node) listen(output io.Reader, ready chan<- error) {
	lines := bufio.NewScanner(output)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line struct{ Level, Msg, Address string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Level == "INFO" {
			if line.Msg == "ready" {
				n.set(line.Address)
				ready <- nil
			}
			continue
		}
		n.mu.Lock()
		n.log = append(n.log[max(0, len(n.log)-20):], lines.Text())
		n.mu.Unlock()
	}
	ready <- errors.New("the server ended before it was ready")
}

func (n *node) set(address string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.address = address
	close(n.moved)
	n.moved = make(chan struct{})
}

// where returns the server's address, and a channel that closes when it changes.
func (n *node) where() (address string, moved <-chan struct{}) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.address, n.moved
}

// end sends the process a signal and waits until it is gone.
func (n *node) end(signal os.Signal) error {
	n.mu.Lock()
	cmd := n.cmd
	n.cmd = nil
	n.mu.Unlock()
	if cmd == nil {
		return nil
	}
	if err := cmd.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	_ = cmd.Wait() // a killed process has no exit to speak of
	n.set("")
	if signal != os.Kill && cmd.ProcessState.ExitCode() != 0 {
		return fmt.Errorf("the server ended with %s:\n%s", cmd.ProcessState, n.lastWords())
	}
	return nil
}

func (n *node) lastWords() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Join(n.log, "\n")
}

// startAndWait starts the server and waits until it answers. It returns how long that took.
func (n *node) startAndWait() (time.Duration, error) {
	begin := time.Now()
	ready, err := n.start()
	if err != nil {
		return 0, err
	}
	select {
	case err = <-ready:
	case <-time.After(time.Minute):
		err = errors.New("the server was not ready within a minute")
	}
	if err != nil {
		return 0, fmt.Errorf("%w:\n%s", err, n.lastWords())
	}
	return time.Since(begin), nil
}
