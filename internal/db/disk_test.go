package db_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
)

// writeUntilRefused is what the test binary does in place of tests when it is called with
// a database: it writes rows one by one, says for each whether it was acknowledged, and
// ends after some refusals.
func writeUntilRefused(ctx context.Context, url string) error {
	d, err := db.Open(ctx, url)
	if err != nil {
		return err
	}
	for i, refused := 0, 0; refused < 3 && i < 1000; i++ {
		name := strings.Repeat("x", i+1)
		if err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return put(ctx, tx, name, "1") }); err != nil {
			refused++
			os.Stdout.WriteString("refused\n")
			continue
		}
		os.Stdout.WriteString("acknowledged\n")
	}
	select {
	case <-d.Failed():
		os.Stdout.WriteString("failed\n")
	default:
	}
	return nil
}

// TestAFailedFsyncEndsAllWriting lets the kernel fail one fsync. The disk may have dropped
// the data, and a second fsync would claim success: nothing may be acknowledged after it,
// and what was acknowledged before must be there.
func TestAFailedFsyncEndsAllWriting(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed")
	}
	url := dbtest.SQLiteURL(t)
	cmd := exec.CommandContext(t.Context(), strace, "-f", "-qq", "-o", os.DevNull,
		"-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO:when=8",
		os.Args[0], "write-until-refused", url)
	output, err := cmd.Output()
	if e, failed := errors.AsType[*exec.ExitError](err); failed && strings.Contains(string(e.Stderr), "ptrace") {
		t.Skip("strace is not allowed here")
	}
	if err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	acknowledged := strings.Count(string(output), "acknowledged\n")
	want := strings.Repeat("acknowledged\n", acknowledged) + "refused\nrefused\nrefused\nfailed\n"
	if acknowledged == 0 || string(output) != want {
		t.Errorf("the process says:\n%s", output)
	}
	if n := settings(t, dbtest.Open(t, url)); n < acknowledged || n > acknowledged+1 {
		t.Errorf("%d rows are there, %d were acknowledged", n, acknowledged)
	}
}
