package district

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func arcOf(xy ...int32) []vertex {
	var arc []vertex
	for i := 0; i < len(xy); i += 2 {
		arc = append(arc, vertex{xy[i], xy[i+1]})
	}
	return arc
}

func TestChain(t *testing.T) {
	for _, tt := range []struct {
		name       string
		arcs, want [][]vertex
	}{
		{"nothing", nil, nil},
		{"an island", [][]vertex{arcOf(0, 0, 1, 0, 1, 1, 0, 0)}, [][]vertex{arcOf(0, 0, 1, 0, 1, 1, 0, 0)}},
		{
			"three borders, one of them backwards",
			[][]vertex{arcOf(0, 0, 1, 0), arcOf(1, 1, 1, 0), arcOf(1, 1, 0, 1, 0, 0)},
			[][]vertex{arcOf(0, 0, 1, 0, 1, 1, 0, 1, 0, 0)},
		},
		{
			"two lobes that touch in a vertex",
			[][]vertex{arcOf(0, 0, 5, 5), arcOf(5, 5, 9, 0, 9, 9, 5, 5), arcOf(5, 5, 0, 9, 0, 0)},
			[][]vertex{arcOf(5, 5, 9, 0, 9, 9, 5, 5), arcOf(0, 0, 5, 5, 0, 9, 0, 0)},
		},
		{"a line without an end", [][]vertex{arcOf(0, 0, 1, 0), arcOf(1, 0, 1, 1)}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, chain(tt.arcs), cmp.AllowUnexported(vertex{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}
