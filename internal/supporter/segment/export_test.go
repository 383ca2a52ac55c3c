package segment

import (
	"os"
	"reflect"
	"testing"
)

// Same compares the trees, not their texts.
func Same(a, b Segment) bool { return reflect.DeepEqual(a.expr, b.expr) }

// The sizes outside of tests.
var fullBlock, fullPage = blockPeople, facesAtOnce

// InFullSize makes blocks as large as they really are while a benchmark runs.
func InFullSize(b *testing.B) {
	b.Helper()
	small, few := blockPeople, facesAtOnce
	blockPeople, facesAtOnce = fullBlock, fullPage
	b.Cleanup(func() { blockPeople, facesAtOnce = small, few })
}

// TestMain makes blocks of a few people, so that a test has many.
func TestMain(m *testing.M) {
	blockPeople, facesAtOnce = 7, 3
	os.Exit(m.Run())
}
