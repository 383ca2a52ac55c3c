package district

import (
	"testing"

	"github.com/franklin-letters/franklin/congress"
)

func TestByState(t *testing.T) {
	var names byState[string]
	for _, state := range congress.States() {
		names.set(state, state.Name())
	}
	strange := []congress.State{"", "A", "az", "A1", "@A", "[A", "AZA", "Au", "ZZ", "AA", "\xffA"}
	for _, state := range strange {
		if state != "ZZ" && state != "AA" {
			names.set(state, "strange")
		}
		if name := names.of(state); name != "" {
			t.Errorf("%q has the value of %s", state, name)
		}
	}
	for _, state := range congress.States() {
		if names.of(state) != state.Name() {
			t.Errorf("%s has the value of %q", state, names.of(state))
		}
	}
}
