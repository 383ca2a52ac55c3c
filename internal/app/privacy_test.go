package app_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
)

// secrets are what must not stand in a log, a metric or the queue: everything of the
// person, the key of the House, and what opens the receipt.
func secrets(form url.Values, receipt string) []string {
	token := regexp.MustCompile(`/receipt/([^?]+)`).FindStringSubmatch(receipt)[1]
	_, mac, _ := strings.Cut(token, ".")
	all := []string{apiKey, url.QueryEscape(apiKey), token, mac, "relay-passw0rd", form.Get("key")}
	for _, field := range []string{"first_name", "last_name", "email", "address1", "address2", "city", "phone", "subject", "message"} {
		value := form.Get(field)
		all = append(all, value, url.QueryEscape(value), strings.ToLower(value))
	}
	return append(all, "82001", "82001-4321", "Quetzalcoatl", "2101 Oneil")
}

// SEC-LOG-1: nothing personal goes into the log, whatever happens on the way. The log of
// this test is the most talkative one.
func TestTheLogHoldsNothingPersonal(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		w := build(t, database)
		mails := openMails(t, mailtest.Options{
			Clock: w.clock.now, Username: "franklin", Password: "relay-passw0rd",
			Answer: (&relay{script: map[string][]int{"Quetzalcoatl@example.org": {450, 550}}}).answer,
		})
		w.mailThrough(mails)
		w.settings.Mail.Username, w.settings.Mail.Password = "franklin", "relay-passw0rd"
		if err := w.capitol.Script(
			cwctest.Act{Do: cwctest.ResetAfter},
			cwctest.Act{Do: cwctest.Refuse, Text: "The value 'Quetzalcoatl' of quetzalcoatl@example.org is invalid"},
		); err != nil {
			t.Fatal(err)
		}
		form := typed("first_name", "Quetzalcoatl", "last_name", "Muñoz-Ibáñez", "email", "Quetzalcoatl@example.org", "address1", "2101 Oneil Avenue",
			"address2", "Apartment 77B", "city", "Cheyenne", "zip", "82001-4321", "phone", "307-555-0188",
			"subject", "My very own subject", "message", "My very own words about this bill.", "join", "on")
		p := w.start()
		receipt := p.send(form)
		p.until(receipt, "The mail system did not take this letter")
		p.until(p.OpsURL()+"/metrics", `franklin_job_seconds_count{failed="true",kind="mail_receipts"} 1`)
		p.ran(1)
		p.misuse(form, receipt)
		for where, text := range map[string]string{
			"log": w.log.String(), "metrics": p.read(p.OpsURL() + "/metrics"), "operator's page": p.read(p.OpsURL()),
		} {
			clean(t, where, text, secrets(form, receipt))
		}
		if err := p.stop(); err != nil {
			t.Fatal(err)
		}
		clean(t, "log of the end", w.log.String(), secrets(form, receipt))
		queue := queued(t, database)
		clean(t, "queue", queue, secrets(form, receipt))
		if !strings.Contains(queue, submission(receipt)) || !strings.Contains(queue, "temporary failure") {
			t.Errorf("the queue does not tell what it could have told:\n%s", queue)
		}
		if !strings.Contains(w.log.String(), "letter sent") || !strings.Contains(w.log.String(), "could not be mailed") {
			t.Errorf("this log tells of nothing that could have named anybody:\n%s", w.log)
		}
	})
}

// misuse makes the site log what it can: refused, broken and unknown requests that carry
// the person's data.
func (p *program) misuse(form url.Values, receipt string) {
	p.Helper()
	address, _, _ := strings.Cut(receipt, "?")
	broken := url.Values{"email": {form.Get("email")}, "key": {form.Get("key")}}
	huge := url.Values{"message": {strings.Repeat(form.Get("message"), 20_000)}}
	for _, c := range []struct {
		method, target string
		form           url.Values
		status         int
	}{
		{http.MethodGet, p.URL() + "/c/loophole?email=" + url.QueryEscape(form.Get("email")), nil, 200},
		{http.MethodGet, p.URL() + "/nothing/" + url.PathEscape(form.Get("email")), nil, 404},
		{http.MethodGet, address + "x", nil, 404},
		{http.MethodPost, address + "/sent", url.Values{"letter": {form.Get("email")}}, 404},
		{http.MethodPost, p.URL() + "/c/loophole/send", broken, 422},
		{http.MethodPost, p.URL() + "/c/loophole/send", huge, 413},
		{http.MethodPut, p.URL() + "/c/loophole/send", form, 405},
	} {
		if a := p.do(c.method, c.target, c.form); a.status != c.status {
			p.Errorf("%s %.80s is answered %d, want %d", c.method, c.target, a.status, c.status)
		}
	}
	if a := p.do(http.MethodPost, p.URL()+"/c/loophole/send", form, "Sec-Fetch-Site", "cross-site"); a.status != http.StatusForbidden {
		p.Errorf("another site's form is answered %d", a.status)
	}
}

func clean(t *testing.T, where, text string, secrets []string) {
	t.Helper()
	for _, secret := range secrets {
		if secret != "" && strings.Contains(text, secret) {
			t.Errorf("the %s holds %q:\n%s", where, secret, text)
		}
	}
}

// queued is everything that the queue's table keeps of jobs: arguments and errors.
func queued(t *testing.T, database string) string {
	t.Helper()
	d, err := db.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }() // it was only read
	query := "SELECT kind, args::text, COALESCE(errors::text, '') FROM river_job"
	if d.Engine() == db.SQLite {
		query = "SELECT kind, json(args), COALESCE(json(errors), '') FROM river_job"
	}
	rows, err := d.SQL().QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }() // rows.Err says what went wrong
	var all strings.Builder
	for rows.Next() {
		var kind, args, errs string
		if err := rows.Scan(&kind, &args, &errs); err != nil {
			t.Fatal(err)
		}
		all.WriteString(kind + " " + args + " " + errs + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all.String()
}
