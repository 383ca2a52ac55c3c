package tiger

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/congress"
)

// maxBlocks bounds the unpacked text of a block equivalency file, in bytes. The national
// one has 8 million rows and takes 160 MB.
const maxBlocks = 1 << 30

// Blocks is a plan of districts as a list of census blocks.
type Blocks struct {
	list  []uint64          // block and code in the lowest byte, ordered; once each
	split map[uint64][]Code // blocks given to several districts
}

// ReadBlocks reads the blocks of the states out of a block equivalency file of so many
// bytes: rows of GEOID,CDFP under a header of these names, as plain text, gzipped, or in
// the Bureau's own zip file. Of a zip file with a national list only that list is read.
//
// Rows that are not fifteen digits and a district of the state are counted and left out.
// A block given to several districts is split, see Districts.
func ReadBlocks(file io.ReaderAt, size int64, states []congress.State) (*Blocks, Counts, error) {
	b := &blockReader{states: map[string]congress.State{}, counts: Counts{}}
	for _, s := range states {
		b.states[s.FIPS()] = s
	}
	var magic [2]byte
	if _, err := file.ReadAt(magic[:], 0); err != nil {
		return nil, nil, cutShort(err)
	}
	var err error
	switch plain := io.NewSectionReader(file, 0, size); magic {
	case [2]byte{'P', 'K'}:
		err = b.zip(file, size)
	case [2]byte{0x1f, 0x8b}:
		var z *gzip.Reader
		if z, err = gzip.NewReader(plain); err == nil {
			err = b.text(z)
		}
	default:
		err = b.text(plain)
	}
	if err != nil {
		return nil, nil, err
	}
	return b.finish(), b.counts, nil
}

func cutShort(err error) error {
	if errors.Is(err, io.EOF) {
		return errors.New("the file is empty")
	}
	return err
}

type blockReader struct {
	states map[string]congress.State
	list   []uint64
	counts Counts
}

func (b *blockReader) zip(file io.ReaderAt, size int64) error {
	z, err := zip.NewReader(file, size)
	if err != nil {
		return err
	}
	lists := slices.DeleteFunc(slices.Clone(z.File), func(f *zip.File) bool {
		name := strings.ToLower(f.Name)
		return !strings.HasSuffix(name, ".txt") && !strings.HasSuffix(name, ".csv")
	})
	if i := slices.IndexFunc(lists, func(f *zip.File) bool { return strings.Contains(f.Name, "National") }); i >= 0 {
		lists = lists[i : i+1]
	}
	if len(lists) == 0 {
		return errors.New("no list of blocks in the zip file")
	}
	for _, f := range lists {
		if err := b.member(f); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return nil
}

func (b *blockReader) member(f *zip.File) (err error) {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return b.text(r)
}

func (b *blockReader) text(r io.Reader) error {
	limited := &io.LimitedReader{R: r, N: maxBlocks + 1}
	lines := bufio.NewScanner(limited)
	if !lines.Scan() {
		return errors.Join(errors.New("the file is empty"), lines.Err())
	}
	if header := strings.ToUpper(strings.Trim(lines.Text(), "\ufeff\r ")); !blockHeader(header) {
		return fmt.Errorf("the header is %.40q, not GEOID,CDFP", header)
	}
	for lines.Scan() {
		if row := bytes.TrimSpace(lines.Bytes()); len(row) > 0 {
			b.row(row)
		}
	}
	if limited.N <= 0 {
		return fmt.Errorf("unpacks to more than %d bytes", maxBlocks)
	}
	return lines.Err()
}

// blockHeader accepts the two names; the district's may carry the number of the Congress.
func blockHeader(text string) bool {
	block, district, _ := strings.Cut(strings.ReplaceAll(text, `"`, ""), ",")
	return (block == "GEOID" || block == "GEOID20") && (district == "CDFP" || codeColumn.MatchString(district))
}

func (b *blockReader) row(row []byte) {
	b.counts[BlockRows]++
	id, district, _ := bytes.Cut(row, []byte(","))
	id, district = bytes.Trim(id, `"`), bytes.Trim(district, `" `)
	code, ok := readCode(district)
	if len(id) != 15 || !digits(id) || !ok || code == codeBlank {
		b.counts[BlocksBad]++
		return
	}
	state, ours := b.states[string(id[:2])]
	if !ours {
		b.counts[BlocksElse]++
		return
	}
	if code == codeWater {
		b.counts[BlocksWater]++
		return
	}
	if _, ok := code.seat(state); !ok {
		b.counts[BlocksBad]++
		return
	}
	var block uint64
	for _, c := range id {
		block = block*10 + uint64(c-'0')
	}
	b.list = append(b.list, block<<8|uint64(code))
}

// finish orders the blocks and tells repetitions from splits.
func (b *blockReader) finish() *Blocks {
	slices.Sort(b.list)
	all := &Blocks{split: map[uint64][]Code{}}
	kept := b.list[:0]
	for _, entry := range b.list {
		last := len(kept) - 1
		switch {
		case last < 0 || kept[last]>>8 != entry>>8:
			kept = append(kept, entry)
		case kept[last] == entry || slices.Contains(all.split[entry>>8], Code(entry&0xFF)):
			b.counts[BlocksRepeated]++
		default:
			if all.split[entry>>8] == nil {
				all.split[entry>>8] = []Code{Code(kept[last] & 0xFF)}
			}
			all.split[entry>>8] = append(all.split[entry>>8], Code(entry&0xFF))
		}
	}
	all.list = slices.Clip(kept)
	b.counts[BlocksKept], b.counts[BlocksSplit] = len(all.list), len(all.split)
	return all
}

// Districts returns the district of a block: several, in order, when the block is split,
// none when the plan does not have it.
func (b *Blocks) Districts(block uint64) []Code {
	if codes := b.split[block]; codes != nil {
		return codes
	}
	i, _ := slices.BinarySearch(b.list, block<<8)
	if i < len(b.list) && b.list[i]>>8 == block {
		return []Code{Code(b.list[i] & 0xFF)}
	}
	return nil
}

// Counties returns the five digits of each county that has blocks in the plan, in order.
func (b *Blocks) Counties() []string {
	var codes []string
	for i := 0; i < len(b.list); {
		county := b.list[i] >> 8 / 1e10
		codes = append(codes, fmt.Sprintf("%05d", county))
		next, _ := slices.BinarySearch(b.list, (county+1)*1e10<<8)
		i = next
	}
	return codes
}
