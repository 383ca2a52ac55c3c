package segment

import (
	"os"
	"reflect"
	"testing"
)

// Same compares the trees, not their texts.
func Same(a, b Segment) bool { return reflect.DeepEqual(a.expr, b.expr) }

// The sizes outside of tests.
var fullBlock, fullPage, fullPiece = blockPeople, facesAtOnce, pieceIDs

// InFullSize makes blocks as large as they really are while a benchmark runs.
func InFullSize(b *testing.B) {
	b.Helper()
	small, few, short := blockPeople, facesAtOnce, pieceIDs
	blockPeople, facesAtOnce, pieceIDs = fullBlock, fullPage, fullPiece
	b.Cleanup(func() { blockPeople, facesAtOnce, pieceIDs = small, few, short })
}

// InOnePiece keeps the ids of a block together as long as f runs.
func InOnePiece(f func()) {
	short := pieceIDs
	pieceIDs = 2 * fullBlock
	defer func() { pieceIDs = short }()
	f()
}

// TestMain makes blocks of a few people, so that a test has many.
func TestMain(m *testing.M) {
	blockPeople, facesAtOnce, pieceIDs = 7, 3, 2
	os.Exit(m.Run())
}
