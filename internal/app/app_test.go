package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/db/dbtest"
)

var hiddenInput = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)

func hiddenFields(page string) url.Values {
	form := url.Values{}
	for _, m := range hiddenInput.FindAllStringSubmatch(page, -1) {
		form.Set(m[1], m[2])
	}
	return form
}

// The main job from the empty form to the Capitol, with a restart at the end.
func TestFromTheFormToTheCapitol(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		p := build(t, database).start()
		page := p.URL() + "/c/loophole"
		form := hiddenFields(p.read(page))
		for name, value := range typed() {
			if name != "key" {
				form[name] = value
			}
		}
		review := p.do(http.MethodPost, page+"/review", form)
		if review.status != http.StatusOK || !strings.Contains(review.body, "Hageman") {
			t.Fatalf("the review is answered %d:\n%s", review.status, review.body)
		}
		reviewed := hiddenFields(review.body)
		receipt := p.send(reviewed)
		p.until(receipt, "Accepted by the House mail system")
		if again := p.send(reviewed); again != receipt { // a double click
			t.Errorf("the same form leads to %s and to %s", receipt, again)
		}
		messages := p.capitol.Messages()
		if len(messages) != 1 || messages[0].Office != "HWY00" {
			t.Fatalf("the Capitol has %+v, want one letter to Wyoming", messages)
		}
		body, _, err := p.capitol.XML(messages[0].DeliveryID)
		if err != nil || !strings.Contains(string(body), "<LastName>Muñoz</LastName>") {
			t.Errorf("the letter arrived as %s, %v", body, err)
		}
		p.until(page+"/count", `"letters":1`)
		p.until(p.OpsURL(), `<td>accepted</td>`)
		for path, want := range map[string]string{
			"/healthz": "ok", "/readyz": "ready",
			"/metrics": `franklin_http_request_seconds_count{route="POST /c/{slug}/send",status="303"} 2`,
		} {
			if got := p.read(p.OpsURL() + path); !strings.Contains(got, want) {
				t.Errorf("%s lacks %s", path, want)
			}
		}
		if err := p.stop(); err != nil {
			t.Fatal(err)
		}
		again := p.start()
		path := receipt[strings.Index(receipt, "/receipt/"):]
		again.until(again.URL()+path, "Accepted by the House mail system")
		again.until(again.URL()+"/c/loophole/count", `"letters":1`)
		if n := len(p.capitol.Receptions()); n != 1 {
			t.Errorf("the Capitol got %d messages for one letter", n)
		}
	})
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		p := build(t, database).start()
		const people = 40
		receipts := make(chan string)
		for i := range people {
			go func() {
				form := typed("first_name", fmt.Sprintf("Ana%d", i), "email", fmt.Sprintf("ana%d@example.org", i), "join", "on")
				response, err := client.PostForm(p.URL()+"/c/loophole/send", form)
				if err != nil {
					receipts <- err.Error()
					return
				}
				_ = response.Body.Close() // only the header matters
				receipts <- response.Header.Get("Location")
			}()
		}
		var all []string
		for range people {
			all = append(all, <-receipts)
		}
		slices.Sort(all)
		if all = slices.Compact(all); len(all) != people || !strings.HasPrefix(all[0], "/receipt/") {
			t.Fatalf("%d receipts for %d people, the first is %s", len(all), people, all[0])
		}
		p.until(p.URL()+"/c/loophole/count", fmt.Sprintf(`"letters":%d`, people))
		ids := map[string]bool{}
		for _, m := range p.capitol.Receptions() {
			ids[m.DeliveryID] = true
		}
		if len(ids) != people || len(p.capitol.Receptions()) != people {
			t.Errorf("%d messages with %d numbers for %d letters", len(p.capitol.Receptions()), len(ids), people)
		}
		p.until(p.OpsURL(), fmt.Sprintf(`<td class="number">%d</td><td class="number">%d</td><td class="number">3000</td><td class="number">%d</td>`, people, people, people))
	})
}

func TestHandoffWithoutAKey(t *testing.T) {
	t.Parallel()
	w := build(t, dbtest.SQLiteURL(t))
	w.settings.CWC.Key = ""
	p := w.start()
	receipt := p.send(typed())
	form := hiddenFields(p.read(receipt))
	address, _, _ := strings.Cut(receipt, "?")
	if a := p.do(http.MethodPost, address+"/sent", form); a.status != http.StatusSeeOther {
		t.Fatalf("saying that it was sent is answered %d\n%s", a.status, a.body)
	}
	p.until(p.URL()+"/c/loophole/count", `"letters":1`)
	if n := len(p.capitol.Receptions()); n != 0 {
		t.Errorf("the Capitol got %d messages although there is no key", n)
	}
	p.until(p.OpsURL(), "by the supporters' own hands")
}
