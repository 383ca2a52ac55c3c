package cwc_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
)

func TestBuildGolden(t *testing.T) {
	for name, tc := range map[string]struct {
		m       cwc.Message
		chamber congress.Chamber
	}{
		"house-full.xml":  {sample(), congress.House},
		"house-small.xml": {small(), congress.House},
		"senate-full.xml": {senateSample(), congress.Senate},
	} {
		t.Run(name, func(t *testing.T) {
			got := build(t, tc.m, tc.chamber)
			golden(t, name, got)
			if tc.chamber == congress.House {
				if problems := problemsOf(t, got); len(problems) > 0 {
					t.Errorf("the House's schema refuses what Build wrote: %v", problems)
				}
			}
			back, err := cwc.Parse(strings.NewReader(string(got)))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.m.Clean(tc.chamber), back); diff != "" {
				t.Errorf("Parse does not give back what was built (-built +parsed):\n%s", diff)
			}
		})
	}
}

func TestBuildRefusesWhatIsWrong(t *testing.T) {
	for name, tc := range map[string]struct {
		change  func(*cwc.Message)
		chamber congress.Chamber
		path    string
		rule    string
		level   cwc.Level
	}{
		"no prefix":             {func(m *cwc.Message) { m.Constituent.Prefix = "" }, congress.House, "CWC/Constituent/Prefix", "required", cwc.Schema},
		"other prefix":          {func(m *cwc.Message) { m.Constituent.Prefix = "Mx." }, congress.House, "CWC/Constituent/Prefix", "prefix", cwc.Sending},
		"other prefix, Senate":  {func(m *cwc.Message) { m.Constituent.Prefix = "Mx." }, congress.Senate, "CWC/Constituent/Prefix", "prefix", cwc.Schema},
		"short mail":            {func(m *cwc.Message) { m.Constituent.Email = "anna@gmail" }, congress.House, "CWC/Constituent/Email", "email", cwc.Schema},
		"odd mail":              {func(m *cwc.Message) { m.Constituent.Email = "a@b@c.d" }, congress.House, "CWC/Constituent/Email", "email", cwc.Sending},
		"quoted mail":           {func(m *cwc.Message) { m.Constituent.Email = `"a b"@c.org` }, congress.House, "CWC/Constituent/Email", "email", cwc.Sending},
		"trailing dot":          {func(m *cwc.Message) { m.Constituent.Email = "a@b.org." }, congress.House, "CWC/Constituent/Email", "email", cwc.Sending},
		"two-letter city":       {func(m *cwc.Message) { m.Constituent.City = "Ai" }, congress.House, "CWC/Constituent/City", "length", cwc.Schema},
		"military":              {func(m *cwc.Message) { m.Constituent.State = "AE" }, congress.House, "CWC/Constituent/StateAbbreviation", "state", cwc.Schema},
		"dead district":         {func(m *cwc.Message) { m.Recipient.Office = "HCA53" }, congress.House, "CWC/Recipient/MemberOffice", "office", cwc.Sending},
		"Census code":           {func(m *cwc.Message) { m.Recipient.Office = "HDC98" }, congress.House, "CWC/Recipient/MemberOffice", "office", cwc.Sending},
		"wrong chamber":         {func(m *cwc.Message) { m.Recipient.Office = "SAZ01" }, congress.House, "CWC/Recipient/MemberOffice", "office", cwc.Schema},
		"no such day":           {func(m *cwc.Message) { m.Delivery.Date = "20260231" }, congress.House, "CWC/Delivery/DeliveryDate", "date", cwc.Sending},
		"short id":              {func(m *cwc.Message) { m.Delivery.ID = "abc" }, congress.House, "CWC/Delivery/DeliveryId", "delivery-id", cwc.Schema},
		"script address":        {func(m *cwc.Message) { m.Letter.MoreInfo = "javascript:alert(1)" }, congress.House, "CWC/Message/MoreInfo", "address", cwc.Sending},
		"relative address":      {func(m *cwc.Message) { m.Letter.MoreInfo = "not a url" }, congress.House, "CWC/Message/MoreInfo", "address", cwc.Sending},
		"password in address":   {func(m *cwc.Message) { m.Letter.MoreInfo = "https://a:b@example.org/" }, congress.House, "CWC/Message/MoreInfo", "address", cwc.Sending},
		"half a bill":           {func(m *cwc.Message) { m.Letter.Bills[0].Congress = 0 }, congress.House, "CWC/Message/Bills/Bill", "bill", cwc.Sending},
		"negative bill":         {func(m *cwc.Message) { m.Letter.Bills[0].Number = -5 }, congress.House, "CWC/Message/Bills/Bill/BillNumber", "number", cwc.Schema},
		"neutral":               {func(m *cwc.Message) { m.Letter.Stance = "Neutral" }, congress.House, "CWC/Message/ProOrCon", "stance", cwc.Schema},
		"no stance, Senate":     {func(m *cwc.Message) { m.Letter.Stance = "" }, congress.Senate, "CWC/Message/ProOrCon", "stance", cwc.Sending},
		"no topic":              {func(m *cwc.Message) { m.Letter.Topics = nil }, congress.House, "CWC/Message/LibraryOfCongressTopics/LibraryOfCongressTopic", "required", cwc.Schema},
		"topic in small":        {func(m *cwc.Message) { m.Letter.Topics[0] = "education" }, congress.House, "CWC/Message/LibraryOfCongressTopics/LibraryOfCongressTopic", "topic", cwc.Schema},
		"no text":               {func(m *cwc.Message) { m.Letter.OrganizationStatement, m.Letter.ConstituentMessage = " ", "" }, congress.House, "CWC/Message/ConstituentMessage", "required", cwc.Schema},
		"blank text":            {func(m *cwc.Message) { m.Letter.Subject = "        " }, congress.House, "CWC/Message/Subject", "required", cwc.Schema},
		"long text":             {func(m *cwc.Message) { m.Letter.ConstituentMessage = strings.Repeat("a", 10_001) }, congress.House, "CWC/Message/ConstituentMessage", "length", cwc.Schema},
		"long text in emoji":    {func(m *cwc.Message) { m.Letter.ConstituentMessage = strings.Repeat("🗽", 5_001) }, congress.House, "CWC/Message/ConstituentMessage", "length", cwc.Sending},
		"initials, House":       {func(m *cwc.Message) { m.Delivery.Organization = "SHA" }, congress.House, "CWC/Delivery/Organization", "length", cwc.Schema},
		"address without room":  {func(m *cwc.Message) { m.Constituent.Address1, m.Constituent.Address2 = strings.Repeat("a", 499), "#5" }, congress.House, "CWC/Constituent/Address1", "length", cwc.Schema},
		"telephone with letter": {func(m *cwc.Message) { m.Constituent.Phone = "480-555-HELP" }, congress.House, "CWC/Constituent/Phone", "phone", cwc.Schema},
	} {
		t.Run(name, func(t *testing.T) {
			m := sample()
			if tc.chamber == congress.Senate {
				m = senateSample()
			}
			tc.change(&m)
			text, err := cwc.Build(m, tc.chamber)
			var problems cwc.Problems
			if !errors.As(err, &problems) || text != nil {
				t.Fatalf("Build wrote %q and said %v", text, err)
			}
			want := cwc.Problem{Path: tc.path, Rule: tc.rule, Level: tc.level}
			got := problems[0]
			if got.Message == "" {
				t.Error("the problem has no words")
			}
			got.Message = ""
			if got != want || len(problems) != 1 {
				t.Errorf("got %v, want the one problem %v", problems, want)
			}
			if !strings.Contains(err.Error(), tc.path) {
				t.Errorf("the error does not name the path: %v", err)
			}
			if n := len(problems.At(tc.level)); n != 1 {
				t.Errorf("%d problems at the level %s", n, tc.level)
			}
		})
	}
}

func TestCleanMakesAcceptableWithoutLosing(t *testing.T) {
	m := sample()
	c := &m.Constituent
	c.FirstName, c.LastName = "\u202e Zoë\tMaria\u2066 ", "O\x00'Brien\ufeff"
	c.Address1, c.Address2, c.Address3, c.Zip, c.Phone = "12 Elm St", "#5", "B", "852011234", "(480) 555-0123"
	c.State, c.EmailValidated = " az ", "y"
	m.Letter.Stance, m.Letter.Topics = "CON", []string{" Energy", "Energy", ""}
	m.Letter.Bills = append(m.Letter.Bills, congress.Bill{})
	m.Letter.ConstituentMessage = "\r\n a\rb\r\nc\x0b\x7f\ufffe \xff \u202bשלום\u202c \n"

	got := m.Clean(congress.House)
	for name, pair := range map[string][2]any{
		"first name": {got.Constituent.FirstName, "Zoë Maria"},
		"last name":  {got.Constituent.LastName, "O'Brien"},
		"address 1":  {got.Constituent.Address1, "12 Elm St"},
		"address 2":  {got.Constituent.Address2, "#5 B"},
		"address 3":  {got.Constituent.Address3, ""},
		"zip":        {got.Constituent.Zip, "85201-1234"},
		"phone":      {got.Constituent.Phone, "480-555-0123"},
		"state":      {got.Constituent.State, congress.State("AZ")},
		"flag":       {got.Constituent.EmailValidated, cwc.Yes},
		"stance":     {got.Letter.Stance, cwc.Con},
		"topics":     {len(got.Letter.Topics), 1},
		"bills":      {len(got.Letter.Bills), 2},
		"text":       {got.Letter.ConstituentMessage, "a\nb\nc\x7f  \u202bשלום\u202c"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %q, want %q", name, pair[0], pair[1])
		}
	}
	if diff := cmp.Diff(got, got.Clean(congress.House)); diff != "" {
		t.Errorf("cleaning twice changes more:\n%s", diff)
	}
	if m.Letter.Topics[0] != " Energy" {
		t.Error("Clean changed its argument")
	}
}

func TestShortAddressLinesAreJoined(t *testing.T) {
	for _, tc := range []struct {
		in      [3]string
		chamber congress.Chamber
		want    [3]string
	}{
		{[3]string{"12 Elm St", "#5", ""}, congress.House, [3]string{"12 Elm St #5", "", ""}},
		{[3]string{"12 Elm St", "#5", ""}, congress.Senate, [3]string{"12 Elm St", "#5", ""}},
		{[3]string{"12 Elm St", "5", ""}, congress.Senate, [3]string{"12 Elm St 5", "", ""}},
		{[3]string{"12 Elm St", "#5", "Rear"}, congress.House, [3]string{"12 Elm St #5", "", "Rear"}},
		{[3]string{"12 Elm St", "", "B"}, congress.House, [3]string{"12 Elm St B", "", ""}},
		{[3]string{"12 Elm St", "Apt 5", "B"}, congress.House, [3]string{"12 Elm St", "Apt 5 B", ""}},
		{[3]string{"12 Elm St", "Ép", ""}, congress.House, [3]string{"12 Elm St Ép", "", ""}},
	} {
		m := sample()
		c := &m.Constituent
		c.Address1, c.Address2, c.Address3 = tc.in[0], tc.in[1], tc.in[2]
		got := m.Clean(tc.chamber).Constituent
		if lines := [3]string{got.Address1, got.Address2, got.Address3}; lines != tc.want {
			t.Errorf("%q becomes %q in the %s, want %q", tc.in, lines, tc.chamber, tc.want)
		}
	}
}

func TestTexts(t *testing.T) {
	for name, tc := range map[string]struct{ statement, written, wantStatement, wantMessage string }{
		"nothing changed":        {"Vote yes.\nPlease.", "Vote yes.\r\nPlease. ", "Vote yes.\nPlease.", ""},
		"only white space moved": {"Vote yes.\nPlease.", "Vote  yes. Please.", "Vote yes.\nPlease.", ""},
		"nothing written":        {"Vote yes.", "", "Vote yes.", ""},
		"changed":                {"Vote yes.", "Vote yes, please.", "Vote yes.", "Vote yes, please."},
		"capitals changed":       {"Vote yes.", "VOTE YES.", "Vote yes.", "VOTE YES."},
		"no statement":           {"", "My own words.", "", "My own words."},
	} {
		if s, m := cwc.Texts(tc.statement, tc.written); s != tc.wantStatement || m != tc.wantMessage {
			t.Errorf("%s: got %q and %q", name, s, m)
		}
	}
}

func TestCheckForSending(t *testing.T) {
	full := build(t, sample(), congress.House)
	for name, tc := range map[string]struct {
		from, to string
		rule     string
		level    cwc.Level
	}{
		"in order":      {">Mesa<", ">Mesa<", "", ""},
		"schema":        {">Mesa<", "><", "length", cwc.Schema},
		"sending":       {">Ms.<", ">Mx.<", "prefix", cwc.Sending},
		"no such seat":  {">HAZ04<", ">HAZ77<", "office", cwc.Sending},
		"document type": {"<CWC>", "<!DOCTYPE CWC><CWC>", "xml", cwc.Sending},
	} {
		problems, err := cwc.CheckForSending(bytes.NewReader(replaced(t, full, tc.from, tc.to)))
		var got cwc.Problem
		if len(problems) > 0 {
			got = problems[0]
		}
		if err != nil || got.Rule != tc.rule || got.Level != tc.level {
			t.Errorf("%s: got %v, %v, want %s", name, problems, err, tc.rule)
		}
	}
	if _, err := cwc.CheckForSending(iotest.ErrReader(errors.ErrUnsupported)); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("the error of reading is %v", err)
	}
}
