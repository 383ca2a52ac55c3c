package mail

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const number = "5c1a77e0f3b94d0e8a6612c09d3f41b7"

// report is a mail with a body, as an office's system might write it.
func report(headers, body string) string {
	return "From: CWC <noreply@mail.house.gov>\nSubject: Your message\n" + headers + "\n" + body
}

func TestReadReport(t *testing.T) {
	const html = "Content-Type: text/html; charset=utf-8\n"
	for name, one := range map[string]struct {
		raw     string
		verdict Verdict
		numbers int
		reason  string
	}{
		"accepted":     {report("", "Message "+number+" was accepted."), VerdictAccepted, 1, ""},
		"in capitals":  {report("", "DeliveryId: "+strings.ToUpper(number)+"\nStatus: DELIVERED"), VerdictAccepted, 1, ""},
		"refused":      {report("", "Delivery "+number+"\nThe message was rejected:   wrong district\n"), VerdictRefused, 1, "The message was rejected: wrong district"},
		"not accepted": {report("", number+" was not accepted"), VerdictRefused, 1, number + " was not accepted"},
		"both":         {report("", number+" was accepted. Others were rejected."), VerdictUnclear, 1, ""},
		"neither":      {report("", "About "+number), VerdictUnclear, 1, ""},
		"two numbers":  {report("", number+" and "+strings.Repeat("A", 32)+" accepted"), VerdictAccepted, 2, ""},
		"none":         {report("", "accepted: 1234"), VerdictAccepted, 0, ""},
		"longer":       {report("", number+"0 accepted"), VerdictAccepted, 0, ""},
		"HTML":         {report(html, "<p>"+number+"</p><p>It&#32;was <b>not</b> delivered</p>"), VerdictRefused, 1, ""},
		"base64":       {report("Content-Transfer-Encoding: base64\n", "NWMxYTc3ZTBmM2I5NGQwZThhNjYxMmMwOWQzZjQxYjcgcmVqZWN0ZWQ="), VerdictRefused, 1, number + " rejected"},
		"parts": {
			report("Content-Type: multipart/mixed; boundary=b\n", "--b\nContent-Type: text/plain\n\nfailed\n--b\nContent-Type: application/xml\n\n<DeliveryId>"+number+"</DeliveryId>\n--b--\n"),
			VerdictRefused, 1, "failed",
		},
	} {
		r, err := ReadReport([]byte(one.raw))
		if err != nil || r.Verdict != one.verdict || len(r.Numbers) != one.numbers || r.From != "mail.house.gov" {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
		if one.numbers == 1 && r.Numbers[0] != number || one.reason != "" && r.Reason != one.reason {
			t.Errorf("%s: %v, because %q", name, r.Numbers, r.Reason)
		}
	}
	for _, garbage := range []string{"", "\n\n", "no mail at all", "Subject: x\n\nno sender", "From: a@b.gov, c@d.gov\n\ntwo senders", "\x00\xff\xfe"} {
		if r, err := ReadReport([]byte(garbage)); !errors.Is(err, ErrNoReport) {
			t.Errorf("%q: %+v, %v", garbage, r, err)
		}
	}
}

func TestWhomAReportIsBelieved(t *testing.T) {
	const pass = "Authentication-Results: mx.lantern.us; spf=pass; dmarc=pass (p=reject) header.from=mail.house.gov\n"
	for name, one := range map[string]struct {
		headers string
		proven  bool
	}{
		"proven":                {pass, true},
		"by a version":          {strings.Replace(pass, "mx.lantern.us", "MX.lantern.us 1", 1), true},
		"not at all":            {"", false},
		"by another server":     {strings.Replace(pass, "mx.lantern.us", "mx.evil.example", 1), false},
		"failed":                {strings.Replace(pass, "dmarc=pass", "dmarc=fail", 1), false},
		"for another domain":    {strings.Replace(pass, "header.from=mail.house.gov", "header.from=evil.example", 1), false},
		"in a comment":          {"Authentication-Results: mx.lantern.us; dmarc=fail (; dmarc=pass header.from=mail.house.gov)\n", false},
		"below the server's":    {"Authentication-Results: mx.lantern.us; dmarc=fail\n" + pass, false},
		"with somebody between": {"Authentication-Results: mx.evil.example; dmarc=fail\n" + pass, false},
	} {
		r, err := ReadReport([]byte(report(one.headers, "x")))
		if err != nil || r.ProvenBy("mx.lantern.us") != one.proven {
			t.Errorf("%s: proven is not %v: %+v, %v", name, one.proven, r, err)
		}
		if r.ProvenBy("") {
			t.Errorf("%s: proven by nobody", name)
		}
	}
	r := Report{From: "mail.house.gov"}
	if !r.Comes([]string{"HOUSE.gov"}) || r.Comes([]string{"use.gov", "gov.evil.example"}) || (Report{From: "nothouse.gov"}).Comes([]string{"house.gov"}) {
		t.Error("the domain is compared wrongly")
	}
}

// inbox returns the messages that ReadInbox finds.
func inbox(t *testing.T, text string) []string {
	t.Helper()
	var all []string
	err := ReadInbox(strings.NewReader(text), func(raw []byte) error {
		all = append(all, string(raw))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestReadInbox(t *testing.T) {
	const one, two = "From: a@b.gov\n\nHello\nFrom here on\n\n", "Subject: x\n\n>From me"
	for text, want := range map[string][]string{
		"":  nil,
		one: {one},
		"From a Mon\n" + one + "From b Tue\n" + two: {one, "Subject: x\n\nFrom me"},
	} {
		if got := inbox(t, text); strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// A mail that is too long is cut, and those behind it are read.
func TestALargeMailKeepsNobodyBack(t *testing.T) {
	const before, behind = "From: a@b.gov\n\nHello\n\n", "From: c@b.gov\n\nHello\n"
	large := "From: b@b.gov\n\n" + strings.Repeat("x\n", maxMail)
	folder := filepath.Join(t.TempDir(), "new")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for i, text := range []string{before, large, behind} {
		if err := os.WriteFile(filepath.Join(folder, strconv.Itoa(i)), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var all []string
	collect := func(raw []byte) error {
		all = append(all, string(raw))
		return nil
	}
	for name, err := range map[string]error{
		"mbox":    ReadInbox(strings.NewReader("From a Mon\n"+before+"From b Tue\n"+large+"\nFrom c Wed\n"+behind), collect),
		"maildir": ReadMaildir(filepath.Dir(folder), collect),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, three := range [][]string{all[:3], all[3:]} {
		if three[0] != before || three[1] != large[:maxMail] || three[2] != behind {
			t.Errorf("mails of %d, %d and %d bytes", len(three[0]), len(three[1]), len(three[2]))
		}
	}
	if err := ReadInbox(strings.NewReader(large), collect); err != nil || all[6] != large[:maxMail] {
		t.Errorf("a large mail by itself: %v", err)
	}
}

func TestReadMaildir(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{"new/2": "two", "cur/1:2,S": "three", "new/1": "one", "tmp/0": "not yet"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var all []string
	collect := func(raw []byte) error {
		all = append(all, string(raw))
		return nil
	}
	if err := ReadMaildir(folder, collect); err != nil || strings.Join(all, " ") != "one two three" {
		t.Errorf("%q, %v", all, err)
	}
	if err := ReadMaildir(t.TempDir(), collect); err == nil {
		t.Error("an empty folder is a maildir")
	}
}

func FuzzReadReport(f *testing.F) {
	f.Add([]byte(report("", "Message "+number+" was accepted.")))
	f.Add([]byte(report("Content-Type: multipart/mixed; boundary=b\n", "--b\n\n"+number+" failed\n--b--")))
	f.Add([]byte("From a\n" + report("Authentication-Results: a; dmarc=pass header.from=b\n", "x") + "\n\nFrom b\n\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		err := ReadInbox(bytes.NewReader(raw), func(one []byte) error {
			r, err := ReadReport(one)
			if err != nil {
				return nil //nolint:nilerr // garbage is garbage
			}
			for _, n := range r.Numbers {
				if !numberForm.MatchString(n) {
					t.Errorf("a number %q", n)
				}
			}
			if len(r.Numbers) > maxNumbers || len([]rune(r.Reason)) > maxReason || strings.ContainsAny(r.Reason, "\r\n") {
				t.Errorf("%+v", r)
			}
			if r.Verdict != VerdictRefused && r.Reason != "" {
				t.Errorf("a reason for %q", r.Verdict)
			}
			return nil
		})
		if err != nil && !errors.Is(err, ErrTooLarge) {
			t.Error(err)
		}
	})
}
