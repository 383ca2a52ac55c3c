// Package pgtemp starts a throw-away PostgreSQL server from the binaries that the system
// has, for tests, the crash test and the benches.
//
// The server lives in a temporary folder, speaks only through a Unix socket in it, and is
// never left behind: a shell stands between it and us that reads from a pipe which only we
// can write to. When we stop it, end or are killed, the pipe closes, and the shell stops
// the server and removes the folder.
package pgtemp

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// ErrNotInstalled is the error of Start when the system has no PostgreSQL server.
var ErrNotInstalled = errors.New("no PostgreSQL server binaries found (Debian: apt install postgresql)")

// NoFsync is the setting for tests that never cut the power: commits are still
// synchronous, but the server does not wait for the disk.
const NoFsync = "fsync=off"

//go:embed run.sh
var script string

// maxSocketPath is the longest path of a Unix socket, less the name PostgreSQL adds.
const maxSocketPath = 107 - len("/.s.PGSQL.5432")

// Start makes a new cluster with one empty database and starts its server with the given
// settings ("name=value"). It returns the address of the database, whose user may do
// everything, and the function that stops the server and removes it. Run as root, the
// server runs as the user postgres, since PostgreSQL refuses to be root. ctx bounds only
// the start.
func Start(ctx context.Context, settings ...string) (address string, stop func() error, err error) {
	bin, err := binaries()
	if err != nil {
		return "", nil, err
	}
	owner, err := serverUser()
	if err != nil {
		return "", nil, err
	}
	dir, err := folder(owner)
	if err != nil {
		return "", nil, err
	}
	//nolint:gosec,noctx // our own script with a folder we made; it must outlive ctx to clean up
	cmd := exec.Command("sh", append([]string{"-c", script, "pgtemp", bin, dir}, settings...)...)
	cmd.Dir = dir
	// A group of its own: Ctrl-C must not end the shell before it has cleaned up.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: owner}
	input, err := cmd.StdinPipe()
	if err != nil {
		return "", nil, errors.Join(fmt.Errorf("start PostgreSQL: %w", err), os.RemoveAll(dir))
	}
	output, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return "", nil, errors.Join(fmt.Errorf("start PostgreSQL: %w", err), os.RemoveAll(dir))
	}
	if err := ready(ctx, output); err != nil {
		_, _ = input.Close(), cmd.Wait() // the shell failed as well; err says why
		return "", nil, errors.Join(err, os.RemoveAll(dir))
	}
	// The waiting goroutine also keeps the pipe alive when the caller forgets stop: were
	// the pipe collected as garbage, the server would end in the middle of things.
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	stop = sync.OnceValue(func() error { return errors.Join(input.Close(), <-ended) })
	address = (&url.URL{
		Scheme: "postgres", User: url.User("franklin"), Path: "/franklin",
		RawQuery: url.Values{"host": {dir}}.Encode(),
	}).String()
	return address, stop, nil
}

// ready waits until the script says that the server answers. Everything else that it says
// is the log of a failed start.
func ready(ctx context.Context, output io.Reader) error {
	said := make(chan error, 1)
	go func() {
		lines := bufio.NewScanner(output)
		var log []string
		for lines.Scan() {
			if lines.Text() == "ready" {
				said <- nil
				return
			}
			log = append(log, lines.Text())
		}
		said <- fmt.Errorf("start PostgreSQL: %s", strings.Join(log, "\n"))
	}()
	select {
	case err := <-said:
		return err
	case <-ctx.Done():
		return fmt.Errorf("start PostgreSQL: %w", ctx.Err())
	}
}

// Installed returns nil when Start has what it needs, else ErrNotInstalled.
func Installed() error {
	_, err := binaries()
	return err
}

// binaries returns the folder of initdb, pg_ctl and postgres: that in PATH, or Debian's
// newest, whose server binaries are not in PATH.
func binaries() (string, error) {
	if path, err := exec.LookPath("pg_ctl"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil && complete(filepath.Dir(real)) {
			return filepath.Dir(real), nil
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", fmt.Errorf("look for PostgreSQL: %w", err)
	}
	found = slices.DeleteFunc(found, func(dir string) bool { return !complete(dir) })
	if len(found) == 0 {
		return "", ErrNotInstalled
	}
	return slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) }), nil
}

func complete(dir string) bool {
	for _, name := range []string{"initdb", "pg_ctl", "postgres", "createdb"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return false
		}
	}
	return true
}

// version reads 15 from /usr/lib/postgresql/15/bin.
func version(bin string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(bin)))
	if err != nil {
		return 0
	}
	return n
}

// serverUser returns as whom the server runs: nil for ourselves, postgres when we are root.
func serverUser() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil //nolint:nilnil // no other credential is an answer here, not an absence
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("as root, PostgreSQL needs the user postgres: %w", err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user postgres: %w", err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user postgres: %w", err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// folder makes the folder of the server, in /tmp when the usual place is too deep for a
// socket.
func folder(owner *syscall.Credential) (string, error) {
	parent := os.TempDir()
	if len(parent)+len("/franklin-pg-0123456789") > maxSocketPath {
		parent = "/tmp"
	}
	dir, err := os.MkdirTemp(parent, "franklin-pg-")
	if err != nil {
		return "", fmt.Errorf("make a folder for PostgreSQL: %w", err)
	}
	if owner != nil {
		if err := os.Chown(dir, int(owner.Uid), int(owner.Gid)); err != nil {
			return "", errors.Join(fmt.Errorf("give PostgreSQL its folder: %w", err), os.RemoveAll(dir))
		}
	}
	return dir, nil
}
