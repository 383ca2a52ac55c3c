package ui

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// Field is one field of a form with everything said about it. Texts are in the page's
// language already.
type Field struct {
	Name     string
	ID       string // tells fields of one name on a page apart; the name when empty
	Label    string
	Optional string // the word that marks it optional; "" for a required field
	Hint     string
	Error    string
	Value    string

	Type         string // "text" when empty
	Autocomplete string
	InputMode    string
	Plain        bool   // no spelling or capital letter help: names, addresses, codes
	Max          int    // characters the browser lets through; 0 for no limit
	Width        string // class that sets the width: "w-half", "w-zip"; "" for the full line
	Lang         string // language of the value, where it may differ from the page's
	Rows         int    // of a text area
}

// id is the element id that error links lead to.
func (f Field) id() string { return FieldID(cmp.Or(f.ID, f.Name)) }

// FieldID returns the element id of the field with the name.
func FieldID(name string) string { return "f-" + name }

// attributes are those that only some fields have.
func (f Field) attributes() templ.Attributes {
	all := templ.Attributes{}
	set := func(name, value string) {
		if value != "" {
			all[name] = value
		}
	}
	set("autocomplete", f.Autocomplete)
	set("inputmode", f.InputMode)
	set("lang", f.Lang)
	if f.Plain {
		all["spellcheck"] = "false"
	}
	if f.Max > 0 {
		all["maxlength"] = strconv.Itoa(f.Max)
	}
	set("aria-describedby", f.describedBy())
	if f.Error != "" {
		all["aria-invalid"] = "true"
	}
	return all
}

func (f Field) describedBy() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.id()+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.id()+"-error")
	}
	return strings.Join(ids, " ")
}

func (f Field) inputType() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

// class of the element around the field.
func (f Field) class() string {
	class := "field"
	if f.Width != "" {
		class += " " + f.Width
	}
	if f.Error != "" {
		class += " wrong"
	}
	return class
}

// Option is one choice of a select.
type Option struct{ Value, Text string }

// OptionGroup is a run of options under a heading; without one they stand alone.
type OptionGroup struct {
	Label   string
	Options []Option
}

// Mistake is one line of an error summary: what is wrong, and the field it leads to.
type Mistake struct{ Field, Text string }
