package cwc_test

import (
	"errors"
	"net"
	"net/url"
	"testing"

	"github.com/franklin-letters/franklin/congress/cwc"
)

// TestOneFailureReadsTheSame, whatever port each connection had: those who look at many
// messages see how many failed in the same way.
func TestOneFailureReadsTheSame(t *testing.T) {
	t.Parallel()
	for _, port := range []int{40001, 40002} {
		err := &url.Error{Op: "Post", URL: "https://cwc.house.gov/?apikey=key", Err: &net.OpError{
			Op: "read", Net: "tcp", Source: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: port}, Addr: &net.TCPAddr{IP: net.IPv4(198, 51, 100, 1), Port: 443},
			Err: errors.New("connection reset by peer"),
		}}
		if got, want := cwc.DescribeOf(err), "read tcp 198.51.100.1:443: connection reset by peer"; got != want {
			t.Errorf("it reads %q, want %q", got, want)
		}
	}
}
