package keyed_test

import (
	"encoding/hex"
	"strings"
	"sync"
	"testing"

	"github.com/franklin-letters/franklin/internal/keyed"
)

// TestVectors: the second and the sixth test case of RFC 4231.
func TestVectors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ key, text, want string }{
		{"Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
		{strings.Repeat("\xaa", 131), "Test Using Larger Than Block-Size Key - Hash Key First", "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
	} {
		h := keyed.New([]byte(c.key))
		for range 3 { // a state that has been used gives the same
			whole, parts := h.Sum(c.text), h.Sum(c.text[:9], "", c.text[9:])
			if hex.EncodeToString(whole[:]) != c.want || parts != whole {
				t.Errorf("%x, in parts %x", whole, parts)
			}
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	h := keyed.New([]byte("key"))
	want := map[string][keyed.Size]byte{"a": h.Sum("a"), "bb": h.Sum("bb")}
	var all sync.WaitGroup
	for text, sum := range want {
		all.Go(func() {
			for range 1000 {
				if h.Sum(text) != sum {
					t.Errorf("another hash of %q", text)
					return
				}
			}
		})
	}
	all.Wait()
}
