package cwc_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
)

var update = flag.Bool("update", false, "write the golden files anew")

// sample is a message that uses every element.
func sample() cwc.Message {
	return cwc.Message{
		Delivery: cwc.Delivery{
			ID: cwc.DeliveryID("0197c0de", "HAZ04"), Date: "20261123", Agent: "Franklin Letters",
			AckEmail:     "ack@letters.example.org",
			Contact:      cwc.Contact{Name: "Deborah Read", Email: "deborah@letters.example.org", Phone: "202-555-0100"},
			Organization: "Safe Harbor Alliance",
			OrganizationContact: cwc.Contact{
				Name: "Jo Ames", Email: "jo@safeharbor.example.org", Phone: "202-555-0101",
			},
			OrganizationAbout: "A charity that helps people leave trafficking.",
			CampaignID:        cwc.CampaignID("Franklin Letters", "consent-loophole", "hr2172-119", cwc.Pro),
		},
		Recipient: cwc.Recipient{Office: "HAZ04", ResponseRequested: cwc.Yes, NewsletterOptIn: cwc.No},
		Constituent: cwc.Constituent{
			Prefix: "Ms.", FirstName: "Zoë", MiddleName: "K.", LastName: "O’Brien", Suffix: "Jr.", Title: "Nurse",
			Organization: "Mesa Night Clinic", Address1: "1100 W. Main Street", Address2: "Unit 5", Address3: "Back house",
			City: "Mesa", State: "AZ", Zip: "85201-1234", Phone: "480-555-0123", AddressValidated: cwc.Yes,
			Email: "zoe@example.org", EmailValidated: cwc.No,
		},
		Letter: cwc.Letter{
			Subject: "Please support H.R. 2172 & close the loophole",
			Topics:  []string{"Crime and Law Enforcement", "Civil Rights and Liberties, Minority Issues"},
			Bills: []congress.Bill{
				{Congress: 119, Type: congress.HouseBill, Number: 2172},
				{Congress: 119, Type: congress.HouseConcurrentResolution, Number: 7},
			},
			Stance:                cwc.Pro,
			OrganizationStatement: "Please support H.R. 2172.\n\nNobody in custody can consent.",
			ConstituentMessage:    "I am a nurse in Mesa <night shift> & I ask you to support \"H.R. 2172\".\r\nIt's time.",
			MoreInfo:              "https://letters.example.org/c/consent-loophole?a=1&b=2",
		},
	}
}

// small is a message with the required elements only.
func small() cwc.Message {
	m := sample()
	m.Delivery.Organization, m.Delivery.OrganizationAbout, m.Delivery.OrganizationContact = "", "", cwc.Contact{}
	m.Recipient = cwc.Recipient{Office: "HAZ04"}
	c := &m.Constituent
	c.MiddleName, c.Suffix, c.Title, c.Organization, c.Address2, c.Address3, c.Phone = "", "", "", "", "", "", ""
	c.AddressValidated, c.EmailValidated = cwc.Unsaid, cwc.Unsaid
	m.Letter.Bills, m.Letter.Stance, m.Letter.ConstituentMessage, m.Letter.MoreInfo = nil, "", "", ""
	return m
}

func senateSample() cwc.Message {
	m := sample()
	m.Recipient.Office = "SAZ01"
	m.Delivery.ID = cwc.DeliveryID("0197c0de", "SAZ01")
	m.Delivery.Organization, m.Constituent.Organization, m.Constituent.Address2 = "SHA", "3M", "#5"
	return m
}

func build(t *testing.T, m cwc.Message, chamber congress.Chamber) []byte {
	t.Helper()
	text, err := cwc.Build(m, chamber)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func problemsOf(t *testing.T, document []byte) []cwc.Problem {
	t.Helper()
	problems, err := cwc.CheckXML(bytes.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	return problems
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run with -update if the change is meant. Got:\n%s", file, got)
	}
}

// replaced changes one place of a document.
func replaced(t *testing.T, document []byte, from, to string) []byte {
	t.Helper()
	if !strings.Contains(string(document), from) {
		t.Fatalf("the document does not contain %q", from)
	}
	return []byte(strings.Replace(string(document), from, to, 1))
}
