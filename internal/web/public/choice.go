package public

import (
	"cmp"
	"math"
	"strings"

	"github.com/a-h/templ"

	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// A ZIP code lies in at most five districts; patterns repeat after the sixth.
const patternCount = 6

// patternPaths are the lines of the fillings, on tiles of 12 by 12: rising lines, dots,
// level lines, falling lines, squares, upright lines.
var patternPaths = [patternCount]string{
	"M-3 3l6-6M0 12L12 0M9 15l6-6",
	"M6 6h.01M0 0h.01M12 0h.01M0 12h.01M12 12h.01",
	"M0 6h12",
	"M-3 9l6 6M0 0l12 12M9-3l6 6",
	"M0 6h12M6 0v12",
	"M6 0v12",
}

func candidateID(i int) string {
	if i == 0 {
		return ui.FieldID("district")
	}
	return ui.FieldID("district") + "-" + number(i+1)
}

// intro says why there is something to choose.
func (p ChoicePage) intro() string {
	switch p.Street {
	case StreetSplit:
		return p.L.ChoiceStreetSplit()
	case StreetAmbiguous:
		return p.L.ChoiceStreetAmbiguous()
	case StreetUnknown:
	}
	return p.L.ChoiceIntro(len(p.Candidates), p.Form.zip5())
}

// wrong says what is wrong with the choice; the position has no place of its own.
func (p ChoicePage) wrong() string {
	return cmp.Or(p.Errors.of("district", p.L), p.Errors.of("lat", p.L))
}

// invalid ties the error to the group of radios.
func (p ChoicePage) invalid() templ.Attributes {
	if p.wrong() == "" {
		return nil
	}
	return templ.Attributes{"aria-describedby": ui.FieldID("district") + "-error"}
}

// mapWords says what the map shows, for those who do not see it and those who are not
// used to maps: where the circle is, and in which direction the other districts lie.
func (p ChoicePage) mapWords() string {
	m := p.Map
	if m.Here.IsZero() {
		return ""
	}
	words := []string{p.L.ChoiceMapHere(m.Here.String())}
	for _, a := range m.Areas {
		if a.Seat != m.Here {
			words = append(words, p.L.ChoiceMapThere(direction(p.L, a.Label.X-m.Marker.X, a.Label.Y-m.Marker.Y), a.Seat.String()))
		}
	}
	return strings.Join(words, " ")
}

// direction names the one of eight directions that is nearest to a step on a map.
func direction(l *locale.Locale, right, down int) string {
	names := [...]func() string{
		l.ChoiceToNorth, l.ChoiceToNortheast, l.ChoiceToEast, l.ChoiceToSoutheast,
		l.ChoiceToSouth, l.ChoiceToSouthwest, l.ChoiceToWest, l.ChoiceToNorthwest,
	}
	eighths := math.Round(math.Atan2(float64(right), float64(-down)) / (math.Pi / 4))
	return names[(int(eighths)+len(names))%len(names)]()
}

func (m Map) viewBox() string { return "0 0 " + number(m.Width) + " " + number(m.Height) }

// scale draws the scale bar in the lower left corner.
func (m Map) scale() string {
	y := m.Height - 20
	return "M20 " + number(y-6) + "v6h" + number(m.ScaleWidth) + "v-6"
}

// zip5 is the first part of the ZIP code, which is what a person means by it.
func (f Form) zip5() string {
	five, _, _ := strings.Cut(f.ZIP, "-")
	return five
}
