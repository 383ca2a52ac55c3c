package databuild

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// whole is the Congress whose lines are complete in any data folder. Others inherit from
// it what they have no lines of their own for.
const whole congress.Number = 119

const (
	coarseNote    = "No full-resolution file was at hand: lines good to about 100 m, cut at the shore."
	sameNote      = "The state's own file for this Congress shows the same lines."
	unmappedNote  = "No relation of ZIP codes and districts is published for these lines: any of the state's districts is possible for a ZIP code."
	overlapNote   = "ZIP codes: the districts that share a census block with those of the 119th Congress in which the ZIP code area lies."
	singleNote    = "The whole state is one district."
	unchanged118  = "The state's lines did not change between the 118th and the 119th Congress."
	unchanged120  = "The state submitted no new lines for the 120th Congress to the Census Bureau."
	inheritedNote = "Lines of the %s Congress, kept."
)

// term is one Congress's part of a build.
type term struct {
	number congress.Number
	own    map[congress.State][]outline // states with lines of their own
	coarse []congress.State             // of these, the generalised ones
	// given are the states whose lines come from a file that plans.json names, so that the
	// Census Bureau's relation of ZIP codes does not hold for them.
	given   []congress.State
	missing []congress.State // states without a plan
}

// plans decides for each Congress and state which lines there are, and enters the plans.
func (b *builder) plans() error {
	numbers, err := b.numbers()
	if err != nil {
		return err
	}
	if err := b.readOverrides(numbers); err != nil {
		return err
	}
	for _, n := range numbers {
		if err := b.draft(n); err != nil {
			return err
		}
	}
	if err := b.keepOthers(numbers); err != nil {
		return err
	}
	if err := b.inherit(); err != nil {
		return err
	}
	for _, t := range b.terms {
		if err := b.sayTerm(t); err != nil {
			return err
		}
	}
	slices.SortStableFunc(b.manifest.Plans, func(p, q district.Plan) int {
		return cmp.Or(cmp.Compare(p.Congress, q.Congress), cmp.Compare(p.State, q.State), p.From.Compare(q.From))
	})
	return nil
}

func (b *builder) draft(n congress.Number) error {
	t := &term{number: n, own: map[congress.State][]outline{}}
	b.terms = append(b.terms, t)
	files, err := b.tigerLines(n)
	if err != nil {
		return err
	}
	for _, state := range congress.States() {
		if err := b.ctx.Err(); err != nil {
			return err
		}
		rules := b.overrides.of(state, n)
		if len(rules) == 0 {
			rules = []override{{}}
		}
		for _, rule := range rules {
			p := district.Plan{State: state, Congress: n, From: n.Start(), To: n.End()}
			rule.apply(&p)
			if err := b.choose(t, p, rule, files[state]); err != nil {
				return err
			}
		}
	}
	return nil
}

// choose finds the lines of one plan: those that an override names, the state's own file,
// or those of the whole Congress where nothing changed. Otherwise the state has no plan.
func (b *builder) choose(t *term, p district.Plan, rule override, census district.Input) error {
	switch {
	case rule.Inherits != 0:
		p.Inherits = rule.Inherits
		b.enter(p, fmt.Sprintf(inheritedNote, p.Inherits))
	case rule.File != "":
		t.given = append(t.given, p.State)
		return b.ownLines(t, p, district.Input{
			Name: path.Clean(rule.File), Source: rule.Source, Vintage: rule.Dated, Licence: "as its publisher says: " + rule.Source,
		})
	case census.Name != "":
		return b.ownLines(t, p, census)
	case t.number == whole:
		return b.coarsePlan(t, p)
	default:
		note, ok := keeps(t.number, p.State)
		if !ok {
			t.missing = append(t.missing, p.State)
			return nil
		}
		p.Inherits = whole
		b.enter(p, note)
	}
	return nil
}

// enter puts a plan into the manifest, with a note before its own.
func (b *builder) enter(p district.Plan, note string) {
	p.Note = joinNotes(note, p.Note)
	b.manifest.Plans = append(b.manifest.Plans, p)
}

func joinNotes(first, second string) string { return strings.TrimSpace(first + " " + second) }

// keeps reports whether a state without a file for the Congress is known to have the
// lines of the 119th, and why.
func keeps(n congress.Number, state congress.State) (note string, ok bool) {
	var changed string
	switch {
	case state.AtLarge():
		return singleNote, true
	case n == 118: // compared with the Bureau's own files for the 118th
		changed, note = "AL GA LA NC NY", unchanged118
	case n == 120: // its page about the block files of the 120th, of 2026-08-31, as reported
		changed, note = "AL CA FL LA MO NC OH TN TX UT", unchanged120
	default:
		return "", false
	}
	return note, !strings.Contains(changed, string(state))
}

// ownLines reads a state's file. Lines that are those of the whole Congress to the last
// vertex are inherited from there.
func (b *builder) ownLines(t *term, p district.Plan, in district.Input) error {
	if t.own[p.State] != nil {
		return fmt.Errorf("%s: the %s Congress already has lines of %s", in.Name, t.number, p.State)
	}
	raw, err := b.input(in)
	if err != nil {
		return err
	}
	found, err := tigerOutlines(t.number, p.State, raw)
	if err == nil {
		err = complete(p.State, found)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", in.Name, err)
	}
	if t.number != whole && slices.EqualFunc(found, b.terms[0].own[p.State], outline.equal) {
		p.Inherits = whole
		b.enter(p, sameNote)
		return nil
	}
	t.own[p.State] = found
	p.Lines, p.Source, p.SHA256 = in.Vintage, in.Source, checksum(raw)
	b.enter(p, "")
	return nil
}

// coarsePlan takes the generalised lines of a state of the whole Congress.
func (b *builder) coarsePlan(t *term, p district.Plan) error {
	in := coarseLines()
	if b.coarse == nil {
		raw, err := b.input(in)
		if err != nil {
			return err
		}
		b.coarse = raw
	}
	found, err := coarseOutlines(b.coarse, p.State)
	if err == nil {
		err = complete(p.State, found)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", in.Name, err)
	}
	t.own[p.State] = found
	t.coarse = append(t.coarse, p.State)
	p.Lines, p.Coarse, p.Source, p.SHA256 = in.Vintage, true, in.Source, checksum(b.coarse)
	b.enter(p, coarseNote)
	return nil
}

// inherit fills in the plans that keep other lines with what is said of those.
func (b *builder) inherit() error {
	own := func(state congress.State, n congress.Number) *district.Plan {
		for i := range b.manifest.Plans {
			if p := &b.manifest.Plans[i]; p.State == state && p.Congress == n {
				return p
			}
		}
		return nil
	}
	for i := range b.manifest.Plans {
		p := &b.manifest.Plans[i]
		if p.Inherits == 0 {
			continue
		}
		origin := own(p.State, p.Inherits)
		for range b.terms { // one that inherits itself leads on
			if origin != nil && origin.Inherits != 0 {
				origin = own(p.State, origin.Inherits)
			}
		}
		if origin == nil || origin.Inherits != 0 || origin == p {
			return fmt.Errorf("%s: there are no lines of the %s Congress to inherit", p, p.Inherits)
		}
		p.Inherits = origin.Congress
		p.Lines, p.Coarse, p.Source, p.SHA256 = origin.Lines, origin.Coarse, origin.Source, origin.SHA256
	}
	return nil
}

func (b *builder) sayTerm(t *term) error {
	if t.number == whole {
		if len(t.own) == 0 {
			return errors.New("no state has lines of the " + whole.String() + " Congress")
		}
		return b.say("lines of %d states in full resolution, of %d at 1:500,000", len(t.own)-len(t.coarse), len(t.coarse))
	}
	if len(t.missing) > 0 {
		if err := b.say("%s: NO lines of %s: their districts will be unknown", t.number, stateNames(t.missing)); err != nil {
			return err
		}
	}
	return b.say("%s: lines of their own for %d states, the others keep those they had", t.number, len(t.own))
}

func stateNames(states []congress.State) string {
	names := make([]string, len(states))
	for i, s := range states {
		names[i] = string(s)
	}
	return strings.Join(names, " ")
}
