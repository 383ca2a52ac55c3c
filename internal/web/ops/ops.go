// Package ops serves the operator's page: what runs, how the letters stand, and what
// needs a person. It shows states and numbers and no supporter's data, and belongs on an
// address that only operators reach.
package ops

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"time"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/inbox"
	"github.com/franklin-letters/franklin/internal/journey"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/seal"
)

//go:embed ops.html
var source string

// Page shows the state of one node.
type Page struct {
	DB        *db.DB
	Campaigns *campaign.Store
	Desk      *letter.Desk
	Clock     func() time.Time
	Facts     func(context.Context) []Fact
	PublicURL string
}

// Fact is one line about this installation. Warn asks the operator to act.
type Fact struct {
	Name, Value string
	Warn        bool
}

type view struct {
	At        time.Time
	PublicURL string
	Facts     []Fact
	Channels  []channelCard
	Stuck     []letter.Stuck
	Reasons   []reasonRow
	Refusals  []query.ListLatestHeldRow
	Campaigns []campaign.Listed
	States    []stateRow
	Held      []query.ListHeldLettersRow
	Mail      inbox.Counts
	HeldMail  []inbox.Held
	Mailings  []mailingRow
	Journeys  []journeyRow
}

type stateRow struct {
	Rule  letter.Rule
	Count int64
}

// moment is how times stand on the page, in UTC.
const moment = "2006-01-02 15:04:05 UTC"

// maxHeld is how many letters that need a person are listed.
const maxHeld = 100

// maxHeldMail is how many mails that need a person are listed.
const maxHeldMail = 20

// Handler returns the page.
func (p Page) Handler() (http.Handler, error) {
	page, err := template.New("ops").Funcs(template.FuncMap{
		"when":     func(t interface{ Time() time.Time }) string { return t.Time().Format(moment) },
		"unquoted": func(reason seal.Word) string { return letter.Unquoted(string(reason)) },
		"moment":   func(t time.Time) string { return t.UTC().Format(moment) },
	}).Parse(source)
	if err != nil {
		return nil, fmt.Errorf("operator's page: %w", err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, err := p.view(r.Context())
		var body bytes.Buffer
		if err == nil {
			err = page.Execute(&body, v)
		}
		if err != nil {
			http.Error(w, "The database does not answer: "+err.Error(), http.StatusServiceUnavailable)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
		h.Set("Cache-Control", "no-store")
		_, _ = w.Write(body.Bytes()) // the reader went away: nobody is left to tell
	}), nil
}

func (p Page) view(ctx context.Context) (view, error) {
	v := view{At: p.Clock(), PublicURL: p.PublicURL, Facts: p.Facts(ctx)}
	overview, err := p.Desk.Overview(ctx)
	if err != nil {
		return v, err
	}
	for _, o := range overview {
		v.Channels = append(v.Channels, cardOf(o, v.At))
	}
	if v.Stuck, err = p.Desk.Stuck(ctx, overview); err != nil {
		return v, err
	}
	if v.Reasons, err = p.reasons(ctx, v.At); err != nil {
		return v, err
	}
	v.Refusals, err = p.DB.Read().ListLatestHeld(ctx, query.ListLatestHeldParams{
		State: string(letter.Refused), After: stamp.Of(v.At.Add(-refusalsOf)), MaxRows: maxRefusals,
	})
	if err != nil {
		return v, db.Fault(err)
	}
	if v.Campaigns, err = p.Campaigns.List(ctx); err != nil {
		return v, err
	}
	counts, err := p.DB.Read().CountLettersByState(ctx)
	if err != nil {
		return v, db.Fault(err)
	}
	sums := map[string]int64{}
	for _, c := range counts {
		sums[c.State] += c.Letters
	}
	for _, rule := range letter.Rules() {
		if n := sums[string(rule.State)]; n > 0 {
			v.States = append(v.States, stateRow{rule, n})
		}
	}
	v.Held, err = p.DB.Read().ListHeldLetters(ctx, query.ListHeldLettersParams{MaxRows: maxHeld})
	if err != nil {
		return v, db.Fault(err)
	}
	if v.Mail, err = inbox.Count(ctx, p.DB, v.At); err != nil {
		return v, err
	}
	if v.HeldMail, err = inbox.List(ctx, p.DB, v.At, maxHeldMail); err != nil {
		return v, err
	}
	standing, err := mailing.UnderWay(ctx, p.DB)
	if err != nil {
		return v, err
	}
	v.Mailings = mailingRows(standing)
	lines, err := journey.Runs{DB: p.DB, Campaigns: p.Campaigns, Clock: p.Clock}.Lines(ctx)
	v.Journeys = journeyRows(lines, v.At)
	return v, err
}
