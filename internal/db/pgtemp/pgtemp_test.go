package pgtemp_test

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/franklin-letters/franklin/internal/db/pgtemp"
)

// TestMain lets the test binary play the process that is killed.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "hold-a-server" {
		hold()
	}
	os.Exit(m.Run())
}

func hold() {
	address, _, err := pgtemp.Start(context.Background(), pgtemp.NoFsync)
	if err != nil {
		os.Stdout.WriteString("error: " + err.Error() + "\n")
		os.Exit(1)
	}
	os.Stdout.WriteString(address + "\n")
	select {}
}

func TestStartAndStop(t *testing.T) {
	address, stop := start(t, pgtemp.NoFsync, "work_mem=5MB")
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"synchronous_commit": "on", "fsync": "off", "work_mem": "5MB", "server_encoding": "UTF8", "lc_collate": "C",
	} {
		var got string
		if err := conn.QueryRow(t.Context(), "SHOW "+name).Scan(&got); err != nil || got != want {
			t.Errorf("%s = %q, %v; want %q", name, got, err, want)
		}
	}
	if err := conn.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	mustBeGone(t, address)
}

func TestABadSettingIsReported(t *testing.T) {
	needServer(t)
	_, _, err := pgtemp.Start(t.Context(), "no_such_setting=1")
	if err == nil || !strings.Contains(err.Error(), "no_such_setting") {
		t.Fatalf("got %v, want an error that names the setting", err)
	}
}

func TestServerDoesNotOutliveAKilledProcess(t *testing.T) {
	needServer(t)
	cmd := exec.CommandContext(t.Context(), os.Args[0], "hold-a-server")
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	address, err := bufio.NewReader(output).ReadString('\n')
	if err != nil || !strings.HasPrefix(address, "postgres://") {
		t.Fatalf("%q, %v", address, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	mustBeGone(t, strings.TrimSpace(address))
}

func needServer(t *testing.T) {
	t.Helper()
	if err := pgtemp.Installed(); err != nil {
		t.Skip(err)
	}
}

func start(t *testing.T, settings ...string) (string, func() error) {
	t.Helper()
	needServer(t)
	address, stop, err := pgtemp.Start(t.Context(), settings...)
	if err != nil {
		t.Fatal(err)
	}
	return address, stop
}

// mustBeGone waits until the server's folder is removed, which is the last thing that
// happens, and then checks that nothing answers.
func mustBeGone(t *testing.T, address string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	dir := u.Query().Get("host")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			break
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s is still there", dir)
		case <-tick.C:
		}
	}
	if conn, err := pgx.Connect(ctx, address); err == nil {
		_ = conn.Close(ctx)
		t.Error("the server still answers")
	}
}
