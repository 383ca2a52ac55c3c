package crash

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// disk is a file system of its own in a file, as on a machine with one disk.
type disk struct {
	*testing.T

	image string // the file that stands for the disk
	point string // where it is mounted
}

// commitRarely keeps ext4 from writing what nobody asked it to write: its journal every ten
// minutes instead of every five seconds.
const commitRarely = "loop,commit=600"

// newDisk makes a disk of that many MiB, or skips the test where none can be mounted.
func newDisk(t *testing.T, mib int64) *disk {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can mount a disk: run as root on a Linux machine with loop devices")
	}
	folder := t.TempDir()
	d := &disk{T: t, image: filepath.Join(folder, "disk"), point: filepath.Join(folder, "mounted")}
	file, err := os.Create(d.image)
	if err == nil {
		err = file.Truncate(mib << 20)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(d.point, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, line := range [][]string{{"mkfs.ext4", "-q", "-F", d.image}, {"mount", "-o", commitRarely, d.image, d.point}} {
		if out, err := exec.Command(line[0], line[1:]...).CombinedOutput(); err != nil {
			t.Skipf("no disk can be mounted here: %v: %v: %s", line, err, out)
		}
	}
	t.Cleanup(func() { _ = exec.Command("umount", d.point).Run() })
	return d
}

// newMemoryDisk mounts a small file system in memory.
func newMemoryDisk(t *testing.T, mib int) string {
	t.Helper()
	point := t.TempDir()
	out, err := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dm", mib), "none", point).CombinedOutput()
	if err != nil {
		t.Skipf("no file system can be mounted here (it takes root): %v: %s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", point).Run() })
	return point
}

// cut takes the power away from the server and its disk: the server is frozen, what has
// reached the disk at that moment is copied, the server is killed, and the copy is the disk
// from then on. What the operating system had not yet written is lost.
func (d *disk) cut(n *node) {
	d.Helper()
	if err := n.signal(syscall.SIGSTOP); err != nil {
		d.Fatal(err)
	}
	kept := d.image + ".kept"
	for d.copyTo(kept); d.sum(kept) != d.sum(d.image); d.copyTo(kept) { // a moment, not a stretch of time
		d.Log("the disk was written to while it was copied; once more")
	}
	if err := n.end(os.Kill); err != nil {
		d.Fatal(err)
	}
	d.run("umount", d.point)
	if err := os.Rename(kept, d.image); err != nil {
		d.Fatal(err)
	}
	d.run("mount", "-o", commitRarely, d.image, d.point)
}

// again mounts the disk once more, as after a start of the machine.
func (d *disk) again() {
	d.Helper()
	d.run("umount", d.point)
	d.run("mount", "-o", commitRarely, d.image, d.point)
}

func (d *disk) copyTo(file string) {
	d.Helper()
	d.run("cp", "--sparse=always", d.image, file)
}

func (d *disk) sum(path string) string {
	d.Helper()
	file, err := os.Open(path)
	if err != nil {
		d.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		d.Fatal(err)
	}
	return string(h.Sum(nil))
}

func (d *disk) run(line ...string) {
	d.Helper()
	if out, err := exec.Command(line[0], line[1:]...).CombinedOutput(); err != nil {
		d.Fatalf("%v: %v: %s", line, err, out)
	}
}

// TestThePowerIsCut is REL-SQ-2: letters, consents, unsubscribes and the answers of the
// Capitol are in flight when everything ends that is not on the disk.
func TestThePowerIsCut(t *testing.T) {
	w := cutPower(t, binary, pick(20, 2))
	w.judge()
}

func cutPower(t *testing.T, program string, cuts int) *world {
	t.Helper()
	d := newDisk(t, 192)
	w := newWorld(t, plan{program: program, folder: d.point, resends: true, clients: 50, rate: 200, latency: 15 * time.Millisecond})
	w.during(func() {
		for range cuts {
			w.start(0)
			w.moment(200*time.Millisecond, 1200*time.Millisecond)
			d.cut(w.node)
		}
		w.start(2 * time.Minute)
	})
	w.settle(2 * time.Minute)
	return w
}

// TestTheDiskIsFull is REL-DISK-1: nothing is acknowledged that is not saved, pages are
// still served, and all goes on by itself when there is room again.
func TestTheDiskIsFull(t *testing.T) {
	folder := newMemoryDisk(t, 24)
	w := newWorld(t, plan{folder: folder, resends: true, clients: 16, rate: 50})
	w.during(func() {
		w.start(0)
		w.until("a letter is acknowledged", 10*time.Second, func() bool { return w.crowd.answered(303) > 0 })
		fill(t, filepath.Join(folder, "filler"))
		w.until("posts are answered with 503", 20*time.Second, func() bool { return w.crowd.answered(503) > 20 })
		for _, path := range []string{"/", "/c/" + slug, "/privacy"} {
			if status := w.get(path); status != 200 {
				t.Errorf("with a full disk %s is answered with %d", path, status)
			}
		}
		before := w.crowd.answered(303)
		if err := os.Remove(filepath.Join(folder, "filler")); err != nil {
			t.Fatal(err)
		}
		w.until("letters are taken again", 10*time.Second, func() bool { return w.crowd.answered(303) > before+10 })
		// What the Capitol said while nothing could be written is found out by the next start.
		w.kill()
		w.start(2 * time.Minute)
	})
	w.settle(2 * time.Minute)
	w.judge()
}

// fill takes all the room that is left.
func fill(t *testing.T, path string) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	for size := 1 << 16; size > 0; size /= 16 {
		for err == nil {
			_, err = file.Write(bytes.Repeat([]byte{1}, size))
		}
		err = nil
	}
}

// TestTheDiskTurnsReadOnly is the first half of REL-DISK-2: the kernel stops all writing to
// the disk, as ext4 does when the disk fails. At one such moment in fifteen it confirms an
// fsync whose data is gone after the next mount.
func TestTheDiskTurnsReadOnly(t *testing.T) {
	d := newDisk(t, 96)
	w := newWorld(t, plan{folder: d.point, resends: true, clients: 16, rate: 100, latency: 15 * time.Millisecond})
	w.during(func() {
		for range pick(20, 2) {
			w.start(0)
			w.moment(300*time.Millisecond, time.Second)
			d.run("mount", "-o", "remount,abort", d.point)
			w.refusesAll(10 * time.Second)
			d.again()
		}
		w.start(2 * time.Minute)
	})
	w.settle(2 * time.Minute)
	w.judge()
}

// TestFsyncFails is the second half of REL-DISK-2: strace makes the kernel answer fsync
// with EIO, once or from then on. After it nobody knows what the disk holds: the process
// must acknowledge nothing more and end.
func TestFsyncFails(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed")
	}
	for name, when := range map[string]string{"once": "1", "always": "1+"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, plan{resends: true, clients: 16, rate: 100, latency: 15 * time.Millisecond})
			w.during(func() {
				for range pick(5, 1) {
					w.start(0)
					w.moment(300*time.Millisecond, time.Second)
					inject := exec.Command(strace, "-f", "-qq", "-o", os.DevNull, "-p", w.node.pid(),
						"-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO:when="+when)
					if err := inject.Start(); err != nil {
						t.Fatal(err)
					}
					code, ended := w.node.exit(20 * time.Second)
					_ = inject.Process.Kill() // it ends with the server, or is of no more use
					if err := inject.Wait(); err != nil && !ended {
						t.Skipf("strace is not allowed here: %v", err)
					}
					if !ended || code == 0 {
						t.Fatalf("after a failed fsync the server ended: %t, with %d", ended, code)
					}
				}
				w.start(2 * time.Minute)
			})
			w.settle(2 * time.Minute)
			w.judge()
		})
	}
}

// refusesAll waits until the server has ended in failure or says that it is not ready, and
// ends it.
func (w *world) refusesAll(within time.Duration) {
	w.Helper()
	before := w.crowd.answered(503)
	code, ended := w.node.exit(within)
	switch {
	case ended && code == 0:
		w.Error("the disk failed, and the server ended as if all were well")
	case !ended && w.crowd.answered(503) == before:
		w.Errorf("the disk failed, and in %v the server neither ended nor told anybody\n%s", within, w.node.lastWords())
	}
	w.kill()
}

// until waits until something is true.
func (w *world) until(what string, within time.Duration, ready func() bool) {
	w.Helper()
	deadline := time.After(within)
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for !ready() {
		select {
		case <-look.C:
		case <-deadline:
			w.Fatalf("not in %v: %s\n%s", within, what, w.node.lastWords())
		}
	}
}

// get reads a page and returns the status of its answer.
func (w *world) get(path string) int {
	w.Helper()
	address, _ := w.node.where()
	answer, err := w.crowd.poster(0, 0).http.Get(address + path)
	if err != nil {
		w.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}
