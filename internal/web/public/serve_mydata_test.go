package public

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/guard"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// newAsking is a site from which mail leaves, with the list of whom it is to mail.
func newAsking(t *testing.T, quiet time.Duration, limits guard.Limits) (*site, *[]string) {
	t.Helper()
	asked := new([]string)
	s := newSiteWith(t, func(s *Site, _ *letter.Options) {
		s.Quiet = quiet
		s.AskData = func(_ context.Context, id string) error {
			*asked = append(*asked, id)
			return nil
		}
		limits.Unsigned = true
		s.Guard = guard.New(guard.Config{Limits: limits, Secret: []byte("a secret of the tests, long enough"), Log: s.Log})
	})
	return s, asked
}

// TestSEC_ENUM_1_AskingForData: whoever is behind an address, the page is the same to the
// byte and comes after the same time; only the mailbox hears more.
func TestSEC_ENUM_1_AskingForData(t *testing.T) {
	const quiet = 150 * time.Millisecond
	s, asked := newAsking(t, quiet, guard.Limits{})
	known, _ := s.member("known@example.org")
	left, leave := s.member("left@example.org")
	s.do("POST", leave, url.Values{"list": {"everything"}})
	bounced, _ := s.member("bounced@example.org")
	if err := s.desk.People.Suppress(t.Context(), bounced.Email, supporter.Everything, supporter.HardBounce, "test"); err != nil {
		t.Fatal(err)
	}
	answers := map[string]string{}
	for _, email := range []string{"known@example.org", "KNOWN+x@example.org", "left@example.org", "bounced@example.org", "nobody@example.org"} {
		begun := time.Now()
		body := s.want(s.do("POST", "/my-data", url.Values{"email": {email}}), 200, "Look into your mailbox")
		if took := time.Since(begun); took < quiet || took > 4*quiet {
			t.Errorf("%s is answered after %v", email, took)
		}
		answers[body] = email
	}
	if len(answers) != 1 {
		t.Errorf("there are %d different answers", len(answers))
	}
	if got := strings.Join(*asked, " "); got != strings.Join([]string{known.ID, known.ID, left.ID, bounced.ID}, " ") {
		t.Errorf("asked for mail to %s", got)
	}
}

func TestAskingForDataNeedsAnAddress(t *testing.T) {
	s, asked := newAsking(t, 0, guard.Limits{Posts: 3})
	s.want(s.do("GET", "/my-data", nil), 200, "Mail me the link", `name="email"`)
	s.want(s.do("POST", "/my-data", url.Values{"email": {"ana@"}}), 422, "There is a problem", `value="ana@"`)
	s.want(s.do("POST", "/my-data", url.Values{"lang": {"es"}}), 422, "Sus datos")
	s.want(s.do("POST", "/my-data", url.Values{"email": {"ana@example.org"}}), 200)
	s.want(s.do("POST", "/my-data", url.Values{"email": {"ana@example.org"}}), 429)
	if len(*asked) != 0 {
		t.Errorf("asked for mail to %v", *asked)
	}
	without := newSite(t)
	without.want(without.do("GET", "/my-data", nil), 200, "cannot send mail")
	without.want(without.do("GET", "/privacy", nil), 200, `href="/my-data"`)
}

// TestPRIV_EXP_1_TheFile: everything that is held, to read and for programs, once and for a day.
func TestPRIV_EXP_1_TheFile(t *testing.T) {
	s := newSite(t)
	who, _ := s.member("ann@example.org")
	data := strings.TrimPrefix(s.desk.People.DataURL(who), s.desk.People.BaseURL)
	s.want(s.do("GET", data, nil), 200, "Download my data", "a***@example.org", "Erase my data")
	w := s.do("POST", data+"/download", url.Values{"lang": {"es"}})
	if w.Code != 200 || w.Header().Get("Content-Type") != "application/zip" || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	parts := unzip(t, w.Body.Bytes())
	var record letter.Record
	if err := json.Unmarshal([]byte(parts["data.json"]), &record); err != nil {
		t.Fatal(err)
	}
	if record.Person.Email != "ann@example.org" || len(record.Letters) != 1 || len(record.Letters[0].Letters) != 1 || len(record.Consents) != 1 || len(record.Lists) != 1 {
		t.Errorf("%+v", record)
	}
	for _, want := range []string{"ann@example.org", "Yes, write to me with updates.", record.Letters[0].Letters[0].Subject, record.Letters[0].City, "Qué envió", `<html lang="es">`} {
		if !strings.Contains(parts["my-data.html"], want) {
			t.Errorf("the page to read lacks %q", want)
		}
	}
	s.want(s.do("POST", data+"/download", nil), 409, "already", `href="/my-data"`)
	s.want(s.do("GET", data, nil), 200, "already")
	s.want(s.do("POST", "/my-data/x"+data[9:]+"/download", nil), 404)
}

func unzip(t *testing.T, file []byte) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range archive.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(text)
	}
	return parts
}

// TestPRIV_ERA_1_ByTheMailedLink: asked once more, gone at once, and twice is as good as once.
func TestPRIV_ERA_1_ByTheMailedLink(t *testing.T) {
	s := newSite(t)
	who, _ := s.member("ann@example.org")
	data := strings.TrimPrefix(s.desk.People.DataURL(who), s.desk.People.BaseURL)
	s.want(s.do("GET", data+"/erase", nil), 200, "Erase everything", "No, keep it", `action="`+data+`/erase"`)
	if _, known, err := s.desk.People.ByAddress(t.Context(), who.Email); err != nil || !known {
		t.Fatal("asking has erased her")
	}
	for range 2 {
		s.want(s.do("POST", data+"/erase", nil), 200, "Your data are erased")
	}
	if _, known, err := s.desk.People.ByAddress(t.Context(), who.Email); err != nil || known {
		t.Errorf("she is still known, %v", err)
	}
	s.want(s.do("GET", data, nil), 200, "Your data are erased")
	s.want(s.do("POST", data+"/download", nil), 409, "Your data are erased")
}
