package staff

import (
	"net/http"
	"time"
)

// The cookies: the session, what a browser is given that asks for a link, and the page that was
// asked for before.
const (
	sessionCookie = "staff"
	browserCookie = "staff-browser"
	backCookie    = "staff-back"
)

// cookieName binds a cookie to this very host where the site has https. Browsers refuse such
// a name without it.
func (s *Site) cookieName(name string) string {
	if s.https() {
		return "__Host-" + name
	}
	return name
}

func (s *Site) cookieOf(r *http.Request, name string) string {
	c, err := r.Cookie(s.cookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}

// give sets a cookie that no script reads and that no other site's post carries; one that
// lasts no time is taken away.
func (s *Site) give(w http.ResponseWriter, name, value string, lasts time.Duration) {
	c := &http.Cookie{ //nolint:gosec // Secure wherever the site has https; a demo on this machine has none
		Name: s.cookieName(name), Value: value, Path: "/", MaxAge: int(lasts / time.Second), Secure: s.https(), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	if lasts == 0 {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}
