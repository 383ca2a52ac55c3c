// Package paper lays letters out for a printer: one PDF for each office, a cover sheet in
// front and every letter on pages of its own. It knows nothing of databases; who prints
// and why is the business of package letter.
package paper
