package datasync

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/databuild/rawtest"
)

// TestGoesOnWhereItWasCut cuts the line in the middle of a file, again and again, and
// counts that no byte comes twice.
func TestGoesOnWhereItWasCut(t *testing.T) {
	t.Parallel()
	b, files := country(t)
	big := rawtest.Lines(rawtest.Big)
	size := int64(len(files[big]))
	p := publish(t, files)
	p.oddly(big, func(w http.ResponseWriter, r *http.Request, asked int) bool {
		if asked == 0 {
			halfOf(files[big])(w)
		}
		if r.Header.Get("If-Range") == "" || !strings.HasPrefix(r.Header.Get("Range"), "bytes=") {
			t.Errorf("request %d begins anew: %v", asked, r.Header)
		}
		return false
	})
	o, out := options(t.TempDir(), b, p)
	if got, err := Sync(t.Context(), o); err != nil || got.Districts != Updated {
		t.Fatalf("%+v, %v", got, err)
	}
	if served := p.bytesOf(big); served != size {
		t.Errorf("%d bytes were served of a file of %d\n%s", served, size, out.text())
	}
	if !strings.Contains(out.text(), fmt.Sprintf("begin %s at %d", filepath.Base(big), size/2)) {
		t.Error(out.text())
	}
}

// TestSlowProgressIsProgress lets more cuts pass than attempts in vain would.
func TestSlowProgressIsProgress(t *testing.T) {
	t.Parallel()
	b, files := country(t)
	big := rawtest.Lines(rawtest.Big)
	content := files[big]
	p := publish(t, files)
	const steps = 3 * maxTries
	p.oddly(big, func(w http.ResponseWriter, r *http.Request, asked int) bool {
		if asked == steps {
			return false
		}
		from := 0
		if span := r.Header.Get("Range"); span != "" {
			if _, err := fmt.Sscanf(span, "bytes=%d-", &from); err != nil {
				t.Error(err)
			}
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(content)-1, len(content)))
		}
		w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(content)))
		w.Header().Set("Content-Length", strconv.Itoa(len(content)-from))
		if from > 0 {
			w.WriteHeader(http.StatusPartialContent)
		}
		_, _ = w.Write(content[from : from+len(content)/(steps+1)])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	o, _ := options(t.TempDir(), b, p)
	if _, err := Sync(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if served := p.bytesOf(big); served != int64(len(content)) {
		t.Errorf("%d bytes were served of a file of %d", served, len(content))
	}
}

// TestFileThatChangesBetweenAttempts is fetched from its beginning.
func TestFileThatChangesBetweenAttempts(t *testing.T) {
	t.Parallel()
	b, files := country(t)
	big := rawtest.Lines(rawtest.Big)
	other := rawtest.Squares(t, 119, rawtest.Big, func(s congress.Seat) congress.Seat { return s })
	for name, again := range map[string]func(w http.ResponseWriter){
		"the server sees it": nil,
		"the server gives another part": func(w http.ResponseWriter) {
			w.Header().Set("Content-Range", "bytes 5-9/1000")
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write([]byte("other"))
		},
		"the server has less": func(w http.ResponseWriter) { w.WriteHeader(http.StatusRequestedRangeNotSatisfiable) },
	} {
		p := publish(t, files)
		p.oddly(big, func(w http.ResponseWriter, _ *http.Request, asked int) bool {
			switch asked {
			case 0:
				halfOf(files[big])(w)
			case 1:
				p.put(big, other)
				if again != nil {
					again(w)
					return true
				}
				w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(other)))
				_, _ = w.Write(other)
				return true
			}
			return false
		})
		o, _ := options(t.TempDir(), b, p)
		if got, err := Sync(t.Context(), o); err != nil || got.Districts != Updated {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		_, sum, err := sumOf(filepath.Join(o.Dir, cacheName, filepath.Base(big)))
		if err != nil || sum != fmt.Sprintf("%x", sha256.Sum256(other)) {
			t.Errorf("%s: not the new file: %v", name, err)
		}
	}
}

// Environment of the child that TestKilled kills.
const (
	childDir = "FRANKLIN_TEST_SYNC_DIR"
	childURL = "FRANKLIN_TEST_SYNC_URL"
)

// TestKilled kills a syncing process with SIGKILL in the middle of a file. The data in use
// stay, and the next run goes on from there.
func TestKilled(t *testing.T) {
	if dir := os.Getenv(childDir); dir != "" {
		b, _ := country(t)
		o, _ := options(dir, b, publish(t, nil))
		o.Client, o.From = nil, os.Getenv(childURL)
		_, err := Sync(t.Context(), o)
		t.Fatalf("the child was not killed: %v", err)
	}
	t.Parallel()
	b, files := country(t)
	big := rawtest.Lines(rawtest.Big)
	p := publish(t, files)
	dir := t.TempDir()
	o, _ := options(dir, b, p)
	o.From, o.Client = p.URL, nil
	first, err := Sync(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	newer := rawtest.Padded(t, rawtest.Squares(t, 119, rawtest.Big, func(s congress.Seat) congress.Seat { return s }), 2)
	p.put(big, newer)
	before := p.bytesOf(big)

	half := make(chan struct{})
	p.oddly(big, func(w http.ResponseWriter, r *http.Request, _ int) bool {
		w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(newer)))
		w.Header().Set("Content-Length", strconv.Itoa(len(newer)))
		_, _ = w.Write(newer[:len(newer)/2])
		w.(http.Flusher).Flush()
		close(half)
		<-r.Context().Done()
		return true
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestKilled$")
	child.Env = append(os.Environ(), childDir+"="+dir, childURL+"="+p.URL)
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-half:
	case <-ctx.Done():
		t.Fatal("the child asks for nothing")
	}
	part := filepath.Join(dir, cacheName, filepath.Base(big)+".part")
	for info, err := os.Stat(part); err != nil || info.Size() < int64(len(newer)/2); info, err = os.Stat(part) {
		if ctx.Err() != nil {
			t.Fatal("the child does not write")
		}
		time.Sleep(time.Millisecond)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := child.Wait(); err == nil || strings.Contains(err.Error(), "exit status") {
		t.Fatalf("the child ended with %v", err)
	}
	if data := b.Open(dir); !data.Lines.Synced || data.Lines.Set != first.Set {
		t.Errorf("in use: %+v", data.Lines)
	}

	p.oddly(big, nil)
	got, err := Sync(t.Context(), o)
	if err != nil || got.Districts != Updated {
		t.Fatalf("%+v, %v", got, err)
	}
	if served := p.bytesOf(big) - before; served != int64(len(newer)) {
		t.Errorf("%d bytes were served of a file of %d", served, len(newer))
	}
	if data := b.Open(dir); data.Lines.Set != got.Set {
		t.Errorf("in use: %+v", data.Lines)
	}
}
