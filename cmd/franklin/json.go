package main

import (
	"encoding/json"
	"fmt"
)

// printJSON writes one value as indented JSON. HTML is not escaped: it goes to a terminal.
func printJSON(con console, value any) error {
	enc := json.NewEncoder(con.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}
