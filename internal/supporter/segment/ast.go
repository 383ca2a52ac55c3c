package segment

import (
	"slices"
	"strings"
)

// Segment is a filter over people. The zero Segment is everyone.
type Segment struct {
	expr expr
}

// Everyone is the word for all people.
const Everyone = "everyone"

// expr is a node of the tree. The tree is kept in one form: no all directly in an all, no
// any in an any, no not in a not, no list of values that is not sorted.
type expr interface {
	// write prints the node so that it can stand inside of another one that binds as told.
	write(b *strings.Builder, inside binding)
}

// binding says how tightly an operator holds its parts.
type binding int

const (
	loose binding = iota // the whole text, or parentheses
	byOr
	byAnd
	byNot
)

// all is true when all parts are, either when one is.
type (
	all    []expr
	either []expr
)

// not is true when its part is not.
type not struct{ of expr }

// field is what a person is compared by.
type field string

const (
	fieldState    field = "state"
	fieldDistrict field = "district"
	fieldZIP      field = "zip"
	fieldParty    field = "party"
	fieldList     field = "list"
	fieldTag      field = "tag"
	fieldLanguage field = "language"
	fieldSource   field = "source"
	fieldJoined   field = "joined"
)

// is is true when the field has one of the values.
type is struct {
	field  field
	values []string // sorted, each once
}

// joined compares the day on which a person joined the list of updates. People who are not on
// the list are never chosen by it.
type joined struct {
	compare string // one of < <= > >=
	day     day
}

// acted is true for people who wrote on the campaign.
type acted struct{ slug string }

func isAnyOf(f field, values []string) is {
	values = slices.Clone(values)
	slices.Sort(values)
	return is{f, slices.Compact(values)}
}

// allOf and anyOf keep the tree in its one form.
func allOf(parts []expr) expr {
	var flat all
	for _, p := range parts {
		if inner, ok := p.(all); ok {
			flat = append(flat, inner...)
		} else {
			flat = append(flat, p)
		}
	}
	if len(flat) == 1 {
		return flat[0]
	}
	return flat
}

func anyOf(parts []expr) expr {
	var flat either
	for _, p := range parts {
		if inner, ok := p.(either); ok {
			flat = append(flat, inner...)
		} else {
			flat = append(flat, p)
		}
	}
	if len(flat) == 1 {
		return flat[0]
	}
	return flat
}

func notOf(e expr) expr {
	if inner, ok := e.(not); ok {
		return inner.of
	}
	return not{e}
}
