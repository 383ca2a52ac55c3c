package cwctest

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
)

//go:embed pages
var pages embed.FS

// newest is how many messages the page lists.
const newest = 200

func templates() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{
		"moment":  func(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04:05 UTC") },
		"machine": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"seat":    seatName,
		"answer": func(f cwc.Flag) string {
			return map[cwc.Flag]string{cwc.Yes: "Yes", cwc.No: "No", cwc.Unsaid: "Not said"}[f]
		},
	}).ParseFS(pages, "pages/*.html"))
}

// seatName puts an office code into words: "Arizona, district 4".
func seatName(code string) string {
	seat, ok := congress.SeatOfOffice(code)
	switch {
	case !ok:
		return code
	case seat.Class != 0:
		return seat.State.Name() + ", Senate seat of class " + strconv.Itoa(int(seat.Class))
	case seat.District == 0:
		return seat.State.Name() + ", at large"
	default:
		return seat.State.Name() + ", district " + strings.TrimLeft(seat.String()[3:], "0")
	}
}

func (c *Capitol) listPage(w http.ResponseWriter, _ *http.Request) {
	type row struct {
		Message
		Again int // receptions after the first
	}
	var page struct {
		Rows                             []row
		Total, Offices, Repeats, Refused int
	}
	again := map[string]int{}
	offices := map[string]bool{}
	all := c.ledger.all()
	for _, r := range all {
		if r.Repeated {
			again[r.DeliveryID]++
			page.Repeats++
			continue
		}
		offices[r.Office] = true
		page.Total++
	}
	for i := len(all) - 1; i >= 0 && len(page.Rows) < newest; i-- {
		if !all[i].Repeated {
			page.Rows = append(page.Rows, row{all[i].Message, again[all[i].DeliveryID]})
		}
	}
	page.Offices, page.Refused = len(offices), c.Refused()
	c.render(w, http.StatusOK, "list.html", page)
}

// oneMessage shows a message as a page or, with .xml behind its id, as it came.
func (c *Capitol) oneMessage(w http.ResponseWriter, r *http.Request) {
	id, raw := strings.CutSuffix(r.PathValue("name"), ".xml")
	body, found, err := c.ledger.body(id)
	switch {
	case err != nil:
		text(w, http.StatusInternalServerError, "The ledger could not be read")
		return
	case !found && raw:
		text(w, http.StatusNotFound, "No message with this DeliveryId has arrived")
		return
	case !found:
		c.render(w, http.StatusNotFound, "missing.html", nil)
		return
	case raw:
		answer(w, http.StatusOK, "application/xml", body)
		return
	}
	entry, _ := c.ledger.find(id)
	m, err := cwc.Parse(bytes.NewReader(body))
	if err != nil {
		text(w, http.StatusInternalServerError, "The stored message could not be read")
		return
	}
	c.render(w, http.StatusOK, "message.html", struct {
		Reception
		M cwc.Message
	}{entry, m})
}

func (c *Capitol) render(w http.ResponseWriter, status int, name string, data any) {
	var b bytes.Buffer
	if err := c.pages.ExecuteTemplate(&b, name, data); err != nil {
		text(w, http.StatusInternalServerError, "The page could not be written")
		return
	}
	answer(w, status, "text/html; charset=utf-8", b.Bytes())
}

func (c *Capitol) stylesheet(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "max-age=3600")
	http.ServeFileFS(w, r, pages, "pages/style.css")
}

func (c *Capitol) listJSON(w http.ResponseWriter, _ *http.Request) {
	answerJSON(w, c.Messages())
}

func (c *Capitol) ledgerJSON(w http.ResponseWriter, _ *http.Request) {
	answerJSON(w, c.Receptions())
}
