package public

import (
	"encoding/json"
	"strings"
	"testing"
)

const everybody = "targets: [representative, senators]\nchannels: [CHANNELS]\n"

func ways(channels string) string { return strings.Replace(everybody, "CHANNELS", channels, 1) }

// TestEveryMemberIsNamed goes from the form to the receipt of a campaign that writes to a
// Representative and both senators.
func TestEveryMemberIsNamed(t *testing.T) {
	s := newSite(t)
	s.apply("both", ways("handoff"))
	members := []string{"Rep. Harriet M. Hageman", "Sen. John Barrasso", "Sen. Cynthia M. Lummis"}
	var p Preview
	err := json.Unmarshal(s.do("GET", "/c/both/member?zip=82001&state=WY", nil).Body.Bytes(), &p)
	for _, m := range members {
		if err != nil || !strings.Contains(p.Heading, m) {
			t.Errorf("the preview says %q, %v", p.Heading, err)
		}
	}
	s.want(s.do("POST", "/c/both/review", typed()), 200, members...)
	w := s.do("POST", "/c/both/send", typed())
	s.want(w, 303)
	receipt := w.Header().Get("Location")
	body := s.want(s.do("GET", receipt, nil), 200, members...)
	if n := strings.Count(body, "I have sent it"); n != 3 {
		t.Errorf("%d letters can be handed over", n)
	}
	for _, way := range []string{"tel:+1202", "https://hageman.house.gov"} {
		if !strings.Contains(body, way) {
			t.Errorf("the receipt does not lead to %s", way)
		}
	}
}

// TestSenatorsNeedNoDistrict: a ZIP code with several districts asks nothing on a campaign
// that writes to senators alone.
func TestSenatorsNeedNoDistrict(t *testing.T) {
	s := newSite(t)
	s.apply("senate", "targets: [senators]\n")
	form := typed("zip", "10025", "state", "NY", "city", "New York", "address1", "x y z")
	body := s.want(s.do("POST", "/c/senate/review", form), 200, "Sen. Charles E. Schumer", "Sen. Kirsten E. Gillibrand")
	if strings.Contains(body, "Rep. ") {
		t.Error("a Representative is named")
	}
	s.want(s.do("POST", "/c/senate/send", form), 303)
}

// TestPaperSaysSo: a letter that waits for a printer is neither sent nor the supporter's.
func TestPaperSaysSo(t *testing.T) {
	s := newSite(t)
	s.apply("paper", ways("print"))
	w := s.do("POST", "/c/paper/send", typed())
	s.want(w, 303)
	body := s.want(s.do("GET", w.Header().Get("Location"), nil), 200, "To be printed and carried to the office")
	if strings.Contains(body, "I have sent it") || strings.Contains(body, "We will try again on") {
		t.Error("the receipt says what is not so")
	}
}
