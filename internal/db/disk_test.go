package db_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/fault"
)

// rows is how many rows writeUntilRefused writes if nothing keeps it from that.
const rows = 50

// writeUntilRefused is what the test binary does in place of tests when it is called with
// a database: it writes rows one by one, says for each whether it was acknowledged, and
// ends after some refusals.
func writeUntilRefused(ctx context.Context, url string) error {
	d, err := db.Open(ctx, url)
	if err != nil {
		return err
	}
	for i, refused := 0, 0; refused < 3 && i < rows; i++ {
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
		_, one := d.Read().Setting(ctx, "x")
		_, many := d.Read().ListCampaigns(ctx)
		if fault.Is(db.Fault(one), fault.Unavailable) && fault.Is(db.Fault(many), fault.Unavailable) {
			os.Stdout.WriteString("tells nothing\n")
		}
	default:
	}
	return nil
}

// TestAFailedDiskEndsAllWriting lets the kernel answer one call with an error. After a failed
// fsync the disk may have dropped the data, and a second fsync would claim success. A file
// system that refuses a change right after an fsync may not have meant what it confirmed.
// Nothing may be acknowledged from then on, not even by reading what is not lost yet, and what
// was acknowledged before must be there.
func TestAFailedDiskEndsAllWriting(t *testing.T) {
	for name, c := range map[string]struct{ calls, inject string }{
		"fsync":     {"fsync,fdatasync", "error=EIO:when=8"},
		"read-only": {"fallocate", "error=EROFS:when=4"},
		"broken":    {"fallocate", "error=EIO:when=4"},
	} {
		t.Run(name, func(t *testing.T) {
			url := dbtest.SQLiteURL(t)
			output := writeUnder(t, url, c.calls, c.inject)
			acknowledged := strings.Count(output, "acknowledged\n")
			want := strings.Repeat("acknowledged\n", acknowledged) + "refused\nrefused\nrefused\nfailed\ntells nothing\n"
			if acknowledged == 0 || output != want {
				t.Errorf("the process says:\n%s", output)
			}
			if n := settings(t, dbtest.Open(t, url)); n < acknowledged || n > acknowledged+1 {
				t.Errorf("%d rows are there, %d were acknowledged", n, acknowledged)
			}
		})
	}
}

// TestAFileSystemWithoutTheProbeIsTrusted: one that cannot be asked, or has no room for the
// probe, is not one that has failed.
func TestAFileSystemWithoutTheProbeIsTrusted(t *testing.T) {
	for _, answer := range []string{"EOPNOTSUPP", "ENOSYS", "ENOSPC"} {
		output := writeUnder(t, dbtest.SQLiteURL(t), "fallocate", "error="+answer)
		if want := strings.Repeat("acknowledged\n", rows); output != want {
			t.Errorf("where fallocate is answered with %s the process says:\n%s", answer, output)
		}
	}
}

// TestTheProbeIsWhereTheDatabaseIs, also when its name is a link to another folder.
func TestTheProbeIsWhereTheDatabaseIs(t *testing.T) {
	real, link := filepath.Join(t.TempDir(), "real.db"), filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(real, link); err != nil {
		t.Fatal(err)
	}
	dbtest.Open(t, "sqlite:"+link)
	if _, err := os.Stat(real + ".lock"); err != nil {
		t.Error(err)
	}
}

// TestADiskThatCannotBeWrittenIsRead by a command beside the server, which has to tell why.
func TestADiskThatCannotBeWrittenIsRead(t *testing.T) {
	folder := t.TempDir()
	mount := func(args ...string) {
		if out, err := exec.CommandContext(t.Context(), "mount", append(args, folder)...).CombinedOutput(); err != nil {
			t.Skipf("nothing can be mounted here (it takes root): %v: %s", err, out)
		}
	}
	mount("-t", "tmpfs", "none")
	t.Cleanup(func() { _ = exec.Command("umount", "-l", folder).Run() })
	// What a killed server leaves.
	server := dbtest.SQLiteURL(t)
	must(t, dbtest.Open(t, server), "a", "1")
	for _, end := range []string{"", "-wal", "-shm", ".lock"} {
		path, _ := db.File(server)
		content, err := os.ReadFile(path + end)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, "f.db"+end), content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	mount("-o", "remount,ro")
	beside := dbtest.Open(t, "sqlite:"+filepath.Join(folder, "f.db"), db.Alongside())
	if n := settings(t, beside); n != 1 {
		t.Errorf("%d rows are there", n)
	}
	err := beside.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return put(ctx, tx, "b", "1") })
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("a row was written: %v", err)
	}
}

// writeUnder runs writeUntilRefused while strace answers calls in place of the kernel, and
// returns what it says.
func writeUnder(t *testing.T, url, calls, inject string) string {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed")
	}
	cmd := exec.CommandContext(t.Context(), strace, "-f", "-qq", "-o", os.DevNull,
		"-e", "trace="+calls, "-e", "inject="+calls+":"+inject, os.Args[0], "write-until-refused", url)
	output, err := cmd.Output()
	if e, failed := errors.AsType[*exec.ExitError](err); failed && strings.Contains(string(e.Stderr), "ptrace") {
		t.Skip("strace is not allowed here")
	}
	if err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	return string(output)
}
