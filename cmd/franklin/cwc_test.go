package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sampleMessage is what the House's documentation calls a complete message, in our words.
const sampleMessage = `<?xml version="1.0" encoding="UTF-8"?>
<CWC>
<CWCVersion>2.0</CWCVersion>
<Delivery>
<DeliveryId>0123456789abcdef0123456789abcdef</DeliveryId>
<DeliveryDate>20261123</DeliveryDate>
<DeliveryAgent>Lantern Letters</DeliveryAgent>
<DeliveryAgentAckEmailAddress>acks@example.org</DeliveryAgentAckEmailAddress>
<DeliveryAgentContact>
<DeliveryAgentContactName>Robin Sample</DeliveryAgentContactName>
<DeliveryAgentContactEmail>robin@example.org</DeliveryAgentContactEmail>
<DeliveryAgentContactPhone>202-555-0142</DeliveryAgentContactPhone>
</DeliveryAgentContact>
<CampaignId>loophole</CampaignId>
</Delivery>
<Recipient>
<MemberOffice>HWY00</MemberOffice>
<IsResponseRequested>Y</IsResponseRequested>
<NewsletterOptIn>N</NewsletterOptIn>
</Recipient>
<Constituent>
<Prefix>Ms.</Prefix>
<FirstName>Ana</FirstName>
<LastName>Muñoz</LastName>
<Address1>2101 O'Neil Ave</Address1>
<City>Cheyenne</City>
<StateAbbreviation>WY</StateAbbreviation>
<Zip>82001</Zip>
<Email>ana@example.org</Email>
</Constituent>
<Message>
<Subject>Please support this bill</Subject>
<LibraryOfCongressTopics>
<LibraryOfCongressTopic>Crime and Law Enforcement</LibraryOfCongressTopic>
</LibraryOfCongressTopics>
<ConstituentMessage>My own words.</ConstituentMessage>
</Message>
</CWC>
`

func TestCheckMessages(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := write("good.xml", sampleMessage)
	bad := write("bad.xml", strings.Replace(sampleMessage, "82001", "8200", 1))
	if out, errs, code := franklin(t, "", "cwc", "check", good); code != 0 || !strings.Contains(out, "good.xml: would be accepted") {
		t.Errorf("a good message: exit %d\n%s%s", code, out, errs)
	}
	if out, _, code := franklin(t, "", "cwc", "check", good, bad); code != 1 || !strings.Contains(out, "bad.xml: would be refused\n  ") || !strings.Contains(out, "Zip") {
		t.Errorf("a good and a bad one: exit %d\n%s", code, out)
	}
	both := answer[[]checked](t, 1, "cwc", "check", good, bad)
	if len(both) != 2 || !both[0].Accepted || both[1].Accepted || len(both[1].Problems) == 0 {
		t.Errorf("in JSON: %+v", both)
	}
	if out, _, code := franklin(t, "no XML", "cwc", "check", "-"); code != 1 || !strings.Contains(out, "-: would be refused") {
		t.Errorf("what is no XML: exit %d\n%s", code, out)
	}
	if _, errs, code := franklin(t, "", "cwc", "check", filepath.Join(dir, "none.xml")); code != 2 || !strings.Contains(errs, "none.xml") {
		t.Errorf("a file that is not there: exit %d\n%s", code, errs)
	}
}

func TestCheckForSendingTellsMore(t *testing.T) {
	careless := strings.Replace(sampleMessage, "HWY00", "HWY99", 1)
	for _, c := range []struct {
		args []string
		want bool
	}{{[]string{"cwc", "check", "-"}, false}, {[]string{"cwc", "check", "--sending", "-"}, true}} {
		out, _, code := franklin(t, careless, c.args...)
		if code != 0 || strings.Contains(out, "there is no such office") != c.want {
			t.Errorf("%v: exit %d\n%s", c.args, code, out)
		}
	}
}
