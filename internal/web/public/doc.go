// Package public serves the pages that supporters see: the list of campaigns, a
// campaign with its form, the choice among districts, the review, the receipt.
//
// A page is a typed struct and a templ component of the same name: a handler fills
// ActionPage and renders actionPage(p). Pages hold everything they need; they
// know no request and no database, and every state of each has a fixture in the tests. What
// a person typed travels in the pages' own forms, so nothing is kept on a device that
// others may share.
package public
