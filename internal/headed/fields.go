package headed

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// fields puts the YAML of a head into its struct. Unlike a general decoder it reports
// everything that does not fit at once, in an author's words, and remembers on which line
// each field stands.
type fields struct {
	kind     Kind
	lines    map[string]int // path -> line of its key, or of the list's item
	problems Problems
}

func (f *fields) fault(line int, path, message string, args ...any) {
	f.problems = append(f.problems, Problem{Line: line, Field: path, Message: fmt.Sprintf(message, args...)})
}

// bad reports whether the field, or what it is a part of, has a problem already. The head
// as a whole has no name.
func (f *fields) bad(path string) bool {
	return slices.ContainsFunc(f.problems, func(p Problem) bool {
		rest, part := strings.CutPrefix(path, p.Field)
		return part && (p.Field == "" || rest == "" || rest[0] == '.' || rest[0] == '[')
	})
}

// group fills a struct from a node of fields.
func (f *fields) group(node ast.Node, path string, to reflect.Value) {
	pairs, ok := pairsOf(node)
	if !ok {
		f.fault(lineOf(node), path, "must be a group of indented fields, each like \"name: value\"")
		return
	}
	known := map[string]reflect.Value{}
	for field, value := range to.Fields() {
		known[field.Tag.Get("yaml")] = value
	}
	for _, pair := range pairs {
		name, line := keyOf(pair), lineOf(pair.Key)
		at := join(path, name)
		value, ok := known[name]
		switch _, twice := f.lines[at]; {
		case !ok:
			f.fault(line, at, "is no field of a %s file; %s has the list", f.kind.Name, f.kind.Docs)
			continue
		case twice:
			f.fault(line, at, "is there twice; the first time in line %d", f.lines[at])
			continue
		}
		f.lines[at] = line
		f.value(pair.Value, at, value)
	}
}

// value fills one field. An empty one is as good as none.
func (f *fields) value(node ast.Node, path string, to reflect.Value) {
	if _, empty := node.(*ast.NullNode); empty || node == nil {
		return
	}
	switch to.Kind() {
	case reflect.Struct:
		f.group(node, path, to)
	case reflect.Pointer:
		to.Set(reflect.New(to.Type().Elem()))
		f.group(node, path, to.Elem())
	case reflect.Slice:
		f.list(node, path, to)
	case reflect.Bool:
		on, ok := onOff(node)
		if !ok {
			f.fault(f.lines[path], path, "must be on or off")
		}
		to.SetBool(on)
	case reflect.Int:
		n, err := strconv.Atoi(scalar(node))
		if err != nil {
			f.fault(f.lines[path], path, "must be a whole number in digits only, like 3000")
		}
		to.SetInt(int64(n))
	default:
		text, ok := words(node)
		if !ok {
			f.fault(f.lines[path], path, "must be text; put quotes around it if it is")
		}
		to.SetString(text)
	}
}

func (f *fields) list(node ast.Node, path string, to reflect.Value) {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		f.fault(f.lines[path], path, "must be a list: one item a line, each behind a dash")
		return
	}
	to.Set(reflect.MakeSlice(to.Type(), len(list.Values), len(list.Values)))
	for i, item := range list.Values {
		at := fmt.Sprintf("%s[%d]", path, i)
		f.lines[at] = lineOf(item)
		f.value(item, at, to.Index(i))
	}
}

// pairsOf returns the fields of a group; one alone has a node type of its own.
func pairsOf(node ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

func keyOf(pair *ast.MappingValueNode) string {
	if name, ok := words(pair.Key); ok {
		return name
	}
	return pair.Key.GetToken().Value
}

// words returns the text of a node that is nothing but text. Numbers and dates have other
// nodes where YAML would change their spelling; anchors, tags and the like are not text.
func words(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	}
	return "", false
}

// onOff reads a choice in any of the words that people use for it.
func onOff(node ast.Node) (on, ok bool) {
	if n, is := node.(*ast.BoolNode); is {
		return n.Value, true
	}
	text, _ := words(node)
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "on", "yes":
		return true, true
	case "off", "no":
		return false, true
	}
	return false, false
}

// scalar returns a number as it was written, with or without quotes.
func scalar(node ast.Node) string {
	if number, ok := node.(*ast.IntegerNode); ok {
		return number.Token.Value
	}
	text, _ := words(node)
	return text
}

func lineOf(node ast.Node) int {
	if token := node.GetToken(); token != nil && token.Position != nil {
		return token.Position.Line
	}
	return 1
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
