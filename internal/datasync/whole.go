package datasync

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// whole finds out whether a file is complete and of the kind that its name says, so that
// a page of a captive portal or half a file is fetched again and never compiled.
func whole(path, name string) error {
	f, err := os.Open(path) // #nosec G304 -- in the cache or the operator's own folder
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // it was only read
	switch {
	case strings.HasSuffix(name, ".zip"):
		err = wholeZip(f)
	case strings.HasSuffix(name, ".gz"):
		err = wholeGzip(f)
	case strings.HasSuffix(name, ".json"):
		err = wholeJSON(f)
	default:
		err = wholeText(f)
	}
	if err != nil {
		return fmt.Errorf("%s is damaged or no such file at all: %w", name, err)
	}
	return nil
}

// wholeZip reads every file in it, which compares their checksums.
func wholeZip(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	z, err := zip.NewReader(f, info.Size())
	if err != nil {
		return err
	}
	for _, member := range z.File {
		r, err := member.Open()
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, io.LimitReader(r, maxNational))
		if err = errors.Join(err, r.Close()); err != nil {
			return err
		}
	}
	return nil
}

func wholeGzip(f *os.File) error {
	z, err := gzip.NewReader(bufio.NewReader(f))
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, io.LimitReader(z, maxNational))
	return err
}

func wholeJSON(f *os.File) error {
	raw, err := io.ReadAll(io.LimitReader(f, maxRoster))
	if err == nil && !json.Valid(raw) {
		err = errors.New("it is not JSON")
	}
	return err
}

// wholeText takes anything but a web page: text carries no checksum of its own.
func wholeText(f *os.File) error {
	start := make([]byte, 512)
	n, err := io.ReadFull(f, start)
	if n == 0 {
		return errors.Join(errors.New("it is empty"), err)
	}
	if s := bytes.ToLower(bytes.TrimSpace(start[:n])); bytes.HasPrefix(s, []byte("<!doctype html")) || bytes.HasPrefix(s, []byte("<html")) {
		return errors.New("it is a web page")
	}
	return nil
}

// sumOf returns a file's length and SHA-256.
func sumOf(path string) (length int64, sum string, err error) {
	f, err := os.Open(path) // #nosec G304 -- in the cache or the operator's own folder
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = f.Close() }() // it was only read
	h := sha256.New()
	if length, err = io.Copy(h, f); err != nil {
		return 0, "", err
	}
	return length, hex.EncodeToString(h.Sum(nil)), nil
}
