package guard_test

import (
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/guard"
)

var (
	secret = []byte("a secret of the tests, long enough")
	noon   = time.Date(2026, time.November, 23, 17, 0, 0, 0, time.UTC)
)

func TestFormKeys(t *testing.T) {
	f := guard.NewForms(secret, 3*time.Second, 24*time.Hour)
	key := f.New("water", noon)
	if len(key) != guard.FormKeyLength || key == f.New("water", noon) {
		t.Fatalf("the key is %q, and the next one the same", key)
	}
	for name, c := range map[string]struct {
		key, campaign string
		after         time.Duration
		want          guard.Freshness
	}{
		"in time":               {key, "water", time.Minute, guard.Fresh},
		"at once":               {key, "water", 0, guard.Fast},
		"too fast":              {key, "water", 2900 * time.Millisecond, guard.Fast},
		"just slow enough":      {key, "water", 3 * time.Second, guard.Fresh},
		"the whole day":         {key, "water", 24 * time.Hour, guard.Fresh},
		"too late":              {key, "water", 24*time.Hour + time.Second, guard.Stale},
		"a clock behind":        {key, "water", -time.Minute, guard.Fresh},
		"from the future":       {key, "water", -time.Hour, guard.Stale},
		"another campaign":      {key, "air", time.Minute, guard.Forged},
		"nothing":               {"", "water", time.Minute, guard.Forged},
		"cut off":               {key[:42], "water", time.Minute, guard.Forged},
		"longer":                {key + "A", "water", time.Minute, guard.Forged},
		"no base64":             {strings.Repeat("!", guard.FormKeyLength), "water", time.Minute, guard.Forged},
		"another installation":  {guard.NewForms([]byte("another one"), 0, 0).New("water", noon), "water", time.Minute, guard.Forged},
		"another node's":        {guard.NewForms(secret, 0, 0).New("water", noon), "water", time.Minute, guard.Fresh},
		"another node's, stale": {guard.NewForms(secret, 0, 0).New("water", noon), "water", 25 * time.Hour, guard.Stale},
	} {
		if got := f.Check(c.key, c.campaign, noon.Add(c.after)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	lenient := guard.NewForms(secret, 0, 0)
	for _, after := range []time.Duration{0, 1000 * time.Hour} {
		if got := lenient.Check(key, "water", noon.Add(after)); got != guard.Fresh {
			t.Errorf("with both limits off, after %s: %s", after, got)
		}
	}
}

// TestFormKeysHaveOneSpelling: no other text passes for the key, so that no key can be
// used twice in two spellings.
func TestFormKeysHaveOneSpelling(t *testing.T) {
	f := guard.NewForms(secret, 0, 0)
	key := f.New("water", noon)
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_ \n=+/"
	for i := range key {
		for _, c := range alphabet {
			other := key[:i] + string(c) + key[i+1:]
			if got := f.Check(other, "water", noon); other != key && got != guard.Forged {
				t.Fatalf("%q passes for %q", other, key)
			}
		}
	}
}

func FuzzFormKeys(f *testing.F) {
	forms := guard.NewForms(secret, time.Second, time.Hour)
	f.Add("", "water")
	f.Add(forms.New("water", noon), "water")
	f.Fuzz(func(t *testing.T, key, campaign string) {
		if got := forms.Check(key, campaign, noon.Add(365*24*time.Hour)); got != guard.Forged && got != guard.Stale {
			t.Errorf("%q is %s", key, got)
		}
	})
}

func BenchmarkFormKey(b *testing.B) {
	f := guard.NewForms(secret, time.Second, time.Hour)
	for b.Loop() {
		f.New("018f2e3c-0000-7000-8000-000000000000", noon)
	}
}
