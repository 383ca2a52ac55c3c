package district

// maxAreas is the number of areas the codes have room for, one of them "none".
const maxAreas = 512

// codes gives every area a word such that the words of up to five areas never sum to
// zero under exclusive or: a sum of one or two words tells which they were, and a sum of
// three is never mistaken for one or two.
type codes struct {
	word   [maxAreas]uint32 // of each area; 0 for none
	used   []uint16         // the areas of the layer, ascending
	across []uint32         // what crossing each arc adds
}

func newCodes(sides []sides) codes {
	var c codes
	var present [maxAreas]bool
	c.across = make([]uint32, len(sides))
	for i, s := range sides {
		present[s.a], present[s.b] = true, true
		c.across[i] = areaCode(s.a) ^ areaCode(s.b)
	}
	for area := 1; area < maxAreas; area++ {
		if present[area] {
			c.used = append(c.used, uint16(area)) // #nosec G115 -- less than 512
			c.word[area] = areaCode(uint16(area)) // #nosec G115 -- less than 512
		}
	}
	return c
}

// areaCode spreads an area's number over 32 bits: the number itself and its cube in the
// field of 512 elements, which is the double error correcting BCH code, and a parity bit.
func areaCode(area uint16) uint32 {
	if area == 0 {
		return 0
	}
	a := uint32(area)
	return a | multiply(multiply(a, a), a)<<9 | 1<<18
}

// multiply is the product in GF(2^9) with x^9 + x^4 + 1.
func multiply(a, b uint32) uint32 {
	var p uint32
	for ; b > 0; b >>= 1 {
		if b&1 > 0 {
			p ^= a
		}
		if a <<= 1; a >= 1<<9 {
			a ^= 1<<9 | 1<<4 | 1
		}
	}
	return p
}

// area returns the area whose word the sum is. Where areas overlap it is the one with
// the lowest number among two or three, and none among more.
func (c *codes) area(sum uint32) uint16 {
	if a := sum & (maxAreas - 1); c.word[a] == sum {
		return uint16(a) // #nosec G115 -- less than 512
	}
	return c.lowest(sum)
}

func (c *codes) lowest(sum uint32) uint16 {
	for i, a := range c.used {
		rest := sum ^ c.word[a]
		if b := rest & (maxAreas - 1); b > uint32(a) && c.word[b] == rest {
			return a
		}
		for _, b := range c.used[i+1:] {
			last := rest ^ c.word[b]
			if d := last & (maxAreas - 1); d > uint32(b) && c.word[d] == last {
				return a
			}
		}
	}
	return 0
}
