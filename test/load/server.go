package main

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
	"syscall"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/db/pgtemp"
)

// town is the program, its database and the Capitol.
type town struct {
	Database string
	Address  string          // host and port of the public pages
	seats    []congress.Seat // at which letters are in line
	apart    bool            // the server has one processor, the clients another

	folder  string
	capitol *cwctest.Server
	server  *exec.Cmd
	ends    []func() error
}

// firstMoment is a day on which the compiled-in lines and roster hold.
var firstMoment = time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC)

// newTown builds the program and prepares the database. The server does not run yet.
func newTown(ctx context.Context, postgres bool) (t *town, err error) {
	t = &town{}
	if t.folder, err = os.MkdirTemp("", "franklin-load-"); err != nil {
		return nil, err
	}
	t.ends = append(t.ends, func() error { return os.RemoveAll(t.folder) })
	t.Database = "sqlite:" + filepath.Join(t.folder, "franklin.db")
	if postgres {
		address, stop, err := pgtemp.Start(ctx)
		if err != nil {
			return nil, errors.Join(err, t.close())
		}
		t.Database, t.ends = address, append(t.ends, stop)
	}
	begin := time.Now()
	t.capitol, err = cwctest.Start(ctx, "127.0.0.1:0", cwctest.Options{
		Key: "load", Agent: "Load Agent", Clock: func() time.Time { return firstMoment.Add(time.Since(begin)) },
	})
	if err != nil {
		return nil, errors.Join(err, t.close())
	}
	t.ends = append(t.ends, t.capitol.Close)
	for _, line := range [][]string{
		{"go", "build", "-o", filepath.Join(t.folder, "franklin"), "./cmd/franklin"},
		{filepath.Join(t.folder, "franklin"), "migrate", "--db", t.Database},
		{filepath.Join(t.folder, "franklin"), "campaign", "--db", t.Database, "apply", filepath.Join("cmd", "franklin", "demo", slug+".md")},
	} {
		if out, err := exec.CommandContext(ctx, line[0], line[1:]...).CombinedOutput(); err != nil { //nolint:gosec // our own commands
			return nil, errors.Join(fmt.Errorf("%v: %w\n%s", line, err, out), t.close())
		}
	}
	return t, nil
}

// keyring is the file of the server's key ring.
func (t *town) keyring() string { return filepath.Join(t.folder, "keyring") }

// start starts the server with a pace of delivery and waits until it answers.
func (t *town) start(ctx context.Context, pace float64) error {
	line := t.pinned(serverProcessor, filepath.Join(t.folder, "franklin"),
		"serve", "--db", t.Database, "--addr", "127.0.0.1:0", "--ops-addr", "127.0.0.1:0", "--base-url", "https://letters.example",
		"--secret-file", filepath.Join(t.folder, "secret.key"), "--keyring-file", t.keyring(), "--data-dir", filepath.Join(t.folder, "congress"),
		"--org-name", "Load Alliance", "--org-contact-name", "Robin Sample", "--org-contact-email", "robin@letters.example", "--org-contact-phone", "202-555-0142",
		"--cwc-url", t.capitol.URL, "--cwc-key", "load", "--cwc-agent", "Load Agent", "--cwc-ack-email", "acks@letters.example",
		"--cwc-contact-name", "Robin Sample", "--cwc-contact-email", "robin@letters.example", "--cwc-contact-phone", "202-555-0142",
		"--cwc-rate", strconv.FormatFloat(pace, 'f', -1, 64), "--guard-off", "--at", firstMoment.Format(time.RFC3339))
	t.server = exec.CommandContext(ctx, line[0], line[1:]...) //nolint:gosec // our own program
	// Should we be killed, the server goes with us.
	t.server.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	log, err := t.server.StderrPipe()
	if err != nil {
		return err
	}
	if err := t.server.Start(); err != nil {
		return err
	}
	t.ends = append(t.ends, func() error {
		_ = t.server.Process.Signal(syscall.SIGTERM)
		_ = t.server.Wait() // what it says at its end is of no interest here
		return nil
	})
	ready := make(chan string, 1)
	go follow(log, ready)
	select {
	case address := <-ready:
		if address == "" {
			return errors.New("the server did not start")
		}
		t.Address = strings.TrimPrefix(address, "http://")
		return nil
	case <-time.After(time.Minute):
		return errors.New("the server was not ready within a minute")
	}
}

// follow reads the log to its end and tells the address once.
func follow(log io.Reader, ready chan<- string) {
	lines := bufio.NewScanner(log)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line struct{ Msg, Address string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "ready" {
			ready <- line.Address
		}
	}
	close(ready)
}

// stop ends the server in order.
func (t *town) stop() error {
	if err := t.server.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return t.server.Wait()
}

// memory is the server's highest resident memory in MiB.
func (t *town) memory() float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", t.server.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if text, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, _ := strconv.ParseFloat(strings.Fields(text)[0], 64)
			return kib / 1024
		}
	}
	return 0
}

// taken is for how long the server's processor has worked for others. Where the server is not
// alone on its machine, a rate tells little without it. One that is shared is not taken.
func (t *town) taken() time.Duration {
	if !t.apart {
		return 0
	}
	all, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	own, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", t.server.Process.Pid))
	if err != nil {
		return 0
	}
	_, first, _ := strings.Cut(string(all), "\ncpu"+strconv.Itoa(serverProcessor)+" ")
	_, numbers, _ := strings.Cut(string(own), ") ") // behind the name of the program
	const user, nice, system, steal = 0, 1, 2, 7    // of a processor
	const utime, stime = 11, 12                     // of a process
	ticks := sumOf(first, user, nice, system, steal) - sumOf(numbers, utime, stime)
	return time.Duration(ticks) * (time.Second / 100) // a tick is the same on all Linux systems
}

func sumOf(text string, places ...int) (sum int) {
	fields := strings.Fields(text)
	for _, at := range places {
		if at < len(fields) {
			n, _ := strconv.Atoi(fields[at])
			sum += n
		}
	}
	return sum
}

func (t *town) close() error {
	var errs []error
	for _, end := range slices.Backward(t.ends) {
		errs = append(errs, end())
	}
	return errors.Join(errs...)
}

// The processors of the two processes.
const (
	serverProcessor = 0
	clientProcessor = 1
)

// pinned gives a command a processor of its own, where taskset can and they are apart.
func (t *town) pinned(processor int, line ...string) []string {
	taskset, err := exec.LookPath("taskset")
	if err != nil || !t.apart {
		return line
	}
	return append([]string{taskset, "-c", strconv.Itoa(processor)}, line...)
}

// people is the process of clients.
type people struct {
	cmd     *exec.Cmd
	input   io.WriteCloser
	plans   *json.Encoder
	answers *json.Decoder
}

func newPeople(ctx context.Context, t *town) (*people, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	line := t.pinned(clientProcessor, self, "-clients", t.Address)
	p := &people{cmd: exec.CommandContext(ctx, line[0], line[1:]...)} //nolint:gosec // this program itself
	p.cmd.Stderr = os.Stderr
	if p.input, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	output, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.plans, p.answers = json.NewEncoder(p.input), json.NewDecoder(output)
	return p, p.cmd.Start()
}

// offer lets the clients follow a plan.
func (p *people) offer(a plan) (s seen, err error) {
	if err := p.plans.Encode(a); err != nil {
		return s, err
	}
	if err := p.answers.Decode(&s); err != nil {
		return s, fmt.Errorf("the clients ended early: %w", err)
	}
	return s, nil
}

func (p *people) close() error { return errors.Join(p.input.Close(), p.cmd.Wait()) }
