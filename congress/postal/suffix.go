package postal

// Suffix is a kind of street as USPS Publication 28, appendix C1, lists them: Avenue,
// Street and about 200 more. 0 means none. The codes are part of file formats: rows are
// only ever added at the end of the table.
type Suffix uint8

// String returns the abbreviation of Publication 28, such as "AVE", and "" for none or
// an unknown code.
func (s Suffix) String() string {
	if int(s) >= len(suffixes) {
		return ""
	}
	return suffixes[s].short
}

// suffixRow is one kind of street. The word is its full spelling. Spellings are
// abbreviations and slips that mean the same word; own lists further words that count
// as this suffix at the end of a street but stay themselves inside a name: Parks Road
// is not Park Road.
type suffixRow struct{ short, word, spellings, own string }
