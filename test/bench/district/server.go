package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// server is a throw-away PostgreSQL that listens on a socket in a folder of its own and
// on no port.
type server struct {
	dir  string
	cmd  *exec.Cmd
	done chan error
	url  string
}

// startServer makes a cluster and starts it. Run by root it does so as user postgres,
// since PostgreSQL refuses root.
func startServer(ctx context.Context) (*server, error) {
	bin, err := postgresBin(ctx)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "district-bench-")
	if err != nil {
		return nil, err
	}
	s := &server{dir: dir, done: make(chan error, 1)}
	as, err := s.account()
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	data := filepath.Join(dir, "data")
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = as, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("initdb: %w: %s", err, out), os.RemoveAll(dir))
	}
	s.cmd = exec.CommandContext(context.WithoutCancel(ctx), filepath.Join(bin, "postgres"), "-D", data, "-k", dir,
		"-c", "listen_addresses=", "-c", "shared_buffers=512MB", "-c", "work_mem=64MB", "-c", "jit=off", "-c", "fsync=off")
	s.cmd.SysProcAttr, s.cmd.Dir = as, dir
	if err := s.cmd.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	go func() { s.done <- s.cmd.Wait() }()
	s.url = fmt.Sprintf("host=%s user=postgres database=postgres sslmode=disable", dir)
	if err := s.await(ctx); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// account gives the folder to user postgres when we are root.
func (s *server) account() (*syscall.SysProcAttr, error) {
	if os.Geteuid() != 0 {
		return nil, nil //nolint:nilnil // no other account
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	if err := os.Chown(s.dir, int(uid), int(gid)); err != nil {
		return nil, err
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}

// await waits until the server takes connections.
func (s *server) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if db, err := pgx.Connect(ctx, s.url); err == nil {
			return db.Close(ctx)
		}
		select {
		case err := <-s.done:
			s.done <- err
			return fmt.Errorf("PostgreSQL ended: %w", err)
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// stop ends the server and removes its folder.
func (s *server) stop() error {
	err := s.cmd.Process.Signal(syscall.SIGQUIT)
	if errors.Is(err, os.ErrProcessDone) {
		err = nil
	}
	<-s.done
	return errors.Join(err, os.RemoveAll(s.dir))
}

// postgresBin finds the system's PostgreSQL with PostGIS, and installs them when they are
// missing and we may.
func postgresBin(ctx context.Context) (string, error) {
	if bin, ok := findPostgres(); ok {
		return bin, nil
	}
	if os.Geteuid() != 0 {
		return "", errors.New("install postgresql and postgresql-15-postgis-3, or leave it out with -no-postgis")
	}
	fmt.Fprintln(os.Stderr, "installing PostGIS")
	cmd := exec.CommandContext(ctx, "apt-get", "install", "-y", "-qq", "--no-install-recommends", "postgresql", "postgresql-15-postgis-3")
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("apt-get: %w: %s", err, out)
	}
	if bin, ok := findPostgres(); ok {
		return bin, nil
	}
	return "", errors.New("PostGIS is installed but not found")
}

// findPostgres returns the newest version's folder of programs that has PostGIS.
func findPostgres() (string, bool) {
	controls, err := filepath.Glob("/usr/share/postgresql/*/extension/postgis.control")
	if err != nil {
		return "", false
	}
	for _, control := range slices.Backward(controls) {
		version := filepath.Base(filepath.Dir(filepath.Dir(control)))
		bin := filepath.Join("/usr/lib/postgresql", version, "bin")
		if _, err := os.Stat(filepath.Join(bin, "initdb")); err == nil {
			return bin, true
		}
	}
	return "", false
}
