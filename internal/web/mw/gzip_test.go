package mw_test

import (
	"net/http"
	"testing"

	"github.com/franklin-letters/franklin/internal/web/mw"
)

func TestAcceptsGzip(t *testing.T) {
	for header, want := range map[string]bool{
		"": false, "gzip": true, "br": false, "br, GZIP": true, "gzip;q=0": false, "gzip; q=0.0, br": false, "gzip;q=0.5": true, "xgzip": false,
	} {
		if got := mw.AcceptsGzip(&http.Request{Header: http.Header{"Accept-Encoding": {header}}}); got != want {
			t.Errorf("%q: %t", header, got)
		}
	}
}
