package district

import "strconv"

// Place is what is known about where a ZIP code is, under every plan.
type Place struct {
	Name     string // of the post office: "Tempe"; may be empty
	Area     bool   // people live there: the Census Bureau has an area for the ZIP code
	HasPoint bool
	Lat, Lon float64 // degrees; inside the area, if there is one
}

// Place returns where a ZIP code is, and false for one that no list knows or that is no
// ZIP code.
func (l *Locator) Place(zip string) (Place, bool) {
	code, err := ParseZIP(zip)
	if err != nil {
		return Place{}, false
	}
	n, err := strconv.ParseUint(code, 10, 32)
	if err != nil || n >= zipSlots {
		return Place{}, false
	}
	info := l.zips.find(uint32(n))
	return Place{
		Name: l.zips.places[info.place], Area: info.area, HasPoint: info.hasPoint, Lat: float64(info.y) / 1e6, Lon: float64(info.x) / 1e6,
	}, info.known
}
