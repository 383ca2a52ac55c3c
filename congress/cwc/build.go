package cwc

import "github.com/franklin-letters/franklin/congress"

// Build cleans the message as Clean does, checks it by the rules of the chamber at both
// levels, and writes it as XML: UTF-8, every tag on its own line, elements in the order of
// the House's documentation, empty optional elements left out. The error is Problems.
func Build(m Message, chamber congress.Chamber) ([]byte, error) {
	m.clean(chamber)
	f := newForest()
	defer f.clear()
	root := m.tree(f, chamber)
	if problems := check(&m, root, chamber); len(problems) > 0 {
		return nil, Problems(problems)
	}
	return f.write(root), nil
}
