package seal_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/seal"
)

// made returns a fresh ring with its file.
func made(tb testing.TB) *seal.Ring {
	tb.Helper()
	r, err := seal.At(filepath.Join(tb.TempDir(), "keys", "keyring"))
	if err != nil {
		tb.Fatal(err)
	}
	if err := r.Make(); err != nil {
		tb.Fatal(err)
	}
	return r
}

func sealed(tb testing.TB, r *seal.Ring, text string) string {
	tb.Helper()
	value, err := r.Seal(seal.Text(text))
	if err != nil {
		tb.Fatal(err)
	}
	return value
}

func TestSealAndOpen(t *testing.T) {
	r := made(t)
	for _, text := range []string{"a", "Zoë", "\x02 begins like a sealed one", strings.Repeat("Dear Representative, ", 500), "line\nline"} {
		value := sealed(t, r, text)
		if !seal.Sealed(value) || len(text) > 3 && strings.Contains(value, text) || !strings.HasPrefix(value, seal.Head(r.Current())) {
			t.Errorf("%.20q is sealed as %.40q", text, value)
		}
		if again := sealed(t, r, text); again == value {
			t.Errorf("%.20q is sealed twice alike", text)
		}
		if got, err := r.Open(value); err != nil || got != text {
			t.Errorf("%.20q opens as %.20q, %v", text, got, err)
		}
	}
}

// TestWordsStayComparable: the database counts letters by their reasons.
func TestWordsStayComparable(t *testing.T) {
	r := made(t)
	a, err := r.SealWord("The office is closed")
	if err != nil {
		t.Fatal(err)
	}
	b, _ := r.SealWord("The office is closed")
	c, _ := r.SealWord("The office is open")
	if a != b || a == c || a == "The office is closed" {
		t.Errorf("%q, %q, %q", a, b, c)
	}
	if got, err := r.Open(a); err != nil || got != "The office is closed" {
		t.Errorf("it opens as %q, %v", got, err)
	}
}

func TestWhatIsNotSealed(t *testing.T) {
	r := made(t)
	for _, text := range []string{"", "written before there was a key ring", "\x02", "\x02abcdef"} {
		if got, err := r.Open(text); err != nil || got != text {
			t.Errorf("%q opens as %q, %v", text, got, err)
		}
	}
	if value := sealed(t, r, ""); value != "" {
		t.Errorf("the empty text is sealed as %q", value)
	}
	if value, err := r.SealWord(""); value != "" || err != nil {
		t.Errorf("the empty word is sealed as %q, %v", value, err)
	}
}

// TestTamperedValues: every changed byte is found, and no error repeats what it found.
func TestTamperedValues(t *testing.T) {
	r := made(t)
	value := sealed(t, r, "2101 Oneil Avenue")
	for i := len(seal.Head(r.Current())); i < len(value); i++ {
		for _, other := range []byte{'A', 'B', '='} {
			if value[i] == other {
				continue
			}
			changed := value[:i] + string(other) + value[i+1:]
			got, err := r.Open(changed)
			if !errors.Is(err, seal.ErrTampered) || got != "" || strings.Contains(err.Error(), changed[8:]) {
				t.Fatalf("with byte %d changed it opens as %q, %v", i, got, err)
			}
		}
	}
	for _, cut := range []string{value[:len(value)-1], value[:20], value[:8], value + "A"} {
		if _, err := r.Open(cut); !errors.Is(err, seal.ErrTampered) {
			t.Errorf("%q: %v", cut, err)
		}
	}
	if _, err := r.Open(seal.Head("0a0a0a") + value[8:]); err == nil || !strings.Contains(err.Error(), "0a0a0a") {
		t.Errorf("under a key that the ring lacks: %v", err)
	}
}

func TestAnEmptyRing(t *testing.T) {
	var none seal.Ring
	if _, err := none.Seal("a"); !errors.Is(err, seal.ErrNoRing) {
		t.Errorf("it seals: %v", err)
	}
	if _, err := none.Open(sealed(t, made(t), "a")); !errors.Is(err, seal.ErrNoRing) {
		t.Errorf("it opens: %v", err)
	}
	defer func() {
		if recover() == nil {
			t.Error("it makes blind indexes without a key")
		}
	}()
	none.Blind("a")
}

func TestBlindIndex(t *testing.T) {
	r, other := made(t), made(t)
	same := []string{r.Blind("doe@example.org"), r.Blind("doe@example.org")}
	if same[0] != same[1] || same[0] == r.Blind("dof@example.org") {
		t.Error("the index does not tell texts apart")
	}
	if r.Blind("doe@example.org") == other.Blind("doe@example.org") {
		t.Error("the index does not depend on the key")
	}
	id, err := r.Add()
	if err != nil {
		t.Fatal(err)
	}
	before := r.Blind("doe@example.org")
	if err := r.Use(id); err != nil || r.Blind("doe@example.org") != before {
		t.Errorf("the index changes with the current key (%v)", err)
	}
}

// FuzzOpen: whatever stands in the database, opening neither panics nor makes up a text.
func FuzzOpen(f *testing.F) {
	r := made(f)
	head := seal.Head(r.Current())
	for _, tail := range []string{"", "AAAA", "====", "\x00", strings.Repeat("A", 38), strings.Repeat("/", 400)} {
		f.Add(head + tail)
	}
	f.Add("\x02abcdef:AAAA")
	f.Add("plain")
	f.Fuzz(func(t *testing.T, value string) {
		got, err := r.Open(value)
		switch {
		case !seal.Sealed(value):
			if err != nil || got != value {
				t.Errorf("%q is not sealed and opens as %q, %v", value, got, err)
			}
		case err == nil:
			t.Errorf("%q was never sealed and opens as %q", value, got)
		case got != "":
			t.Errorf("%q opens as %q in spite of %v", value, got, err)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	r := made(b)
	for name, text := range map[string]string{"name": "Josephine", "letter": strings.Repeat("Dear Representative, ", 50)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_ = sealed(b, r, text)
			}
		})
		value := sealed(b, r, text)
		b.Run(name+"/open", func(b *testing.B) {
			for b.Loop() {
				if _, err := r.Open(value); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
