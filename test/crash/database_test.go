package crash

import (
	"database/sql"
	"fmt"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // for plain SQL
	_ "modernc.org/sqlite"             // for plain SQL
)

// openPlain opens the database for the checker, beside or after the server.
func openPlain(address string) (*sql.DB, error) {
	if path, ok := strings.CutPrefix(address, "sqlite:"); ok {
		return sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(10000)")
	}
	return sql.Open("pgx", address)
}

// unsettled counts the letters that are still under way.
func unsettled(d *sql.DB, resends bool) (n int, err error) {
	final := "'accepted'"
	if !resends {
		final += ",'unknown'"
	}
	err = d.QueryRow("SELECT count(*) FROM letters WHERE state NOT IN (" + final + ")").Scan(&n)
	return n, err
}

// read collects what the database knows.
func (e *evidence) read(d *sql.DB, sqlite bool) error {
	rows, err := d.Query(`SELECT s.key, s.email, s.joined,
		(SELECT count(*) FROM letters l WHERE l.submission_id = s.id),
		coalesce(l.delivery_id, ''), coalesce(l.office, ''), coalesce(l.state, ''), coalesce(l.attempts, 0),
		coalesce((SELECT h.to_state FROM letter_history h WHERE h.letter_id = l.id ORDER BY h.seq DESC LIMIT 1), ''),
		(SELECT count(*) FROM letter_history h WHERE h.letter_id = l.id AND h.to_state = 'sending')
		FROM submissions s LEFT JOIN letters l ON l.submission_id = s.id`)
	if err != nil {
		return fmt.Errorf("read the submissions: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.key, &r.email, &r.joined, &r.letters, &r.deliveryID, &r.office, &r.state, &r.tries, &r.lastMove, &r.sendings); err != nil {
			return err
		}
		e.rows = append(e.rows, r)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	err = d.QueryRow("SELECT sum(submitted), sum(delivered), sum(joined) FROM campaign_counts").Scan(&e.counts.submitted, &e.counts.delivered, &e.counts.joined)
	if err != nil {
		return fmt.Errorf("read the counters: %w", err)
	}
	if sqlite {
		return e.readIntegrity(d)
	}
	return nil
}

// readIntegrity asks SQLite whether its file is whole.
func (e *evidence) readIntegrity(d *sql.DB) error {
	var verdict string
	if err := d.QueryRow("PRAGMA integrity_check").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		e.integrity = append(e.integrity, "integrity_check: "+verdict)
	}
	var orphans int
	if err := d.QueryRow("SELECT count(*) FROM pragma_foreign_key_check").Scan(&orphans); err != nil {
		return err
	}
	if orphans > 0 {
		e.integrity = append(e.integrity, fmt.Sprintf("%d rows refer to rows that are not there", orphans))
	}
	return nil
}
