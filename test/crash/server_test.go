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
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

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
	binary string
	folder string
	flags  []string
	clock  func() time.Time
	late   time.Duration // by how much the server's clock is ahead of clock
	starts int           // so far

	mu      sync.Mutex
	cmd     *exec.Cmd
	address string        // where the running server answers; "" when it does not
	moved   chan struct{} // closed when address changes
	log     []string      // the last warnings and errors
}

// newNode returns a server that does not run yet. Of the guard it keeps what needs no crowd
// of real people: the field that nobody sees.
func newNode(program, folder, database, capitol string, clock func() time.Time, more ...string) *node {
	return &node{binary: program, folder: folder, clock: clock, moved: make(chan struct{}), flags: append([]string{
		"serve", "--db", database, "--addr", "127.0.0.1:0", "--ops-addr", "127.0.0.1:0", "--base-url", "https://letters.example",
		"--secret-file", filepath.Join(folder, "secret.key"), "--keyring-file", filepath.Join(folder, "keyring"),
		"--org-name", "Crash Alliance", "--org-contact-email", "robin@letters.example", "--org-contact-phone", "202-555-0142",
		"--cwc-url", capitol, "--cwc-key", "crash", "--cwc-agent", "Crash Agent", "--cwc-ack-email", "acks@letters.example",
		"--cwc-contact-email", "robin@letters.example", "--cwc-contact-phone", "202-555-0142",
		"--cwc-rate", "2000", "--cwc-timeout", "8s", "--cwc-margin", "2s",
		"--no-guard-signed-form", "--guard-min-time", "0s", "--guard-posts", "0", "--guard-network-people", "0", "--guard-mailbox-people", "0", "--guard-mailbox-letters", "0",
		"--guard-household-people", "0", "--guard-office-letters", "0", "--guard-same-words", "0", "--guard-disowned", "0", "--guard-recombined", "0",
	}, more...)}
}

// command runs a short command of the program on the same folder.
func (n *node) command(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, n.binary, args...)
	cmd.Dir = n.folder
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("franklin %s: %w\n%s", args[0], err, out)
	}
	return nil
}

// start starts the process and returns a channel that yields nil when it answers, or what
// kept it from that. Each start has other settings, as after a change of staff: a letter that is
// sent again must still have the same bytes.
func (n *node) start() (<-chan error, error) {
	n.starts++
	staff := "Robin Sample " + string(rune('A'+n.starts%26))
	cmd := exec.Command(n.binary, append(slices.Clone(n.flags), "--org-contact-name", staff, "--cwc-contact-name", staff,
		"--at", n.clock().Add(n.late).Format(time.RFC3339Nano))...)
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

// signal sends the running process a signal.
func (n *node) signal(s os.Signal) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.cmd.Process.Signal(s)
}

// pid returns the number of the running process.
func (n *node) pid() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strconv.Itoa(n.cmd.Process.Pid)
}

// exit waits for the process to end by itself and returns its exit code. When it has not
// ended in time, it goes on.
func (n *node) exit(within time.Duration) (code int, ended bool) {
	n.mu.Lock()
	cmd := n.cmd
	n.mu.Unlock()
	deadline := time.After(within)
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		var status syscall.WaitStatus
		if pid, err := syscall.Wait4(cmd.Process.Pid, &status, syscall.WNOHANG, nil); err != nil || pid == cmd.Process.Pid {
			n.mu.Lock()
			n.cmd = nil
			n.mu.Unlock()
			n.set("")
			return status.ExitStatus(), true
		}
		select {
		case <-look.C:
		case <-deadline:
			return 0, false
		}
	}
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
