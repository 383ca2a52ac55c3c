package crash

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// mutant is the program with one promise broken on purpose.
type mutant struct {
	name string
	// edits are what is written in place of what, by file. Each text must stand in its file
	// exactly once, wherever that is.
	edits map[string][2]string
	// drill runs the program into trouble, and says how often it may be tried: a kill or a
	// cut has to meet the right moment.
	drill func(t *testing.T, program string) *world
	tries int
	// breaks are the invariants one of which must be found broken.
	breaks []string
}

func someKills(t *testing.T, program string) *world {
	t.Helper()
	return storm{kills: 12, resends: true}.over(t, plan{program: program})
}

func someCuts(t *testing.T, program string) *world {
	t.Helper()
	return cutPower(t, program, 6)
}

var broken = []mutant{
	{
		name: "durability off", drill: someCuts, tries: 3, breaks: []string{"I1", "I4"},
		edits: map[string][2]string{
			"internal/db/sqlite.go":  {`"synchronous(FULL)"`, `"synchronous(NORMAL)"`},
			"internal/db/durable.go": {`[]string{"2", "3"}`, `[]string{"1", "2", "3"}`},
		},
	},
	{
		name: "unique index dropped", drill: someKills, tries: 2, breaks: []string{"I1: ", "I3"},
		edits: map[string][2]string{
			"internal/db/migrations/00001_foundation.sql": {
				"scrubbed_at      bigint  NOT NULL DEFAULT 0,\n    UNIQUE (campaign_id, person)", "scrubbed_at      bigint  NOT NULL DEFAULT 0",
			},
		},
	},
	{
		name: "answer before commit", drill: someKills, tries: 2, breaks: []string{"I1"},
		edits: map[string][2]string{
			"internal/letter/batch.go": {
				"	receipts, err := d.insert(ctx, batch)\n",
				`	for i, p := range batch {
		p.answer <- answer{receipt: Receipt{Taken, p.draft.id}}
		batch[i].answer = make(chan answer, 1)
	}
	receipts, err := d.insert(ctx, batch)
`,
			},
		},
	},
	{
		name: "new id per retry", drill: someKills, tries: 3, breaks: []string{"I2", "I4"},
		edits: map[string][2]string{
			"internal/letter/system.go": {
				"ID:                  l.DeliveryID,\n",
				`ID: func() string {
				if l.Attempts > 1 {
					return cwc.DeliveryID(l.DeliveryID+string(rune('a'+l.Attempts)), l.Office)
				}
				return l.DeliveryID
			}(),
`,
			},
		},
	},
	{
		name: "no lock", drill: someKills, tries: 3, breaks: []string{"I2", "I4", "I7"},
		edits: map[string][2]string{
			"internal/db/query/letters.sql.go": {"AND state || '' = $8 AND attempts = $9\n", "AND ($8 = state OR $9 = attempts OR true)\n"},
		},
	},
}

// TestTheMutantsAreNoticed breaks the program in five ways. Were one of them not noticed,
// the drills would prove nothing.
func TestTheMutantsAreNoticed(t *testing.T) {
	if !*mutants {
		t.Skip("only with -mutants: make crash-mutants")
	}
	for _, m := range broken {
		t.Run(m.name, func(t *testing.T) {
			program := m.build(t)
			for try := range m.tries {
				found := m.drill(t, program).broken()
				for _, v := range found[:min(3, len(found))] {
					t.Log("the checker says:", v)
				}
				if m.noticed(found) {
					t.Logf("noticed at try %d: %d invariants are broken", try+1, len(found))
					return
				}
			}
			t.Errorf("the program was broken (%s) and the checker did not notice", m.name)
		})
	}
}

// noticed reports whether one of the invariants is broken that this mutant breaks.
func (m mutant) noticed(found []string) bool {
	for _, v := range found {
		for _, number := range m.breaks {
			if strings.HasPrefix(v, number) {
				return true
			}
		}
	}
	return false
}

// build builds the mutant. The tree stays as it is: the compiler is given other files in
// the place of those that are edited.
func (m mutant) build(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	var overlay struct{ Replace map[string]string }
	overlay.Replace = map[string]string{}
	for name, edit := range m.edits {
		path, err := filepath.Abs(filepath.Join("..", "..", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(source), edit[0]); n != 1 {
			t.Fatalf("%s has changed: the text to break stands in it %d times, not once. Teach this mutant the new text:\n%s", name, n, edit[0])
		}
		copied := filepath.Join(folder, filepath.Base(name))
		if err := os.WriteFile(copied, []byte(strings.Replace(string(source), edit[0], edit[1], 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		overlay.Replace[path] = copied
	}
	list, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	listFile, program := filepath.Join(folder, "overlay.json"), filepath.Join(folder, "franklin")
	if err := os.WriteFile(listFile, list, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := build(program, "-overlay", listFile); err != nil {
		t.Fatal(err)
	}
	return program
}
