package datasync

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"path"
	"strings"
)

// listed is one line of a SHA256SUMS file.
type listed struct {
	path string // below the folder of the list, with slashes
	sum  string // 64 lower-case hexadecimal digits
}

// The largest list that is read, and its longest line, in bytes. A mirror of every county
// of the country has about 10,000 lines.
const (
	maxSums     = 8 << 20
	maxSumsLine = 4096
)

// readSums reads what sha256sum writes: a checksum, a blank, a blank or an asterisk, and
// a path. Paths that lead out of the folder are refused; empty lines are passed over.
func readSums(r io.Reader) ([]listed, error) {
	var list []listed
	lines := bufio.NewScanner(io.LimitReader(r, maxSums))
	lines.Buffer(make([]byte, 0, maxSumsLine), maxSumsLine)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSuffix(lines.Text(), "\r")
		if strings.TrimSpace(line) == "" {
			continue
		}
		sum, name, found := strings.Cut(line, " ")
		if raw, err := hex.DecodeString(sum); !found || err != nil || len(raw) != 32 || len(name) < 2 {
			return nil, fmt.Errorf("SHA256SUMS, line %d: want a checksum and a file name", n)
		}
		name = strings.TrimPrefix(name[1:], "./")
		if clean := path.Clean(name); clean != name || path.IsAbs(name) || name == ".." || strings.HasPrefix(name, "../") || strings.ContainsAny(name, "\\\x00") {
			return nil, fmt.Errorf("SHA256SUMS, line %d: %q is not a path below its folder", n, name)
		}
		list = append(list, listed{path: name, sum: strings.ToLower(sum)})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("SHA256SUMS: %w", err)
	}
	return list, nil
}
