package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// tile38Server is a process that listens on a port of this machine alone, with an empty
// folder of its own and nothing kept on disk.
type tile38Server struct {
	cmd     *exec.Cmd
	dir     string
	address string
	done    chan error
}

// startTile38 starts the command with Tile38's arguments and waits until it answers.
func startTile38(ctx context.Context, cmd *exec.Cmd) (*tile38Server, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "district-bench-")
	if err != nil {
		return nil, err
	}
	s := &tile38Server{cmd: cmd, dir: dir, address: address, done: make(chan error, 1)}
	cmd.Args = append(cmd.Args, "-h", "127.0.0.1", "-p", port, "-d", dir, "-q", "--appendonly", "no")
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	go func() { s.done <- cmd.Wait() }()
	if err := s.await(ctx); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// await asks until the server answers.
func (s *tile38Server) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if client, err := dialTile38(ctx, s.address, nil); err == nil {
			_, err = client.command("PING")
			return errors.Join(err, client.Close())
		}
		select {
		case err := <-s.done:
			s.done <- err
			return fmt.Errorf("%s ended: %w", filepath.Base(s.cmd.Path), errors.Join(err, errors.New("before it answered")))
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// megabytes has the server collect its garbage and returns the memory that stays.
func (s *tile38Server) megabytes(client *tile38Client) (float64, error) {
	if _, err := client.command("GC"); err != nil {
		return 0, err
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	kilobytes, ok := fieldOf(string(status), "VmRSS")
	if !ok {
		return 0, errors.New("the kernel does not tell the memory of the server")
	}
	return kilobytes / 1024, nil
}

// stop ends the server and removes its folder.
func (s *tile38Server) stop() error {
	err := s.cmd.Process.Signal(syscall.SIGTERM)
	if errors.Is(err, os.ErrProcessDone) {
		err = nil
	}
	select {
	case <-s.done: // how it ends is its own affair
	case <-time.After(10 * time.Second):
		err = errors.Join(err, s.cmd.Process.Kill())
		<-s.done
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}
