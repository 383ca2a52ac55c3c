package guard_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/guard"
)

// all are the limits of these tests, low enough to be reached.
func all() guard.Limits {
	return guard.Limits{
		Posts: 10, NetworkPeople: 5, MailboxLetters: 4, HouseholdPeople: 3, OfficeLetters: 6, CampaignLetters: 7,
		SameWords: 3, Recombined: 9, Confirmations: 1000, Disposable: []string{"thrown.example"},
	}
}

func newGuard(l guard.Limits, mail bool) *guard.Guard {
	return guard.New(guard.Config{Limits: l, Secret: secret, Mail: mail, Log: slog.New(slog.DiscardHandler)})
}

// person is one of many people who have nothing to do with each other.
func person(n int) guard.Attempt {
	return guard.Attempt{
		Network:  netip.PrefixFrom(netip.AddrFrom4([4]byte{198, 51, byte(n >> 8), byte(n)}), 32),
		Campaign: fmt.Sprint("campaign ", n), Offices: []string{fmt.Sprint("office ", n)}, Person: fmt.Sprint("person ", n), Mailbox: fmt.Sprintf("p%d@example.org", n),
		First: fmt.Sprint("First", n), Last: fmt.Sprint("Last", n), Street: fmt.Sprintf("%d Street%d", n, n), ZIP: fmt.Sprintf("%05d", n),
	}
}

const ownWords = "I have lived beside this river for thirty years and I want my children to swim in it."

// rules are all rules that put letters aside, each with what makes the n-th of otherwise
// unrelated people fall under it, and the limit of it alone.
var rules = []struct {
	code   guard.Code
	only   func(*guard.Limits)
	change func(a *guard.Attempt, n int)
	after  int // how many go through before
}{
	{guard.Mailbox, func(l *guard.Limits) { l.MailboxLetters = 4 }, func(a *guard.Attempt, _ int) { a.Mailbox = "one@example.org" }, 4},
	{guard.Household, func(l *guard.Limits) { l.HouseholdPeople = 3 }, func(a *guard.Attempt, n int) {
		a.Campaign, a.ZIP = "one", []string{"82001", "82001-1234"}[n%2]
		a.Street = []string{"12 Oak St.", "12 oak st", " 12  Oak St"}[n%3]
	}, 3},
	{guard.Office, func(l *guard.Limits) { l.OfficeLetters = 6 }, func(a *guard.Attempt, _ int) { a.Offices = []string{"HWY00"} }, 6},
	{guard.Campaign, func(l *guard.Limits) { l.CampaignLetters = 7 }, func(a *guard.Attempt, _ int) { a.Campaign = "one" }, 7},
	{guard.SameWords, func(l *guard.Limits) { l.SameWords = 3 }, func(a *guard.Attempt, n int) {
		a.Campaign, a.Words = "one", []string{ownWords, strings.ToUpper(ownWords), strings.ReplaceAll(ownWords, " ", "  ")}[n%3]
	}, 3},
	{guard.Names, func(l *guard.Limits) { l.Recombined = 9 }, func(a *guard.Attempt, n int) {
		a.Campaign, a.ZIP, a.First, a.Last = "one", "82001", fmt.Sprint("First", n%4), fmt.Sprint("Last", n/4)
	}, 8},
	{guard.Streets, func(l *guard.Limits) { l.Recombined = 9 }, func(a *guard.Attempt, n int) {
		a.Network, a.Street = netip.MustParsePrefix("2001:db8::/64"), fmt.Sprintf("%d Oak%d St", n%4, n/4)
	}, 8},
	{guard.Disposable, func(l *guard.Limits) { l.Disposable = []string{"thrown.example"} }, func(a *guard.Attempt, n int) { a.Mailbox = fmt.Sprintf("p%d@thrown.example", n) }, 0},
	{guard.Trap, func(*guard.Limits) {}, func(a *guard.Attempt, _ int) { a.Trap = true }, 0},
}

// TestSEC_FRAUD_4_FreezeRules tries each rule with all on and alone, and sees that the same
// letters pass when it is off.
func TestSEC_FRAUD_4_FreezeRules(t *testing.T) {
	for _, rule := range rules {
		alone, together, without := guard.Limits{}, all(), all()
		if rule.code != guard.Campaign { // the others' letters are all on one
			together.CampaignLetters = 0
		}
		rule.only(&alone)
		turnOff(&without, rule.code)
		for name, g := range map[string]*guard.Guard{"all rules": newGuard(together, true), "this rule alone": newGuard(alone, false)} {
			for n := range rule.after + 6 {
				a := person(n)
				rule.change(&a, n)
				v := g.Judge(a, noon.Add(time.Duration(n)*time.Second))
				frozen := strings.HasPrefix(v.Freeze, string(rule.code)+": ")
				if n < rule.after && v.Freeze != "" || n >= rule.after && !frozen && name == "this rule alone" || n == rule.after && v.Freeze == "" {
					t.Errorf("%s, %s: letter %d gets %+v", rule.code, name, n+1, v)
				}
			}
		}
		g := newGuard(without, true)
		for n := range rule.after + 1 {
			a := person(n)
			rule.change(&a, n)
			if v := g.Judge(a, noon); strings.HasPrefix(v.Freeze, string(rule.code)+":") {
				t.Errorf("%s, turned off: letter %d gets %+v", rule.code, n+1, v)
			}
		}
	}
}

func turnOff(l *guard.Limits, code guard.Code) {
	switch code {
	case guard.Mailbox:
		l.MailboxLetters = 0
	case guard.Household:
		l.HouseholdPeople = 0
	case guard.Office:
		l.OfficeLetters = 0
	case guard.Campaign:
		l.CampaignLetters = 0
	case guard.SameWords:
		l.SameWords = 0
	case guard.Names, guard.Streets:
		l.Recombined = 0
	case guard.Disposable:
		l.Disposable = nil
	case guard.Trap:
		l.NoTrap = true
	case guard.Network:
		l.NetworkPeople = 0
	case guard.Unasked, guard.Abroad: // they have no limit
	}
}

// TestSEC_FRAUD_4_AnotherCountry: a letter from abroad is put aside where a trusted proxy tells
// so, and only there: nobody else's word counts, and what is not known is no sign.
func TestSEC_FRAUD_4_AnotherCountry(t *testing.T) {
	g := newGuard(all(), true)
	proxies, err := guard.ParseProxies([]string{"192.0.2.1"})
	if err != nil {
		t.Fatal(err)
	}
	telling, err := proxies.TellingCountry("Client-Country")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		proxies guard.Proxies
		from    string
		told    []string
		aside   bool
	}{
		"from abroad":            {telling, "192.0.2.1:9", []string{"BR"}, true},
		"in small letters":       {telling, "192.0.2.1:9", []string{"de"}, true},
		"from here":              {telling, "192.0.2.1:9", []string{"US"}, false},
		"from a territory":       {telling, "192.0.2.1:9", []string{"PR"}, false},
		"unknown":                {telling, "192.0.2.1:9", []string{"XX"}, false},
		"by Tor":                 {telling, "192.0.2.1:9", []string{"T1"}, false},
		"told nothing":           {telling, "192.0.2.1:9", nil, false},
		"told twice":             {telling, "192.0.2.1:9", []string{"BR", "US"}, false},
		"nonsense":               {telling, "192.0.2.1:9", []string{"BRA"}, false},
		"a stranger tells":       {telling, "203.0.113.9:9", []string{"BR"}, false},
		"a proxy that tells not": {proxies, "192.0.2.1:9", []string{"BR"}, false},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.RemoteAddr = c.from
		for _, one := range c.told {
			r.Header.Add("Client-Country", one)
		}
		a := person(1)
		a.Country = c.proxies.Country(r)
		v := g.Judge(a, noon)
		if got := strings.HasPrefix(v.Freeze, "abroad: "); got != c.aside || !c.aside && v != (guard.Verdict{}) {
			t.Errorf("%s: %+v", name, v)
		}
	}
	if _, err := (guard.Proxies{}).TellingCountry("Client-Country"); err == nil {
		t.Error("a header that anybody may write is believed")
	}
}

// TestSEC_FRAUD_4_RealPeoplePass: what happens to look alike among people is no pattern.
func TestSEC_FRAUD_4_RealPeoplePass(t *testing.T) {
	limits := all()
	limits.NetworkPeople, limits.CampaignLetters, limits.OfficeLetters = 0, 0, 0
	limits.HouseholdPeople = 1000
	for name, change := range map[string]func(a *guard.Attempt, n int){
		"a family of one name":     func(a *guard.Attempt, _ int) { a.Last = "Nguyen" },
		"one street":               func(a *guard.Attempt, n int) { a.Street = fmt.Sprint(n, " Main Street") },
		"a dormitory":              func(a *guard.Attempt, _ int) { a.Street = "100 College Avenue" },
		"short words of their own": func(a *guard.Attempt, _ int) { a.Words = "Please vote yes." },
		"the campaign's words":     func(a *guard.Attempt, _ int) { a.Words = "" },
	} {
		g := newGuard(limits, true)
		for n := range 60 {
			a := person(n)
			a.Campaign, a.ZIP, a.Network = "one", "82001", netip.MustParsePrefix("192.0.2.1/32")
			change(&a, n)
			if v := g.Judge(a, noon); v.Freeze != "" || v.Confirm {
				t.Fatalf("%s: letter %d gets %+v", name, n+1, v)
			}
		}
	}
}

func TestRepeatsCountOnce(t *testing.T) {
	g := newGuard(all(), true)
	for n := range 100 {
		if v := g.Judge(person(1), noon.Add(time.Duration(n)*time.Second)); v != (guard.Verdict{}) {
			t.Fatalf("post %d of one letter gets %+v", n+1, v)
		}
	}
}

func TestLimitsAreForgotten(t *testing.T) {
	g := newGuard(all(), true)
	now := noon
	for n := range 50 {
		a := person(n)
		a.Network = netip.MustParsePrefix("192.0.2.1/32")
		if v := g.Judge(a, now); v.Confirm || v.Freeze != "" {
			t.Fatalf("person %d, one every quarter of an hour, gets %+v", n, v)
		}
		now = now.Add(15 * time.Minute)
	}
}

func TestSEC_BOMB_3_ACrowdFromOneNetworkWaits(t *testing.T) {
	limits := guard.Limits{NetworkPeople: 30, Confirmations: 600}
	g := newGuard(limits, true)
	soon := 0
	for n := range 10_000 {
		a := person(n)
		a.Network = guard.NetworkOf(netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 15: byte(n)}))
		v := g.Judge(a, noon.Add(time.Duration(n)*60*time.Millisecond))
		if v.Confirm != (n >= 30) {
			t.Fatalf("person %d gets %+v", n+1, v)
		}
		if v.Confirm && v.After <= 10*time.Minute {
			soon++
		}
		if heavy := strings.HasPrefix(v.Freeze, "network: "); heavy != (n >= 120) {
			t.Fatalf("person %d gets %+v", n+1, v)
		}
		if n%100 == 0 { // somebody else, elsewhere
			if v := g.Judge(person(20_000+n), noon); v != (guard.Verdict{}) {
				t.Fatalf("a bystander gets %+v", v)
			}
		}
	}
	if soon > 10 {
		t.Errorf("%d mails that ask to confirm go out within ten minutes", soon)
	}
	if d := g.Doings(noon.Add(10 * time.Minute)); d.Crowds != 1 || d.Asked != 9970 || d.Frozen[guard.Network] != 9880 {
		t.Errorf("the operator is told %+v", d)
	}
	if d := g.Doings(noon.Add(5 * time.Hour)); d.Crowds != 0 || d.Asked != 0 || len(d.Frozen) != 0 {
		t.Errorf("hours later the operator is told %+v", d)
	}
}

func TestWithoutMailACrowdIsPutAside(t *testing.T) {
	g := newGuard(guard.Limits{NetworkPeople: 2}, false)
	for n := range 4 {
		a := person(n)
		a.Network = netip.MustParsePrefix("192.0.2.1/32")
		if v := g.Judge(a, noon); v.Confirm || (v.Freeze != "") != (n >= 2) {
			t.Errorf("person %d gets %+v", n+1, v)
		}
	}
}

func TestUnknownNetworksAreNotCounted(t *testing.T) {
	limits := all()
	g := newGuard(limits, true)
	for n := range 100 {
		a := person(n)
		a.Network = netip.Prefix{}
		if v := g.Judge(a, noon); v != (guard.Verdict{}) {
			t.Fatalf("person %d gets %+v", n, v)
		}
		if wait := g.Posted(netip.Prefix{}, noon); wait != 0 {
			t.Fatalf("post %d has to wait %s", n, wait)
		}
	}
}

func TestFloodsWait(t *testing.T) {
	g := newGuard(guard.Limits{Posts: 60}, true)
	flooding, other := netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("192.0.2.2/32")
	for n := range 60 {
		if wait := g.Posted(flooding, noon); wait != 0 {
			t.Fatalf("post %d has to wait %s", n+1, wait)
		}
	}
	if wait := g.Posted(flooding, noon); wait != time.Second {
		t.Errorf("one too many has to wait %s", wait)
	}
	if g.Posted(other, noon) != 0 {
		t.Error("another network has to wait")
	}
	if g.Posted(flooding, noon.Add(time.Second)) != 0 || g.Posted(flooding, noon.Add(time.Second)) == 0 {
		t.Error("after a second it is not exactly one more")
	}
	if d := g.Doings(noon); d.Flooded != 2 {
		t.Errorf("the operator is told of %d", d.Flooded)
	}
}

func TestGuessesWait(t *testing.T) {
	g := newGuard(guard.Limits{}, true)
	guessing := netip.MustParsePrefix("192.0.2.1/32")
	n := 0
	for ; g.Guessing(guessing, noon) == 0 && n < 1000; n++ {
		g.Guessed(guessing, noon)
	}
	if n != 60 {
		t.Errorf("%d guesses in one go", n)
	}
	if g.Guessing(guessing, noon.Add(time.Minute)) != 0 || g.Guessing(netip.Prefix{}, noon) != 0 {
		t.Error("it has to wait for ever, or those of unknown networks do")
	}
}

// TestMemoryIsBounded floods the counts with ever new keys.
func TestMemoryIsBounded(t *testing.T) {
	g := newGuard(all(), true)
	now := noon
	for n := range 150_000 {
		a := person(n)
		a.Network = guard.NetworkOf(netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, byte(n >> 16), byte(n >> 8), byte(n)}))
		g.Judge(a, now)
		g.Posted(a.Network, now)
		now = now.Add(time.Millisecond)
	}
	if v := g.Judge(person(1_000_000), now); v != (guard.Verdict{}) {
		t.Errorf("after a flood of keys somebody gets %+v", v)
	}
}

func BenchmarkJudge(b *testing.B) {
	limits := all()
	limits.OfficeLetters, limits.CampaignLetters = 1000, 0
	g := newGuard(limits, true)
	people := make([]guard.Attempt, 4096)
	for i := range people {
		people[i] = person(i)
		people[i].Campaign, people[i].Words, people[i].Offices = "one", ownWords, []string{fmt.Sprint("office ", i%435)}
	}
	n := 0
	for b.Loop() {
		g.Judge(people[n%len(people)], noon)
		n++
	}
}

// TestSEC_FRAUD_4_EveryOfficeOfAFormIsCounted: forms that write to three members each come
// to the limit of a senator whom they share, though each goes to another Representative.
func TestSEC_FRAUD_4_EveryOfficeOfAFormIsCounted(t *testing.T) {
	for name, others := range map[string][]string{"with senators": {"SCA01", "SCA02"}, "the control": nil} {
		g := newGuard(guard.Limits{OfficeLetters: 20}, true)
		for n := range 30 {
			a := person(n)
			a.Offices = append([]string{fmt.Sprintf("HCA%02d", n)}, others...)
			v := g.Judge(a, noon)
			if frozen := strings.HasPrefix(v.Freeze, "office: "); frozen != (others != nil && n >= 20) {
				t.Errorf("%s: form %d gets %+v", name, n+1, v)
			}
		}
	}
}
