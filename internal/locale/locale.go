// Package locale speaks to people in their language.
//
// Every sentence stands in catalogue/en.json and catalogue/es.json. From the English one
// a generator writes one method for each message, so a page says l.FormFirstName() and the
// compiler finds what is misspelt. Messages without variables are looked up once, when
// the catalogues are read, and cost an index afterwards.
//
// Besides words it holds what differs between languages: numbers, dates, the names of
// states, districts, titles and parties. House events are told in Eastern time, because that
// is the clock of the offices; zone data is embedded, so the program runs on a bare machine.
package locale

import (
	"embed"
	"fmt"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

//go:generate go run ./messagegen -in catalogue/en.json -out messages.go

// Lang is a language that Franklin speaks: an ISO 639-1 code as it stands in a page's
// lang attribute and in a lang form value.
type Lang string

// The languages.
const (
	English Lang = "en"
	Spanish Lang = "es"
)

// Languages returns all languages, English first.
func Languages() []Lang { return []Lang{English, Spanish} }

// The Spanish is that of the United States: 3,000 and not 3.000.
func (g Lang) tag() language.Tag {
	if g == Spanish {
		return language.MustParse("es-US")
	}
	return language.AmericanEnglish
}

//go:embed catalogue/*.json
var catalogueFiles embed.FS

// Locale is one language with everything that is said in it. Its methods are safe for
// use by many goroutines.
type Locale struct {
	lang      Lang
	texts     []string // by message; "" where the message has variables or plural forms
	localizer *i18n.Localizer
	numbers   *message.Printer
	states    []StateName
}

// In returns the locale of a language; English for one that Franklin does not speak.
func In(lang Lang) *Locale {
	all := locales()
	if l, ok := all[lang]; ok {
		return l
	}
	return all[English]
}

// The catalogues are part of the program, so a broken one is a programming error that
// any test finds; reading them waits for the first use.
var locales = sync.OnceValue(func() map[Lang]*Locale {
	all, err := readCatalogues()
	if err != nil {
		panic(err)
	}
	return all
})

func readCatalogues() (map[Lang]*Locale, error) {
	bundle := i18n.NewBundle(language.English)
	for _, lang := range Languages() {
		if _, err := bundle.LoadMessageFileFS(catalogueFiles, "catalogue/"+string(lang)+".json"); err != nil {
			return nil, fmt.Errorf("catalogue %s: %w", lang, err)
		}
	}
	all := make(map[Lang]*Locale)
	for _, lang := range Languages() {
		l := &Locale{
			lang:      lang,
			texts:     make([]string, len(messageIDs)),
			localizer: i18n.NewLocalizer(bundle, string(lang)),
			numbers:   message.NewPrinter(lang.tag()),
		}
		for i, id := range messageIDs {
			l.texts[i] = l.constant(id)
		}
		l.states = l.sortedStates()
		all[lang] = l
	}
	return all, nil
}

// constant returns the text of a message that needs no variables, else "".
func (l *Locale) constant(id string) string {
	text, tag, err := l.localizer.LocalizeWithTag(&i18n.LocalizeConfig{MessageID: id})
	if err != nil || tag.String() != string(l.lang) || strings.Contains(text, "<no value>") {
		return ""
	}
	return text
}

// Lang returns the language.
func (l *Locale) Lang() Lang { return l.lang }

// text, fill and plural are what the generated methods call.
func (l *Locale) text(number int) string { return l.texts[number] }

func (l *Locale) fill(number int, values map[string]any) string {
	return l.localizer.MustLocalize(&i18n.LocalizeConfig{MessageID: messageIDs[number], TemplateData: values})
}

func (l *Locale) plural(number, count int, values map[string]any) string {
	values["Count"] = l.Number(count)
	return l.localizer.MustLocalize(&i18n.LocalizeConfig{
		MessageID: messageIDs[number], TemplateData: values, PluralCount: count,
	})
}
