package doctor

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/franklin-letters/franklin/internal/datasync/inuse"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/obs"
)

// database judges engine, durability and schema. It opens the database beside a running
// server and changes nothing.
func (d Doctor) database(ctx context.Context) obs.Finding {
	f := obs.Finding{Check: "database", Level: obs.Fail}
	if path, ok := db.File(d.Settings.DB); ok {
		if _, err := os.Stat(path); os.IsNotExist(err) {
			f.Level, f.Detail = obs.Warn, path+" will be made at the first start"
			return f
		}
	}
	base, err := db.Open(ctx, d.Settings.DB, db.Alongside())
	if err != nil {
		f.Detail, f.Do = err.Error(), "Correct --db, or start the database"
		return f
	}
	defer func() { _ = base.Close() }() // it was only read
	settings, err := base.Durability(ctx)
	if err != nil {
		f.Detail = err.Error()
		return f
	}
	for _, s := range settings {
		if !s.Safe {
			f.Detail, f.Do = fmt.Sprintf("%s is %s: a letter could be lost in a power cut", s.Name, s.Value), "Correct it in the database server's settings"
			return f
		}
	}
	return schema(ctx, base)
}

func schema(ctx context.Context, base *db.DB) obs.Finding {
	f := obs.Finding{Check: "database", Level: obs.Warn}
	version, err := base.SchemaVersion(ctx)
	if err != nil || version == 0 {
		f.Detail = string(base.Engine()) + ", empty: it is set up at the first start"
		return f
	}
	if current, err := base.Current(ctx); err != nil || !current {
		f.Detail, f.Do = fmt.Sprintf("%s, schema version %d, of another release", base.Engine(), version), "Back it up; the start of this release's server brings it up to date"
		return f
	}
	f.Level, f.Detail = obs.OK, fmt.Sprintf("%s, schema version %d, commits survive a power cut", base.Engine(), version)
	return f
}

// disk judges the room for the database. That of a PostgreSQL server is not ours to see.
func (d Doctor) disk() obs.Finding {
	path, ok := db.File(d.Settings.DB)
	if !ok {
		return obs.Finding{Check: "disk", Level: obs.OK, Detail: "that of the database server is not seen from here; watch it there"}
	}
	folder := filepath.Dir(path)
	if _, err := os.Stat(folder); os.IsNotExist(err) {
		folder = "." // the folder will be made below some other one of the same disk
	}
	return obs.Disk(folder)
}

func (d Doctor) data() []obs.Finding {
	data, err := inuse.Open(d.Settings.DataDir)
	if err != nil {
		return []obs.Finding{{Check: "district lines", Level: obs.Fail, Detail: err.Error(), Do: "Install the program again"}}
	}
	return Data(data, d.Clock())
}
