package share_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/web/share"
)

// The colours and places a viewer would name.
var (
	paper  = color.RGBA{0xFA, 0xF7, 0xF0, 0xFF}
	track  = color.RGBA{0xE2, 0xDA, 0xCA, 0xFF}
	navy   = color.RGBA{0x14, 0x21, 0x3D, 0xFF}
	accent = color.RGBA{0xB8, 0x4A, 0x22, 0xFF}
)

const (
	left, right = 88, 1112
	barY        = 547
	mostBytes   = 60_000
)

func demo() share.Card {
	return share.Card{
		Title: "Make it a crime for police to abuse people in their custody", OrgName: "Freedom From Trafficking Alliance",
		GoalLine: "1,284 of 3,000 letters sent", Percent: 42.8, Lang: "en",
	}
}

func draw(t *testing.T, c share.Card) (image.Image, []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := share.Image(&b, c); err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	return picture, b.Bytes()
}

func at(p image.Image, x, y int) color.RGBA { return color.RGBAModel.Convert(p.At(x, y)).(color.RGBA) }

// inked counts the pixels in a box that are not paper.
func inked(p image.Image, box image.Rectangle) int {
	flat := p.(*image.Paletted)
	n := 0
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			if flat.Palette[flat.ColorIndexAt(x, y)] != color.Color(paper) {
				n++
			}
		}
	}
	return n
}

func TestImage(t *testing.T) {
	p, data := draw(t, demo())
	if p.Bounds() != image.Rect(0, 0, 1200, 630) || len(data) > mostBytes {
		t.Errorf("%v, %d bytes", p.Bounds(), len(data))
	}
	for name, sample := range map[string]struct {
		x, y int
		want color.RGBA
	}{
		"corner":                   {4, 625, paper},
		"margin":                   {40, 300, paper},
		"stripe in the accent":     {124, 6, accent},
		"stripe in navy":           {68, 6, navy},
		"stem of the title's M":    {90, 230, navy},
		"beginning of the bar":     {left + 8, barY, accent},
		"just before the end":      {left + 430, barY, accent},
		"just after the end":       {left + 446, barY, track},
		"end of the track":         {right - 8, barY, track},
		"corner outside the bar":   {left, 540, paper},
		"below the bar":            {600, 560, paper},
		"star of the postmark":     {1048, 116, track},
		"between the rings":        {1048 + 58, 116, paper},
		"between goal and percent": {700, 500, paper},
	} {
		if got := at(p, sample.x, sample.y); got != sample.want {
			t.Errorf("%s (%d, %d) is %v, want %v", name, sample.x, sample.y, got, sample.want)
		}
	}
	for name, box := range map[string]image.Rectangle{
		"the name": image.Rect(left, 85, 600, 125), "the title": image.Rect(left, 185, 1000, 450),
		"the goal": image.Rect(left, 480, 500, 520), "the percentage": image.Rect(1040, 480, right, 520),
	} {
		if inked(p, box) < 500 {
			t.Errorf("%s is missing", name)
		}
	}
}

func TestImageIsTheSameEveryTime(t *testing.T) {
	_, first := draw(t, demo())
	for range 3 {
		if _, again := draw(t, demo()); !bytes.Equal(first, again) {
			t.Fatal("another picture for the same card")
		}
	}
}

func TestBarFollowsThePercentage(t *testing.T) {
	for _, test := range []struct {
		percent float64
		filled  int // pixels of the bar in the accent
	}{
		{0, 0},
		{-5, 0},
		{math.NaN(), 0},
		{math.Inf(-1), 0},
		{0.01, 14},
		{50, 512},
		{99.9, 1023},
		{100, 1024},
		{250, 1024},
		{math.Inf(1), 1024},
	} {
		c := demo()
		c.Percent = test.percent
		p, _ := draw(t, c)
		filled := 0
		for x := left; x < right; x++ {
			if at(p, x, barY) == accent {
				filled++
			}
		}
		// The round ends cost a pixel or two of softened edge.
		if filled < test.filled-3 || filled > test.filled {
			t.Errorf("%v%%: %d pixels filled, want about %d", test.percent, filled, test.filled)
		}
	}
}

func TestWithoutAGoalThereIsNoBar(t *testing.T) {
	c := demo()
	c.GoalLine = ""
	p, _ := draw(t, c)
	if n := inked(p, image.Rect(left, 575, right, 630)); n != 0 {
		t.Errorf("%d pixels below the title", n)
	}
	if at(p, right-8, barY) != paper {
		t.Error("there is a bar")
	}
}

func TestEveryTextStaysInside(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":            "",
		"one letter":         "i",
		"Spanish":            "Cierren el vacío legal del consentimiento: ningún agente puede abusar de una persona detenida — díselo a tu Representante",
		"one endless word":   strings.Repeat("Wahrheit", 60),
		"a book":             strings.Repeat("Tell your Representative to support the bill. ", 500),
		"wide letters":       strings.Repeat("WWWW MMMM ", 30),
		"line breaks":        "Tell\r\nCongress\n\n\tto\u2028act",
		"signs without form": "Save 🐝🐝 the 蜜蜂 bees\x00\xff\u202e",
		"only emoji":         "🐝🐝🐝",
		"ellipses":           strings.Repeat("… ", 300),
	} {
		t.Run(name, func(t *testing.T) {
			p, data := draw(t, share.Card{Title: text, OrgName: text, GoalLine: text + ".", Percent: 33, Lang: "es"})
			if len(data) > mostBytes {
				t.Errorf("%d bytes", len(data))
			}
			for side, box := range map[string]image.Rectangle{
				"left": image.Rect(0, 14, left-1, 630), "right": image.Rect(right+2, 14, 1200, 630), "bottom": image.Rect(0, 556, 1200, 630),
				"name and postmark": image.Rect(820, 60, 840, 180), "above the title": image.Rect(left, 130, 830, 165),
			} {
				if n := inked(p, box); n != 0 {
					t.Errorf("%d pixels in the %s margin", n, side)
				}
			}
		})
	}
}

func TestTextIsSetAsItShould(t *testing.T) {
	picture := func(title, goal, lang string) string {
		_, data := draw(t, share.Card{Title: title, GoalLine: goal, Percent: 40, Lang: lang})
		return string(data)
	}
	if picture("Dile que si", "", "es") == picture("Dile que sí", "", "es") {
		t.Error("accents are lost")
	}
	if picture("Di\u0301selo", "", "es") != picture("Díselo", "", "es") {
		t.Error("a combined accent looks different")
	}
	if picture("Save the 🐝 bees\x00", "", "en") != picture("Save the bees", "", "en") {
		t.Error("signs without a form leave a trace")
	}
	if picture("Goal", "3.000 cartas", "en") == picture("Goal", "3.000 cartas", "es-MX") {
		t.Error("percentages are written alike in English and Spanish")
	}
}

func TestAGoalIsNotCalledReachedTooEarly(t *testing.T) {
	label := func(percent float64) []color.RGBA {
		c := demo()
		c.Percent = percent
		p, _ := draw(t, c)
		var pixels []color.RGBA
		for y := 480; y < 520; y++ {
			for x := 1000; x < right; x++ {
				pixels = append(pixels, at(p, x, y))
			}
		}
		return pixels
	}
	if !slices.Equal(label(99.0), label(99.99)) || slices.Equal(label(99.99), label(100)) {
		t.Error("99.99% is not written as 99%")
	}
}

func BenchmarkImage(b *testing.B) {
	for b.Loop() {
		if err := share.Image(new(bytes.Buffer), demo()); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzImage(f *testing.F) {
	f.Add("Make it a crime", "Alliance", "3 of 9", 33.3, "en")
	f.Add("\xff\u0301🐝", strings.Repeat("W", 500), " ", math.Inf(1), "es")
	f.Fuzz(func(t *testing.T, title, org, goal string, percent float64, lang string) {
		p, data := draw(t, share.Card{Title: title, OrgName: org, GoalLine: goal, Percent: percent, Lang: lang})
		if len(data) > mostBytes || inked(p, image.Rect(0, 14, left-1, 630)) != 0 || inked(p, image.Rect(right+2, 14, 1200, 630)) != 0 {
			t.Errorf("%q, %q, %q: %d bytes, or text in the margins", title, org, goal, len(data))
		}
	})
}
