package guard

import (
	"crypto/sha256"
	"encoding/binary"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// Config is what a guard needs.
type Config struct {
	Limits

	Secret  []byte // the installation's
	Proxies Proxies
	// Mail says whether a mail can ask to confirm. Without, what would be asked is put
	// aside for a person.
	Mail bool
	Log  *slog.Logger // of what an operator should know
}

// Guard judges letters. It is safe for concurrent use.
type Guard struct {
	config Config
	forms  Forms
	seed   [sha256.Size]byte // of the hashes under which things are counted
	others atomic.Pointer[map[place]int]

	posts, guesses, signIns, signInMails, signInShares       *flood
	networks, mailboxes, households, offices, campaigns, own *windows
	told                                                     atomic.Int64 // when the log last heard of too many mails
	names, streets                                           patterns
	tally                                                    tally
}

// guessesPerMinute is how many links that do not exist one network may try.
const guessesPerMinute = 60

// New returns a guard that has seen nothing yet.
func New(c Config) *Guard {
	day := 24 * time.Hour
	return &Guard{
		config: c, forms: NewForms(c.Secret, c.FastestForm, c.OldestForm), seed: sha256.Sum256(append([]byte("guard\x00"), c.Secret...)),
		posts: newFlood(c.Posts), guesses: newFlood(guessesPerMinute),
		signIns: newFlood(signInsPerMinute), signInMails: newHourly(signInMailsPerHour), signInShares: newHourly(signInSharesPerHour),
		networks:  newWindows(time.Hour, heavyNetwork*c.NetworkPeople+int(longestAfter/slowly)),
		mailboxes: newWindows(day, c.MailboxLetters), households: newWindows(day, c.HouseholdPeople),
		offices: newWindows(time.Hour, c.OfficeLetters), campaigns: newWindows(time.Hour, c.CampaignLetters), own: newWindows(day, c.SameWords),
		names: patterns{keys: map[uint64][]pair{}}, streets: patterns{keys: map[uint64][]pair{}},
	}
}

// NewKey returns a fresh key for a form of the campaign.
func (g *Guard) NewKey(campaign string, now time.Time) string { return g.forms.New(campaign, now) }

// Renew returns a fresh key for a form that its writer had for long enough: it is not
// taken for too fast, however soon it comes back.
func (g *Guard) Renew(campaign string, now time.Time) string {
	return g.forms.New(campaign, now.Add(-g.config.FastestForm-time.Second))
}

// Form says how fresh the key of a posted form is. With unsigned forms every key of a
// decent length is.
func (g *Guard) Form(key, campaign string, now time.Time) Freshness {
	if g.config.Unsigned {
		if len(key) < 16 {
			return Forged
		}
		return Fresh
	}
	return g.forms.Check(key, campaign, now)
}

// Posted counts a posted form and returns how long its network has to wait; 0: not at all.
func (g *Guard) Posted(network netip.Prefix, now time.Time) time.Duration {
	return g.count(g.posts, network, now)
}

// Guessed counts a link that nobody was given.
func (g *Guard) Guessed(network netip.Prefix, now time.Time) { g.count(g.guesses, network, now) }

// Guessing returns how long a network has to wait because it tried too many links.
func (g *Guard) Guessing(network netip.Prefix, now time.Time) time.Duration {
	if !network.IsValid() {
		return 0
	}
	return g.guesses.spent(g.hash(network.String()), now)
}

func (g *Guard) count(f *flood, network netip.Prefix, now time.Time) time.Duration {
	if !network.IsValid() {
		return 0
	}
	wait := f.wait(g.hash(network.String()), now)
	if wait > 0 {
		g.tally.add("flood", now)
	}
	return wait
}

// Attempt is a letter about to be taken in: clean, complete, to a known office.
type Attempt struct {
	Network  netip.Prefix // zero for not known
	Campaign string
	Offices  []string // to which the form writes
	Person   string   // tells people apart: mailbox and name
	Mailbox  string   // see mail.Mailbox
	First    string
	Last     string
	Street   string
	ZIP      string
	Country  string // from which it comes, where a proxy tells; see Proxies.Country
	Words    string // the person's own; "" for those of the campaign
	Trap     bool   // the field that people do not see was filled in
	Confirm  bool   // the campaign asks everybody to confirm
	Worked   bool   // the browser has done its work, see Guard.Work
}

// Verdict is what becomes of a letter.
type Verdict struct {
	// Confirm asks the mailbox's owner before the letter goes on; After is how long the
	// mail that asks has to wait.
	Confirm bool
	After   time.Duration
	// Freeze puts the letter aside for a person, after it was confirmed if it has to be.
	// It is the reason; "" lets the letter go on.
	Freeze string
}

// Judge counts a letter and says what becomes of it. The same letter of the same person
// counts once, however often it is posted.
func (g *Guard) Judge(a Attempt, now time.Time) Verdict {
	v := Verdict{Confirm: a.Confirm}
	var found []Code
	crowd := g.crowd(a, now)
	heavy := crowd > heavyNetwork*g.config.NetworkPeople
	if crowd > g.config.NetworkPeople && (heavy || !a.Worked) {
		v.Confirm = true
		v.After = min(time.Duration(crowd-g.config.NetworkPeople)*slowly, longestAfter)
		if heavy || !g.config.Mail {
			found = append(found, Network)
		}
	}
	if a.Confirm && !g.config.Mail {
		found = append(found, Unasked)
	}
	found = append(found, g.counted(a, now)...)
	found = append(found, g.looks(a, now)...)
	if len(found) > 0 {
		slices.SortStableFunc(found, func(x, y Code) int { return strings.Compare(string(x), string(y)) })
		v.Freeze = found[0].Reason()
		g.tally.add(string(found[0]), now)
	}
	if v.Confirm && !g.config.Mail {
		v.Confirm, v.After = false, 0
	}
	if v.Confirm {
		g.tally.add("confirm", now)
	}
	return v
}

// How the mails are slowed that ask to confirm: one a minute for a network over its limit,
// but within the days that a letter waits for its confirmation.
const (
	slowly       = time.Minute
	longestAfter = 6 * 24 * time.Hour
)

// crowd returns which one of the people from its network this is. The first one too many
// is told to the operator.
func (g *Guard) crowd(a Attempt, now time.Time) int {
	if g.config.NetworkPeople == 0 || !a.Network.IsValid() {
		return 0
	}
	network := g.hash(a.Network.String())
	n := g.networks.rank(network, g.hash(a.Person), now) + g.elsewhere(string(Network), network)
	if n == g.config.NetworkPeople+1 {
		g.tally.add("crowd", now)
		g.config.Log.Warn("very many people write from one network; their letters wait until they are confirmed", "limit", g.config.NetworkPeople)
	}
	return n
}

// counted are the rules that count the letters of one mailbox, household, office and so on.
func (g *Guard) counted(a Attempt, now time.Time) []Code {
	var found []Code
	on := a.Campaign + "\x00"
	household := on + fold(a.Street) + "\x00" + zip5(a.ZIP)
	own := fold(a.Words)
	if len(own) < minOwnWords {
		own = ""
	}
	for _, rule := range []struct {
		code  Code
		limit int
		of    *windows
		keys  []string
		one   string
	}{
		{Mailbox, g.config.MailboxLetters, g.mailboxes, []string{a.Mailbox}, on + a.Person},
		{Household, g.config.HouseholdPeople, g.households, []string{household}, a.Person},
		{Office, g.config.OfficeLetters, g.offices, a.Offices, on + a.Person},
		{Campaign, g.config.CampaignLetters, g.campaigns, []string{a.Campaign}, a.Person},
		{SameWords, g.config.SameWords, g.own, []string{own}, a.Person},
	} {
		for _, key := range rule.keys {
			if rule.limit == 0 || key == "" {
				continue
			}
			hash := g.hash(key)
			if rule.of.rank(hash, g.hash(rule.one), now)+g.elsewhere(string(rule.code), hash) > rule.limit {
				found = append(found, rule.code)
			}
		}
	}
	return found
}

// looks are the rules that look at the letter itself and at those around it.
func (g *Guard) looks(a Attempt, now time.Time) []Code {
	var found []Code
	if a.Trap && !g.config.NoTrap {
		found = append(found, Trap)
	}
	if a.Country != "" && !slices.Contains(home, a.Country) {
		found = append(found, Abroad)
	}
	if _, domain, _ := strings.Cut(a.Mailbox, "@"); slices.Contains(g.config.Disposable, domain) {
		found = append(found, Disposable)
	}
	low := g.config.Recombined
	if low == 0 {
		return found
	}
	around := []string{a.Campaign + "\x00" + zip5(a.ZIP)}
	if a.Network.IsValid() {
		around = append(around, a.Network.String())
	}
	number, street := splitStreet(a.Street)
	names, streets := false, false
	for _, key := range around {
		at := g.hash(key)
		names = g.names.recombined(at, g.hash(fold(a.First)), g.hash(fold(a.Last)), low, now) || names
		streets = g.streets.recombined(at, g.hash(number), g.hash(street), low, now) || streets
	}
	if names {
		found = append(found, Names)
	}
	if streets {
		found = append(found, Streets)
	}
	return found
}

// hash is the same on all nodes with one secret, and cannot be computed without it.
func (g *Guard) hash(text string) uint64 {
	sum := sha256.Sum256(append(g.seed[:len(g.seed):len(g.seed)], text...))
	return binary.BigEndian.Uint64(sum[:])
}

func zip5(zip string) string { return zip[:min(5, len(zip))] }
