package district

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress"
)

// sampleLines is two districts of Arizona side by side, with the border between them.
func sampleLines() []byte {
	b := append([]byte("FRL1"), 2, 4, 1, 4, 2, 1, 0, 3)
	b = appendSample(b, 1, 2, 10, 0, 0, 10)
	b = appendSample(b, 1, 0, 0, 0, -10, 0, 0, -10, 10, 0)
	return appendSample(b, 2, 0, 0, 0, 10, 0, 0, 10, -10, 0)
}

func appendSample(b []byte, a, c byte, steps ...int64) []byte {
	b = append(b, a, c, byte(len(steps)/2))
	for _, s := range steps {
		b = binary.AppendVarint(b, s)
	}
	return b
}

func TestReadLines(t *testing.T) {
	ls, err := readLines("lines.bin", sampleLines())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]congress.Seat{{}, {State: "AZ", District: 1}, {State: "AZ", District: 2}}, ls.seats); diff != "" {
		t.Error(diff)
	}
	index := newAtlas(ls)
	for lon, want := range map[float64]string{-1e-6: "", 5e-6: "AZ-01", 15e-6: "AZ-02", 21e-6: ""} {
		q, _ := newQuery(5e-6, lon)
		if area, _ := index.area(q); ls.seats[area].String() != want {
			t.Errorf("at %g: %s, want %q", lon, ls.seats[area], want)
		}
	}
}

func TestReadersRefuse(t *testing.T) {
	lines := sampleLines()
	zips := []byte("FRZ1\x01\x05Tempe\x01\xa1\x9a\x05\x03\x01\x04\x01\x02\x04")
	seats := []byte("FRD1\x01\xa1\x9a\x05\x01\x04\x04")
	if _, err := readZIPTable(zips); err != nil {
		t.Fatal(err)
	}
	if _, err := readZIPSeats("zips.bin", seats); err != nil {
		t.Fatal(err)
	}
	readers := map[string]func([]byte) error{
		"lines": func(b []byte) error { _, err := readLines("lines.bin", b); return err },
		"zips":  func(b []byte) error { _, err := readZIPTable(b); return err },
		"seats": func(b []byte) error { _, err := readZIPSeats("zips.bin", b); return err },
	}
	for _, tt := range []struct{ reader, name, want, file string }{
		{"lines", "another format", "does not begin", "FRX1"},
		{"lines", "one byte more", "bytes too many", string(lines) + "x"},
		{"lines", "no such state", "state number", "FRL1\x01\x03\x01"},
		{"lines", "no such district", "district is not known", "FRL1\x01\x04\x63"},
		{"lines", "more districts than bytes", "shorter than it says", "FRL1\x70"},
		{"lines", "area that is not there", "not there", strings.Replace(string(lines), "\x03\x01\x02", "\x03\x01\x07", 1)},
		{"lines", "the same on both sides", "not there", strings.Replace(string(lines), "\x03\x01\x02", "\x03\x01\x01", 1)},
		{"lines", "arc of one point", "shorter than two", string(append([]byte("FRL1"), 1, 4, 1, 1, 0, 1, 1, 0, 1, 0, 0))},
		{"lines", "edge across the world", "too long", string(appendSample(append([]byte("FRL1"), 1, 4, 1, 1, 0, 1), 1, 0, 0, 0, 5_000_000, 0))},
		{"lines", "off the globe", "no place", string(appendSample(append([]byte("FRL1"), 1, 4, 1, 1, 0, 1), 1, 0, 0, 91_000_000, 0, 0))},
		{"zips", "another format", "does not begin", "FRD1"},
		{"zips", "place out of range", "place is out of range", strings.Replace(string(zips), "\x04\x01", "\x04\x02", 1)},
		{"zips", "point off the globe", "point is out of range", string(binary.AppendVarint([]byte("FRZ1\x00\x01\x01\x02\x00\x00"), 91_000_000)) + "\x00"},
		{"zips", "beyond 99999", "out of order", "FRZ1\x00\x01\xa0\x8d\x06\x00\x00\x00"},
		{"zips", "the same one twice", "out of order", "FRD1"[:2] + "Z1\x00\x02\x01\x00\x00\x00\x00\x00\x00\x00"},
		{"seats", "another format", "does not begin", "FRZ1"},
		{"seats", "no such district", "district is not known", "FRD1\x01\x01\x01\x04\x0a"},
	} {
		t.Run(tt.reader+" "+tt.name, func(t *testing.T) {
			if err := readers[tt.reader]([]byte(tt.file)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	for name, whole := range map[string][]byte{"lines": lines, "zips": zips, "seats": seats} {
		for n := range whole {
			if err := readers[name](whole[:n]); err == nil {
				t.Errorf("%s cut to %d bytes was read", name, n)
			}
		}
	}
}

func FuzzReadLines(f *testing.F) {
	f.Add(sampleLines(), 5e-6, 5e-6)
	f.Fuzz(func(_ *testing.T, b []byte, lat, lon float64) {
		ls, err := readLines("lines.bin", b)
		if err != nil {
			return
		}
		index := newAtlas(ls)
		if q, ok := newQuery(lat, lon); ok {
			index.area(q)
			index.nearest(q, 0, 1000)
			index.within(q, 1000)
		}
	})
}

func FuzzReadZIPTable(f *testing.F) {
	f.Add([]byte("FRZ1\x01\x05Tempe\x01\xa1\x9a\x05\x03\x01\x04\x01\x02\x04"))
	f.Fuzz(func(_ *testing.T, b []byte) { _, _ = readZIPTable(b) })
}

func FuzzReadZIPSeats(f *testing.F) {
	f.Add([]byte("FRD1\x01\xa1\x9a\x05\x01\x04\x04"))
	f.Fuzz(func(_ *testing.T, b []byte) { _, _ = readZIPSeats("zips.bin", b) })
}
