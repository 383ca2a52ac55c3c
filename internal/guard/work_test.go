package guard_test

import (
	"net/netip"
	"strconv"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/guard"
)

// prove does what a browser does.
func prove(t *testing.T, g *guard.Guard, key, email string) string {
	t.Helper()
	for n := range 1 << 20 {
		if proof := strconv.Itoa(n); g.Worked(key, email, proof) {
			return proof
		}
	}
	t.Fatal("no proof is good")
	return ""
}

// TestSEC_FRAUD_1_Work: a proof is good for one form and one address, and only when work is
// asked for at all.
func TestSEC_FRAUD_1_Work(t *testing.T) {
	g, off := newGuard(guard.Limits{WorkBits: 12}, true), newGuard(guard.Limits{}, true)
	key := g.NewKey("one", noon)
	proof := prove(t, g, key, "ana@example.org")
	for name, c := range map[string]struct{ key, email, proof string }{
		"another form":    {g.NewKey("one", noon), "ana@example.org", proof},
		"another address": {key, "bo@example.org", proof},
		"another number":  {key, "ana@example.org", proof + "1"},
		"none":            {key, "ana@example.org", ""},
		"no number":       {key, "ana@example.org", "-1"},
		"a long one":      {key, "ana@example.org", "0000000000000" + proof},
	} {
		if g.Worked(c.key, c.email, c.proof) {
			t.Errorf("%s: the proof is taken", name)
		}
	}
	if off.Worked(key, "ana@example.org", proof) {
		t.Error("a proof counts although none is asked for")
	}
}

// TestSEC_FRAUD_1_WorkInsteadOfMail: on a busy network whose browser works need not confirm,
// up to where a person has to look anyway; whose does not is asked.
func TestSEC_FRAUD_1_WorkInsteadOfMail(t *testing.T) {
	g := newGuard(guard.Limits{NetworkPeople: 5, WorkBits: 12, Confirmations: 1000}, true)
	busy, other := netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("192.0.2.2/32")
	for n := range 24 {
		if bits := g.Work(busy, false, noon); (bits > 0) != (n >= 5) {
			t.Errorf("person %d has to work %d bits", n+1, bits)
		}
		a := person(n)
		a.Network, a.Worked = busy, n%2 == 0
		v := g.Judge(a, noon)
		if want := n >= 20 || n >= 5 && !a.Worked; v.Confirm != want || (v.Freeze != "") != (n >= 20) {
			t.Errorf("person %d gets %+v", n+1, v)
		}
	}
	if g.Work(other, false, noon) != 0 || g.Work(netip.Prefix{}, false, noon) != 0 || g.Work(busy, false, noon.Add(2*time.Hour)) != 0 {
		t.Error("others have to work, or those of the network for ever")
	}
	if g.Work(other, true, noon) != 12 {
		t.Error("a campaign cannot ask everybody to work")
	}
}

// FuzzWorked takes anything for a proof.
func FuzzWorked(f *testing.F) {
	g := guard.New(guard.Config{Limits: guard.Limits{WorkBits: 40}, Secret: secret})
	for _, proof := range []string{"", "0", "12345", "-1", "1e3", "٣", "999999999999", "\x00"} {
		f.Add("key", "ana@example.org", proof)
	}
	f.Fuzz(func(t *testing.T, key, email, proof string) {
		if g.Worked(key, email, proof) {
			t.Errorf("%q is a proof of 40 bits", proof)
		}
	})
}
