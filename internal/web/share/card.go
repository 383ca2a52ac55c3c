// Package share makes what a campaign's page is passed on with: the picture that
// networks show for it, and the plain links that open them.
//
// The picture is drawn here, on the server, from text alone, so that no browser, no
// designer and no foreign service is needed for a new campaign. The same card always
// gives the same picture, so its address can be cached for good.
package share

import (
	"fmt"
	"image/color"
	"image/png"
	"io"
	"math"
	"strconv"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/goregular"
)

// The size that Open Graph pictures have everywhere, in pixels.
const (
	Width  = 1200
	Height = 630
)

// Card is what stands on the picture.
type Card struct {
	// Title is the demand. It is set as large as it fits, in at most four lines.
	Title string
	// OrgName says who asks.
	OrgName string
	// GoalLine says how far the goal is, in the reader's language: "1,284 of 3,000
	// letters sent". Empty means a card without a bar.
	GoalLine string
	// Percent of the goal, 0 to 100 and beyond.
	Percent float64
	// Lang is the language tag that decides how the percentage is written.
	Lang string
}

// The layout, in pixels.
const (
	margin    = 88.0
	column    = Width - 2*margin
	orgSize   = 30.0
	orgLine   = 114.0 // baseline of the organisation's name
	titleTop  = 190.0 // no capital of the title rises above this
	titleFoot = 426.0 // last baseline of the title,
	footless  = 546.0 // and the same without a goal
	goalSize  = 32.0
	goalLine  = 512.0 // baseline of the goal
	barTop    = 540.0
	barHeight = 14.0
)

// ink holds the few colours of the card.
type ink struct{ paper, track, text, soft, accent color.RGBA }

func colours() ink {
	return ink{
		paper:  color.RGBA{0xFA, 0xF7, 0xF0, 0xFF},
		track:  color.RGBA{0xE2, 0xDA, 0xCA, 0xFF},
		text:   color.RGBA{0x14, 0x21, 0x3D, 0xFF},
		soft:   color.RGBA{0x4E, 0x58, 0x6D, 0xFF},
		accent: color.RGBA{0xB8, 0x4A, 0x22, 0xFF},
	}
}

// Image draws the card as a PNG of 1200 by 630 pixels. Signs the typeface lacks, such as
// emoji, are left out.
func Image(w io.Writer, c Card) error {
	p, err := paint(c)
	if err != nil {
		return fmt.Errorf("share: %w", err)
	}
	if err := png.Encode(w, p.paletted()); err != nil {
		return fmt.Errorf("share: %w", err)
	}
	return nil
}

func paint(c Card) (*painter, error) {
	regular, err := parse(goregular.TTF)
	if err != nil {
		return nil, err
	}
	medium, err := parse(gomedium.TTF)
	if err != nil {
		return nil, err
	}
	bold, err := parse(gobold.TTF)
	if err != nil {
		return nil, err
	}
	p := newPainter(colours())
	p.airmail()
	p.postmark(Width-margin-postmarkRadius, 116)
	// The name stays clear of the postmark.
	p.write(medium, orgSize, p.ink.soft, margin, orgLine, medium.cut(medium.known(c.OrgName), orgSize, column-300))
	foot := titleFoot
	if c.GoalLine == "" {
		foot = footless
	}
	p.title(bold, c.Title, titleTop, foot)
	if c.GoalLine != "" {
		p.goal(c, regular, bold)
	}
	return p, nil
}

// title sets the demand with its last baseline on foot, so that it always stands at the
// same distance from the goal and the free room gathers above it.
func (p *painter) title(f *typeface, text string, top, foot float64) {
	set := f.fit(f.known(text), column, foot-top)
	leading := set.size * leadingRatio
	y := foot - leading*float64(len(set.lines)-1)
	for _, line := range set.lines {
		p.write(f, set.size, p.ink.text, margin, y, line)
		y += leading
	}
}

// goal draws the bar with its text above it.
func (p *painter) goal(c Card, regular, bold *typeface) {
	label := percent(c.Percent, c.Lang)
	wide := bold.width(label, goalSize)
	p.write(bold, goalSize, p.ink.accent, Width-margin-wide, goalLine, label)
	p.write(regular, goalSize, p.ink.text, margin, goalLine, regular.cut(regular.known(c.GoalLine), goalSize, column-wide-goalSize))
	p.roundedBar(margin, barTop, column, barHeight, p.ink.track)
	if share := part(c.Percent); share > 0 {
		// A bar shorter than it is high would be a dot with a dent.
		p.roundedBar(margin, barTop, max(barHeight, share*column), barHeight, p.ink.accent)
	}
}

// part returns the filled part of the bar, 0 to 1.
func part(percent float64) float64 {
	if math.IsNaN(percent) {
		return 0
	}
	return min(max(percent/100, 0), 1)
}

// percent writes whole percents, rounded down, so that a goal is never called reached
// before it is. Spanish puts a space before the sign.
func percent(value float64, lang string) string {
	if math.IsNaN(value) {
		value = 0
	}
	text := strconv.Itoa(int(math.Floor(min(max(value, 0), 99999))))
	if language(lang) == "es" {
		return text + "\u00a0%"
	}
	return text + "%"
}
