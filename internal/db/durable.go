package db

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Setting is one setting of the engine on which the durability of a commit depends.
type Setting struct {
	Name  string
	Value string
	// Safe tells whether an acknowledged commit survives a power cut with this value.
	Safe bool
	// Ours tells whether Franklin sets it; the others belong to the database server.
	Ours bool
}

// setting is a question to the engine and the answers that are safe.
type setting struct {
	name, statement string
	safe            []string
	ours            bool
}

var (
	sqliteSettings = []setting{
		{"journal_mode", "PRAGMA journal_mode", []string{"wal"}, true},
		{"synchronous", "PRAGMA synchronous", []string{"2", "3"}, true},
		{"foreign_keys", "PRAGMA foreign_keys", []string{"1"}, true},
	}
	postgresSettings = []setting{
		{"synchronous_commit", "SHOW synchronous_commit", []string{"on", "remote_apply"}, true},
		{"fsync", "SHOW fsync", []string{"on"}, false},
		{"full_page_writes", "SHOW full_page_writes", []string{"on"}, false},
	}
)

// Durability asks the engine for the settings on which durability depends, as they are on
// a writing connection.
func (d *DB) Durability(ctx context.Context) ([]Setting, error) {
	questions := sqliteSettings
	if d.engine == Postgres {
		questions = postgresSettings
	}
	answers := make([]Setting, 0, len(questions))
	for _, q := range questions {
		var value string
		if err := d.writer.QueryRowContext(ctx, q.statement).Scan(&value); err != nil {
			return nil, Fault(fmt.Errorf("read the setting %s: %w", q.name, err))
		}
		answers = append(answers, Setting{Name: q.name, Value: value, Safe: slices.Contains(q.safe, value), Ours: q.ours})
	}
	return answers, nil
}

// checkDurable refuses a database on which our own settings did not take, for example a
// file on a network folder that cannot do WAL.
func (d *DB) checkDurable(ctx context.Context) error {
	settings, err := d.Durability(ctx)
	if err != nil {
		return err
	}
	for _, s := range settings {
		if s.Ours && !s.Safe {
			err = errors.Join(err, fmt.Errorf("database setting %s is %s: a commit would not survive a power cut", s.Name, s.Value))
		}
	}
	return err
}
