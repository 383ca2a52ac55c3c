package main

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

const answersHeader = ",district,basis,candidates,plan,member_bioguide,note"

// TestDistrictTables compares whole tables.
func TestDistrictTables(t *testing.T) {
	t.Parallel()
	const (
		wy   = ",WY-00,zip,WY-00,WY 119th,H001096,"
		more = ",,,,,,this row has more cells than the header: a comma inside a cell needs quotes"
	)
	for _, c := range []struct{ name, in, want, errs string }{
		{"a bare quote", "a,zip\nx\"y,82001\nz,82001\n", "a,zip" + answersHeader + "\n\"x\"\"y\",82001" + wy + "\nz,82001" + wy + "\n", ""},
		{"an unclosed quote", "a,zip\n\"x,82001\nz,82001\n", "a,zip" + answersHeader + "\n\"\"\"x\",82001" + wy + "\nz,82001" + wy + "\n", ""},
		{
			"an unclosed quote before a quoted cell", "a,zip\n\"x,82001\n\"y, #2\",82001\n",
			"a,zip" + answersHeader + "\n\"\"\"x\",82001" + wy + "\n\"y, #2\",82001" + wy + "\n", "",
		},
		{"quotes inside quotes", "a,zip\n\"Bob \"The\" Smith, Jr\",82001\n", "a,zip" + answersHeader + "\n\"Bob \"\"The\"\" Smith, Jr\",82001" + wy + "\n", ""},
		{"a cell of two lines", "a,zip\r\n\"x\r\n\"\"y\"\"\",82001\r\n", "a,zip" + answersHeader + "\n\"x\n\"\"y\"\"\",82001" + wy + "\n", ""},
		{"no end of the last line", "zip\n82001", "zip" + answersHeader + "\n82001" + wy + "\n", "read zip; no street, city, state"},
		{"a mark and quotes", "\ufeff\"Zip Code\",\"a\"\n82001,b\n", "\ufeffZip Code,a" + answersHeader + "\n82001,b" + wy + "\n", "read zip; no street"},
		{"more cells", "zip,a\n82001,b,c,d\n82001,b,,\n", "zip,a" + answersHeader + "\n82001,b" + more + ",c,d\n82001,b" + wy + ",,\n", ""},
		{"fewer cells", "zip,a\n82001\n", "zip,a" + answersHeader + "\n82001," + wy + "\n", ""},
		{"semicolons", "a,b;zip;c\n1,2;82001;3\n", "a,b;zip;c" + strings.ReplaceAll(answersHeader, ",", ";") + "\n1,2;82001;3" + strings.ReplaceAll(wy, ",", ";") + "\n", ""},
		{"tabs", "a\tzip\n1\t82001\n", strings.ReplaceAll("a,zip"+answersHeader+"\n1,82001"+wy+"\n", ",", "\t"), ""},
		{"returns alone", "a,zip\r1,82001\r2,82001\r", "a,zip" + answersHeader + "\n1,82001" + wy + "\n2,82001" + wy + "\n", ""},
	} {
		out, errs, code := franklin(t, c.in, "district", "--csv", "-")
		if code != 0 || out != c.want || !strings.Contains(errs, c.errs) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%s: exit %d, %s\n%s\nwant\n%s", c.name, code, errs, out, c.want)
		}
	}
}

func TestDistrictColumnNames(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"Mailing Address,Town,ST,Post-Code":           "read street, city, state, zip\n",
		"street_1,CITY,Province,POSTAL.CODE":          "read street, city, state, zip\n",
		"Address Line 1,zip_5":                        "read street, zip; no city, state\n",
		"Line1,Zip,Latitude,LNG":                      "read street, zip, lat, lon; no city, state\n",
		"Zip,lat":                                     "read zip; no street, city, state\n",
		"Latitude,Long.":                              "read lat, lon; no street, city, state, zip\n",
		"MailingAddress,Street Address,State,ZipCode": "read street, state, zip; no city\n",
	} {
		if _, errs, code := franklin(t, header+"\n", "district", "--csv", "-"); code != 0 || errs != "franklin: "+want {
			t.Errorf("%s: exit %d, %s", header, code, errs)
		}
	}
}

// TestDistrictCells asks with one row of street, city, state, zip, lat, lon.
func TestDistrictCells(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		row  string
		want []string
	}{
		{",,WY,82001,41.14,-104.82", []string{",WY-00,point,"}},
		{",,WY,82001,x,y", []string{",WY-00,zip,", "the point was not used: lat and lon must be numbers of degrees"}},
		{",,WY,82001,41.14,", []string{",WY-00,zip,", "the point was not used: lat and lon must be numbers"}},
		{",,WY,82001,NaN,NaN", []string{",WY-00,zip,", "the point was not used: lat and lon must be numbers"}},
		{",,WY,82001,95,200", []string{",WY-00,zip,", "the point was not used: a latitude lies between"}},
		{",,WY,82001,0,0", []string{",WY-00,zip,", "the point was not used: 0,0 lies in the Atlantic"}},
		{",,WY,82001,40,-40", []string{",WY-00,zip,", "the point was not used: no congressional district is within 2 km"}},
		{",,WY,82001,-104.82,41.14", []string{",WY-00,zip,", "the point was not used: latitude and longitude may be swapped"}},
		{",,MA,,-71.06,42.36", []string{",,,,,,", "latitude and longitude may be swapped"}},
		{",,VT,5401,,", []string{",VT-00,zip,", "read as 05401"}},
		{",,Vermont,5401-1234,,", []string{",VT-00,zip,", "read as 05401"}},
		{",,VT,05401.0,,", []string{",VT-00,zip,VT-00,VT 119th,B001318,\n"}},
		{",,VT,5401.0,,", []string{",VT-00,zip,", "read as 05401"}},
		{`,,VT,"=""05401""",,`, []string{",VT-00,zip,"}},
		{",,VT,'05401,,", []string{",VT-00,zip,"}},
		{",,PR,601,,", []string{",PR-00,zip,", "read as 00601"}},
		{",,AZ,5401,,", []string{",,,,,,", "a leading zero may be missing: 05401?"}},
		{",,,5401,,", []string{",,,,,,", "a leading zero may be missing: 05401?"}},
		{",,D.C.,20500,,", []string{",DC-00,"}},
		{`,,"Washington, D.C.",20500,,`, []string{",DC-00,"}},
		{",,WY.,82001,,", []string{",WY-00,"}},
		{",,Wyo.,82001,,", []string{",,,,,,", `""Wyo."" is no state`}},
		{",,ON,M5V 2T6,,", []string{"no U.S. ZIP code"}},
		{",,AE,09021,,", []string{"voting residence (home of record)"}},
		{",,NY,12345,,", []string{"ZIP code of boxes or one large receiver"}},
		{",,WY,,,", []string{"no ZIP code was found in this row"}},
		{",,WY,nonsense,,", []string{`""nonsense"" is not a ZIP code`}},
	} {
		out, errs, code := franklin(t, "street,city,state,zip,lat,lon\n"+c.row+"\n", "district", "--csv", "-")
		_, got, _ := strings.Cut(out, "\n")
		for _, want := range c.want {
			if code != 0 || !strings.Contains(got, want) {
				t.Errorf("%s: exit %d, %s, no %q in\n%s", c.row, code, errs, want, got)
			}
		}
	}
}

func TestDistrictTableAlone(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"ask for addresses without it": {"--csv", "-", "82001"},
		"use it without --json":        {"--csv", "-", "--json"},
	} {
		if out, errs, code := franklin(t, "zip\n82001\n", append([]string{"district"}, args...)...); code != 2 || out != "" || !strings.Contains(errs, want) {
			t.Errorf("%v: exit %d, %s%s", args, code, out, errs)
		}
	}
}

// TestDistrictKeepsRowsBeforeAnError reads from a disk that fails.
func TestDistrictKeepsRowsBeforeAnError(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	in := io.MultiReader(strings.NewReader("zip\n82001\n"), iotest.ErrReader(errors.New("the disk is gone")))
	code := run([]string{"district", "--csv", "-"}, console{in: in, out: &out, err: &errs, now: func() time.Time { return noon }})
	if code != 2 || !strings.Contains(errs.String(), "read the table: the disk is gone") || !strings.Contains(out.String(), "82001,WY-00") {
		t.Errorf("exit %d, %s\n%s", code, errs.String(), out.String())
	}
}
