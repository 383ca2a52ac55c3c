package postal_test

import (
	"archive/zip"
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress/postal"
)

// sharedGeo is the folder of raw data beside the checkout, which not everybody has.
const sharedGeo = "../../../shared/geo"

func openShared(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.Open(filepath.Join(sharedGeo, name))
	if err != nil {
		t.Skipf("no raw data beside the checkout: %v", err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestNamesOfTwoRealCountiesAgree(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"tl_2021_30059_addrfeat.zip", "tl_2020_37143_edges.zip"} {
		streets := map[postal.Street]string{}
		for _, row := range countyRows(t, file) {
			name := row["FULLNAME"]
			s := postal.ParseStreet(name)
			if name == "" || streets[s] == name {
				continue
			}
			if other, taken := streets[s]; taken {
				t.Logf("%s: %q and %q are one street: %s", file, name, other, s)
			}
			streets[s] = name
			checkVariants(t, name)
		}
		if len(streets) < 200 {
			t.Errorf("%s: only %d streets", file, len(streets))
		}
	}
}

func TestHouseNumbersOfARealCountyAreRead(t *testing.T) {
	t.Parallel()
	read := 0
	for _, row := range countyRows(t, "tl_2021_30059_addrfeat.zip") {
		for _, column := range []string{"LFROMHN", "LTOHN", "RFROMHN", "RTOHN"} {
			text := row[column]
			if text == "" {
				continue
			}
			n, ok := postal.ParseNumber(text)
			line := postal.Parse(text + " " + row["FULLNAME"])
			if !ok || n.String() != text || !line.HasNumber || line.Number != n || line.Street != postal.ParseStreet(row["FULLNAME"]) {
				t.Errorf("%s %s = %+v, %v, %+v", text, row["FULLNAME"], n, ok, line)
			}
			read++
		}
	}
	if read < 1000 {
		t.Errorf("only %d numbers", read)
	}
}

// countyRows reads the dBASE table inside a zip file of the Census Bureau.
func countyRows(t *testing.T, file string) []map[string]string {
	t.Helper()
	f := openShared(t, filepath.Join("tiger-addr", file))
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	table, err := archive.Open(strings.TrimSuffix(file, "zip") + "dbf")
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(table)
	if err != nil {
		t.Fatal(err)
	}
	count, head, size := int(binary.LittleEndian.Uint32(data[4:])), int(binary.LittleEndian.Uint16(data[8:])), int(binary.LittleEndian.Uint16(data[10:]))
	rows := make([]map[string]string, count)
	for i := range rows {
		record := data[head+i*size:][:size]
		rows[i] = map[string]string{}
		at := 1
		for field := data[32:]; field[0] != 0x0D; field = field[32:] {
			name, _, _ := strings.Cut(string(field[:11]), "\x00")
			rows[i][name] = strings.TrimSpace(string(record[at : at+int(field[16])]))
			at += int(field[16])
		}
	}
	return rows
}

var officeAddress = regexp.MustCompile(`^ +address: *'?(.*?)'?$`)

func TestDistrictOfficesAreStreetsOrBoxes(t *testing.T) {
	t.Parallel()
	packed, err := gzip.NewReader(openShared(t, "addresses/legislators-district-offices.yaml.gz"))
	if err != nil {
		t.Fatal(err)
	}
	total, read := 0, 0
	for lines := bufio.NewScanner(packed); lines.Scan(); {
		m := officeAddress.FindStringSubmatch(lines.Text())
		if m == nil || m[1] == "" {
			continue
		}
		total++
		line := postal.Parse(m[1])
		if line.Kind == postal.KindPOBox || line.Kind == postal.KindStreet && line.HasNumber {
			read++
		} else {
			t.Logf("no number: %q = %+v", m[1], line)
		}
		if again := postal.ParseStreet(line.Street.String()); again != line.Street {
			t.Errorf("%q is %+v, then %+v", m[1], line.Street, again)
		}
	}
	if total < 1200 || total-read > 10 {
		t.Errorf("%d of %d lines have a house number or box", read, total)
	}
}

func TestOddHouseNumbersOfKentCountyAreRead(t *testing.T) {
	t.Parallel()
	packed, err := gzip.NewReader(openShared(t, "tiger-addr/tl_2025_10001_addrfeat_extract.geojson.gz"))
	if err != nil {
		t.Fatal(err)
	}
	var extract struct {
		Features []struct{ Properties map[string]any }
	}
	if err := json.NewDecoder(packed).Decode(&extract); err != nil {
		t.Fatal(err)
	}
	prefixes := map[string]bool{}
	for _, f := range extract.Features {
		street, _ := f.Properties["FULLNAME"].(string)
		for _, column := range []string{"LFROMHN", "LTOHN", "RFROMHN", "RTOHN"} {
			text, _ := f.Properties[column].(string)
			if text == "" || street == "" {
				continue
			}
			n, ok := postal.ParseNumber(text)
			if line := postal.Parse(text + " " + street); !ok || line.Number != n || line.Street != postal.ParseStreet(street) {
				t.Errorf("%s %s = %+v, %v, %+v", text, street, n, ok, line)
			}
			prefixes[n.Prefix] = true
		}
	}
	if !prefixes[""] || !prefixes["A"] || !prefixes["2031-"] {
		t.Errorf("prefixes %v", prefixes)
	}
}
