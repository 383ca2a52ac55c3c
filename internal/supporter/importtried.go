package supporter

import "hash/maphash"

// tried is what a dry run would have done, for rows of the same people further down in the
// file: its transactions are taken back. It holds a few bytes for each person. The nil one,
// of an import that is no dry run, knows nothing.
type tried struct {
	seed  maphash.Seed
	fates map[uint64]fate
}

// fate is what would have become of a person.
type fate struct {
	known bool // they are on record
	on    bool // they are on the list
	left  bool // another program knew that they left, or must not be mailed
}

func newTried() *tried { return &tried{seed: maphash.MakeSeed(), fates: map[uint64]fate{}} }

func (t *tried) of(one *newcomer) fate {
	if t == nil {
		return fate{}
	}
	return t.fates[maphash.String(t.seed, one.key)]
}

// learn adds what became of people.
func (t *tried) learn(people []*newcomer) {
	if t == nil {
		return
	}
	for _, one := range people {
		if one.why != "" {
			continue
		}
		f := fate{known: true, on: !one.off || one.tried.on, left: one.tried.left}
		if _, _, gone := one.left(); gone {
			f.on, f.left = false, true
		}
		t.fates[maphash.String(t.seed, one.key)] = f
	}
}
