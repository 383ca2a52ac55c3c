package cwc_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
)

func TestParseIsStrict(t *testing.T) {
	base, err := os.ReadFile("testdata/house-full.xml")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]change{
		"document type":    {"<CWC>", "<!DOCTYPE CWC><CWC>", "xml"},
		"entity":           {"<CWC>", "<!DOCTYPE CWC [<!ENTITY e 'x'>]><CWC>", "xml"},
		"huge bill":        {">2172<", ">999999999999999999999999<", "number"},
		"missing":          {"<Prefix>Ms.</Prefix>", "", "required"},
		"Senate's rules":   {">HAZ04<", ">SAZ01<", "bill"}, // hr is H.R. there
		"too long":         {"<CWC>", "<!--" + strings.Repeat("x", 600<<10) + "--><CWC>", "xml"},
		"second document":  {"</CWC>", "</CWC><CWC/>", "xml"},
		"other vocabulary": {"<CWC>", "<CWC xmlns='urn:x'>", "root"},
	} {
		_, err := cwc.Parse(bytes.NewReader(replaced(t, base, c.from, c.to)))
		var problems cwc.Problems
		if !errors.As(err, &problems) || problems[0].Rule != c.rule {
			t.Errorf("%s: got %v, want %s", name, err, c.rule)
		}
	}
	broken := errors.New("broken")
	if _, err := cwc.Parse(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("the error of reading is %v", err)
	}
}

func TestParseTakesTheHousesSample(t *testing.T) {
	document, err := os.ReadFile(filepath.Join(shared, "house-sample-message.xml"))
	if err != nil {
		t.Skip("the House's sample is not on this machine")
	}
	m, err := cwc.Parse(bytes.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	if m.Recipient.Office != "HCA48" || m.Constituent.LastName != "Smith" || len(m.Letter.Topics) != 2 ||
		m.Letter.Bills[1] != (congress.Bill{Congress: 111, Type: congress.SenateBill, Number: 22}) || m.Letter.Stance != cwc.Pro {
		t.Errorf("the sample reads as %+v", m)
	}
}

func TestParseForgivesWhatTheSchemaForgives(t *testing.T) {
	base, err := os.ReadFile("testdata/house-full.xml")
	if err != nil {
		t.Fatal(err)
	}
	document := replaced(t, base, ">HAZ04<", "> HAZ04\n<")
	document = replaced(t, document, ">Y</IsR", ">y</IsR")
	document = replaced(t, document, ">Pro<", ">PRO<")
	document = replaced(t, document, ">Mesa<", ">M<![CDATA[es]]>&#97;<")
	m, err := cwc.Parse(bytes.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	if m.Recipient.Office != "HAZ04" || m.Recipient.ResponseRequested != cwc.Yes || m.Letter.Stance != cwc.Pro || m.Constituent.City != "Mesa" {
		t.Errorf("it reads as %+v", m)
	}
}
