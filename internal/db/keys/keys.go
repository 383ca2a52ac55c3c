// Package keys is the one type for many keys in one argument of a query. Neither engine knows
// the other's lists, but both take a JSON object apart with json_each:
//
//	WHERE p.id IN (SELECT key FROM json_each(sqlc.arg(ids)))
//
// looks each of the keys up in an index, and is one statement for any number of them.
package keys

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
)

// List is a list of keys, none of which counts twice.
type List []string

// Value writes the keys as the names of a JSON object.
func (l List) Value() (driver.Value, error) {
	const each = len(`"",`) + len(":0") + 36 // most keys are UUIDs
	text := append(make([]byte, 0, 2+each*len(l)), '{')
	for i, key := range l {
		if i > 0 {
			text = append(text, ',')
		}
		if plain(key) {
			text = append(append(append(text, '"'), key...), `":0`...)
			continue
		}
		name, err := json.Marshal(key)
		if err != nil {
			return nil, fmt.Errorf("write a list of keys: %w", err)
		}
		text = append(append(text, name...), ":0"...)
	}
	return string(append(text, '}')), nil
}

// plain reports whether a key stands in JSON as it is, as ids and hashes do.
func plain(key string) bool {
	for i := range len(key) {
		if c := key[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
