package public

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/guard"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/web/asset"
	"github.com/franklin-letters/franklin/internal/web/mw"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// Site serves the public pages.
type Site struct {
	Frame     ui.Site
	BaseURL   string // without a slash at its end
	Campaigns *campaign.Store
	Desk      *letter.Desk
	Guide     func() letter.Guide // asked for each answer, because newer lines may come while we run
	Clock     func() time.Time
	Log       *slog.Logger
	ScrubDays int
	Guard     *guard.Guard
	Proxies   guard.Proxies // in front of the site
	Quiet     time.Duration // after a form, before which no answer comes that only the mailbox explains
	// Asks says that mail leaves, so that people can be asked whether the offices answered.
	Asks bool
	// Invited, if given, reads the token of a mailing's link to a campaign.
	Invited func(ctx context.Context, token, campaignID string) (mailing.Invite, bool, error)
	// Viewed, if given, hears that somebody looked at the form of a campaign, and from which
	// source they came. It is called for every view and must be quick.
	Viewed func(campaignID, source string)
	// AskData, where mail leaves, has a person mailed the link to their data.
	AskData func(ctx context.Context, supporterID string) error

	pages  actionPages
	busies busyPages
	images shareImages
}

// maxBody bounds a posted form: a letter of 10,000 characters, percent-encoded, and the
// other fields.
const maxBody = 256 << 10

// secretPaths are in front of what a mailed link or a receipt's address holds.
var secretPaths = []string{"/receipt/", "/answer/", "/confirm/", "/stop/", "/leave/", "/join/", "/my-data/"}

// Handler returns the public site.
func (s *Site) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, page := range map[string]func(http.ResponseWriter, *http.Request) error{
		"GET /{$}":                   s.list,
		"GET /c/{slug}":              s.action,
		"POST /c/{slug}":             s.paced(s.change),
		"GET /c/{slug}/review":       s.backToForm,
		"POST /c/{slug}/review":      s.paced(s.review),
		"GET /c/{slug}/send":         s.backToForm,
		"POST /c/{slug}/send":        s.paced(s.admitted(mw.NewGate(sendPlaces), s.send)),
		"GET /c/{slug}/member":       s.preview,
		"GET /c/{slug}/count":        s.count,
		"GET /c/{slug}/share.png":    s.shareImage,
		"GET /receipt/{token}":       s.guessable(s.receipt),
		"POST /receipt/{token}/sent": s.guessable(s.handedOver),
		"GET /receipt/{token}/sent":  s.backToReceipt,

		"GET /receipt/{token}/take-back":  s.guessable(s.askTakeBack),
		"POST /receipt/{token}/take-back": s.guessable(s.takeBack),
		"GET /receipt/{token}/not-me":     s.guessable(s.askNotMe),
		"POST /receipt/{token}/not-me":    s.guessable(s.notMe),

		"POST /receipt/{token}/ask":         s.guessable(s.agreeToAnswer),
		"GET /receipt/{token}/ask":          s.backToReceipt,
		"POST /receipt/{token}/do-not-ask":  s.guessable(s.doNotAsk),
		"GET /receipt/{token}/do-not-ask":   s.backToReceipt,
		"POST /receipt/{token}/tell":        s.guessable(s.tellEnd),
		"GET /receipt/{token}/tell":         s.backToReceipt,
		"POST /receipt/{token}/do-not-tell": s.guessable(s.doNotTell),
		"GET /receipt/{token}/do-not-tell":  s.backToReceipt,
		"GET /answer/{token}":               s.guessable(s.askAnswer),
		"POST /answer/{token}":              s.guessable(s.answer),
		"GET /c/{slug}/offices":             s.offices,

		"GET /confirm/{token}":  s.guessable(s.askConfirm),
		"POST /confirm/{token}": s.guessable(s.confirm),
		"GET /stop/{token}":     s.guessable(s.askStop),
		"POST /stop/{token}":    s.guessable(s.stopMail),

		"GET /leave/{token}":  s.leaving(s.askLeave),
		"POST /leave/{token}": s.leaving(s.leave),
		"GET /join/{token}":   s.guessable(s.askJoin),
		"POST /join/{token}":  s.guessable(s.join),

		"GET /my-data":                   s.askMyData,
		"POST /my-data":                  s.myData,
		"GET /my-data/{token}":           s.guessable(s.ownData),
		"POST /my-data/{token}/download": s.guessable(s.download),
		"GET /my-data/{token}/erase":     s.guessable(s.askErase),
		"POST /my-data/{token}/erase":    s.guessable(s.erase),

		"GET /privacy":     s.privacy,
		"GET /robots.txt":  s.robots,
		"GET /favicon.ico": s.favicon,
	} {
		mux.Handle(pattern, s.page(page))
	}
	mux.Handle(asset.Prefix, asset.Handler())
	faults := s.faults()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { faults.NoSuchRoute(mux, "/", w, r) })
	return mw.Chain(mux,
		mw.Headers(strings.HasPrefix(s.BaseURL, "https://")),
		mw.Recover(s.Log, faults.Status(http.StatusInternalServerError)),
		mw.Secret(secretPaths...),
		// Whoever knows a link by which people leave may post there from anywhere.
		mw.SameSite(faults.Status(http.StatusForbidden), "POST /leave/{token}", "POST /stop/{token}"),
		mw.MaxBody(maxBody),
	)
}

// page turns a handler that may fail into one that answers every failure with a page.
func (s *Site) page(serve func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := serve(w, r); err != nil {
			s.faults().Fail(w, r, err)
		}
	})
}

// frame returns what every page needs, in the reader's language.
func (s *Site) frame(r *http.Request, path string) ui.Page {
	return s.inLanguage(r, r.PostFormValue("lang"), path)
}

// inLanguage is frame where the language that was posted is known.
func (s *Site) inLanguage(r *http.Request, posted, path string) ui.Page {
	lang, chosen := locale.Choose(r.Header.Get("Accept-Language"), posted, r.URL.Query().Get("lang"))
	return ui.Page{Site: &s.Frame, L: locale.In(lang), Path: path, LangChosen: chosen}
}

// frameOf is the frame of a page that belongs to a campaign: it also says where to find help.
func (s *Site) frameOf(r *http.Request, path string, c campaign.Listed) ui.Page {
	page := s.frame(r, path)
	page.HelpLine = c.Words(string(page.L.Lang())).HelpLine
	return page
}

// render writes a page that must not be stored.
func (s *Site) render(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	return mw.HTML(w, r, status, page)
}

// redirect sends the reader on to a page of this site: a path that begins with /answer/,
// /c/, /confirm/ or /receipt/, whatever follows.
func redirect(w http.ResponseWriter, r *http.Request, path string, status int) {
	http.Redirect(w, r, path, status) //nolint:gosec // it cannot name another site
}

// raw is the sanitised HTML of an author as a component.
func raw(html campaign.HTML) templ.Component { return templ.Raw(string(html)) }
