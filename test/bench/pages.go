package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
)

// leastPages is the target for page views against a handler that only writes bytes.
const leastPages = 0.8

// pages measures views of the action page per second against the same bytes served by a
// bare net/http handler.
func (b *bench) pages(ctx context.Context) (s section, err error) {
	folder, err := os.MkdirTemp("", "franklin-bench-")
	if err != nil {
		return s, err
	}
	defer os.RemoveAll(folder)
	body, size, err := b.fetchPage(ctx, folder)
	if err != nil {
		return s, err
	}
	c := contest{bench: b}
	defer func() { err = errors.Join(err, c.end()) }()
	bare, err := c.overHTTP(ctx, "bare net/http handler with the same bytes", task{Do: "page", Body: body, Profile: b.profileOf("page-bare")}, "/c/"+slug, "page")
	if err != nil {
		return s, err
	}
	t := task{Do: "franklin", Campaign: b.campaign(), Profile: b.profileOf("page"), Database: "sqlite:" + filepath.Join(folder, "franklin.db")}
	real, err := c.overHTTP(ctx, "action page", t, "/c/"+slug, "page")
	if err != nil {
		return s, err
	}
	if err := c.run(); err != nil {
		return s, err
	}
	return section{
		Title: fmt.Sprintf("Views of the action page (%d bytes compressed), %s", size, b.terms()),
		Lines: []result{bare.result(), real.result(), ratio("action page, against the bare handler", leastPages, real, bare)},
	}, nil
}

// fetchPage keeps one action page as a browser gets it.
func (b *bench) fetchPage(ctx context.Context, folder string) (path string, size int, err error) {
	server, err := start(ctx, task{Do: "franklin", Campaign: b.campaign(), Database: "sqlite:" + filepath.Join(folder, "page.db")})
	if err != nil {
		return "", 0, err
	}
	var at serving
	if err := server.answer(&at); err != nil {
		return "", 0, err
	}
	defer func() { _ = server.end() }()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.URL+"/c/"+slug, nil)
	if err != nil {
		return "", 0, err
	}
	request.Header.Set("Accept-Encoding", "gzip") // set by hand, so the bytes stay as they are
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", 0, err
	}
	defer answer.Body.Close()
	bytes, err := io.ReadAll(answer.Body)
	if err != nil {
		return "", 0, err
	}
	path = filepath.Join(folder, "page.gz")
	return path, len(bytes), os.WriteFile(path, bytes, 0o600)
}
