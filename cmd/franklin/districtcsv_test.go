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

const (
	answersHeader = ",district,basis,candidates,plan,member_bioguide,note,plan_from,plan_to"
	of119th       = "2025-01-03T12:00:00-05:00,2027-01-03T12:00:00-05:00"
)

// TestDistrictTables compares whole tables.
func TestDistrictTables(t *testing.T) {
	t.Parallel()
	const (
		wy   = ",WY-00,zip,WY-00,WY 119th,H001096,," + of119th
		more = ",,,,,,this row has more cells than the header: a comma inside a cell needs quotes,,"
	)
	for _, c := range []struct{ name, in, want, errs string }{
		{"one line", "id,Address\n1,\"200 W 24th St, Cheyenne, WY 82001\"\n", "id,Address" + answersHeader + "\n1,\"200 W 24th St, Cheyenne, WY 82001\"" + wy + "\n", "read street; no city, state, zip"},
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
		{"bars", "a|zip\n1|82001\n", strings.ReplaceAll("a,zip"+answersHeader+"\n1,82001"+wy+"\n", ",", "|"), ""},
		{"empty lines", "\n\r\na;zip\n\n1;82001\r\n\r\n\n", strings.ReplaceAll("a,zip"+answersHeader+"\n\n1,82001"+wy+"\n\n\n", ",", ";"), "read zip"},
		{"an empty line inside a cell", "a,zip\n\"x\n\ny\",82001\n", "a,zip" + answersHeader + "\n\"x\n\ny\",82001" + wy + "\n", ""},
		{"returns alone", "a,zip\r1,82001\r2,82001\r", "a,zip" + answersHeader + "\n1,82001" + wy + "\n2,82001" + wy + "\n", ""},
	} {
		out, errs, code := franklin(t, c.in, "district", "--csv", "-")
		if code != 0 || out != c.want || !strings.Contains(errs, c.errs) || strings.Count(strings.TrimPrefix(errs, endSoon), "\n") != 1 {
			t.Errorf("%s: exit %d, %s\n%s\nwant\n%s", c.name, code, errs, out, c.want)
		}
	}
}

func TestDistrictColumnNames(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"Mailing Address,Town,ST,Post-Code":         "read street, city, state, zip\n",
		"street_1,CITY,Province,POSTAL.CODE":        "read street, city, state, zip\n",
		"Address Line 1,zip_5":                      "read street, zip; no city, state\n",
		"Line1,Zip,Latitude,LNG":                    "read street, zip, lat, lon; no city, state\n",
		"Zip,lat":                                   "read zip; no street, city, state\n",
		"Latitude,Long.":                            "read lat, lon; no street, city, state, zip\n",
		"Zip/Postal Code,State/Province":            "read state, zip; no street, city\n",
		"ZIP+4":                                     "read zip; no street, city, state\n",
		"Postal,Addr":                               "read street, zip; no city, state\n",
		"Home Street,Home City,Home State/Province": "read street, city, state; no zip\n",
		"Mailing Zip/Postal Code,Mailing City":      "read city, zip; no street, state\n",
		"Address (Home),Zip (Home),Home Latitude,Home Longitude": "read street, zip, lat, lon; no city, state\n",
		"MailingAddress,Street Address,State,ZipCode":            "read street, state, zip; no city\n",
	} {
		if _, errs, code := franklin(t, header+"\n", "district", "--csv", "-"); code != 0 || errs != endSoon+"franklin: "+want {
			t.Errorf("%s: exit %d, %s", header, code, errs)
		}
	}
}

// TestDistrictColumnsOfOneAddress: of several addresses that of the home is read, and the
// columns of different addresses are not mixed.
func TestDistrictColumnsOfOneAddress(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]csvColumns{
		"Mailing Zip,Mailing State,Residence Zip,Residence State":                    {-1, -1, 3, 2, -1, -1, false},
		"Zip,Mailing Zip,State":                                                      {-1, -1, 2, 0, -1, -1, false},
		"Residence Address,City,State,Zip,Mailing Address,Mailing Zip":               {0, 1, 2, 3, -1, -1, false},
		"Mailing Street,Mailing City,Mailing State,Mailing Zip,Home Street,Home Zip": {4, -1, -1, 5, -1, -1, false},
		"ZIP4,ZIP":             {-1, -1, -1, 1, -1, -1, false},
		"Email Address,ZIP":    {-1, -1, -1, 1, -1, -1, false},
		"Latitude,Mailing ZIP": {-1, -1, -1, 1, -1, -1, false},
	} {
		if c, err := findColumns(strings.Split(header, ",")); err != nil || c != want {
			t.Errorf("%s: %+v, %v", header, c, err)
		}
	}
}

// TestDistrictDecimalCommas: where other signs part the cells, a comma parts the digits.
func TestDistrictDecimalCommas(t *testing.T) {
	t.Parallel()
	for row, want := range map[string]string{
		"lat;lon\n41,14;-104,82\n":         ";WY-00;point;",
		"lat\tlon\n41,14\t\"104,82 W\"\n":  "\tWY-00\tpoint\t",
		"lat;lon\n41.14;-104.82\n":         ";WY-00;point;",
		"lat;lon\n4,1,4;-104,82\n":         "must be numbers of degrees",
		"lat,lon\n\"41,14\",\"-104,82\"\n": "must be numbers of degrees",
	} {
		if out, errs, code := franklin(t, row, "district", "--csv", "-"); code != 0 || !strings.Contains(out, want) {
			t.Errorf("%q: exit %d, %s\n%s", row, code, errs, out)
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
		{",,TX,,29.2840,-94.7870", []string{",TX-14,point,", "the nearest one, within 2 km"}},
		{",,,,29.2840,-94.7870", []string{",,,,,,", "only with its state"}},
		{",,ON,,42.3173,-83.0388", []string{",,,,,,", "in another country"}},
		{",,NY,14303,43.0916,-79.0755", []string{",NY-26,point,"}},
		{",,,14301,43.0916,-79.0755", []string{",NY-26,zip,", "the point was not used: it lies outside all districts"}},
		{",,UT,,33.4255,-111.94", []string{",AZ-04,point,", "the point lies in Arizona, but the row says Utah"}},
		{",,MI,48502,42.7406942,-84.5630401", []string{",MI-07,point,", "does not lie in ZIP code 48502, which meets MI-08"}},
		{",,WY,82001,41.14° N,104.82° W", []string{",WY-00,point,WY-00,WY 119th,H001096,,"}},
		{`"200 W 24th St, Cheyenne, WY 82001",,,,,`, []string{",WY-00,zip,"}},
		{`"200 W 24th St, Cheyenne, 82001",,NY,,,`, []string{"belongs to Wyoming, not to New York"}},
		{",,Virgin Islands,00802,,", []string{",VI-00,"}},
		{",,CNMI,96950,,", []string{",MP-00,"}},
		{",,Armed Forces Europe,09021,,", []string{"voting residence (home of record)"}},
		{",,Palau,96940,,", []string{"have no seat in Congress"}},
		{",,MA,,-71.06,42.36", []string{",,,,,,", "latitude and longitude may be swapped"}},
		{",,VT,5401,,", []string{",VT-00,zip,", "read as 05401"}},
		{",,Vermont,5401-1234,,", []string{",VT-00,zip,", "read as 05401"}},
		{",,VT,05401.0,,", []string{",VT-00,zip,VT-00,VT 119th,B001318,,"}},
		{",,VT,5401.0,,", []string{",VT-00,zip,", "read as 05401"}},
		{`,,VT,"=""05401""",,`, []string{",VT-00,zip,"}},
		{",,VT,'05401,,", []string{",VT-00,zip,"}},
		{",,PR,601,,", []string{",PR-00,zip,", "read as 00601"}},
		{",,AZ,5401,,", []string{",,,,,,", "a leading zero may be missing: 05401?"}},
		{",,,5401,,", []string{",VT-00,zip,", "read as 05401"}},
		{",,,3999,,", []string{",,,,,,", "a leading zero may be missing: 03999?"}},
		{",,,601,,", []string{",,,,,,", "a leading zero may be missing: 00601?"}},
		{",,,VT 05401,,", []string{",VT-00,zip,"}},
		{",,,\"VT, 5401\",,", []string{",VT-00,zip,", "read as 05401"}},
		{",,NY,VT 05401,,", []string{"belongs to Vermont, not to New York"}},
		{",,,AE 09021,,", []string{"voting residence (home of record)"}},
		{",,,XX 05401,,", []string{"is not a ZIP code"}},
		{",,VT,05401–1234,,", []string{",VT-00,zip,VT-00,VT 119th,B001318,,"}},
		{",,VT,05401 - 1234,,", []string{",VT-00,zip,VT-00,VT 119th,B001318,,"}},
		{"12 Main St,Burlington,VT,,,", []string{",VT-00,state,VT-00,VT 119th,B001318,found without a ZIP code: all of Vermont is one seat,"}},
		{"12 Main St,Charlotte Amalie,U.S. Virgin Islands,,,", []string{",VI-00,state,"}},
		{",,AE,,,", []string{",,,,,,", "Military mail has no district"}},
		{",,PW,,,", []string{",,,,,,", "have no seat in Congress"}},
		{"12 Main St,Boston,MA,,,", []string{",,,,,,no ZIP code was found in this row"}},
		{"\"12 Main St, Burlington, VT\",,,,,", []string{",VT-00,state,"}},
		{"\"12 Main St, Burlington, VT\",,WY,,,", []string{",,,,,,", "the row says Wyoming, but its address Vermont"}},
		{"\"12 Main St, Burlington, VT 5401\",,,,,", []string{",VT-00,zip,", "read as 05401"}},
		{",,VT,,40,-40", []string{",VT-00,state,", "the point was not used"}},
		{"PO Box 3,,VT,05401,,", []string{",VT-00,zip,VT-00,VT 119th,B001318,,"}},
		{",,,20014,,", []string{",DC-00,zip,", "federal government in Washington by its range"}},
		{",,D.C.,20500,,", []string{",DC-00,"}},
		{`,,"Washington, D.C.",20500,,`, []string{",DC-00,"}},
		{",,WY.,82001,,", []string{",WY-00,"}},
		{",,Wyo.,82001,,", []string{",,,,,,", `""Wyo."" is no state`}},
		{",,ON,M5V 2T6,,", []string{"no U.S. ZIP code"}},
		{",,AE,09021,,", []string{"voting residence (home of record)"}},
		{",,NY,12345,,", []string{"ZIP code of boxes or one large receiver"}},
		{",,WY,,,", []string{",WY-00,state,"}},
		{",,AZ,,,", []string{"no ZIP code was found in this row"}},
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

func TestDistrictTableThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"name,age\nx,1\n":    `whole addresses in a column address; its first line must name the columns, and is "name age"`,
		"\x00\x01\x02\x03\n": "this is no text",
		"":                   "the table is empty",
	} {
		if out, errs, code := franklin(t, in, "district", "--csv", "-"); code != 2 || out != "" || !strings.Contains(errs, want) {
			t.Errorf("%q: exit %d, %s%s", in, code, out, errs)
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
