package cwc

import "strings"

// Level says how far a Problem reaches.
type Level string

// The two levels.
const (
	// Schema problems make the House refuse the message (for the Senate: as far as known).
	Schema Level = "schema"
	// Sending problems would pass the schema, but a careful sender does not let them out.
	Sending Level = "sending"
)

// Problem is one thing wrong with a message.
type Problem struct {
	Path    string `json:"path"` // "CWC/Constituent/Zip"; repeated elements carry [2], [3]
	Rule    string `json:"rule"` // a short stable word: "required", "length", "email", ...
	Level   Level  `json:"level"`
	Message string `json:"message"` // plain words; never contains the field's content
}

// String returns "CWC/Constituent/Zip: write the ZIP code as ...".
func (p Problem) String() string {
	if p.Path == "" {
		return p.Message
	}
	return p.Path + ": " + p.Message
}

// Problems is a list of problems as an error, which Build and Parse return.
type Problems []Problem

// Error joins the problems, one per line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return "the message is not in order:\n" + strings.Join(lines, "\n")
}

// At returns the problems of one level.
func (ps Problems) At(level Level) Problems {
	var found Problems
	for _, p := range ps {
		if p.Level == level {
			found = append(found, p)
		}
	}
	return found
}
