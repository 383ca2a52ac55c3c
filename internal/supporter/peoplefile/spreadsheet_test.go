package peoplefile_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/supporter/peoplefile"
)

// spreadsheet has LibreOffice open a table and write down what its cells show. The separators
// are the codes of the signs that end a cell, as its filter for text takes them.
func spreadsheet(t *testing.T, table []byte, separators string) [][]string {
	t.Helper()
	office, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skipf("no LibreOffice: %v; see make test-deps", err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "people.csv"), table, 0o600); err != nil {
		t.Fatal(err)
	}
	const utf8, quote, shown = "76", "34", ",1,,0,false,true,false" // "formatted as shown", and no formulas
	said, err := exec.CommandContext(t.Context(), office, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless",
		"--infilter=Text - txt - csv (StarCalc):"+separators+","+quote+","+utf8+",1",
		"--convert-to", "csv:Text - txt - csv (StarCalc):44,"+quote+","+utf8+shown, "--outdir", filepath.Join(dir, "shown"), filepath.Join(dir, "people.csv")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	text, err := os.ReadFile(filepath.Join(dir, "shown", "people.csv"))
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return rows
}

// TestSEC_CSV_1_LibreOfficeShowsWhatIsWritten: a spreadsheet that opens an export computes
// nothing, also when it takes every sign for the end of a cell that it knows, and shows each
// cell as it stands in the file.
func TestSEC_CSV_1_LibreOfficeShowsWhatIsWritten(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("foreign programs take some seconds")
	}
	const sum, computed = "111*411", "45621"
	var people []peoplefile.Record
	for _, begin := range []string{
		"=", "+", "-", "@", "\t=", "\r=", "\n=", "|=", "%=", "＝", "＋", "－", "＠", " =", "\u00a0=", "'=", "''=", `"=`, `""=`, ";=", "a;=", "a,=", "a|=", "a\t=", `a"=`, `a";"=`, "a\n=",
	} {
		cell := begin + sum
		people = append(people, peoplefile.Record{Person: peoplefile.Person{
			Email: "=" + sum + "@example.org", First: cell, Last: cell, Tags: []string{cell}, Custom: map[string]string{"=" + sum: cell},
		}})
	}
	var exported bytes.Buffer
	w := peoplefile.NewCSV(&exported, []string{"=" + sum})
	if err := w.Write(people); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	written, err := csv.NewReader(bytes.NewReader(exported.Bytes())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	shown := spreadsheet(t, exported.Bytes(), "44")
	if len(shown) != len(written) {
		t.Fatalf("%d rows are shown, want %d", len(shown), len(written))
	}
	for i := range shown {
		want := make([]string, len(written[i]))
		for j, cell := range written[i] {
			want[j] = strings.ReplaceAll(cell, "\r", "\n") // to it both end a line
		}
		if !slices.Equal(shown[i], want) {
			t.Errorf("a row is shown as %q, want %q", shown[i], want)
		}
	}
	for _, row := range spreadsheet(t, exported.Bytes(), "44/59/9/124") {
		if slices.ContainsFunc(row, func(cell string) bool { return strings.Contains(cell, computed) }) {
			t.Errorf("with other ends of cells something is computed: %q", row)
		}
	}
	if control := spreadsheet(t, []byte("="+sum+"\n"), "44"); len(control) != 1 || control[0][0] != computed {
		t.Errorf("the spreadsheet computes nothing at all: %q", control)
	}
}
