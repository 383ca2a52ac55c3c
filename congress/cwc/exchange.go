package cwc

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
)

// answer is what one exchange brought: a status with as much of the body as may be read,
// or a failure.
type answer struct {
	status   int
	header   http.Header
	body     []byte
	broken   bool // the body ended before its end or could not be read
	oversize bool // the body is longer than maxAnswer

	setup   error // the request could not even be built: settings are wrong
	failure error // no answer
	unsent  bool  // with failure: certainly no byte of the request left this machine
}

// exchange sends one request and reads its answer within the limits of size and time.
func (c caller) exchange(ctx context.Context, method, path string, message []byte) answer {
	u, err := c.target(path)
	if err != nil {
		return answer{setup: err}
	}
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(c.timeout, defaultTimeout))
	defer cancel()

	// A request can leave only on a connection, so without one nothing was sent.
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	req, err := http.NewRequestWithContext(ctx, method, u.String(), bodyReader(message))
	if err != nil {
		return answer{setup: errors.New("the request cannot be built from these settings")}
	}
	stopped := guardBody(ctx, req, message)
	if message != nil {
		req.Header.Set("Content-Type", "application/xml")
	}
	req.Header.Set("Accept", "*/*")
	req.Header.Set("User-Agent", "Franklin")

	resp, err := c.client.Do(req)
	if err != nil {
		_, traced := c.client.Transport.(*http.Transport)
		return answer{failure: err, unsent: stopped.Load() || !connected.Load() && (traced || dialFailed(err))}
	}
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode, header: resp.Header}
	a.body, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	a.broken = err != nil
	if a.oversize = len(a.body) > maxAnswer; a.oversize {
		a.body = a.body[:maxAnswer]
	}
	return a
}

// dialFailed recognises by the error alone that no connection was made. It serves
// transports that do not report their connections.
func dialFailed(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	return errors.As(err, &dns) || (errors.As(err, &op) && op.Op == "dial")
}

// wrongTLS recognises a peer that cannot be who it should be.
func wrongTLS(err error) bool {
	var (
		verification *tls.CertificateVerificationError
		record       tls.RecordHeaderError
		alert        tls.AlertError
		authority    x509.UnknownAuthorityError
		host         x509.HostnameError
		invalid      x509.CertificateInvalidError
	)
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error") {
		return true // an alert of TLS
	}
	return strings.Contains(err.Error(), "tls: ") || errors.As(err, &verification) || errors.As(err, &record) || errors.As(err, &alert) ||
		errors.As(err, &authority) || errors.As(err, &host) || errors.As(err, &invalid) ||
		errors.Is(err, http.ErrSchemeMismatch)
}

// describe puts a failure into words without the address, which contains the key, and without
// our own port: the same failure of many messages reads the same.
func (c caller) describe(err error) string {
	var wrapped *url.Error
	for errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Source != nil {
		bare := *op
		bare.Source = nil
		err = &bare
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return NoAnswerInTime
	case errors.Is(err, context.Canceled):
		return "the attempt was cancelled"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return ClosedUnanswered
	}
	return c.key.strike(cut(oneLine(err.Error()), maxReason))
}
