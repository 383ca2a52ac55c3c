package tiger_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/databuild/tiger"
)

// TestRealCountiesLoseNothing compiles the two counties that are at hand: every side of the
// files becomes a row, under its own first and last number. In which district it lies is
// tried where the lines are, in TestStreetsOfRealCounties.
func TestRealCountiesLoseNothing(t *testing.T) {
	dir := sharedGeo(t, "tiger-addr")
	for _, tt := range []struct {
		code, file string
		edges      bool
		features   int
		sides      int
	}{
		{"30059", "tl_2021_30059_addrfeat.zip", false, 677, 878},
		{"37143", "tl_2020_37143_edges.zip", true, 3260, 2842},
	} {
		t.Run(tt.code, func(t *testing.T) {
			raw, err := os.ReadFile(filepath.Join(dir, tt.file))
			if err != nil {
				t.Fatal(err)
			}
			files := tiger.Files{AddrFeat: file(raw)}
			if tt.edges {
				files = tiger.Files{Edges: file(raw)}
			}
			c := county(t, tt.code, files)
			if c.Counts[tiger.Features] != tt.features || c.Counts[tiger.Sides] != tt.sides || c.Counts[tiger.Kept] != tt.sides {
				t.Errorf("%v", c.Counts)
			}
			l, counts := compile(t, &tiger.Plans{Congresses: []congress.Number{119}}, nil, c)
			if counts[tiger.RowsWritten] != len(c.Ranges) {
				t.Errorf("%v", counts)
			}
			for _, r := range c.Ranges {
				for _, number := range []string{r.From, r.To} {
					if got := l.find(r.ZIP, c.Names[r.Name], number, 0); len(got) != 1 {
						t.Errorf("%s %s, %05d: %q", number, c.Names[r.Name], r.ZIP, got)
					}
				}
			}
			t.Logf("%v %v", c.Counts, counts)
		})
	}
}

func sharedGeo(t *testing.T, folder string) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "..", "shared", "geo", folder)
	if _, err := os.Stat(dir); err != nil {
		t.Skip("needs the raw data in ../shared/geo beside the checkout")
	}
	return dir
}

// TestRealBlocks reads the plans of two states.
func TestRealBlocks(t *testing.T) {
	dir := sharedGeo(t, "bef")
	for _, tt := range []struct {
		file             string
		state            congress.State
		blocks, counties int
	}{
		{"53_WA_cd_blocks_2022plan.csv.gz", "WA", 158_093, 39},
		{"45_SC_cd_blocks_2022plan.csv.gz", "SC", 146_844, 46},
	} {
		raw, err := os.ReadFile(filepath.Join(dir, tt.file))
		if err != nil {
			t.Fatal(err)
		}
		blocks, counts, err := tiger.ReadBlocks(bytes.NewReader(raw), int64(len(raw)), []congress.State{tt.state})
		if err != nil || counts[tiger.BlocksKept] != tt.blocks || counts[tiger.BlockRows] != tt.blocks || len(blocks.Counties()) != tt.counties {
			t.Errorf("%s: %v, %d counties, %v", tt.file, counts, len(blocks.Counties()), err)
		}
	}
}
