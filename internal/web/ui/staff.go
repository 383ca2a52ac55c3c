package ui

// Staff is the frame of a page for those who run the site.
type Staff struct {
	Page

	Name, Role string // of the member who is signed in; "" for nobody
	Doors      []Door // where the member may go
}

// Door leads to a page.
type Door struct {
	Path, Label string
	Here        bool // this is the page
}

// Current marks the link to the page itself, for aria-current.
func Current(here bool) string {
	if here {
		return "page"
	}
	return "false"
}
