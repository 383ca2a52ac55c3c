package guard

import (
	"log/slog"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestLimitsAboveTheBoundOfMemory: a limit that an operator sets high is one too.
func TestLimitsAboveTheBoundOfMemory(t *testing.T) {
	const limit = maxMembers + 5_000
	g := New(Config{
		Limits: Limits{OfficeLetters: limit, CampaignLetters: limit, NetworkPeople: limit}, Secret: []byte("a secret"), Mail: true, Log: slog.New(slog.DiscardHandler),
	})
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	network := NetworkOf(netip.MustParseAddr("198.51.100.1"))
	judge := func(n int) Verdict {
		return g.Judge(Attempt{Campaign: "c", Offices: []string{"HWY00"}, Network: network, Person: strconv.Itoa(n)}, now)
	}
	for n := range limit {
		if v := judge(n); v.Freeze != "" || v.Confirm {
			t.Fatalf("letter %d gets %+v", n+1, v)
		}
	}
	if v := judge(limit); v.Freeze == "" || !v.Confirm {
		t.Errorf("the first letter over the limits gets %+v", v)
	}
	if v := judge(limit - 1); v.Freeze != "" || v.Confirm { // the control: again the last below
		t.Errorf("a letter that was counted gets %+v", v)
	}
}

func TestALimitThatIsNeverReachedIsRefused(t *testing.T) {
	if err := (Limits{Recombined: patternSize + 1}).Check(); err == nil {
		t.Error("a limit that is never reached is taken")
	}
	if err := (Limits{Recombined: patternSize, OfficeLetters: 1 << 40}).Check(); err != nil {
		t.Error(err)
	}
}

// TestRank compares with counting by hand, over the size from which on there is an index.
func TestRank(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const span = time.Minute
		w := newWindows(span, 0)
		w.most = 3 * indexed
		now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
		var want []member
		for range rapid.IntRange(1, 400).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 1500).Draw(t, "pause")) * time.Millisecond)
			id := uint64(rapid.IntRange(0, 5*indexed).Draw(t, "id"))
			for len(want) > 0 && want[0].at <= now.Add(-span).UnixMilli() {
				want = want[1:]
			}
			place := 0
			for i, m := range want {
				if m.id == id {
					place = i + 1
				}
			}
			if place == 0 {
				if len(want) < w.most {
					want = append(want, member{id, now.UnixMilli()})
				}
				place = len(want)
			}
			if got := w.rank(7, id, now); got != place {
				t.Fatalf("place %d, want %d of %d", got, place, len(want))
			}
			if n := w.size(7, now); n != len(want) {
				t.Fatalf("size %d, want %d", n, len(want))
			}
		}
	})
}
