package db

import "strings"

// File returns the path of the SQLite file that url names; false for PostgreSQL and for
// what is no address of a database.
func File(url string) (path string, ok bool) {
	path = strings.TrimPrefix(strings.TrimPrefix(url, "sqlite:"), "//")
	if path == "" || strings.HasPrefix(path, ":") || strings.Contains(url, "://") && !strings.HasPrefix(url, "sqlite://") {
		return "", false
	}
	return path, true
}
