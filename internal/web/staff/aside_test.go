package staff_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/letter"
)

var inputs = regexp.MustCompile(`<input type="(?:hidden|checkbox)" name="letter" value="([^"]+)"`)

// chosen are the letters that a page's form would send.
func chosen(page string) []string {
	var all []string
	for _, found := range inputs.FindAllStringSubmatch(page, -1) {
		all = append(all, found[1])
	}
	return all
}

// state returns where a letter stands.
func (o *office) state(id string) letter.State {
	o.Helper()
	l, err := o.db.Read().LetterByID(o.Context(), id)
	if err != nil {
		o.Fatal(err)
	}
	return letter.State(l.State)
}

func (o *office) stands(want letter.State, ids ...string) {
	o.Helper()
	for _, id := range ids {
		if got := o.state(id); got != want {
			o.Errorf("%s is %s, want %s", id, got, want)
		}
	}
}

func TestSEC_FRAUD_4_ChoosingLettersToRelease(t *testing.T) {
	each(t, func(o *office) {
		odd := []string{o.write("", "names: recombined"), o.write("", "names: recombined"), o.write("", "names: recombined")}
		trap := o.write("", "trap: filled in")
		line := o.write("", "")
		b := o.member(account.Moderator)
		b.get("/staff/", "4 letters are put aside", "names: recombined", "trap: filled in")
		page := b.get("/staff/aside", "HWY00", "loophole", "Every reason")
		if got := chosen(page); len(got) != 4 || slices.Contains(got, line) || strings.Contains(page, "Muñoz") {
			t.Errorf("the page lists %q:\n%s", got, page)
		}
		page = b.get("/staff/aside?reason=names%3A+recombined", "With all 3 of this reason")
		if got := chosen(page); len(got) != 3 || slices.Contains(got, trap) {
			t.Errorf("of the reason it lists %q", got)
		}

		form := url.Values{"letter": odd[:2], "do": {"release"}, "reason": {"names: recombined"}}
		page = b.post("/staff/move/preview", form, "Release 2 letters?", "HWY00", "names: recombined", "/staff/letters/"+odd[0], "/staff/letters/"+odd[1], "(optional)")
		o.stands(letter.Frozen, odd...)
		form.Set("why", "looked at both")
		b.post("/staff/move", form, "2 letters were released.", "trap: filled in")
		o.stands(letter.Ready, odd[:2]...)
		o.stands(letter.Frozen, odd[2], trap)
		b.post("/staff/move", form, "0 letters were released. 2 stood elsewhere already and were left alone.")
		if got := o.acts(audit.LetterRelease); !slices.Equal(got, []string{"moderator (staff) " + odd[1], "moderator (staff) " + odd[0]}) {
			t.Errorf("the log says %q", got)
		}
		if got := chosen(page); !slices.Equal(got, odd[:2]) {
			t.Errorf("the preview would move %q", got)
		}
	})
}

func TestRefusingAWholeReason(t *testing.T) {
	each(t, func(o *office) {
		var odd []string
		for range 22 {
			odd = append(odd, o.write("", "names: recombined"))
		}
		trap := o.write("", "trap: filled in")
		b := o.member(account.Owner)
		page := b.post("/staff/move/preview", url.Values{"do": {"every-refuse"}, "reason": {"names: recombined"}, "letter": {trap}}, "Refuse 22 letters?", "and 2 more")
		all := chosen(page)
		if len(all) != 22 || slices.Contains(all, trap) {
			t.Errorf("the preview would move %d letters", len(all))
		}
		form := url.Values{"letter": all, "do": {"refuse"}, "why": {" \t"}}
		b.want(b.do("POST", "/staff/move", form), http.StatusUnprocessableEntity, "Error: Refuse 22 letters?", "Say the reason in a sentence.")
		o.stands(letter.Frozen, odd...)
		form.Set("why", "Nobody\x00 wrote\nthese.")
		b.post("/staff/move", form, "22 letters were refused.")
		o.stands(letter.Refused, odd...)
		o.stands(letter.Frozen, trap)
		l, err := o.db.Read().LetterByID(o.Context(), odd[0])
		if err != nil || l.Reason != "Nobody wrote these." {
			t.Errorf("the reason is %q, %v", l.Reason, err)
		}
	})
}

func TestWhatCannotBeMoved(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	frozen, line := o.write("", "odd"), o.write("", "")
	b := o.member(account.Moderator)
	b.want(b.do("POST", "/staff/move/preview", url.Values{"do": {"release"}}), http.StatusUnprocessableEntity, "Error: Letters put aside", "Choose at least one letter.")
	for _, do := range []string{"", "hold", "resolve-", "retry", "every-"} {
		for _, page := range []string{"/staff/move/preview", "/staff/move"} {
			b.want(b.do("POST", page, url.Values{"do": {do}, "letter": {frozen}, "why": {"x"}}), http.StatusBadRequest)
		}
	}
	b.post("/staff/move", url.Values{"do": {"refuse"}, "letter": {line, "no-letter"}, "why": {"x"}}, "0 letters were refused. 2 stood elsewhere")
	many := make([]string, 201)
	for i := range many {
		many[i] = strconv.Itoa(i)
	}
	b.want(b.do("POST", "/staff/move", url.Values{"do": {"release"}, "letter": {"", " "}}), http.StatusUnprocessableEntity, "Choose at least one letter.")
	b.want(b.do("POST", "/staff/move", url.Values{"do": {"release"}, "letter": many}), http.StatusBadRequest)
	o.stands(letter.Frozen, frozen)
	o.stands(letter.Ready, line)

	campaigner := o.member(account.Campaigner)
	if page := campaigner.get("/staff/aside", "HWY00"); len(chosen(page)) > 0 || strings.Contains(page, "Release…") {
		t.Error("who may not move letters can choose them")
	}
	if page := o.member(account.Viewer).get("/staff/aside", "HWY00"); strings.Contains(page, "/staff/letters/") {
		t.Error("who may not open letters is led to them")
	}
}

func TestPagesOfFiftyLetters(t *testing.T) {
	each(t, func(o *office) {
		for i := range 120 {
			o.now = noon.Add(time.Duration(i/40) * time.Hour) // many at the same moment
			o.write("", fmt.Sprintf("odd: %d", i%2))
		}
		o.now = noon.Add(3 * time.Hour)
		b := o.member(account.Moderator)
		for reason, want := range map[string]int{"": 120, "odd: 1": 60} {
			next, seen := "/staff/aside?reason="+url.QueryEscape(reason), map[string]bool{}
			for pages := 0; next != ""; pages++ {
				page := b.get(next)
				if listed := chosen(page); pages < want/50 && len(listed) != 50 {
					t.Fatalf("page %d lists %d letters", pages, len(listed))
				}
				for _, id := range chosen(page) {
					if seen[id] {
						t.Fatalf("%s is listed twice", id)
					}
					seen[id] = true
				}
				next = ""
				if found := regexp.MustCompile(`href="(/staff/aside\?before=[^"]+)">Older`).FindStringSubmatch(page); found != nil {
					next = found[1]
				}
			}
			if len(seen) != want {
				t.Errorf("of %q %d letters are listed, want %d", reason, len(seen), want)
			}
		}
	})
}
