package xmltree

// isChar reports whether XML 1.0 can carry r (production 2).
func isChar(r rune) bool {
	switch {
	case r < 0x20:
		return r == '\t' || r == '\n' || r == '\r'
	case r <= 0xD7FF:
		return true
	case r < 0xE000:
		return false
	default:
		return r <= 0x10FFFF && r != 0xFFFE && r != 0xFFFF
	}
}

// nameStart are the ranges beyond ASCII with which a name may begin (production 4).
var nameStart = [][2]rune{
	{0xC0, 0xD6},
	{0xD8, 0xF6},
	{0xF8, 0x2FF},
	{0x370, 0x37D},
	{0x37F, 0x1FFF},
	{0x200C, 0x200D},
	{0x2070, 0x218F},
	{0x2C00, 0x2FEF},
	{0x3001, 0xD7FF},
	{0xF900, 0xFDCF},
	{0xFDF0, 0xFFFD},
	{0x10000, 0xEFFFF},
}

func isNameStart(r rune) bool {
	if r < 0x80 {
		return r == ':' || r == '_' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z'
	}
	for _, span := range nameStart {
		if r >= span[0] && r <= span[1] {
			return true
		}
	}
	return false
}

// isNameChar covers what may follow in a name (production 4a).
func isNameChar(r rune) bool {
	return isNameStart(r) || r == '-' || r == '.' || '0' <= r && r <= '9' ||
		r == 0xB7 || 0x300 <= r && r <= 0x36F || 0x203F <= r && r <= 0x2040
}

// isSpace is white space to XML (production 3).
func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }
