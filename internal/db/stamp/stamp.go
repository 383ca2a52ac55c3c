// Package stamp is the one type for times in the database: milliseconds since 1970 in a
// bigint column, because that is the only form that SQLite and PostgreSQL store, compare
// and hand back alike. Zero means "never".
package stamp

import "time"

// Time is a moment in milliseconds since 1970-01-01 UTC. The zero value means never.
type Time int64

// Of returns t cut to milliseconds. The zero time.Time becomes the zero Time.
func Of(t time.Time) Time {
	if t.IsZero() {
		return 0
	}
	return Time(t.UnixMilli())
}

// Time returns the moment in UTC. The zero Time becomes the zero time.Time.
func (t Time) Time() time.Time {
	if t == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(t)).UTC()
}

// IsZero reports whether t means never.
func (t Time) IsZero() bool { return t == 0 }

// Add returns t plus d, cut to milliseconds.
func (t Time) Add(d time.Duration) Time { return t + Time(d.Milliseconds()) }

// String returns t as RFC 3339 with milliseconds, or "never".
func (t Time) String() string {
	if t == 0 {
		return "never"
	}
	return t.Time().Format("2006-01-02T15:04:05.000Z07:00")
}
