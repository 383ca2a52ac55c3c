package public

import (
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// trapName is the name of the field that people do not see. Browsers fill nothing in
// under this name, programs that fill in everything do.
const trapName = "reference_code"

// decode reads the posted form. What was typed is kept as it was typed.
func decode(r *http.Request) (Form, error) {
	if err := parse(r); err != nil {
		return Form{}, fault.Wrap(fault.Invalid, err, "")
	}
	get := r.PostForm.Get
	key, source, _ := strings.Cut(get("key"), "~")
	return Form{
		Prefix: get("prefix"), FirstName: get("first_name"), LastName: get("last_name"), Email: get("email"),
		Address1: get("address1"), Address2: get("address2"), City: get("city"), State: get("state"), ZIP: get("zip"),
		Phone: get("phone"), Subject: get("subject"), Message: get("message"), Join: get("join") != "",
		Partners: shortOf(maxPartners, strings.Join(r.PostForm["partner"], " ")), Copy: get("copy") != "", Forget: get("forget") != "",
		Key: key, Source: supporter.CleanSource(source), Via: shortOf(maxVia, get("via")), Work: get("work"), District: get("district"),
		Latitude: get("lat"), Longitude: get("lon"), Accuracy: get("accuracy"),
		Trap: Trap{Name: trapName, Value: get(trapName)},
	}, nil
}

// parse reads the posted form. One of a known length is read in one piece: net/http lets the
// memory for it grow step by step, and keeps all values twice.
func parse(r *http.Request) (err error) {
	if r.PostForm != nil || !isForm(r) || r.ContentLength < 0 || r.ContentLength > maxBody {
		return r.ParseForm()
	}
	body := make([]byte, r.ContentLength)
	if _, err := io.ReadFull(r.Body, body); err != nil {
		return err
	}
	r.PostForm, err = url.ParseQuery(string(body))
	r.Form = r.PostForm // nothing here asks for the values of the address
	return err
}

// isForm reports whether a post has the form in which this site's pages send.
func isForm(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}

// What is longer is no token of a mailing's link, and no campaign's partners.
const (
	maxVia      = 300
	maxPartners = 300
)

// shortOf drops what is too long to be meant.
func shortOf(most int, value string) string {
	if len(value) > most {
		return ""
	}
	return value
}

// cleaned returns the form as the desk wants it.
func (f Form) cleaned(lang locale.Lang) letter.Form {
	return letter.Form{
		Key: f.Key, Prefix: f.Prefix, FirstName: f.FirstName, LastName: f.LastName, Email: f.Email,
		Address1: f.Address1, Address2: f.Address2, City: f.City, State: f.State, ZIP: f.ZIP, Phone: f.Phone,
		Subject: f.Subject, Message: f.Message, Join: f.Join, Partners: f.Partners, Copy: f.Copy, Forget: f.Forget, District: f.District, Lang: string(lang), Source: f.Source,
	}.Clean()
}

// shown puts what will be sent in the place of what was typed: trimmed, and a telephone
// number or an address in its usual form.
func (f Form) shown(c letter.Form) Form {
	f.Key, f.Prefix, f.FirstName, f.LastName, f.Email = c.Key, c.Prefix, c.FirstName, c.LastName, c.Email
	f.Address1, f.Address2, f.City, f.State, f.ZIP = c.Address1, c.Address2, c.City, c.State, c.ZIP
	f.Phone, f.Subject, f.Message, f.District = c.Phone, c.Subject, c.Message, c.District
	return f
}

// position returns where the browser says it is, if the person offered that.
func (f Form) position() *letter.Position {
	lat, errLat := strconv.ParseFloat(f.Latitude, 64)
	lon, errLon := strconv.ParseFloat(f.Longitude, 64)
	accuracy, errAccuracy := strconv.ParseFloat(f.Accuracy, 64)
	if errLat != nil || errLon != nil || errAccuracy != nil {
		return nil
	}
	return &letter.Position{Lat: lat, Lon: lon, AccuracyMetres: accuracy}
}

func errorsOf(problems []letter.Problem) Errors {
	all := make(Errors, len(problems))
	for i, p := range problems {
		all[i] = FieldError{Field: p.Field, Problem: Problem(p.Code)}
	}
	return all
}
