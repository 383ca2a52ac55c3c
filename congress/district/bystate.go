package district

import "github.com/franklin-letters/franklin/congress"

// byState holds a value for each state, found in one step: the two letters of its code are
// its place. Any other code has the zero value.
type byState[V any] [letters * letters]V

const letters = 26

func (b *byState[V]) of(s congress.State) (v V) {
	if i := stateSlot(s); i >= 0 {
		return b[i]
	}
	return v
}

func (b *byState[V]) set(s congress.State, v V) {
	if i := stateSlot(s); i >= 0 {
		b[i] = v
	}
}

// stateSlot returns -1 for what is not two capital letters.
func stateSlot(s congress.State) int {
	if len(s) != 2 || s[0] < 'A' || s[0] > 'Z' || s[1] < 'A' || s[1] > 'Z' {
		return -1
	}
	return int(s[0]-'A')*letters + int(s[1]-'A')
}
