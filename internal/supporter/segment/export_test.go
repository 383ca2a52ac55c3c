package segment

import (
	"os"
	"reflect"
	"testing"
)

// Same compares the trees, not their texts.
func Same(a, b Segment) bool { return reflect.DeepEqual(a.expr, b.expr) }

// TestMain makes blocks of a few people, so that a test has many.
func TestMain(m *testing.M) {
	blockPeople = 7
	os.Exit(m.Run())
}
