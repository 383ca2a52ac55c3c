package staff

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/guard"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
	"github.com/franklin-letters/franklin/internal/web/mw"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// Site serves the staff pages.
type Site struct {
	Frame    ui.Site
	BaseURL  string // without a slash at its end
	Members  *account.Store
	Letters  *letter.Desk
	Mailings *mailing.Store
	Segments *segment.People
	Guard    *guard.Guard
	Proxies  guard.Proxies // in front of the site
	Clock    func() time.Time
	Log      *slog.Logger
	// Ask, where mail leaves, has a link mailed to the member with a mailbox, if there is one,
	// for the browser with the mark. It does the same for every mailbox.
	Ask func(ctx context.Context, mailbox, browser string, lang locale.Lang) error
	// Send, where mail leaves, sends one mail at once.
	Send func(context.Context, mail.Message) error
	// Jobs, if given, are the pages of single jobs, for below JobsPath.
	Jobs http.Handler
}

// maxBody bounds a posted form: a mailing's two texts of mailing.MaxBody, of which one may have nine
// bytes a character as browsers send it.
const maxBody = 1 << 20

// Handler returns the staff pages.
func (s *Site) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, one := range s.routes() {
		mux.Handle(one.pattern, s.gate(one))
	}
	mux.Handle("/staff/", s.gate(route{"/staff/", anybody, func(w http.ResponseWriter, r *http.Request, m account.Member) error {
		s.faults(m, "").NoSuchRoute(mux, "/staff/", w, r)
		return nil
	}}))
	faults := s.faults(account.Member{}, "")
	return mw.Chain(mux,
		mw.Headers(s.https()),
		noStore,
		mw.Recover(s.Log, faults.Status(http.StatusInternalServerError)),
		mw.SameSite(faults.Status(http.StatusForbidden)),
		mw.MaxBody(maxBody),
	)
}

func (s *Site) https() bool { return strings.HasPrefix(s.BaseURL, "https://") }

// noStore keeps every answer out of every cache.
func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// gate lets a member through who has the right of the route.
func (s *Site) gate(to route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m, err := s.member(r)
		switch {
		case err != nil:
		case to.right == anybody || m.May(to.right):
			err = to.serve(w, r, m)
		case m.ID == "" && isPage(r):
			s.toSignIn(w, r)
		default:
			err = s.denied(w, r, m)
		}
		if err != nil {
			s.faults(m, "").Fail(w, r, err)
		}
	})
}

// isPage reports whether somebody looks at a page, as against what a page's script asks for.
func isPage(r *http.Request) bool {
	dest := r.Header.Get("Sec-Fetch-Dest")
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && (dest == "" || dest == "document")
}

// member returns who is signed in; the zero member for nobody.
func (s *Site) member(r *http.Request) (account.Member, error) {
	token := s.cookieOf(r, sessionCookie)
	if token == "" {
		return account.Member{}, nil
	}
	m, err := s.Members.SignedIn(r.Context(), token)
	if fault.Is(err, fault.NotFound) {
		return account.Member{}, nil
	}
	return m, err
}

// frame returns what every page needs, in the reader's language.
func (s *Site) frame(r *http.Request, m account.Member, path string) ui.Staff {
	lang, chosen := locale.Choose(r.Header.Get("Accept-Language"), r.PostFormValue("lang"), r.URL.Query().Get("lang"))
	p := ui.Staff{Page: ui.Page{Site: &s.Frame, L: locale.In(lang), Path: path, LangChosen: chosen, NoIndex: true, Sheet: "staff.css"}}
	if m.ID != "" {
		p.Name, p.Role, p.Doors = m.Name, roleName(p.L, m.Role), doors(p.L, m, path)
	}
	return p
}

// doors are the pages that a member may open.
func doors(l *locale.Locale, m account.Member, here string) []ui.Door {
	var all []ui.Door
	for _, d := range []struct {
		right       account.Right
		path, label string
	}{
		{account.SeeDesk, "/staff/", l.StaffNavDesk()},
		{account.SeeDesk, asidePath, l.StaffNavAside()},
		{account.SeeDesk, unknownPath, l.StaffNavUnknown()},
		{account.ReadLetters, "/staff/letters", l.StaffNavLetters()},
		{account.ReadMailings, mailingsPath, l.MailingsTitle()},
		{account.SeeDesk, queuePath, l.StaffNavQueue()},
	} {
		if m.May(d.right) {
			all = append(all, ui.Door{Path: d.path, Label: d.label, Here: here == d.path || strings.HasPrefix(here, d.path+"?")})
		}
	}
	return all
}

func roleName(l *locale.Locale, role account.Role) string {
	switch role {
	case account.Owner:
		return l.StaffRoleOwner()
	case account.Campaigner:
		return l.StaffRoleCampaigner()
	case account.Moderator:
		return l.StaffRoleModerator()
	case account.Viewer:
		return l.StaffRoleViewer()
	}
	return string(role)
}

// network returns where a request comes from, as far as limits count by it.
func (s *Site) network(r *http.Request) netip.Prefix { return guard.NetworkOf(s.Proxies.Client(r)) }

// FaultPage tells that something could not be done.
type FaultPage struct {
	ui.Staff

	Fault  ui.Fault
	Done   string // what was done all the same; "" for nothing
	Action string // where the form goes that may be sent again; "" for none
	Kept   []kept // all that it held
}

// faults answers what is no page. done says what was done before; "" for nothing. A form that
// may be sent again, as when the database is away, loses nothing.
func (s *Site) faults(m account.Member, done string) ui.Faults {
	return ui.Faults{Log: s.Log, Page: func(r *http.Request, f ui.Fault) templ.Component {
		p := FaultPage{Staff: s.frame(r, m, "/staff/"), Fault: f, Done: done}
		p.Title = ui.FaultTitle(p.L, f.Status)
		if r.Method == http.MethodPost && f.RetryAfter > 0 {
			p.Action, p.Kept = r.URL.EscapedPath(), keptOf(r.PostForm)
		}
		return faultPage(p)
	}}
}

// denied tells that a member's role does not include what they asked for, or that nobody is
// signed in any more. What somebody typed until their session ended is kept.
func (s *Site) denied(w http.ResponseWriter, r *http.Request, m account.Member) error {
	p := s.frame(r, m, "/staff/") // reads the form, too, for its language
	if m.ID == "" && r.Method == http.MethodPost && len(r.PostForm) > 0 {
		return s.again(w, r, m)
	}
	p.Title = p.L.StaffDeniedTitle()
	if m.ID == "" {
		p.Title = p.L.StaffAgainTitle()
	}
	return mw.HTML(w, r, http.StatusForbidden, deniedPage(p))
}
