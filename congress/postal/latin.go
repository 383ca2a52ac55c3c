package postal

// latin gives the base letters of U+00C0 to U+017F. 1 stands for AE, 2 for OE, 3 for SS
// and 4 for TH.
const latin = "" +
	"AAAAAA1CEEEEIIII" + "DNOOOOO OUUUUY43" +
	"AAAAAA1CEEEEIIII" + "DNOOOOO OUUUUY4Y" +
	"AAAAAACCCCCCCCDD" + "DDEEEEEEEEEEGGGG" +
	"GGGGHHHHIIIIIIII" + "IIIIJJKKKLLLLLLL" +
	"LLLNNNNNNNNNOOOO" + "OO22RRRRRRSSSSSS" +
	"SSTTTTTTUUUUUUUU" + "UUUUWWYYYZZZZZZS"

// rune folds one character that is not ASCII. What is no letter of the Latin alphabet
// separates words.
func (f *folder) rune(r rune, rest string) {
	switch {
	case 0xC0 <= r && r <= 0x17F:
		f.latin(latin[r-0xC0])
	case 0xFF01 <= r && r <= 0xFF5E: // full-width forms
		f.ascii(byte(r-0xFF01+'!'), rest)
	case r == '½':
		f.fraction('1', '2')
	case r == '¼':
		f.fraction('1', '4')
	case r == '¾':
		f.fraction('3', '4')
	case r == '№':
		f.whole("#")
	case 0x2010 <= r && r <= 0x2015 || r == 0x2212 || r == 0xFE58 || r == 0xFE63:
		f.separate('-')
	case vanishes(r):
	default:
		f.separate(' ')
	}
}

// vanishes says which characters leave no trace: apostrophes, quotation marks, accents
// written by themselves, soft hyphens, joiners and the small letters after Spanish ordinals.
func vanishes(r rune) bool {
	switch r {
	case '´', 'ª', 'º', '¨', '\u00AD', '\u2032', '\u2033', '\u2060', '\uFEFF':
		return true
	}
	return 0x2B0 <= r && r <= 0x36F || 0x2018 <= r && r <= 0x201F || 0x200B <= r && r <= 0x200F
}

func (f *folder) latin(base byte) {
	switch base {
	case ' ':
		f.separate(' ')
	case '1':
		f.put('A')
		f.put('E')
	case '2':
		f.put('O')
		f.put('E')
	case '3':
		f.put('S')
		f.put('S')
	case '4':
		f.put('T')
		f.put('H')
	default:
		f.put(base)
	}
}

func (f *folder) fraction(above, below byte) {
	f.end()
	f.put(above)
	f.separate('/')
	f.put(below)
	f.end()
}

// windows1252 reads a byte that is not UTF-8 as older systems wrote it.
func windows1252(b byte) rune {
	switch b {
	case 0x91, 0x92:
		return '’'
	case 0x96, 0x97:
		return '–'
	}
	return rune(b)
}
