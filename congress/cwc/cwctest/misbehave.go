package cwctest

import (
	"bytes"
	"net"
	"net/http"
	"strconv"
	"time"
)

const webPage = "<!DOCTYPE html>\n<html><head><title>Maintenance</title></head><body><h1>We will be back soon</h1></body></html>\n"

// misbehave answers a call as the act says.
func (c *Capitol) misbehave(w http.ResponseWriter, r *http.Request, a Act, s side) {
	switch a.Do {
	case TooMany:
		w.Header().Set("Retry-After", strconv.Itoa(max(1, a.RetryAfter)))
		text(w, http.StatusTooManyRequests, "Too many messages")
	case Unavailable:
		w.Header().Set("Retry-After", strconv.Itoa(max(1, a.RetryAfter)))
		text(w, http.StatusServiceUnavailable, "Service unavailable")
	case ServerError, ErrorAfter:
		text(w, http.StatusInternalServerError, "Internal server error")
	case TimeoutBefore, TimeoutAfter:
		c.hang(w, r, a)
	case Reset, ResetAfter:
		reset(w)
	case Redirect:
		w.Header().Set("Location", "http://127.0.0.1:9/moved")
		text(w, http.StatusMovedPermanently, "Moved")
	case Refuse:
		c.refuse(w, errorList(a.Text))
	case Duplicate:
		conflict(w, "")
	case HTML:
		answer(w, s.status, "text/html; charset=utf-8", []byte(webPage))
	case Empty:
		text(w, s.status, "")
	case Garbage:
		answer(w, s.status, "application/octet-stream", []byte("\x00\xff\xfe<<%%Messag\x01"))
	case Huge:
		answer(w, s.status, "text/plain", bytes.Repeat([]byte("Message Accepted. "), 10<<20/18))
	case Truncated:
		truncate(w, s)
	case Slow:
		c.drip(w, r, s, a.delay(100*time.Millisecond))
	case StoreTwice:
		text(w, s.status, s.words)
	}
}

// hang keeps the caller waiting, and then drops the connection.
func (c *Capitol) hang(w http.ResponseWriter, r *http.Request, a Act) {
	if d := a.delay(0); d > 0 {
		c.pause(r, d)
	} else {
		select {
		case <-r.Context().Done():
		case <-c.closed:
		}
	}
	reset(w)
}

// reset drops the connection so that the caller sees a reset, not an end.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil { // HTTP/2 and test recorders cannot be hijacked
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // an ordinary close will do if this fails
	}
	_ = conn.Close() // it is being thrown away
}

// truncate promises more than it sends.
func truncate(w http.ResponseWriter, s side) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Length", "4096")
	w.WriteHeader(s.status)
	_, _ = w.Write([]byte("Message Acc")) // the server ends the connection, because bytes are missing
}

// drip writes the right answer byte by byte.
func (c *Capitol) drip(w http.ResponseWriter, r *http.Request, s side, each time.Duration) {
	control := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(s.status)
	for _, b := range []byte("Message Accepted") {
		if _, err := w.Write([]byte{b}); err != nil {
			return
		}
		if err := control.Flush(); err != nil {
			return
		}
		c.pause(r, each)
	}
}
