package public

import (
	"maps"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// fixture is a page in one of its states, in a language.
type fixture func(l *locale.Locale) templ.Component

// fixtures holds every page in every state that looks different. The name is the file's
// name in a preview.
func fixtures() map[string]fixture {
	all := map[string]fixture{}
	for _, group := range []map[string]fixture{listFixtures(), actionFixtures(), choiceFixtures(), cannotFixtures(), reviewFixtures(), receiptFixtures(), undoFixtures(), confirmFixtures(), peopleFixtures(), answerFixtures(), plainFixtures()} {
		maps.Copy(all, group)
	}
	return all
}

func framed(l *locale.Locale, path string) ui.Page {
	return ui.Page{
		Site: &ui.Site{
			OrgName: "Lantern Alliance", OrgURL: "https://lantern.example.org/", Postal: "120 Harbor Street, Baltimore, MD 21202",
			Contact: "privacy@lantern.example.org", PrivacyURL: "/privacy",
			SourceURL: "https://franklin.example.org/source", QuickExit: "https://www.weather.gov/",
		},
		L: l, Path: path, LangChosen: l.Lang() == locale.Spanish,
		HelpLine: "If you or someone you know needs help: National Human Trafficking Hotline, 1-888-373-7888, at any hour and in many languages.",
	}
}

func findable(l *locale.Locale, path string) ui.Page {
	p := framed(l, path)
	p.Canonical = "https://act.lantern.example.org" + path
	p.Description = "Ask your Representative to make it a crime for officers to abuse people they are meant to protect."
	p.Image, p.ImageAlt = p.Canonical+"/share.png", "Close the consent loophole"
	return p
}

const letterText = `I ask you to support H.R. 2172, the Closing the Law Enforcement Consent Loophole Act.

An officer who holds somebody in custody holds all the power. A person who is arrested, searched or questioned cannot freely say yes, and cannot safely say no. Yet in many places an officer can still claim that the person agreed.

The bill makes it a federal crime for law enforcement officers to engage in a sexual act while they act under color of law. It also rewards states that pass such laws themselves. Survivors of trafficking meet officers often, and they must be able to trust them.

Please cosponsor the bill and vote for it.`

func loophole() Campaign {
	return Campaign{
		Slug: "close-the-loophole", Title: "No badge makes it consent", Bill: "H.R. 2172",
		BillTitle: "Closing the Law Enforcement Consent Loophole Act", Stance: Support, Lang: locale.English, LetterLang: locale.English,
		Summary: "In many places, an officer who has sex with a person in custody can still say that the person agreed. Ask your Representative to close that loophole.",
		Body: templ.Raw(`<p>Survivors of trafficking meet law enforcement again and again: at a raid, at a traffic stop, in a holding cell. Whoever wears the badge decides whether they go home. Under that power <strong>nobody can freely agree</strong> to anything.</p>
<p>Federal law says so for prisons. It does not say so for an arrest.</p>
<h2>What the bill does</h2>
<ul><li>It makes it a federal crime for officers to engage in a sexual act while acting under color of law.</li><li>It gives states a reason to write the same rule into their own books.</li><li>It asks for a yearly count of such cases.</li></ul>
<h2>Why your letter matters</h2>
<p>Bills move when members hear from home. Offices count letters from people who live in the district, and a few dozen honest ones can put a bill on the desk. <a href="https://www.congress.gov/">Read the bill</a>.</p>
<blockquote><p>“I did what he said because he had my phone, my name and a gun.”</p></blockquote>`),
		ContentNote: "This page speaks about sexual abuse by officers. It shows no pictures and no details. Take your time, and stop whenever you like.",
		JoinWords:   "Yes, Lantern Alliance may send me news by e-mail. I can leave at any time.",
		Progress:    Progress{Letters: 1204, Goal: 3000},
	}
}

// cosponsors are those that share a campaign.
func cosponsors() []Partner {
	return []Partner{
		{Key: "harbor-fund", Name: "Harbor Fund", Privacy: "https://harbor.example.org/privacy", Words: harborWords, Lang: "en"},
		{Key: "lamps", Name: "Lamps of the Coast", Words: lampsWords, Lang: "en"},
	}
}

func schools() Campaign {
	return Campaign{
		Slug: "counsel-in-schools", Title: "A counselor in every middle school", Bill: "H.R. 811", Stance: Support, Lang: locale.English, LetterLang: locale.English,
		Summary: "Children who are groomed often tell a counselor first, where there is one.", Progress: Progress{Letters: 0, Goal: 500},
	}
}

func hotline() Campaign {
	return Campaign{
		Slug: "hotline", Title: "Keep the hotline open at night", Bill: "H.R. 4004", BillTitle: "Answer the Call Act", Lang: locale.English,
		Summary: "The night shift of the hotline was to be cut.", Progress: Progress{Letters: 3214, Goal: 3000},
		Body: templ.Raw(`<p>Most calls come after dark. The budget of last spring left nobody to answer them.</p>`),
	}
}

func answered() Form {
	return Form{
		Prefix: "Ms.", FirstName: "María José", LastName: "O’Neill-Castañeda", Email: "mj.oneill@example.com",
		Address1: "1600 N 16th St", Address2: "Apt 12", City: "Phoenix", State: "AZ", ZIP: "85006", Phone: "602-555-0142",
		Subject: "Please support H.R. 2172", Message: letterText, Key: "0192f0c1b7e44f6e9c1d", Trap: Trap{Name: "reference_code"},
	}
}

func untouched() Form {
	return Form{Subject: "Please support H.R. 2172", Message: letterText, Key: "0192f0c1b7e44f6e9c1d", Trap: Trap{Name: "reference_code"}}
}

func seat(text string) congress.Seat {
	s, err := congress.ParseSeat(text)
	if err != nil {
		panic(err)
	}
	return s
}

func stanton() Member {
	return Member{Seat: seat("AZ-04"), Name: "Greg Stanton", Party: "Democrat", Phone: "202-225-9888", Website: "https://stanton.house.gov/"}
}

func ansari() Member {
	return Member{Seat: seat("AZ-03"), Name: "Yassamin Ansari", Party: "Democrat", Phone: "202-225-4065", Website: "https://ansari.house.gov/"}
}

func schweikert() Member {
	return Member{Seat: seat("AZ-01"), Name: "David Schweikert", Party: "Republican"}
}

func norton() *Member {
	return &Member{Seat: seat("DC-00"), Name: "Eleanor Holmes Norton", Party: "Democrat", Phone: "202-225-8050", Website: "https://norton.house.gov/"}
}

func senators() []Member {
	return []Member{
		{Seat: seat("AZ-S1"), Name: "Ruben Gallego", Party: "Democrat", Phone: "202-224-4521", Website: "https://www.gallego.senate.gov/"},
		{Seat: seat("AZ-S3"), Name: "Mark Kelly", Party: "Democrat", Phone: "202-224-2235", Website: "https://www.kelly.senate.gov/"},
	}
}

func shared() Share {
	return Share{
		Address: "https://act.lantern.example.org/c/close-the-loophole",
		Links: []ShareLink{
			{"E-mail", "mailto:?subject=No%20badge", IconEmail},
			{"SMS", "sms:?body=No%20badge", IconSMS},
			{"WhatsApp", "https://wa.me/?text=No%20badge", IconWhatsApp},
			{"Facebook", "https://www.facebook.com/sharer/sharer.php?u=x", IconFacebook},
			{"Bluesky", "https://bsky.app/intent/compose?text=x", IconBluesky},
			{"X", "https://x.com/intent/post?text=x", IconX},
			{"LinkedIn", "https://www.linkedin.com/sharing/share-offsite/?url=x", IconLinkedIn},
		},
	}
}

// noon is a quarter past two on a winter's day in Washington.
func noon() time.Time { return time.Date(2026, 11, 23, 19, 3, 0, 0, time.UTC) }

func listFixtures() map[string]fixture {
	return map[string]fixture{
		"list": func(l *locale.Locale) templ.Component {
			return listPage(ListPage{
				Page: findable(l, "/"),
				Open: []CampaignCard{{Campaign: loophole()}, {Campaign: schools()}, {Campaign: Campaign{
					Slug: "clear-records", Title: "Clear the records of trafficked people", Lang: locale.English, Summary: "A conviction for what a trafficker forced you to do should not follow you for life.",
				}, Opens: noon().AddDate(0, 1, 0)}},
				Closed: []CampaignCard{{Campaign: hotline(), Closed: noon().AddDate(0, -2, 0), Outcome: "The House put the night shift back into the budget, 301 to 122."}},
			})
		},
		"list-empty": func(l *locale.Locale) templ.Component { return listPage(ListPage{Page: findable(l, "/")}) },
	}
}

func actionFixtures() map[string]fixture {
	page := func(l *locale.Locale) ActionPage {
		return ActionPage{Page: findable(l, "/c/close-the-loophole"), Campaign: loophole(), Form: untouched(), Share: shared(), Mails: true}
	}
	return map[string]fixture{
		"action": func(l *locale.Locale) templ.Component { return actionPage(page(l)) },
		"action-filled": func(l *locale.Locale) templ.Component {
			p := page(l)
			p.Form, p.Form.Join = answered(), true
			return actionPage(p)
		},
		"action-partners": func(l *locale.Locale) templ.Component {
			p := page(l)
			p.Campaign.Partners, p.Form.Partners = cosponsors(), "lamps"
			return actionPage(p)
		},
		"action-kept": func(l *locale.Locale) templ.Component {
			p := page(l)
			p.Form, p.Form.Copy, p.Form.Forget = answered(), true, true
			return actionPage(p)
		},
		"action-errors": func(l *locale.Locale) templ.Component {
			p := page(l)
			p.Form = answered()
			p.Form.Prefix, p.Form.Email, p.Form.ZIP, p.Form.Message = "", "mj.oneill", "850", strings.Repeat(letterText, 20)
			p.Errors = Errors{{"prefix", Missing}, {"email", Invalid}, {"zip", Invalid}, {"phone", Invalid}, {"subject", TooLong}, {"message", TooLong}}
			return actionPage(p)
		},
		"action-draft": func(l *locale.Locale) templ.Component {
			p := page(l)
			p.Draft = true
			return actionPage(p)
		},
		"action-scheduled": func(l *locale.Locale) templ.Component {
			p := page(l)
			p.Opens = noon().AddDate(0, 0, 9)
			return actionPage(p)
		},
		"action-past-goal": func(l *locale.Locale) templ.Component {
			p := page(l)
			p.Campaign.Progress = Progress{Letters: 1000000, Goal: 3000}
			return actionPage(p)
		},
		"action-bare": func(l *locale.Locale) templ.Component {
			p := ActionPage{Page: framed(l, "/c/bare"), Campaign: Campaign{Slug: "bare", Title: "A short one", Lang: l.Lang()}, Form: Form{Key: "k"}}
			p.Site = &ui.Site{OrgName: "Lantern Alliance", PrivacyURL: "/privacy"}
			p.HelpLine = ""
			return actionPage(p)
		},
		"closed": func(l *locale.Locale) templ.Component {
			return closedPage(ClosedPage{
				Page: findable(l, "/c/hotline"), Campaign: hotline(), Supporters: 3214, Closed: noon().AddDate(0, -2, 0),
				Summary: "The House put the night shift back into the budget, 301 to 122.",
				Outcome: templ.Raw(`<p>On 17 September the amendment passed. The hotline answers at night again, and the money is there for three years.</p>`), Share: shared(),
			})
		},
		"closed-no-outcome": func(l *locale.Locale) templ.Component {
			return closedPage(ClosedPage{Page: findable(l, "/c/hotline"), Campaign: hotline()})
		},
	}
}

func choiceFixtures() map[string]fixture {
	page := func(l *locale.Locale) ChoicePage {
		p := ChoicePage{
			Page: framed(l, "/c/close-the-loophole/review"), Campaign: loophole(), Form: answered(),
			Candidates: []Member{schweikert(), ansari(), stanton()},
			Map: &Map{
				Width: 640, Height: 400, Marker: &MapPoint{330, 210}, Here: seat("AZ-04"), ScaleWidth: 110, ScaleMiles: "5",
				Areas: []MapArea{
					{seat("AZ-01"), "M0 0H640V130L520 160 410 120 300 170 160 140 0 190Z", MapPoint{430, 70}},
					{seat("AZ-03"), "M0 190L160 140 300 170 340 260 300 400H0Z", MapPoint{150, 290}},
					{seat("AZ-04"), "M640 130L520 160 410 120 300 170 340 260 300 400H640Z", MapPoint{490, 290}},
				},
			},
		}
		return p
	}
	return map[string]fixture{
		"choice": func(l *locale.Locale) templ.Component { return choicePage(page(l)) },
		"choice-errors": func(l *locale.Locale) templ.Component {
			p := page(l)
			p.Candidates, p.Map = []Member{ansari(), {Seat: seat("AZ-07")}}, nil
			p.Errors = Errors{{"district", Missing}}
			return choicePage(p)
		},
		"choice-unsure": func(l *locale.Locale) templ.Component {
			p := page(l)
			p.Errors, p.Street = Errors{{"lat", Invalid}}, StreetUnknown
			return choicePage(p)
		},
	}
}
