package letter

import "slices"

// round is the order in which letters leave: campaign after campaign, and within a campaign
// office after office, one letter each. So ten letters of one campaign do not wait for the
// hundred thousand of another, nor an office's few for another one's many.
type round struct {
	campaigns []*turn
	at        int // whose turn it is
}

// turn is a campaign in the round, with its offices.
type turn struct {
	campaign string
	lines    []*line
	at       int
}

// line is the letters of one campaign to one office, the first due first.
type line struct {
	campaign, office string
	ids              []string // read ahead; more may stand behind them
}

// add puts a line into the round, unless it is there.
func (r *round) add(campaign, office string) {
	i := slices.IndexFunc(r.campaigns, func(t *turn) bool { return t.campaign == campaign })
	if i < 0 {
		i = len(r.campaigns)
		r.campaigns = append(r.campaigns, &turn{campaign: campaign})
	}
	t := r.campaigns[i]
	if !slices.ContainsFunc(t.lines, func(l *line) bool { return l.office == office }) {
		t.lines = append(t.lines, &line{campaign: campaign, office: office})
	}
}

// next returns the line whose turn it is, of those to whose office a letter may go; nil
// when there is none. It stays its turn until pop or remove.
func (r *round) next(free func(office string) bool) *line {
	for i := range r.campaigns {
		t := r.campaigns[(r.at+i)%len(r.campaigns)]
		for j := range t.lines {
			at := (t.at + j) % len(t.lines)
			if free(t.lines[at].office) {
				r.at, t.at = (r.at+i)%len(r.campaigns), at
				return t.lines[at]
			}
		}
	}
	return nil
}

// pop takes the first letter of the line that next returned, and passes the turn on.
func (r *round) pop(l *line) (id string) {
	id, l.ids = l.ids[0], l.ids[1:]
	t := r.campaigns[r.at]
	t.at = (t.at + 1) % len(t.lines)
	r.at = (r.at + 1) % len(r.campaigns)
	return id
}

// remove takes the line that next returned out of the round: it is empty.
func (r *round) remove(l *line) {
	t := r.campaigns[r.at]
	t.lines = slices.DeleteFunc(t.lines, func(x *line) bool { return x == l })
	if t.at >= len(t.lines) {
		t.at = 0
	}
	if len(t.lines) > 0 {
		return
	}
	r.campaigns = slices.Delete(r.campaigns, r.at, r.at+1)
	if r.at >= len(r.campaigns) {
		r.at = 0
	}
}
