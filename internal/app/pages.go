package app

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/obs"
	"github.com/franklin-letters/franklin/internal/web/ops"
	"github.com/franklin-letters/franklin/internal/web/public"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// sourceURL is where this program's source code is published.
const sourceURL = "https://github.com/franklin-letters/franklin"

// quiet is after what time a form is answered whose result only the mailbox hears: longer
// than saving any letter takes.
const quiet = 300 * time.Millisecond

func (a *App) publicHandler() (http.Handler, error) {
	org := a.settings.Org
	site := &public.Site{
		Frame: ui.Site{
			OrgName: org.Name, OrgURL: org.Website, Postal: org.Postal, Contact: org.ContactEmail,
			PrivacyURL: "/privacy", SourceURL: sourceURL, QuickExit: org.QuickExit,
		},
		BaseURL: a.settings.BaseURL, Campaigns: a.campaigns, Desk: a.desk,
		Guide: a.guide,
		Clock: a.options.Clock, Log: a.options.Log,
		ScrubDays: int(letter.ScrubAfter / (24 * time.Hour)),
		Guard:     a.guard, Proxies: a.proxies,
		Asks: a.settings.Mail.Host != "", Quiet: quiet,
	}
	site.Invited, site.Viewed = a.mailings.Invited, a.views.Count
	if a.settings.Mail.Host != "" {
		site.AskData = a.enqueueData
	}
	staff, err := a.staffHandler(site.Frame)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", site.Handler())
	mux.Handle(account.Base+"/", bounded(staff))
	handler := a.metrics.Requests(a.options.Clock, mux)
	if a.db.Engine() == db.Postgres {
		return bounded(handler), nil
	}
	return handler, nil
}

// requestTime is how long a page may wait for its reads. With the time of a commit after it,
// the answer still comes before the server gives the connection up.
const requestTime = 10 * time.Second

// bounded ends the waiting of requests: of all of them where the database stands behind a
// network, which may swallow what is asked and never say so; and of those to the staff pages,
// each of which takes its turn at SQLite's one writer.
func bounded(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), requestTime)
		defer cancel()
		h.ServeHTTP(w, r.WithContext(ctx))
	})
}

func (a *App) opsHandler() (http.Handler, error) {
	page, err := ops.Page{
		DB: a.db, Campaigns: a.campaigns, Desk: a.desk, Clock: a.options.Clock, Facts: a.facts, PublicURL: a.settings.BaseURL,
	}.Handler()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", page)
	mux.Handle("GET /healthz", obs.Alive())
	mux.Handle("GET /readyz", obs.Ready(a.health))
	mux.Handle("GET /metrics", a.metrics.Handler())
	return mux, nil
}

// facts are the lines on top of the operator's page.
func (a *App) facts(ctx context.Context) []ops.Fact {
	now := a.options.Clock()
	facts := []ops.Fact{
		{Name: "Version", Value: a.options.Version},
		{Name: "Public pages", Value: a.settings.BaseURL},
		{Name: "Database", Value: string(a.db.Engine())},
		a.channelFact(),
		{Name: "Mail", Value: "sent through " + a.settings.Mail.Host},
	}
	if a.settings.Mail.Host == "" {
		facts[4] = ops.Fact{Name: "Mail", Value: "no relay is set, so no mail is sent"}
	}
	return append(append(facts, a.guardFact(ctx)), a.dataFacts(now)...)
}

func (a *App) channelFact() ops.Fact {
	c := a.settings.CWC
	if !c.Enabled() {
		return ops.Fact{Name: "Delivery", Value: "by the supporters' own hands: no key for the House's mail system is set"}
	}
	return ops.Fact{Name: "Delivery", Value: fmt.Sprintf("to the House's mail system at %s as %q, at most %g letters a second", c.URL, c.Agent, c.Rate)}
}
