package locale

import "golang.org/x/text/language"

// Longest Accept-Language header that is read; browsers send far less than that, and
// parsing takes time that grows with the length.
const maxAcceptLanguage = 512

// Choose returns the language for a request and whether the person chose it. wishes are
// the values of a lang form field and a lang query parameter, the most important first; the
// first that names one of our languages wins. Without one the browser's Accept-Language
// header decides, and without a match there it is English.
func Choose(acceptLanguage string, wishes ...string) (lang Lang, chosen bool) {
	for _, wish := range wishes {
		for _, g := range Languages() {
			if wish == string(g) {
				return g, true
			}
		}
	}
	return fromHeader(acceptLanguage), false
}

func fromHeader(header string) Lang {
	if header == "" || len(header) > maxAcceptLanguage {
		return English
	}
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return English
	}
	// Walked by hand instead of by a matcher: a matcher also finds "close" languages, and
	// gives Spanish to somebody who asked for Catalan and then English.
	for _, tag := range tags {
		base, _ := tag.Base()
		for _, g := range Languages() {
			if base.String() == string(g) {
				return g
			}
		}
	}
	return English
}
