package inbound_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/internal/mail/inbound"
)

// token stands in the corpus where a mail would have one.
const token = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz234"

var reader = inbound.Reader{Offices: []string{"house.gov", "senate.gov"}}

// corpus are the mails of testdata by name. All are made up, in the shapes that real
// systems write.
func corpus(tb testing.TB) map[string]string {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "*.eml"))
	if err != nil || len(files) == 0 {
		tb.Fatal("there is no corpus", err)
	}
	all := map[string]string{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".eml")] = strings.ReplaceAll(string(raw), "@TOKEN@", token)
	}
	return all
}

// golden is what each mail of the corpus is: its kind, and a line for each recipient as
// "class status address"; "token" when it holds one.
var golden = map[string][]string{
	"dsn-postfix-user-unknown":   {"report", "hard 5.1.1 rosa.quintero@receiver.example", "token"},
	"dsn-postfix-domain-unknown": {"report", "hard 5.1.2 ann@no-such-domain.example", "token"},
	"dsn-postfix-expired":        {"report", "soft 4.4.1 ben@slow.example", "token"},
	"dsn-postfix-delayed":        {"report", "delayed 4.4.1 ben@slow.example", "token"},
	"dsn-postfix-multiple": {
		"report", "hard 5.1.1 carla@school.example", "soft 5.2.2 dora@full.example", "policy 5.7.1 emil@strict.example",
		"delivered 2.0.0 fay@well.example", "delayed 4.4.7 gus@slow.example", "token",
	},
	"dsn-exim":             {"report", "hard 5.0.0 hanna@college.example", "token"},
	"text-exim-old":        {"report", "soft  ivan@shared.example", "token"},
	"dsn-exchange":         {"report", "hard 5.1.10 jonas@firm.example", "token"},
	"dsn-gmail":            {"report", "hard 5.1.1 kim.lee.nobody@bigmail.example", "token"},
	"dsn-gmail-full":       {"report", "soft 5.2.2 lena@bigmail.example", "token"},
	"dsn-gmail-policy":     {"report", "policy 5.7.26 moses@bigmail.example", "token"},
	"dsn-gmail-rate":       {"report", "soft 5.2.1 nora@bigmail.example", "token"},
	"dsn-disabled":         {"report", "hard 5.2.1 otto@bigmail.example", "token"},
	"text-yahoo":           {"report", "hard 5.0.0 paul.adler@portalmail.example", "token"},
	"dsn-yahoo-policy":     {"report", "policy 5.0.0 quinn@portalmail.example", "token"},
	"dsn-outlook":          {"report", "soft 5.5.0 ramona@webmail.example", "token"},
	"dsn-outlook-policy":   {"report", "policy 5.7.515 sam@webmail.example", "token"},
	"text-qmail":           {"report", "hard 5.1.1 tess@oldhost.example", "soft 4.2.2 ulf@elsewhere.example", "token"},
	"dsn-utf8":             {"report", "hard 5.1.1 zoë@correo.example", "token"},
	"dsn-delivered":        {"report", "delivered 2.0.0 vera@well.example", "token"},
	"dsn-forged-no-token":  {"report", "hard 5.1.1 victim@example.org"},
	"text-delayed":         {"report", "delayed 4.7.1 hanna@college.example", "token"},
	"mdn-read":             {"automatic"},
	"auto-out-of-office":   {"automatic"},
	"auto-vacation-es":     {"automatic"},
	"auto-list":            {"automatic"},
	"arf-abuse":            {"complaint", "abuse", "token"},
	"arf-redacted":         {"complaint", "abuse", "token"},
	"arf-not-spam":         {"automatic", "not-spam", "token"},
	"leave-mailto-subject": {"leave", "wish eyJwIjoiMDE5MmYzYTQifQ.q1w2e3r4t5y6"},
	"leave-mailto-address": {"leave", "wish 0192f3a45b6c7d8e-Q1w2E3"},
	"leave-stop":           {"leave"},
	"leave-please":         {"leave"},
	"leave-baja":           {"leave"},
	"leave-cancelar":       {"leave"},
	"person-question":      {"person"},
	"person-odd-daemon":    {"person", "token"},
	"office-accepted":      {"office", "accepted 5c1a77e0f3b94d0e8a6612c09d3f41b7"},
}

// told is a message in the terms of golden.
func told(m inbound.Message) []string {
	all := []string{string(m.Kind)}
	for _, r := range m.Recipients {
		all = append(all, string(r.Class)+" "+r.Status+" "+r.Address)
	}
	if m.Feedback != "" {
		all = append(all, m.Feedback)
	}
	for _, wish := range m.Wishes {
		all = append(all, "wish "+wish)
	}
	for _, number := range m.Ack.Numbers {
		all = append(all, string(m.Ack.Verdict)+" "+number)
	}
	for _, found := range m.Tokens {
		if found == token {
			all = append(all, "token")
		}
	}
	return all
}

// TestMAIL_B_1_Corpus is the first half of MAIL-B-1: every shape is read for what it is. The
// other half, what follows from it, is a test of package inbox.
func TestMAIL_B_1_Corpus(t *testing.T) {
	all := corpus(t)
	for name := range golden {
		if _, there := all[name]; !there {
			t.Errorf("%s is not in the corpus", name)
		}
	}
	for name, raw := range all {
		var digests []string
		for _, spelled := range []string{raw, strings.ReplaceAll(raw, "\n", "\r\n"), "Received: by us; today\nX-Spam: no\n" + raw + "\n\n"} {
			m, err := reader.Read([]byte(spelled))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if diff := cmp.Diff(golden[name], told(m)); diff != "" {
				t.Errorf("%s (-golden +read):\n%s", name, diff)
			}
			digests = append(digests, m.Digest)
		}
		if digests[0] != digests[1] || digests[0] != digests[2] {
			t.Errorf("%s: one mail has several digests: %v", name, digests)
		}
	}
}

// TestMAIL_B_3_RedactedComplaint: a complaint that hides the person is still about one of
// our mails, by its Message-ID.
func TestMAIL_B_3_RedactedComplaint(t *testing.T) {
	raw := corpus(t)["arf-redacted"]
	m, err := reader.Read([]byte(raw))
	if err != nil || m.Kind != inbound.Complaint || len(m.Tokens) != 1 || m.Tokens[0] != token {
		t.Errorf("%+v, %v", m, err)
	}
	without := strings.ReplaceAll(raw, token, "gone")
	if m, err := reader.Read([]byte(without)); err != nil || m.Kind != inbound.Complaint || len(m.Tokens) != 0 {
		t.Errorf("without the Message-ID: %+v, %v", m, err)
	}
}

func TestWhereItWasHandedInCountsMost(t *testing.T) {
	other := strings.Repeat("b", len(token))
	m, err := reader.Read([]byte("Delivered-To: bounces+" + strings.ToUpper(other) + "@mail.lantern.us\n" + corpus(t)["dsn-exim"]))
	if err != nil || len(m.Tokens) != 2 || m.Tokens[0] != other {
		t.Errorf("%v, %v", m.Tokens, err)
	}
}

// TestStatuses: what is not certainly a missing mailbox is not taken for one.
func TestStatuses(t *testing.T) {
	for fields, want := range map[string]string{
		"Status: 5.1.1": "hard 5.1.1", "Status: 5.1.10": "hard 5.1.10", "Status: 5.1.2 (no such domain)": "hard 5.1.2", "Status: 5.1.3": "hard 5.1.3", "Status: 5.1.6": "hard 5.1.6",
		"Status: 4.1.1": "soft 4.1.1", "Status: 4.2.2": "soft 4.2.2", "Status: 5.2.2": "soft 5.2.2", "Status: 5.2.1": "soft 5.2.1", "Status: 5.4.1": "soft 5.4.1", "Status: 5.3.4": "soft 5.3.4",
		"Status: 5.7.1": "policy 5.7.1", "Status: 5.7.509": "policy 5.7.509", "Status: 5.1.8": "policy 5.1.8", "Status: 4.7.1": "soft 4.7.1",
		"Status: 5.0.0": "soft 5.0.0", "X: y": "soft ",
		"Status: 5.0.0\nDiagnostic-Code: smtp; 550 5.1.1 unknown":                        "hard 5.1.1",
		"Status: 5.0.0\nDiagnostic-Code: smtp; 550 4.2.2 full":                           "soft 5.0.0",
		"Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.7.1 spam":                           "hard 5.1.1",
		"Status: 5.0.0\nDiagnostic-Code: smtp; 550 <a@b.example> is not a valid mailbox": "soft 5.0.0",
		"Status: 5.0.0\nDiagnostic-Code: smtp; 550 User unknown":                         "hard 5.0.0",
		"Status: 5.0.0\nDiagnostic-Code: smtp; 550 user unknown, mailbox full":           "soft 5.0.0",
		"Status: 5.0.0\nDiagnostic-Code: smtp; 554 Your IP is on a blacklist":            "policy 5.0.0",
		"Diagnostic-Code: smtp; 452 try later":                                           "soft 4.0.0",
		"Diagnostic-Code: X-Unix; no route to 10.5.1.1":                                  "soft ",
		"Diagnostic-Code: X-Unix; no route to 5.1.1.7:25":                                "soft ",
		"Diagnostic-Code: smtp; 550 5.1.1.":                                              "hard 5.1.1",
		"Action: delivered\nStatus: 5.1.1":                                               "delivered 5.1.1",
		"Action: Delayed\nStatus: 5.1.1":                                                 "delayed 5.1.1",
		"Action: failed\nStatus: 2.0.0":                                                  "delivered 2.0.0",
	} {
		raw := "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@b.example\n" + fields + "\n\n--b--\n"
		m, err := reader.Read([]byte(raw))
		if err != nil || len(m.Recipients) != 1 {
			t.Errorf("%q: %+v, %v", fields, m, err)
			continue
		}
		if got := string(m.Recipients[0].Class) + " " + m.Recipients[0].Status; got != want {
			t.Errorf("%q is %q, want %q", fields, got, want)
		}
	}
	nobody := "From: a@b.example\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n--b--\n"
	if m, err := reader.Read([]byte(nobody)); err != nil || m.Kind != inbound.Person {
		t.Errorf("a report about nobody: %+v, %v", m, err)
	}
}

func TestNoMail(t *testing.T) {
	for _, garbage := range []string{"", "\n\n", "no mail at all", "\x00\xff\xfe", ": x\n\n"} {
		if m, err := reader.Read([]byte(garbage)); err == nil {
			t.Errorf("%q: %+v", garbage, m)
		}
	}
}

func TestWordsOfReplies(t *testing.T) {
	for text, want := range map[string]inbound.Kind{
		"stop":                               inbound.Leave,
		"Stop. ":                             inbound.Leave,
		"please unsubscribe":                 inbound.Leave,
		"Unsubscribe me, I am tired of this": inbound.Leave,
		"Por favor, baja":                    inbound.Leave,
		"Quisiera darme de baja":             inbound.Leave,
		"Cancelar":                           inbound.Leave,
		"No quiero recibir más":              inbound.Leave,
		"stop the bill":                      inbound.Person,
		"¡Alto a la ley!":                    inbound.Person,
		"My baja trip was nice":              inbound.Person,
		"thanks\n> unsubscribe":              inbound.Person,
		"thanks\n\nOn Monday, Ann <a@b.example> wrote:\nSTOP": inbound.Person,
		strings.Repeat("word ", 40) + "unsubscribe":           inbound.Person,
	} {
		raw := "From: a@example.org\nSubject: Re: News\nContent-Type: text/plain; charset=utf-8\n\n" + text + "\n"
		if m, err := reader.Read([]byte(raw)); err != nil || m.Kind != want {
			t.Errorf("%q is %s, %v", text, m.Kind, err)
		}
	}
}
