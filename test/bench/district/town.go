package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/congress/postal"
	"github.com/franklin-letters/franklin/internal/databuild/streettable"
)

// streetRow is a row of the invented country: house numbers of a street that lie in one
// district. Its ZIP code and seats are real, its street is not.
type streetRow struct {
	zip       uint32
	name      streetName
	street    postal.Street // the name as it is read
	low, high uint32
	parity    streettable.Parity
	seat      congress.Seat
}

// invent makes about n rows, as many for every ZIP code that lies in one state of several
// districts. Where a ZIP code is divided, a third of its streets are: four rows each, the
// sides of the street in different districts and changing places at number 600.
func invent(l *district.Locator, n int) ([]streetRow, error) {
	type area struct {
		zip   uint32
		seats []congress.Seat
	}
	var areas []area
	for zip := range uint32(100_000) {
		r, err := l.ByZIP(fmt.Sprintf("%05d", zip), "", middle())
		if err != nil {
			return nil, err
		}
		if r.Class == district.ClassStandard && len(r.States) == 1 && !r.States[0].AtLarge() && len(r.Candidates) > 0 {
			areas = append(areas, area{zip, r.Candidates})
		}
	}
	var all []streetRow
	for i, a := range areas {
		random := rand.New(rand.NewPCG(435, uint64(a.zip))) // #nosec G404 -- the same streets every time
		seen := map[postal.Street]bool{}
		for len(all) < n*(i+1)/len(areas) {
			name := randomName(random)
			street := postal.ParseStreet(name.official())
			if seen[street] {
				continue
			}
			seen[street] = true
			all = append(all, streetIn(a.zip, a.seats, name, street, random)...)
		}
	}
	return all, nil
}

// streetIn gives a street its rows.
func streetIn(zip uint32, seats []congress.Seat, name streetName, street postal.Street, random *rand.Rand) []streetRow {
	one := seats[random.IntN(len(seats))]
	if len(seats) == 1 || random.IntN(3) > 0 {
		return []streetRow{{zip, name, street, 1, 9999, streettable.Both, one}}
	}
	other := seats[(slices.Index(seats, one)+1)%len(seats)]
	return []streetRow{
		{zip, name, street, 100, 598, streettable.Even, one},
		{zip, name, street, 101, 599, streettable.Odd, other},
		{zip, name, street, 600, 998, streettable.Even, other},
		{zip, name, street, 601, 999, streettable.Odd, one},
	}
}

// tableOf makes the compiler's input of a state.
func tableOf(state congress.State, rows []streetRow) streettable.Table {
	t := streettable.Table{State: state, Congresses: []congress.Number{119}}
	units := map[congress.Seat]uint16{}
	for _, seat := range state.HouseSeats() {
		units[seat] = uint16(len(t.Units)) // #nosec G115 -- at most 52 seats
		t.Units = append(t.Units, []congress.Seat{seat})
	}
	for _, r := range rows {
		if r.seat.State != state {
			continue
		}
		t.Ranges = append(t.Ranges, streettable.Range{
			ZIP: r.zip, Street: r.street, Low: r.low, High: r.high, Parity: r.parity, Unit: units[r.seat],
		})
	}
	return t
}

// streetName is the parts of a name as they are abbreviated.
type streetName struct{ pre, name, suffix string }

// What names are made of: simple ones, words that go together, syllables and numbers.
var (
	simpleNames = strings.Fields(`Main Park Church Center Washington Lincoln Jefferson Franklin Adams Jackson Madison Monroe Spring Mill River
		College Market Broad Union Water Elm Oak Maple Cedar Pine Walnut Chestnut Cherry Hickory Sycamore Highland Prospect Pleasant Liberty`)
	firstWords = strings.Fields(`Oak Maple Cedar Willow Aspen Birch Laurel Magnolia Meadow River Lake Mill Stone Sandy Rocky Silver Golden Green
		White Blue Autumn Summer Winter Morning Evening Deer Fox Eagle Hawk Heron Quail Turkey Beaver Bear Wolf Country Colonial Liberty`)
	secondWords = strings.Fields(`Ridge Valley Creek Hollow Meadow Forest Grove Brook Branch Field Pointe Crest Cliff Canyon Shadow Trace Chase
		Hunt Glen Landing Harbor Shore Spring Orchard Garden Bluff Bend Bridge Run Crossing Station Farm`)
	heads = strings.Fields("Har Ber Wil Tho Mar Car Dan Gra Hen Lan Mor Nor Pat Rob San Ste Tay Van Wal Win Bra Cla Dou Fer")
	inner = strings.Fields("ri le ma ne to la ber den der gar ken ling man mer ming sel ter ver wen wick")
	tails = strings.Fields("son ton ford field ham ley man more stead well wood worth")
)

// suffixes maps abbreviations to what people also write.
var suffixes = [][2]string{
	{"St", "Street"},
	{"Ave", "Avenue"},
	{"Dr", "Drive"},
	{"Ln", "Lane"},
	{"Rd", "Road"},
	{"Ct", "Court"},
	{"Blvd", "Boulevard"},
	{"Pl", "Place"},
	{"Cir", "Circle"},
	{"Way", "Way"},
}

var directions = [][2]string{{"N", "North"}, {"S", "South"}, {"E", "East"}, {"W", "West"}}

func pick[T any](list []T, random *rand.Rand) T { return list[random.IntN(len(list))] }

// randomName is one of about two million.
func randomName(random *rand.Rand) streetName {
	n := streetName{suffix: pick(suffixes, random)[0]}
	if random.IntN(4) == 0 {
		n.pre = pick(directions, random)[0]
	}
	switch random.IntN(8) {
	case 0:
		n.name = pick(simpleNames, random)
	case 1:
		n.name = ordinalName(1 + random.IntN(120))
	case 2, 3, 4:
		n.name = pick(firstWords, random) + " " + pick(secondWords, random)
	default:
		n.name = pick(heads, random) + pick(inner, random) + pick(tails, random)
	}
	return n
}

// unknownName is a name that randomName never makes, nor anything one slip away.
func unknownName(random *rand.Rand) streetName {
	n := randomName(random)
	n.name = "Quaxil" + pick(inner, random) + pick(tails, random)
	return n
}

func ordinalName(n int) string {
	end := "th"
	if n%100 < 11 || n%100 > 13 {
		end = [...]string{"th", "st", "nd", "rd", "th", "th", "th", "th", "th", "th"}[n%10]
	}
	return strconv.Itoa(n) + end
}

// official is the name as the Census Bureau writes it.
func (n streetName) official() string {
	return strings.TrimSpace(n.pre + " " + n.name + " " + n.suffix)
}

// slipped is the name with one wrong letter in its longest word; it reports false where all
// words are too short or numbers.
func (n streetName) slipped(random *rand.Rand) (streetName, bool) {
	words := strings.Fields(n.name)
	longest := slices.MaxFunc(words, func(a, b string) int { return len(a) - len(b) })
	if len(longest) < 5 || longest[0] <= '9' {
		return n, false
	}
	at := 1 + random.IntN(len(longest)-1)
	n.name = strings.Replace(n.name, longest, longest[:at]+"q"+longest[at+1:], 1)
	return n, true
}

// typed is an address line as people write it: words or abbreviations, any case, with or
// without an apartment.
func (n streetName) typed(number uint32, random *rand.Rand) string {
	words := []string{strconv.FormatUint(uint64(number), 10)}
	if n.pre != "" {
		words = append(words, spelling(directions, n.pre, random))
	}
	words = append(words, n.name, spelling(suffixes, n.suffix, random))
	if random.IntN(2) == 0 {
		words = append(words, pick([]string{"Apt ", "#", "Unit ", "Ste "}, random)+strconv.Itoa(1+random.IntN(40)))
	}
	line := strings.Join(words, " ")
	switch random.IntN(3) {
	case 0:
		return strings.ToLower(line)
	case 1:
		return strings.ToUpper(line)
	default:
		return line
	}
}

// spelling is the abbreviation, with or without its period, or the word.
func spelling(list [][2]string, short string, random *rand.Rand) string {
	i := slices.IndexFunc(list, func(pair [2]string) bool { return pair[0] == short })
	return [...]string{short, short + ".", list[i][1]}[random.IntN(3)]
}
