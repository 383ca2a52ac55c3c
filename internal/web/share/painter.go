package share

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"slices"

	"golang.org/x/image/vector"
)

// painter draws filled outlines on one sheet.
type painter struct {
	ink   ink
	sheet *image.RGBA
}

func newPainter(i ink) *painter {
	p := &painter{ink: i, sheet: image.NewRGBA(image.Rect(0, 0, Width, Height))}
	draw.Draw(p.sheet, p.sheet.Bounds(), image.NewUniform(i.paper), image.Point{}, draw.Src)
	return p
}

// write sets one line of text on the baseline y. The ink of its first letter begins at x
// exactly, whatever room the letter has on its left, so that lines of different sizes
// stand flush.
func (p *painter) write(f *typeface, size float64, c color.Color, x, y float64, text string) {
	shapes := f.outlines(text, size)
	left, _, _, _ := bounds(shapes)
	for _, o := range shapes {
		for i := range o {
			o[i].x += x - left
			o[i].y += y
		}
	}
	p.fill(c, shapes...)
}

// roundedBar fills a bar with half circles for ends.
func (p *painter) roundedBar(x, y, wide, tall float64, c color.Color) {
	r := min(wide, tall) / 2
	var o outline
	o.arc(x+r, y+r, r, math.Pi/2, 3*math.Pi/2)
	o.arc(x+wide-r, y+r, r, -math.Pi/2, math.Pi/2)
	p.fill(c, o)
}

// airmail edges the sheet like an envelope, with slanted stripes in both inks.
func (p *painter) airmail() {
	const (
		wide  = 40.0
		gap   = 20.0
		tall  = 12.0
		slant = 12.0
	)
	var text, accent []outline
	for i := 0; float64(i)*(wide+gap) < Width+slant; i++ {
		x := float64(i)*(wide+gap) - wide/2
		stripe := outline{{x + slant, 0}, {x + slant + wide, 0}, {x + wide, tall}, {x, tall}}
		if i%2 == 0 {
			accent = append(accent, stripe)
		} else {
			text = append(text, stripe)
		}
	}
	p.fill(p.ink.text, text...)
	p.fill(p.ink.accent, accent...)
}

// postmarkRadius is the outer radius of the stamp, in pixels.
const postmarkRadius = 64.0

// postmark stamps the sheet around x and y: two rings with a star in them, and four waves
// that run off to the left. It has the pale colour of the bar's track, so that the eye
// finds the title first.
func (p *painter) postmark(x, y float64) {
	for _, r := range []float64{postmarkRadius, postmarkRadius - 12} {
		var outer, inner outline
		outer.arc(x, y, r, 0, 2*math.Pi)
		inner.arc(x, y, r-3, 2*math.Pi, 0)
		p.fill(p.ink.track, outer, inner)
	}
	var star outline
	for i := range 10 {
		r := 31.0
		if i%2 == 1 {
			r *= 0.382 // the ratio of a five-pointed star with straight edges
		}
		sin, cos := math.Sincos(-math.Pi/2 + float64(i)*math.Pi/5)
		star = append(star, point{x + r*cos, y + r*sin})
	}
	p.fill(p.ink.track, star)
	for i := range 4 {
		dy := -36 + float64(i)*24
		// The waves begin a little outside the ring, all equally far from it.
		const reach = postmarkRadius + 10
		ring := math.Sqrt(reach*reach - dy*dy)
		p.fill(p.ink.track, wave(x-ring, x-postmarkRadius-140, y+dy))
	}
}

// wave outlines one cancelling line from right to left, three pixels thick.
func wave(from, to, y float64) outline {
	const (
		length = 46.0 // of one swing
		height = 4.5
		thick  = 3.0
	)
	var above, below outline
	for x := from; x >= to; x -= 2 {
		at := y + height*math.Sin((x-to)/length*2*math.Pi)
		above = append(above, point{x, at - thick/2})
		below = append(below, point{x, at + thick/2})
	}
	for _, at := range slices.Backward(below) {
		above = append(above, at)
	}
	return above
}

// outline is a closed polygon in pixels. Curves are cut into pieces far shorter than
// anybody can see.
type outline []point

type point struct{ x, y float64 }

// arcStep is the angle between two points of an arc, in radians.
const arcStep = math.Pi / 90

// arc adds a part of a circle; angles grow clockwise from three o'clock.
func (o *outline) arc(x, y, r, from, to float64) {
	steps := int(math.Ceil(math.Abs(to-from) / arcStep))
	for i := range steps + 1 {
		sin, cos := math.Sincos(from + (to-from)*float64(i)/float64(steps))
		*o = append(*o, point{x + r*cos, y + r*sin})
	}
}

// bounds returns the box around the outlines, all zeros when there are none.
func bounds(shapes []outline) (left, top, right, bottom float64) {
	first := true
	for _, o := range shapes {
		for _, at := range o {
			if first {
				left, top, right, bottom = at.x, at.y, at.x, at.y
				first = false
			}
			left, right = min(left, at.x), max(right, at.x)
			top, bottom = min(top, at.y), max(bottom, at.y)
		}
	}
	return left, top, right, bottom
}

// fill paints outlines together; one inside another that runs the other way round makes
// a hole.
func (p *painter) fill(c color.Color, shapes ...outline) {
	left, top, right, bottom := bounds(shapes)
	box := image.Rect(int(math.Floor(left)), int(math.Floor(top)), int(math.Ceil(right)), int(math.Ceil(bottom))).
		Intersect(p.sheet.Rect)
	if box.Empty() {
		return
	}
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	for _, o := range shapes {
		for i, at := range o {
			x, y := float32(at.x-float64(box.Min.X)), float32(at.y-float64(box.Min.Y))
			if i == 0 {
				r.MoveTo(x, y)
			} else {
				r.LineTo(x, y)
			}
		}
		r.ClosePath()
	}
	r.Draw(p.sheet, box, image.NewUniform(c), image.Point{})
}

// steps is how many shades lie between two colours of the palette. More cannot be told
// apart at the edge of a letter.
const steps = 24

// palette holds every shade between the colours that meet on the card.
func (i ink) palette() color.Palette {
	meetings := [][2]color.RGBA{{i.paper, i.text}, {i.paper, i.accent}, {i.paper, i.soft}, {i.paper, i.track}, {i.track, i.accent}}
	shades := make(color.Palette, 0, len(meetings)*(steps+1))
	for _, m := range meetings {
		for s := range steps + 1 {
			shades = append(shades, color.RGBA{
				mix(m[0].R, m[1].R, s), mix(m[0].G, m[1].G, s), mix(m[0].B, m[1].B, s), 0xFF,
			})
		}
	}
	return shades
}

func mix(a, b uint8, s int) uint8 {
	return uint8((int(a)*(steps-s) + int(b)*s) / steps) //nolint:gosec // a mean of two bytes is a byte
}

// paletted returns the sheet with one byte to a pixel, a third of the size.
func (p *painter) paletted() *image.Paletted {
	flat := image.NewPaletted(p.sheet.Rect, p.ink.palette())
	known := make(map[color.RGBA]uint8)
	for i := range flat.Pix {
		at := p.sheet.Pix[4*i : 4*i+4 : 4*i+4]
		// Most pixels are like the one before.
		if i > 0 && [4]byte(at) == [4]byte(p.sheet.Pix[4*i-4:4*i]) {
			flat.Pix[i] = flat.Pix[i-1]
			continue
		}
		c := color.RGBA{at[0], at[1], at[2], at[3]}
		index, ok := known[c]
		if !ok {
			index = uint8(flat.Palette.Index(c)) //nolint:gosec // the palette has 125 entries
			known[c] = index
		}
		flat.Pix[i] = index
	}
	return flat
}
