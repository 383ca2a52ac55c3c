package public

import (
	"net/url"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/supporter"
	"github.com/franklin-letters/franklin/internal/supporter/peoplefile"
)

const sponsorship = `partners:
  - key: harbor-fund
    name: Harbor Fund
    privacy: https://harbor.example/privacy
  - key: lamps
    name: Lamps of the Coast
    opt_in: Lamps of the Coast may write to me.
`

// handedOn is who a partner gets.
func (s *site) handedOn(key string) string {
	s.Helper()
	var all []string
	_, err := s.desk.People.ExportPartner(s.Context(), key, "ada", func(some []peoplefile.Agreed) error {
		for _, one := range some {
			all = append(all, one.First+" "+one.Last+" <"+one.Email+"> "+one.ZIP)
		}
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
	return strings.Join(all, ", ")
}

func (s *site) person(email string) supporter.Person {
	s.Helper()
	who, ok, err := s.desk.People.ByAddress(s.Context(), email)
	if err != nil || !ok {
		s.Fatalf("%s is not known: %v", email, err)
	}
	return who
}

// TestMAIL_C_1_PartnersHaveTheirOwnBox: empty until somebody ticks it, kept as it was ticked
// on every page on the way, and none of it without a partner.
func TestMAIL_C_1_PartnersHaveTheirOwnBox(t *testing.T) {
	s := newSite(t)
	if page := s.want(s.do("GET", "/c/loophole", nil), 200); strings.Contains(page, `name="partner"`) {
		t.Error("a campaign without partners has a box for one")
	}
	s.apply("loophole", sponsorship)
	page := s.want(s.do("GET", "/c/loophole", nil), 200, `<label for="f-partner-harbor-fund" lang="en">Yes, Harbor Fund may contact me too.`,
		"Lamps of the Coast may write to me.", `<a href="https://harbor.example/privacy" rel="noreferrer">Privacy policy of Harbor Fund</a>`)
	if strings.Count(page, `name="partner"`) != 2 || strings.Contains(page, "checked") {
		t.Errorf("not two empty boxes: %s", page)
	}
	s.want(s.do("GET", "/c/loophole?lang=es", nil), 200, `lang="es">Sí, Harbor Fund también puede`, `lang="en">Lamps of the Coast may write to me.`, "Política de privacidad de Harbor Fund")
	ticked := `value="lamps" checked aria-describedby`
	wrong := s.want(s.do("POST", "/c/loophole/review", typed("partner", "lamps", "email", "ana")), 422, ticked)
	if strings.Count(wrong, " checked") != 1 {
		t.Error("an error ticks another box")
	}
	review := s.want(s.do("POST", "/c/loophole/review", typed("partner", "lamps nobody")), 200, `name="partner" value="lamps nobody"`, "Lamps of the Coast may write to me.", "You do not join any list")
	if strings.Contains(review, "Harbor Fund") {
		t.Error("the review names a partner that was not ticked")
	}
	s.want(s.do("POST", "/c/loophole", typed("partner", "lamps nobody")), 200, ticked)
	two := typed("partner", "lamps")
	two.Add("partner", "harbor-fund")
	s.want(s.do("POST", "/c/loophole/review", two), 200, `name="partner" value="lamps harbor-fund"`)
	s.want(s.do("POST", "/c/loophole/review", typed("partner", strings.Repeat("x", 301))), 200)
}

// TestMAIL_C_2_PartnersGetTheirOwnPeople: from the tick to the partner's table and back, page
// by page, without our own list being touched.
func TestMAIL_C_2_PartnersGetTheirOwnPeople(t *testing.T) {
	s := newSite(t)
	s.apply("loophole", sponsorship)
	s.sent("email", "none@example.org", "first_name", "Nina", "key", letter.NewKey())
	ana := typed("partner", "harbor-fund", "join", "yes")
	ana.Add("partner", "lamps")
	s.do("POST", "/c/loophole/send", ana)
	who := s.person("ana@example.org")
	if got := s.handedOn("harbor-fund") + s.handedOn("lamps"); got != "" {
		t.Fatalf("handed on before the mailbox has confirmed: %s", got)
	}
	join := s.desk.People.JoinURL(who.ID, who.Email, supporter.Updates)
	join = join[strings.Index(join, "/join/"):]
	page := s.want(s.do("GET", join, nil), 200, "Please confirm what was ticked", "Yes, write to me with updates.", "Harbor Fund may contact me too", "Lamps of the Coast may write to me.")
	if strings.Count(page, "<button class=\"button\"") != 3 || s.handedOn("harbor-fund") != "" {
		t.Errorf("not a button for each, or looking confirms: %s", page)
	}
	s.want(s.do("POST", join, url.Values{"list": {"partner:nobody"}}), 200)
	s.want(s.do("POST", join, url.Values{"list": {"partner:harbor-fund"}}), 200, "You confirmed this.", "See or take back")
	if got := s.handedOn("harbor-fund") + "/" + s.handedOn("lamps"); got != "Ana Muñoz <ana@example.org> 82001/" {
		t.Errorf("handed on: %s", got)
	}
	m, err := s.desk.People.Membership(t.Context(), who.ID)
	if err != nil || len(m.Lists) != 1 || m.On(supporter.Updates) {
		t.Errorf("a partner's tick put her on %v, %v", m.Lists, err)
	}
	s.do("POST", join, url.Values{"list": {"partner:lamps"}})
	s.do("POST", join, url.Values{"list": {"updates"}})
	leave := "/leave/" + s.desk.People.LeaveToken(who.ID, who.Email, supporter.Updates)
	s.want(s.do("GET", leave, nil), 200, "on to Harbor Fund", "https://harbor.example/privacy", "on to Lamps of the Coast", "It also takes back")
	s.want(s.do("GET", leave+"?lang=es", nil), 200, "Usted permitió que entreguemos", "Política de privacidad de Harbor Fund")
	if s.handedOn("harbor-fund") == "" {
		t.Error("looking takes something back")
	}
	s.want(s.do("POST", leave, url.Values{"list": {"partner:harbor-fund"}}), 200, "You have taken it back", "We pass nothing about you on to Harbor Fund any more",
		"please ask Harbor Fund itself to erase them", "https://harbor.example/privacy", "on to Lamps of the Coast")
	if got := s.handedOn("harbor-fund") + "/" + s.handedOn("lamps"); got != "/Ana Muñoz <ana@example.org> 82001" || !s.on(who) {
		t.Errorf("after she took one back: %s", got)
	}
	s.want(s.do("POST", leave, url.Values{"List-Unsubscribe": {"One-Click"}}), 200)
	if s.handedOn("lamps") == "" || s.on(who) {
		t.Error("one click for our list did more or less than that")
	}
	s.want(s.do("POST", leave, url.Values{"list": {"everything"}}), 200, "please ask Harbor Fund itself", "please ask Lamps of the Coast itself")
	if s.handedOn("lamps") != "" {
		t.Error("everything is not everything")
	}
}

// TestPartnerOfSomebodyWithoutOurList: the page confirms no list that was not ticked; the data
// tell of the partner, and lead to taking it back.
func TestPartnerOfSomebodyWithoutOurList(t *testing.T) {
	s := newSite(t)
	s.apply("loophole", sponsorship)
	s.sent("partner", "lamps")
	who := s.person("ana@example.org")
	join := s.desk.People.JoinURL(who.ID, who.Email, supporter.PartnerOf("lamps"))
	join = join[strings.Index(join, "/join/"):]
	page := s.want(s.do("GET", join, nil), 200, "Lamps of the Coast may write to me.", "Yes, pass them on")
	if strings.Contains(page, "Yes, put me on the list") {
		t.Error("the page offers a list that was not ticked")
	}
	s.want(s.do("POST", join, nil), 200, "You confirmed this.")
	if s.handedOn("lamps") == "" {
		t.Error("she confirmed and is not handed on")
	}
	data := s.desk.People.DataURL(who)
	s.want(s.do("GET", data[strings.Index(data, "/my-data/"):], nil), 200, "See or take back what you agreed to", "/leave/")
	record, err := s.desk.Record(t.Context(), who)
	if err != nil || len(record.Consents) != 1 || record.Consents[0].Purpose != "partner:lamps" || record.Letters[0].Partners != "lamps" {
		t.Errorf("%+v, %v", record, err)
	}
	if err := s.desk.People.Leave(t.Context(), supporter.Link{Supporter: who.ID, Mailbox: "x"}, supporter.PartnerOf("lamps"), supporter.ByPage); err != nil {
		t.Fatal(err)
	}
	s.want(s.do("GET", join, nil), 200, "There is nothing to confirm")
}
