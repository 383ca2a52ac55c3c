// Package staff serves the pages for those who run the site: signing in, what waits for a
// person, one letter with all its proof, the letters that were put aside, the queue.
//
// They are plain forms that work without JavaScript, below /staff/ on the public listener,
// because members are not where the operator's private page is. Every route names the right
// that it needs (routes.go); without one nobody gets in. What a page does is what the
// commands do, by the same functions, and in the name of the member.
package staff
