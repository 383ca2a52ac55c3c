package fault

import "strings"

// Field is one message about one field of a form or a file.
type Field struct {
	Name    string
	Message string
}

// Fields collects what is wrong with the fields, in the order in which it was found,
// which is the order in which a page lists it. The zero value is ready to use.
type Fields []Field

// Add appends a message about a field.
func (f *Fields) Add(name, message string) { *f = append(*f, Field{Name: name, Message: message}) }

// For returns the messages about one field, in order.
func (f Fields) For(name string) []string {
	var messages []string
	for _, field := range f {
		if field.Name == name {
			messages = append(messages, field.Message)
		}
	}
	return messages
}

// String returns "name: message; name: message".
func (f Fields) String() string {
	lines := make([]string, len(f))
	for i, field := range f {
		lines[i] = field.Name + ": " + field.Message
	}
	return strings.Join(lines, "; ")
}

// Err returns an Invalid error with these fields and a summary for the person, or nil
// when nothing is wrong.
func (f Fields) Err(summary string) error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Message: summary, Fields: f}
}

// FieldsOf returns the fields of err, or nil.
func FieldsOf(err error) Fields {
	if e := Of(err); e != nil {
		return e.Fields
	}
	return nil
}
