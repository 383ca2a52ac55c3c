package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
)

// districts runs the benchmark of the district index, which is a program of its own.
func (b *bench) districts(ctx context.Context) (any, error) {
	if !b.json {
		return nil, districtTool(ctx, os.Stdout, "")
	}
	var out bytes.Buffer
	if err := districtTool(ctx, &out, "", "-json"); err != nil {
		return nil, err
	}
	return json.RawMessage(out.Bytes()), nil
}

// districtTool runs the program in ./district.
func districtTool(ctx context.Context, out io.Writer, dir string, args ...string) error {
	cmd := exec.CommandContext(ctx, "go", append([]string{"run", "./district"}, args...)...) //nolint:gosec // our own program
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, out, os.Stderr
	return cmd.Run()
}
