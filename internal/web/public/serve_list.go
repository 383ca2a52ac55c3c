package public

import (
	"net/http"
	"strings"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/web/asset"
)

// list shows all campaigns that the public may know of.
func (s *Site) list(w http.ResponseWriter, r *http.Request) error {
	all, err := s.Campaigns.List(r.Context())
	if err != nil {
		return err
	}
	p := ListPage{Page: s.frame(r, "/")}
	p.Description, p.Canonical = p.L.ListIntro(), s.BaseURL+"/"
	for _, c := range all {
		card := CampaignCard{Campaign: s.campaign(c, p.L)}
		switch c.Life(s.Clock()) {
		case campaign.Open:
			p.Open = append(p.Open, card)
		case campaign.Scheduled:
			card.Opens = c.Opens
			p.Open = append(p.Open, card)
		case campaign.Closed:
			card.Closed, card.Outcome = closedOn(c), c.Words(string(p.L.Lang())).OutcomeSummary
			p.Closed = append(p.Closed, card)
		case campaign.Draft:
		}
	}
	w.Header().Set("Cache-Control", "no-cache")
	return s.render(w, r, http.StatusOK, listPage(p))
}

// closed shows a campaign that is over.
func (s *Site) closed(w http.ResponseWriter, r *http.Request, c campaign.Listed) error {
	p := ClosedPage{Page: s.frame(r, "/c/"+c.Slug), Supporters: c.Counts.Delivered, Closed: closedOn(c)}
	rates, err := letter.Rates(r.Context(), s.Desk.DB, c.ID)
	if err != nil {
		return err
	}
	words := c.Words(string(p.L.Lang()))
	p.Rated, p.Campaign, p.Share = len(rates) > 0, s.campaign(c, p.L), s.share(c, p.L)
	p.Description, p.HelpLine, p.Summary = words.Summary, words.HelpLine, words.OutcomeSummary
	if words.OutcomeBody != "" {
		p.Outcome = raw(words.OutcomeBody)
	}
	p.Canonical = s.BaseURL + "/c/" + c.Slug
	p.Image, p.ImageAlt = p.Canonical+"/share.png?lang="+string(p.L.Lang()), words.Title
	w.Header().Set("Cache-Control", "no-cache")
	return s.render(w, r, http.StatusOK, closedPage(p))
}

func (s *Site) privacy(w http.ResponseWriter, r *http.Request) error {
	p := PrivacyPage{Page: s.frame(r, "/privacy"), ScrubDays: s.ScrubDays}
	p.Canonical = s.BaseURL + "/privacy"
	w.Header().Set("Cache-Control", "no-cache")
	return s.render(w, r, http.StatusOK, privacyPage(p))
}

// robots keeps search engines away from what belongs to one person.
func (s *Site) robots(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("User-agent: *\nDisallow: " + strings.Join(secretPaths, "\nDisallow: ") + "\n")) // the reader went away: nobody is left to tell
	return nil
}

func (s *Site) favicon(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, asset.Path("favicon.svg"), http.StatusFound)
	return nil
}
