package staff_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/letter"
)

func TestTheDossierOfALetter(t *testing.T) {
	each(t, func(o *office) {
		id := o.write("Please support this bill.\n\nIt matters to my family.", "")
		row, err := o.db.Read().LetterByID(o.Context(), id)
		if err != nil {
			o.Fatal(err)
		}
		b := o.member(account.Campaigner)
		b.get("/staff/letters", "Each letter that you open is written into the log")
		b.leads(b.do("GET", "/staff/letters?number=+"+row.DeliveryID+"+", nil), "/staff/letters/"+row.DeliveryID)
		page := b.get("/staff/letters/"+row.DeliveryID,
			"Letter to HWY00", "in line", "Ms. Ana Muñoz1", "2101 O'Neil Ave", "Cheyenne WY 82001", "ana1@example.org",
			"loophole, version 1", "of this site, unsigned (en)", "not asked to confirm", "WY-00, found by ZIP code, lines of plan WY 119th",
			"Yes, write to me with updates.", row.DeliveryID, id, row.TextHash, "What is stored still has this hash.",
			"<del>at home.</del>", "<ins>to my family.</ins>", "November 30, 2026 at 12:00\u00a0p.m. Eastern time",
		)
		if strings.Contains(page, "This letter is put aside") {
			t.Error("a letter in line can be released")
		}
		if got, want := o.acts(audit.LetterView), []string{"campaigner (staff) " + id}; !slices.Equal(got, want) {
			t.Errorf("the log says %q, want %q", got, want)
		}
	})
}

// TestSEC_XSS_3_WordsAreText: what somebody wrote is shown as text, with nothing taken away
// and nothing made of it.
func TestSEC_XSS_3_WordsAreText(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	words := "<script>alert(1)</script>\n\n[link](javascript:alert(1)) https://evil.example\n<b>bold</b> & \"quoted\" 'it'"
	id := o.write(words, "looks odd: <img src=x onerror=alert(1)>")
	b := o.member(account.Moderator)
	w := b.do("GET", "/staff/letters/"+id, nil)
	page := w.Body.String()
	for _, bad := range []string{"<script>alert", "<b>bold", "<img", `href="https://evil`, `href="javascript`} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %s", bad)
		}
	}
	if w.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Error("the page may be sniffed")
	}
	shown := b.want(w, http.StatusOK, "looks odd: <img src=x onerror=alert(1)>", "This letter is put aside")
	if _, text, _ := strings.Cut(shown, "<pre>\n"); !strings.HasPrefix(text, words+"</pre>") {
		t.Errorf("the words are not shown as they are:\n%s", text)
	}
	if list := b.do("GET", "/staff/aside", nil).Body.String(); strings.Contains(list, "<img") {
		t.Error("the list holds a picture")
	}
}

func TestALetterThatIsNotThere(t *testing.T) {
	each(t, func(o *office) {
		b := o.member(account.Moderator)
		for _, number := range []string{"no-letter", "%00", "%ff", "a%2Fb", strings.Repeat("x", 2000)} {
			b.want(b.do("GET", "/staff/letters/"+number, nil), http.StatusNotFound, "There is no letter with this number.", "Error: Find a letter")
		}
		if got := o.acts(audit.LetterView); len(got) > 0 {
			t.Errorf("the log says %q", got)
		}
		viewer := o.member(account.Viewer)
		id := o.write("", "")
		for _, number := range []string{id, "no-letter"} {
			viewer.want(viewer.do("GET", "/staff/letters/"+number, nil), http.StatusForbidden, "Your role does not include this page")
		}
	})
}

// TestAnErasedLetter keeps its proof and loses its words.
func TestAnErasedLetter(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	id := o.write("My own words.", "looks odd")
	if err := o.desk.Operate(t.Context(), letter.Refuse, id, "ada", "a forgery"); err != nil {
		t.Fatal(err)
	}
	o.now = noon.Add(letter.ScrubAfter + letter.ScrubAfter)
	if err := o.desk.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	b := o.member(account.Owner)
	page := b.get("/staff/letters/"+id, "Name, address and words were erased on", "refused", "Please support this bill.", "the words and the address were erased after their time")
	for _, gone := range []string{"My own words", "Muñoz", "O'Neil", "does not have this hash"} {
		if strings.Contains(page, gone) {
			t.Errorf("the page still holds %q", gone)
		}
	}
}
