package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
)

// districts runs the benchmark of the district index, which is a program of its own. It
// ends with an error when it missed a target, and says so itself.
func (b *bench) districts(ctx context.Context) (any, error) {
	if !b.json {
		return nil, districtTool(ctx, os.Stdout)
	}
	var out bytes.Buffer
	err := districtTool(ctx, &out, "-json")
	if !json.Valid(out.Bytes()) {
		return nil, errors.Join(err, errors.New("its report is not JSON"))
	}
	return json.RawMessage(out.Bytes()), err
}

// districtTool runs the program in ./district.
func districtTool(ctx context.Context, out io.Writer, args ...string) error {
	cmd := exec.CommandContext(ctx, "go", append([]string{"run", "./district"}, args...)...) //nolint:gosec // our own program
	cmd.Stdout, cmd.Stderr = out, os.Stderr
	return cmd.Run()
}
