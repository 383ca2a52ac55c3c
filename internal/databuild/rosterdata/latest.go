package rosterdata

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"

	"github.com/goccy/go-yaml"

	"github.com/franklin-letters/franklin/congress/roster"
)

// LatestStart returns the latest day, up to the one given, on which a term in a gzipped
// member list begins. A list is not older than that day, and nothing in it shows that it is
// newer.
func LatestStart(ctx context.Context, list []byte, until roster.Date) (roster.Date, error) {
	records, err := decodeList(ctx, list)
	if err != nil {
		return "", fmt.Errorf("roster data: %w", err)
	}
	var latest roster.Date
	for _, l := range records {
		for _, t := range l.Terms {
			if t.Start.Exact() && t.Start <= until {
				latest = max(latest, t.Start)
			}
		}
	}
	if latest == "" {
		return "", fmt.Errorf("roster data: no term in the list begins until %s", until)
	}
	return latest, nil
}

// decodeList reads the gzipped member list.
func decodeList(ctx context.Context, data []byte) ([]legislator, error) {
	zipped, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(zipped, largestList))
	if err != nil {
		return nil, err
	}
	var list []legislator
	return list, yaml.UnmarshalContext(ctx, text, &list)
}
