package letter_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/letter"
)

// jane is a form without problems.
func jane() letter.Form {
	return letter.Form{
		Key: "0123456789abcdef0123456789abcdef", Prefix: "Ms.", FirstName: "Jane", LastName: "Doe", Email: "jane@example.org",
		Address1: "1 Main Street", City: "Tempe", State: "AZ", ZIP: "85281", Phone: "480-224-3121",
		Subject: "Please act", Message: "Please vote for the bill.", Lang: "en",
	}
}

// fieldNames are the texts of a form, as its problems name them.
var fieldNames = []string{
	"prefix", "first_name", "last_name", "email", "address1", "address2", "city", "state", "zip", "phone", "subject", "message",
}

func field(f *letter.Form, name string) *string {
	return map[string]*string{
		"prefix": &f.Prefix, "first_name": &f.FirstName, "last_name": &f.LastName, "email": &f.Email, "address1": &f.Address1,
		"address2": &f.Address2, "city": &f.City, "state": &f.State, "zip": &f.ZIP, "phone": &f.Phone, "subject": &f.Subject, "message": &f.Message,
	}[name]
}

func TestFormClean(t *testing.T) {
	for name, c := range map[string]struct{ field, in, want string }{
		"blanks":              {"first_name", "  Mary  Ann\t", "Mary Ann"},
		"accents":             {"last_name", "Nu\u0301n\u0303ez", "Núñez"},
		"apostrophe":          {"last_name", "O’Neill", "O’Neill"},
		"line in a line":      {"address1", "1 Main\r\nStreet", "1 Main Street"},
		"direction override":  {"first_name", "Jane\u202e", "Jane"},
		"zero width":          {"last_name", "D\u200boe\ufeff", "Doe"},
		"control":             {"city", "Te\x00mpe\x1b", "Tempe"},
		"state":               {"state", " az ", "AZ"},
		"ZIP+4 without dash":  {"zip", "852811234", "85281-1234"},
		"ZIP+4 with blank":    {"zip", "85281 1234", "85281-1234"},
		"ZIP+4":               {"zip", "85281-1234", "85281-1234"},
		"ZIP":                 {"zip", " 85281 ", "85281"},
		"no ZIP":              {"zip", "8528", "8528"},
		"phone":               {"phone", "(480) 224-3121", "480-224-3121"},
		"phone with dots":     {"phone", "480.224.3121", "480-224-3121"},
		"phone with country":  {"phone", "+1 480 224 3121", "480-224-3121"},
		"bare phone":          {"phone", "4802243121", "480-224-3121"},
		"no phone":            {"phone", "ask for Jane", "ask for Jane"},
		"e-mail domain":       {"email", " Jane@EXAMPLE.org ", "Jane@example.org"},
		"no e-mail":           {"email", "jane at example", "jane at example"},
		"message lines":       {"message", "\r\nDear Sir,\r\n\r\n  please.\r", "Dear Sir,\n\n  please."},
		"message of emoji":    {"message", "👩\u200d🚀 please", "👩\u200d🚀 please"},
		"subject in one line": {"subject", "Please\nact", "Please act"},
	} {
		t.Run(name, func(t *testing.T) {
			f := jane()
			*field(&f, c.field) = c.in
			f = f.Clean()
			if got := *field(&f, c.field); got != c.want {
				t.Errorf("got %+q, want %+q", got, c.want)
			}
		})
	}
	f := jane()
	f.Key, f.Lang, f.Join, f.District = " k ", "es", true, " AZ-04 "
	if c := f.Clean(); c.Key != " k " || c.Lang != "es" || !c.Join || c.District != "AZ-04" {
		t.Errorf("%+v", c)
	}
}

func TestFormProblems(t *testing.T) {
	for name, c := range map[string]struct{ field, in, want string }{
		"Mr.":                {"prefix", "Mr.", ""},
		"no prefix":          {"prefix", "", "missing"},
		"Mr without dot":     {"prefix", "Mr", "invalid"},
		"prefix of the list": {"prefix", "Rev.", "invalid"},
		"endless prefix":     {"prefix", strings.Repeat("M", 101), "long"},
		"one letter":         {"first_name", "J", ""},
		"accents":            {"first_name", "Zoë-Ángela", ""},
		"other script":       {"first_name", "李", ""},
		"no name":            {"first_name", "", "missing"},
		"long name":          {"first_name", strings.Repeat("x", 100), ""},
		"too long name":      {"first_name", strings.Repeat("x", 101), "long"},
		"apostrophes":        {"last_name", "D'Arcy-O’Neill Jr.", ""},
		"no last name":       {"last_name", "", "missing"},
		"no e-mail":          {"email", "", "missing"},
		"two ats":            {"email", "a@b@example.org", "invalid"},
		"no dot":             {"email", "jane@localhost", "invalid"},
		"plus":               {"email", "jane+news@example.org", ""},
		"digits at the end":  {"email", "jane@example.c0m", "invalid"}, // the offices' systems do not take it
		"endless e-mail":     {"email", strings.Repeat("x", 250) + "@e.org", "long"},
		"short street":       {"address1", "1A", "short"},
		"shortest street":    {"address1", "1 A", ""},
		"no street":          {"address1", "", "missing"},
		"too long street":    {"address1", strings.Repeat("x", 201), "long"},
		"no second line":     {"address2", "", ""},
		"short second line":  {"address2", "#5", ""}, // joined to the first before sending
		"too long second":    {"address2", strings.Repeat("x", 201), "long"},
		"short city":         {"city", "Ai", "short"},
		"shortest city":      {"city", "Rye", ""},
		"no state":           {"state", "", "missing"},
		"lower-case state":   {"state", "az", ""},
		"state in full":      {"state", "Arizona", "long"},
		"no such state":      {"state", "ZZ", "invalid"},
		"territory":          {"state", "PR", ""},
		"military":           {"state", "AE", ""},
		"no ZIP":             {"zip", "", "missing"},
		"four digits":        {"zip", "8528", "invalid"},
		"letters in ZIP":     {"zip", "8528A", "invalid"},
		"half a ZIP+4":       {"zip", "85281-12", "invalid"},
		"Arabic digits":      {"zip", "٨٥٢٨١", "invalid"},
		"endless ZIP":        {"zip", strings.Repeat("8", 21), "long"},
		"no phone":           {"phone", "", ""},
		"short phone":        {"phone", "224-3121", "invalid"},
		"area code 0":        {"phone", "080-224-3121", "invalid"},
		"exchange 1":         {"phone", "480-124-3121", "invalid"},
		"extension":          {"phone", "480-224-3121 x5", "invalid"},
		"foreign phone":      {"phone", "+49 30 2270", "invalid"},
		"no subject":         {"subject", "", "missing"},
		"short subject":      {"subject", "Water", "short"},
		"longest subject":    {"subject", strings.Repeat("x", 500), ""},
		"too long subject":   {"subject", strings.Repeat("x", 501), "long"},
		"no message":         {"message", "", "missing"},
		"short message":      {"message", "Hello", "short"},
		"longest message":    {"message", strings.Repeat("x", 10_000), ""},
		"too long message":   {"message", strings.Repeat("x", 10_001), "long"},
		"emoji count once":   {"subject", "😀😀😀", "short"},
		"emoji count double": {"message", strings.Repeat("😀", 5_000), ""},
		"one emoji too many": {"message", strings.Repeat("😀", 5_000) + "x", "long"},
	} {
		t.Run(name, func(t *testing.T) {
			f := jane()
			*field(&f, c.field) = c.in
			var want []letter.Problem
			if c.want != "" {
				want = []letter.Problem{{Field: c.field, Code: c.want}}
			}
			if got := f.Clean().Problems(); !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestFormProblemsComeInTheOrderOfTheForm(t *testing.T) {
	var got []string
	for _, p := range (letter.Form{}).Problems() {
		got = append(got, p.Field+" "+p.Code)
	}
	want := []string{
		"prefix missing", "first_name missing", "last_name missing", "email missing", "address1 missing", "city missing",
		"state missing", "zip missing", "subject missing", "message missing",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestKeyValid(t *testing.T) {
	for key, want := range map[string]bool{
		letter.NewKey(): true, jane().Key: true, strings.Repeat("a", 16): true, strings.Repeat("a", 64): true, "ABC-def_0123456789": true,
		"": false, strings.Repeat("a", 15): false, strings.Repeat("a", 65): false, "0123456789abcdef ": false, "0123456789abcdeé": false, "0123456789abcde\n": false,
	} {
		f := jane()
		f.Key = key
		if f.KeyValid() != want {
			t.Errorf("%q: want %v", key, want)
		}
	}
	if one, other := letter.NewKey(), letter.NewKey(); one == other {
		t.Error("two keys are equal")
	}
}

// typed draws what people, programs and cats type.
func typed() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{
			" ", "\t", "\r\n", "\u00a0", "\u2028", "e", "\u0301", "\u0345", "\u200b", "\u200d", "\ufeff", "\u202e", "\x00", "\xff", "😀", "'", "-", "@", ".", "1", "5",
			"az", "ß", "ŉ", "İ", "<", "&", "]]>", "\ufffe", "example.org", "85281", "(480) 224-3121", "Main Street",
		}),
		rapid.Map(rapid.Rune(), func(r rune) string { return string(r) }),
	)
	return rapid.Map(rapid.SliceOfN(piece, 0, 10), func(pieces []string) string { return strings.Join(pieces, "") })
}

func TestCleanedFormIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := jane()
		for _, name := range fieldNames {
			if rapid.IntRange(0, 5).Draw(t, name+" is odd at 0") == 0 {
				*field(&f, name) = typed().Draw(t, name)
			}
		}
		stable(t, f)
	})
}

func FuzzFormClean(f *testing.F) {
	f.Add("Jane", "O’Neill", "jane@Example.org", "az", "852811234", "+1 (480) 224-3121", "a\r\nb")
	f.Add("\u202eJ", "e\u200b\u0301", "a@b@c", "\u0345\u0308", "85281 1234", "480.224.3121", "\xff\x00")
	f.Fuzz(func(t *testing.T, first, last, email, state, zip, phone, message string) {
		form := jane()
		form.FirstName, form.LastName, form.Email, form.State, form.ZIP, form.Phone, form.Message = first, last, email, state, zip, phone, message
		stable(t, form)
	})
}

type failer interface {
	Fatalf(format string, args ...any)
}

// stable holds what is true of every form: cleaning twice changes nothing, cleaning adds
// no problem, and a form without problems makes a message that the House takes.
func stable(t failer, f letter.Form) {
	once := f.Clean()
	if twice := once.Clean(); twice != once {
		t.Fatalf("cleaned %+q, and again %+q", fmt.Sprint(once), fmt.Sprint(twice))
	}
	if problems := once.Problems(); len(problems) > 0 {
		return
	}
	if problems := cwc.Check(messageOf(once), congress.House); len(problems) > 0 {
		t.Fatalf("%+q has no problems, but the House would refuse it: %v", fmt.Sprint(once), problems)
	}
}

// messageOf puts a form into a message that is right everywhere else.
func messageOf(f letter.Form) cwc.Message {
	state := congress.State(f.State)
	if !state.Valid() { // military mail never gets this far
		state = "AZ"
	}
	contact := cwc.Contact{Name: "Ada Operator", Email: "ada@example.org", Phone: "202-224-3121"}
	return cwc.Message{
		Delivery:  cwc.Delivery{ID: cwc.DeliveryID(f.Key, "HAZ04"), Date: "20261123", Agent: "Franklin", AckEmail: "ack@example.org", Contact: contact, CampaignID: "water"},
		Recipient: cwc.Recipient{Office: "HAZ04"},
		Constituent: cwc.Constituent{
			Prefix: f.Prefix, FirstName: f.FirstName, LastName: f.LastName, Address1: f.Address1, Address2: f.Address2,
			City: f.City, State: state, Zip: f.ZIP, Phone: f.Phone, Email: f.Email,
		},
		Letter: cwc.Letter{Subject: f.Subject, Topics: []string{"Congress"}, ConstituentMessage: f.Message},
	}
}
