package cwc_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
)

// example is a letter to the Representative of Arizona's 4th district.
func example() cwc.Message {
	const office = "HAZ04"
	statement, own := cwc.Texts("Please support H.R. 2172.", "I am a nurse. Please support H.R. 2172.")
	return cwc.Message{
		Delivery: cwc.Delivery{
			ID:         cwc.DeliveryID("the submission's key", office),
			Date:       cwc.DeliveryDate(time.Date(2026, 11, 23, 14, 3, 0, 0, time.UTC)),
			Agent:      "Franklin Letters",
			AckEmail:   "ack@letters.example.org",
			Contact:    cwc.Contact{Name: "Deborah Read", Email: "deborah@letters.example.org", Phone: "202-555-0100"},
			CampaignID: cwc.CampaignID("Franklin Letters", "consent-loophole", "hr2172-119", cwc.Pro),
		},
		Recipient: cwc.Recipient{Office: office, ResponseRequested: cwc.Yes},
		Constituent: cwc.Constituent{
			Prefix: "Ms.", FirstName: "Ada", LastName: "Lane", Address1: "1 Main St", Address2: "#5",
			City: "Mesa", State: "AZ", Zip: "85201", Email: "ada@example.org",
		},
		Letter: cwc.Letter{
			Subject: "Please support H.R. 2172", Topics: []string{"Crime and Law Enforcement"},
			Bills: []congress.Bill{{Congress: 119, Type: congress.HouseBill, Number: 2172}}, Stance: cwc.Pro,
			OrganizationStatement: statement, ConstituentMessage: own,
		},
	}
}

func ExampleBuild() {
	document, err := cwc.Build(example(), congress.House)
	if err != nil {
		log.Fatal(err)
	}
	for line := range strings.Lines(string(document)) {
		if strings.Contains(line, "Address") || strings.Contains(line, "Statement") || strings.Contains(line, "ConstituentMessage") {
			fmt.Print(strings.TrimLeft(line, " "))
		}
	}
	// Output:
	// <DeliveryAgentAckEmailAddress>ack@letters.example.org</DeliveryAgentAckEmailAddress>
	// <Address1>1 Main St #5</Address1>
	// <OrganizationStatement>Please support H.R. 2172.</OrganizationStatement>
	// <ConstituentMessage>I am a nurse. Please support H.R. 2172.</ConstituentMessage>
}

func ExampleCheck() {
	m := example()
	m.Constituent.Email = "ada@gmail"
	m.Recipient.Office = "HCA53"
	for _, p := range cwc.Check(m, congress.House) {
		fmt.Println(p.Level, p)
	}
	// Output:
	// schema CWC/Constituent/Email: write a complete e-mail address, like anna@example.org
	// sending CWC/Recipient/MemberOffice: there is no such office
}

func ExampleCheckXML() {
	document, err := cwc.Build(example(), congress.House)
	if err != nil {
		log.Fatal(err)
	}
	damaged := bytes.Replace(document, []byte("<Zip>85201</Zip>"), []byte("<Zip>85201 </Zip>"), 1)
	problems, err := cwc.CheckXML(bytes.NewReader(damaged))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(problems)
	// Output:
	// [CWC/Constituent/Zip: write the ZIP code as 85201 or 85201-1234, without blanks]
}

func ExampleHouseClient_Send() {
	ctx := context.Background()
	clock := func() time.Time { return time.Date(2026, 11, 23, 14, 3, 0, 0, time.UTC) }
	capitol, err := cwctest.Start(ctx, "127.0.0.1:0", cwctest.Options{Key: "secret", Agent: "Franklin Letters", Clock: clock})
	if err != nil {
		log.Fatal(err)
	}
	defer capitol.Close()

	house := &cwc.HouseClient{BaseURL: capitol.URL, Key: cwc.NewKey("secret")}
	offices, err := house.Offices(ctx)
	if err != nil {
		log.Fatal(err)
	}
	message := example()
	code, listed := offices.Code(congress.Seat{State: "AZ", District: 4})
	if !listed {
		log.Fatal("the office takes no messages")
	}
	message.Recipient.Office = code
	document, err := cwc.Build(message, congress.House)
	if err != nil {
		log.Fatal(err)
	}
	outcome := house.Send(ctx, document)
	fmt.Println(outcome.Result)
	again := house.Send(ctx, document) // as after a crash
	fmt.Println(again.Result, again.Earlier, len(capitol.Messages()))
	// Output:
	// accepted
	// accepted true 1
}
