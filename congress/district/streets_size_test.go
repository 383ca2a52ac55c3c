package district_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/congress/postal"
	"github.com/franklin-letters/franklin/internal/databuild/streettable" //nolint:depguard // tests read what the writer writes; the package itself does not know it
)

const (
	bigZIPs    = 6000
	bigStreets = 500 // of each ZIP code
	bigNames   = 60_000
)

// bigTable is three million streets in ZIP codes, of which every sixteenth lies in several
// districts and has house numbers on four runs. The names are of the lengths that names have.
var bigTable = sync.OnceValue(func() streettable.Table {
	t := streettable.Table{State: "TX", Congresses: []congress.Number{119}}
	for _, s := range congress.State("TX").HouseSeats() {
		t.Units = append(t.Units, []congress.Seat{s})
	}
	names := make([]postal.Street, bigNames)
	for i := range names {
		names[i] = bigStreet(i)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	t.Ranges = make([]streettable.Range, 0, bigZIPs*bigStreets*5/4)
	for z := range bigZIPs {
		first := rnd.IntN(bigNames)
		for s := range bigStreets {
			unit := uint16(z % 37)
			r := streettable.Range{ZIP: bigZIP(z), Street: names[(first+s*97)%bigNames], Low: 100, High: 899, Parity: streettable.Both, Unit: unit}
			if s%16 != 0 {
				t.Ranges = append(t.Ranges, r)
				continue
			}
			for part := range uint32(4) {
				r.Low, r.High, r.Unit = 100+200*part, 299+200*part, unit+uint16(part&1)
				t.Ranges = append(t.Ranges, r)
			}
		}
	}
	return t
})

func bigZIP(z int) uint32 { return uint32(10001 + z*3) }

// bigStreet makes the i-th name of two syllables and a word; every third has a direction.
func bigStreet(i int) postal.Street {
	syllables := [...]string{"BAR", "COL", "DEN", "FAIR", "GLEN", "HAR", "KING", "LAN", "MAR", "NOR", "OAK", "PEN", "ROS", "SHER", "TAN", "WIN"}
	words := [...]string{"WOOD", "FIELD", "TON", "BROOK", "DALE", "STONE", "VIEW", "RIDGE", "BURY", "HURST", "LAND", "MERE", "FORD", "HILL", "WELL", "GATE"}
	tails := [...]string{"", " CREEK", " HOLLOW", " SPRINGS", " POINT", " MEADOW", " CROSSING", " TRACE"}
	name := syllables[i%16] + syllables[i/16%16] + words[i/256%16] + tails[i/4096%8] + string(rune('A'+i/32768))
	suffixes := [...]string{"St", "Ave", "Dr", "Ln", "Ct", "Rd"}
	direction := ""
	if i%3 == 0 {
		direction = [...]string{"N ", "E ", "S ", "W "}[i%4]
	}
	return postal.ParseStreet(direction + name + " " + suffixes[i%6])
}

// bigQueries are addresses of the table, written as people write them.
func bigQueries(n int, change func(i int, street string) string) []district.Address {
	table := bigTable()
	rnd := rand.New(rand.NewPCG(3, 4))
	list := make([]district.Address, n)
	for i := range list {
		r := table.Ranges[rnd.IntN(len(table.Ranges))]
		street := fmt.Sprintf("%d %s %s %s", r.Low+rnd.Uint32N(r.High-r.Low), r.Street.Pre, strings.ToLower(r.Street.Name), r.Street.Suffix)
		list[i] = district.Address{Street: change(i, street), City: "Houston", State: "TX", ZIP: strconv.Itoa(int(r.ZIP))}
	}
	return list
}

func bigLocator(tb testing.TB) *district.Locator {
	tb.Helper()
	rows := make([]zipRow, bigZIPs)
	for z := range rows {
		rows[z] = zipRow{zip: bigZIP(z), place: fmt.Sprintf("City %d", z/4%50), seats: "TX-01 TX-02 TX-38"}
	}
	l := openFolder(tb, smallFolder(tb, rows, bigTable()))
	if _, err := l.ByAddress(district.Address{Street: "1 A St", ZIP: "10001"}, day); err != nil {
		tb.Fatal(err)
	}
	return l
}

// TestThreeMillionStreets holds the table to 40 MiB, and each of its addresses to its
// district. It prints how long the table took to write.
func TestThreeMillionStreets(t *testing.T) {
	if testing.Short() {
		t.Skip("three million streets take some seconds")
	}
	table := bigTable()
	start := time.Now()
	raw, err := streettable.Encode(table)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d streets of %d ranges: %.1f MiB, written in %s", bigZIPs*bigStreets, len(table.Ranges), float64(len(raw))/(1<<20), time.Since(start))
	if len(raw) > 40<<20 {
		t.Errorf("%d bytes, at most 40 MiB are allowed", len(raw))
	}
	l := bigLocator(t)
	for i := 0; i < len(table.Ranges); i += 997 {
		r := table.Ranges[i]
		a := district.Address{Street: fmt.Sprintf("%d %s", r.Low+1, r.Street), State: "TX", ZIP: strconv.Itoa(int(r.ZIP))}
		found, err := l.ByAddress(a, day)
		if want := table.Units[r.Unit][0]; err != nil || found.Seat != want || found.Basis != district.BasisStreet {
			t.Fatalf("%+v: %s by %q %v, %v; want %s", a, found.Seat, found.Basis, found.Notes, err, want)
		}
	}
}

// BenchmarkStreets3M asks a table of three million streets for addresses as people write
// them: streets that are there, with the direction and suffix left out, with a letter
// wrong, and streets that are not there at all.
func BenchmarkStreets3M(b *testing.B) {
	l := bigLocator(b)
	for _, bb := range []struct {
		name   string
		change func(i int, street string) string
	}{
		{"hit", func(_ int, street string) string { return street }},
		{"bare name", func(_ int, street string) string {
			words := strings.Fields(street)
			return words[0] + " " + words[len(words)-2]
		}},
		{"slip", func(i int, street string) string { return street[:8+i%3] + "q" + street[9+i%3:] }},
		{"miss", func(i int, _ string) string { return strconv.Itoa(i) + " Nowhere Known Street" }},
	} {
		queries := bigQueries(1<<16, bb.change)
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if _, err := l.ByAddress(queries[i&(1<<16-1)], day); err != nil {
					b.Fatal(err)
				}
				i++
			}
		})
	}
}
