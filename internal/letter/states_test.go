package letter_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/letter"
)

var update = flag.Bool("update", false, "rewrite the tables and the diagram in docs/letters.md")

const docs = "../../docs/letters.md"

// TestDocs: the tables and the diagram that people read are those that the program follows.
func TestDocs(t *testing.T) {
	text, err := os.ReadFile(docs)
	if err != nil {
		t.Fatal(err)
	}
	want := between(t, between(t, between(t, string(text), "states", statesTable()), "moves", movesTable()), "diagram", diagram())
	if want == string(text) {
		return
	}
	if !*update {
		t.Fatalf("%s shows something else than the program has; run with -update", docs)
	}
	if err := os.WriteFile(docs, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// between replaces what stands between two markers.
func between(t *testing.T, text, name, content string) string {
	t.Helper()
	head, rest, ok := strings.Cut(text, "<!-- "+name)
	comment, rest, ok2 := strings.Cut(rest, "-->\n")
	_, tail, ok3 := strings.Cut(rest, "<!-- /"+name+" -->")
	if !ok || !ok2 || !ok3 {
		t.Fatalf("%s has no place for %s", docs, name)
	}
	return head + "<!-- " + name + comment + "-->\n" + content + "<!-- /" + name + " -->" + tail
}

func statesTable() string {
	var table strings.Builder
	table.WriteString("| state | means | lasts at most |\n|---|---|---|\n")
	for _, r := range letter.Rules() {
		lasts := "for good"
		if r.Into != "" {
			lasts = fmt.Sprintf("%s, then *%s*", inWords(r.After), r.Into)
		}
		name := "*" + string(r.State) + "*"
		if r.State.Counts() {
			name += ", counts toward the goal"
		}
		fmt.Fprintf(&table, "| %s | %s | %s |\n", name, r.Meaning, lasts)
	}
	return table.String()
}

func inWords(d time.Duration) string {
	if d%day == 0 {
		return fmt.Sprintf("%d days", d/day)
	}
	return fmt.Sprintf("%d minutes", d/time.Minute)
}

func movesTable() string {
	var table strings.Builder
	table.WriteString("| from | to | who | when |\n|---|---|---|---|\n")
	for _, m := range letter.Moves() {
		fmt.Fprintf(&table, "| %s | %s | %s | %s |\n", m.From, m.To, m.By, m.When)
	}
	return table.String()
}

// diagram draws the moves for Mermaid, each pair of states once with all who may make the move.
func diagram() string {
	var b strings.Builder
	b.WriteString("```mermaid\nstateDiagram-v2\n")
	id := func(s letter.State) string { return strings.ReplaceAll(string(s), "-", "_") }
	for _, r := range letter.Rules() {
		fmt.Fprintf(&b, "    state %q as %s\n", r.State, id(r.State))
	}
	moves := letter.Moves()
	for i, m := range moves {
		same := func(o letter.Move) bool { return o.From == m.From && o.To == m.To }
		if slices.ContainsFunc(moves[:i], same) {
			continue
		}
		var who []string
		for _, o := range moves[i:] {
			if same(o) && !slices.Contains(who, string(o.By)) {
				who = append(who, string(o.By))
			}
		}
		fmt.Fprintf(&b, "    %s --> %s: %s\n", id(m.From), id(m.To), strings.Join(who, ", "))
	}
	for _, r := range letter.Rules() {
		if r.State.Final() {
			fmt.Fprintf(&b, "    %s --> [*]\n", id(r.State))
		}
	}
	b.WriteString("```\n")
	return b.String()
}

func TestEveryStateHasItsRule(t *testing.T) {
	seen := map[letter.State]bool{}
	for _, r := range letter.Rules() {
		if seen[r.State] || r.Meaning == "" {
			t.Errorf("%s is there twice or says nothing", r.State)
		}
		seen[r.State] = true
		if final := r.State.Final(); final != (r.After == 0) || final != (r.Into == "") {
			t.Errorf("%s: final is %v, time-out %s into %q", r.State, final, r.After, r.Into)
		}
		// The clock may make the move that the time-out needs, except that of an attempt: there
		// it is Reconcile's other half.
		if r.Into != "" && !letter.May(r.State, r.Into, letter.ByClock) {
			t.Errorf("the clock may not end %s", r.State)
		}
	}
	for _, m := range letter.Moves() {
		if !seen[m.From] || !seen[m.To] || m.From == m.To && m.From != letter.Waiting || m.When == "" || m.From.Final() != (m.From == letter.Accepted) || m.From.Final() && m.By != letter.ByOffice {
			t.Errorf("the move %+v leads nowhere", m)
		}
	}
}

// TestEveryPathEnds: from every state each way leads to a final one, and by the clock alone.
func TestEveryPathEnds(t *testing.T) {
	for _, r := range letter.Rules() {
		state, steps := r, 0
		for !state.State.Final() {
			i := slices.IndexFunc(letter.Rules(), func(next letter.Rule) bool { return next.State == state.Into })
			if steps++; i < 0 || steps > len(letter.Rules()) {
				t.Fatalf("%s never ends by itself", r.State)
			}
			state = letter.Rules()[i]
		}
	}
}

func TestMay(t *testing.T) {
	all := letter.Rules()
	allowed := 0
	for _, from := range all {
		for _, to := range all {
			for _, by := range []letter.Actor{letter.BySupporter, letter.ByDelivery, letter.ByClock, letter.ByOperator, letter.ByOffice, "somebody"} {
				want := slices.ContainsFunc(letter.Moves(), func(m letter.Move) bool { return m.From == from.State && m.To == to.State && m.By == by })
				if letter.May(from.State, to.State, by) != want {
					t.Errorf("from %s to %s by %s", from.State, to.State, by)
				}
				if want {
					allowed++
				}
			}
		}
	}
	if allowed != len(letter.Moves()) {
		t.Errorf("%d moves for %d lines of the table", allowed, len(letter.Moves()))
	}
	// What may never happen, whatever the table says.
	for _, never := range []struct{ from, to letter.State }{
		{letter.Unknown, letter.Ready},
		{letter.Sending, letter.Ready},
		{letter.Frozen, letter.Sending},
		{letter.Unconfirmed, letter.Sending},
		{letter.Ready, letter.Accepted},
		{letter.Waiting, letter.Accepted},
	} {
		for _, by := range []letter.Actor{letter.BySupporter, letter.ByDelivery, letter.ByClock, letter.ByOperator} {
			if letter.May(never.from, never.to, by) {
				t.Errorf("%s may become %s by %s", never.from, never.to, by)
			}
		}
	}
}
