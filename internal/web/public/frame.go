package public

import "github.com/franklin-letters/franklin/internal/web/ui"

// A page completes the frame it was given with what follows from its own content: the
// title, whether search engines may keep it, and the form whose typed text the language
// switch must not lose. Handlers fill in Site, L, Path, LangChosen, HelpLine and, where
// a page is meant to be found and shared, Description, Canonical and Image. A receipt also
// takes Refresh: the seconds between two looks at a letter that is moving.

func (p ListPage) frame() ui.Page {
	f := p.Page
	f.Title = p.L.ListTitle()
	return f
}

func (p ActionPage) frame() ui.Page {
	f := p.Page
	f.Title = p.Campaign.Title
	f.NoIndex = f.NoIndex || p.Draft
	if p.open() {
		f.Failed = len(p.Errors) > 0
		f.FormID, f.FormAction, f.FormNext = "letter-form", p.Campaign.Path(), p.L.FormSubmit()
	}
	return f
}

func (p ChoicePage) frame() ui.Page {
	f := inside(p.Page, p.L.FormStep("2")+": "+p.L.ChoiceTitle())
	f.Failed = len(p.Errors) > 0
	f.FormID, f.FormAction, f.FormNext = "choice-form", p.Campaign.Path()+"/review", p.L.ChoiceSubmit()
	return f
}

func (p CannotPage) frame() ui.Page {
	f := inside(p.Page, p.words().title)
	f.FormID, f.FormAction, f.FormNext = "cannot-form", p.Campaign.Path()+"/review", p.L.CannotChange()
	return f
}

func (p ReviewPage) frame() ui.Page {
	f := inside(p.Page, p.L.FormStep("2")+": "+p.L.ReviewTitle())
	f.FormID, f.FormAction, f.FormNext = "review-form", p.Campaign.Path()+"/review", p.sendLabel()
	return f
}

func (p ReceiptPage) frame() ui.Page {
	title := p.headline()
	if len(p.Letters) > 0 {
		title = p.L.FormStep("3") + ": " + title
	}
	f := inside(p.Page, title)
	if p.Refresh > 0 {
		f.Refresh = max(p.Refresh, reloadSeconds)
	}
	return f
}

func (p ClosedPage) frame() ui.Page {
	f := p.Page
	f.Title = p.Campaign.Title
	return f
}

func (p PrivacyPage) frame() ui.Page {
	f := p.Page
	f.Title = p.L.PrivacyTitle()
	return f
}

func (p ErrorPage) frame() ui.Page { return inside(p.Page, ui.FaultTitle(p.L, p.Status)) }

// inside is the frame of a page that belongs to one person's visit: no search engine
// should keep it, and there is nothing in it to share.
func inside(p ui.Page, title string) ui.Page {
	p.Title, p.NoIndex, p.Canonical = title, true, ""
	return p
}
