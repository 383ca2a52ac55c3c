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
	final := "'accepted','withdrawn','frozen'"
	if !resends {
		final += ",'unknown'"
	}
	// One of unknown fate that its owner reported is never sent again, so it stays what it is.
	err = d.QueryRow("SELECT count(*) FROM letters l JOIN submissions s ON s.id = l.submission_id WHERE l.state NOT IN (" + final +
		") AND NOT (l.state = 'unknown' AND s.disowned_at > 0)").Scan(&n)
	return n, err
}

// read collects what the database knows.
func (e *evidence) read(d *sql.DB, sqlite bool) error {
	for _, part := range []func(*sql.DB) error{e.readLetters, e.readCounts, e.readChains, e.readLog} {
		if err := part(d); err != nil {
			return err
		}
	}
	if sqlite {
		return e.readIntegrity(d)
	}
	return e.readIndexes(d)
}

func (e *evidence) readLetters(d *sql.DB) error {
	rows, err := d.Query(`SELECT s.id, s.key, s.email, s.joined,
		(SELECT count(*) FROM letters l WHERE l.submission_id = s.id),
		(SELECT count(DISTINCT c.purpose) FROM consents c WHERE c.supporter_id = s.supporter_id AND c.withdrawn_at = 0),
		coalesce(l.delivery_id, ''), coalesce(l.office, ''), coalesce(l.state, ''), coalesce(l.attempts, 0),
		coalesce((SELECT h.to_state FROM letter_history h WHERE h.letter_id = l.id ORDER BY h.seq DESC LIMIT 1), ''),
		(SELECT count(*) FROM letter_history h WHERE h.letter_id = l.id AND h.to_state = 'sending' AND h.from_state <> 'sending'),
		(SELECT count(*) FROM letter_history h WHERE h.letter_id = l.id AND h.to_state = 'sending' AND h.from_state <> 'sending'
			AND s.disowned_at > 0 AND h.at > s.disowned_at + $1)
		FROM submissions s LEFT JOIN letters l ON l.submission_id = s.id`, inHand.Milliseconds())
	if err != nil {
		return fmt.Errorf("read the submissions: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var r row
		err := rows.Scan(&r.id, &r.key, &r.email, &r.joined, &r.letters, &r.consents, &r.deliveryID, &r.office, &r.state, &r.tries, &r.lastMove, &r.sendings, &r.against)
		if err != nil {
			return err
		}
		if r.email, err = e.ring.open(r.email); err != nil {
			return fmt.Errorf("the e-mail address of %s: %w", r.id, err)
		}
		e.rows = append(e.rows, r)
	}
	return rows.Err()
}

func (e *evidence) readCounts(d *sql.DB) error {
	err := d.QueryRow("SELECT coalesce(sum(submitted), 0), coalesce(sum(delivered), 0), coalesce(sum(joined), 0) FROM campaign_counts").
		Scan(&e.counts.submitted, &e.counts.delivered, &e.counts.joined)
	if err != nil {
		return fmt.Errorf("read the counters: %w", err)
	}
	return nil
}

// readChains finds histories in which a line does not begin where the one before it ended,
// or in which one is missing.
func (e *evidence) readChains(d *sql.DB) (err error) {
	e.chains, err = texts(d, `SELECT DISTINCT letter_id FROM (
		SELECT letter_id, seq, from_state, lag(to_state, 1, '') OVER history AS stood, row_number() OVER history AS number
		FROM letter_history WINDOW history AS (PARTITION BY letter_id ORDER BY seq)) h
		WHERE from_state <> stood OR seq <> number LIMIT 20`)
	return err
}

// readLog counts the reports in the log of acts, by submission.
func (e *evidence) readLog(d *sql.DB) error {
	reports, err := texts(d, "SELECT subject FROM audit WHERE action = 'letter.disowned'")
	e.disowned = map[string]int{}
	for _, submission := range reports {
		e.disowned[submission]++
	}
	return err
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

// readIndexes lets PostgreSQL compare each of our indexes with its table (amcheck).
func (e *evidence) readIndexes(d *sql.DB) error {
	if _, err := d.Exec("CREATE EXTENSION IF NOT EXISTS amcheck"); err != nil {
		return fmt.Errorf("amcheck, a part of PostgreSQL's contrib, is missing: %w", err)
	}
	indexes, err := texts(d, `SELECT c.oid::regclass::text FROM pg_class c JOIN pg_am a ON a.oid = c.relam
		WHERE c.relkind = 'i' AND a.amname = 'btree' AND c.relnamespace = 'public'::regnamespace`)
	if err != nil {
		return err
	}
	for _, index := range indexes {
		if _, err := d.Exec("SELECT bt_index_check($1::regclass, true)", index); err != nil {
			e.integrity = append(e.integrity, fmt.Sprintf("amcheck of %s: %v", index, err))
		}
	}
	return nil
}

// texts returns the one text column of a query.
func texts(d *sql.DB, statement string) (all []string, err error) {
	rows, err := d.Query(statement)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}
