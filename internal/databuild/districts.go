package databuild

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// Districts compiles the raw data in rawDir into outDir, the data folder of
// congress/district. Progress gets one line per step for a person to read.
//
// A missing or damaged input is an error that names the file, and outDir then keeps
// what it held. The files are replaced one by one, the manifest last.
func Districts(ctx context.Context, rawDir, outDir string, progress io.Writer) error {
	return DistrictsOver(ctx, nil, rawDir, outDir, progress)
}

// DistrictsOver is Districts for a folder without the lists of ZIP codes, which no
// official address offers: the table of ZIP codes is then taken from base, compiled data
// that is in use. Congresses that rawDir has no lines of are taken over from base as well.
func DistrictsOver(ctx context.Context, base fs.FS, rawDir, outDir string, progress io.Writer) error {
	b := &builder{ctx: ctx, base: base, raw: rawDir, progress: progress, files: map[string][]byte{}, relation: map[congress.Number]pairs{}}
	steps := []func() error{b.zipTable, b.wholeRelation, b.plans, b.zipSeats, b.compileLines}
	for _, step := range steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := step(); err != nil {
			return fmt.Errorf("compile district data: %w", err)
		}
	}
	return b.write(outDir)
}

// builder carries what the steps of one build share.
type builder struct {
	ctx       context.Context //nolint:containedctx // lives as long as the one call that made it
	base      fs.FS           // compiled data to take the table of ZIP codes from; may be nil
	raw       string
	progress  io.Writer
	manifest  district.Manifest
	files     map[string][]byte         // compiled, by name in the data folder
	names     []string                  // of files, in the order they were compiled
	relation  map[congress.Number]pairs // of ZIP codes and districts, once read
	terms     []*term                   // the whole Congress first
	coarse    []byte                    // the file of generalised lines, when a state needs it
	overrides overrides
}

func (b *builder) say(format string, args ...any) error {
	_, err := fmt.Fprintf(b.progress, format+"\n", args...)
	return err
}

// compiled records one file to be written.
func (b *builder) compiled(name string, raw []byte) {
	b.files[name] = raw
	b.names = append(b.names, name)
	b.manifest.Files = append(b.manifest.Files, district.File{Name: name, Bytes: int64(len(raw)), SHA256: checksum(raw)})
}

func (b *builder) write(outDir string) error {
	b.manifest.Format = district.ManifestFormat
	b.manifest.Attribution = attribution()
	manifest, err := json.MarshalIndent(b.manifest, "", " ")
	if err != nil {
		return err
	}
	b.files["manifest.json"] = append(manifest, '\n')
	for _, name := range append(b.names, "manifest.json") {
		if err := replaceFile(filepath.Join(outDir, filepath.FromSlash(name)), b.files[name]); err != nil {
			return err
		}
	}
	return nil
}

// replaceFile puts a whole file in place of the old one, which stays until then.
func replaceFile(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { // #nosec G301 -- public data
		return err
	}
	temp := path + ".new"
	if err := os.WriteFile(temp, content, 0o644); err != nil { // #nosec G306 -- public data
		return err
	}
	return os.Rename(temp, path)
}
