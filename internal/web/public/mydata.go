package public

import "github.com/franklin-letters/franklin/internal/web/ui"

// MyDataPage asks whose data somebody wants to see, at "/my-data".
type MyDataPage struct {
	ui.Page
	Sent   bool // the same is said about every address
	CanAsk bool // mail leaves from here
	Typed  string
	Wrong  bool // what was typed is no address
}

func (p MyDataPage) title() string {
	if p.Sent {
		return p.L.DataSentTitle()
	}
	return p.L.DataTitle()
}

func (p MyDataPage) frame() ui.Page {
	f := inside(p.Page, p.title())
	f.Failed = p.Wrong
	return f
}

func (p MyDataPage) field() ui.Field {
	f := ui.Field{Name: "email", Label: p.L.DataEmail(), Hint: p.L.DataEmailHint(), Value: p.Typed, Type: "email", Autocomplete: "email", Plain: true}
	if p.Wrong {
		f.Error = p.wrong()
	}
	return f
}

func (p MyDataPage) wrong() string {
	if p.Typed == "" {
		return p.L.ErrorEmailMissing()
	}
	return p.L.ErrorEmailInvalid()
}

func (p MyDataPage) mistakes() []ui.Mistake { return []ui.Mistake{{Field: "email", Text: p.wrong()}} }

// OwnDataPage is behind a mailed link, at "/my-data/{token}": there its reader sees what is
// held about them, or has it erased.
type OwnDataPage struct {
	ui.Page
	Token  string
	Masked string
	Leave  string // where to take back what they agreed to
	Got    bool   // the link has given out the data
	Sure   bool   // the page asks once more before it erases
	Gone   bool   // they were erased
	Moving bool   // but for a letter that is on its way
}

func (p OwnDataPage) path() string { return "/my-data/" + p.Token }

// posted is the page at the address to which its button posts.
func (p OwnDataPage) posted() ui.Page {
	page := p.Page
	page.Path = p.path() + "/erase"
	return page
}

func (p OwnDataPage) title() string {
	switch {
	case p.Gone:
		return p.L.DataGoneTitle()
	case p.Sure:
		return p.L.DataSureTitle()
	}
	return p.L.DataPageTitle()
}

func (p OwnDataPage) frame() ui.Page { return inside(p.Page, p.title()) }
