package datasync

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// attempt asks for the file once, going on where an earlier attempt was cut.
func (d *download) attempt(ctx context.Context) (r record, err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	dog := watch(d.stall, stop)
	defer dog.timer.Stop()
	begun, have := d.begun()
	kept, isKept := d.kept()
	isKept = isKept && kept.URL == d.from.url && d.from.sum == ""
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.from.url, nil)
	if err != nil {
		return record{}, err
	}
	req.Header.Set("User-Agent", d.agent)
	switch {
	case have > 0 && have == begun.Length: // only the end of the last run was cut
		return d.finish(begun)
	case have > 0:
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", have))
		req.Header.Set("If-Range", begun.validator())
	case isKept && kept.ETag != "":
		req.Header.Set("If-None-Match", kept.ETag)
	case isKept && kept.LastModified != "":
		req.Header.Set("If-Modified-Since", kept.LastModified)
	}
	resp, err := d.client.Do(req)
	if err != nil {
		return record{}, &passing{err: dog.explain(err)}
	}
	defer func() { _ = resp.Body.Close() }() // read as far as it went
	switch {
	case resp.StatusCode == http.StatusNotModified && isKept:
		return kept, nil
	case resp.StatusCode == http.StatusPartialContent && have > 0 && startsAt(resp, have, begun.Length):
		r = begun
	case resp.StatusCode == http.StatusOK:
		r, have = recordOf(d.from.url, resp), 0
	default:
		return record{}, d.refused(resp)
	}
	if have+max(resp.ContentLength, 0) > d.limit {
		return record{}, d.tooLong()
	}
	if err := d.receive(resp.Body, r, have, dog); err != nil {
		return record{}, err
	}
	return d.finish(r)
}

func (d *download) tooLong() error {
	return failed(advicePublish, nil, "%s is longer than the %d bytes that it may have", d.from.url, d.limit)
}

// startsAt reports whether a partial answer goes on where we stopped, in the same file.
func startsAt(resp *http.Response, have, length int64) bool {
	span, total, ok := strings.Cut(strings.TrimPrefix(resp.Header.Get("Content-Range"), "bytes "), "/")
	first, _, ranged := strings.Cut(span, "-")
	return ok && ranged && first == strconv.FormatInt(have, 10) && (total == "*" || length < 0 || total == strconv.FormatInt(length, 10))
}

// maxRetryAfter is the longest wait that a server may ask for while we stand by.
const maxRetryAfter = 2 * time.Minute

// refused explains an answer that brings no file.
func (d *download) refused(resp *http.Response) error {
	said := fmt.Errorf("the server answered %q", resp.Status)
	switch code := resp.StatusCode; {
	case code == http.StatusNotFound || code == http.StatusGone:
		return fmt.Errorf("%s: %w", d.from.url, errNotThere)
	case code == http.StatusRequestedRangeNotSatisfiable, code == http.StatusPartialContent, code == http.StatusNotModified:
		d.discard() // the file has changed under us
		return &passing{err: said}
	case code == http.StatusTooManyRequests || code == http.StatusRequestTimeout || code >= 500:
		after := d.retryAfter(resp.Header.Get("Retry-After"))
		if after > maxRetryAfter {
			return failed(fmt.Sprintf("Run the command again in %s; what was fetched is kept", after.Round(time.Second)), said, "cannot fetch %s", d.from.url)
		}
		return &passing{err: said, after: after}
	}
	return failed(adviceMirror, fmt.Errorf("the server answered %q", resp.Status), "cannot fetch %s", d.from.url)
}

// retryAfter reads seconds or a date; 0 for anything else.
func (d *download) retryAfter(field string) time.Duration {
	if seconds, err := strconv.ParseUint(field, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second // #nosec G115 -- 31 bits
	}
	if t, err := http.ParseTime(field); err == nil {
		return max(t.Sub(d.now()), 0)
	}
	return 0
}

// receive writes what comes behind what is there. The record is written first, so that
// even a killed process leaves a beginning that can be used.
func (d *download) receive(body io.Reader, r record, have int64, dog *watchdog) error {
	flags := os.O_WRONLY | os.O_CREATE | os.O_APPEND
	if have == 0 {
		d.discard()
		if err := r.write(d.partRecord()); err != nil {
			return localFailure("cannot write to the cache", err)
		}
		flags |= os.O_TRUNC
	}
	file, err := os.OpenFile(d.part(), flags, 0o644) // #nosec G302 G304 -- public data in the cache
	if err != nil {
		return localFailure("cannot write to the cache", err)
	}
	d.show.Begin(d.name, r.Length, have)
	gained, err := d.pour(file, body, have, dog)
	d.bytes += gained
	if synced := file.Sync(); err == nil {
		err = localFailure("cannot write to the cache", synced)
	}
	if closed := file.Close(); err == nil {
		err = localFailure("cannot write to the cache", closed)
	}
	d.show.End(err)
	return err
}

// pour copies until the end, the limit, or a silence that is too long.
func (d *download) pour(file io.Writer, body io.Reader, have int64, dog *watchdog) (gained int64, err error) {
	buffer := make([]byte, 64<<10)
	for {
		n, readErr := body.Read(buffer)
		dog.timer.Reset(dog.patience)
		if have+gained+int64(n) > d.limit {
			d.discard()
			return gained, d.tooLong()
		}
		if _, err := file.Write(buffer[:n]); err != nil {
			return gained, localFailure("cannot write to the cache", err)
		}
		gained += int64(n)
		d.show.Add(int64(n))
		if errors.Is(readErr, io.EOF) {
			return gained, nil
		}
		if readErr != nil {
			return gained, &passing{err: dog.explain(readErr)}
		}
	}
}

// watchdog ends a request on which nothing comes.
type watchdog struct {
	timer    *time.Timer
	patience time.Duration
	barked   atomic.Bool
}

func watch(patience time.Duration, stop func()) *watchdog {
	w := &watchdog{patience: patience}
	w.timer = time.AfterFunc(patience, func() {
		w.barked.Store(true)
		stop()
	})
	return w
}

// explain puts the silence in place of the error that it led to.
func (w *watchdog) explain(err error) error {
	if w.barked.Load() {
		return fmt.Errorf("nothing came for %s", w.patience)
	}
	return err
}
