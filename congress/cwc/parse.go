package cwc

import (
	"io"
	"strconv"
	"strings"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc/internal/xmltree"
)

// Parse reads a message of either chamber; the office code tells which. It is stricter than
// CheckXML about the document: no document type, so no entities but XML's own. The error
// is Problems if the message breaks the chamber's schema. Parse does not apply the rules
// of level Sending: a message in an archive may be older than they are.
func Parse(r io.Reader) (Message, error) {
	root, problems, err := readTree(r, xmltree.Limits{Size: maxMessage, Depth: maxDepth, Grown: 0})
	if err != nil {
		return Message{}, err
	}
	if root == nil {
		return Message{}, Problems(problems)
	}
	chamber := congress.House
	if strings.HasPrefix(textAt(root, "Recipient", "MemberOffice"), "S") {
		chamber = congress.Senate
	}
	if problems := checkTree(root, chamber); len(problems) > 0 {
		return Message{}, Problems(problems)
	}
	m := messageOf(root)
	bills, ok := billsOf(root)
	if !ok {
		return Message{}, Problems{{
			Path: "CWC/Message/Bills/Bill", Rule: "number", Level: Schema, Message: "the number of a bill or Congress is absurdly large",
		}}
	}
	m.Letter.Bills = bills
	return m, nil
}

// messageOf reads a tree that has passed the check.
func messageOf(root *xmltree.Node) Message {
	get := func(path ...string) string { return textAt(root, path...) }
	long := func(name string) string { return contentAt(root, "Message", name) }
	m := Message{
		Delivery: Delivery{
			ID: get("Delivery", "DeliveryId"), Date: get("Delivery", "DeliveryDate"), Agent: get("Delivery", "DeliveryAgent"),
			AckEmail:            get("Delivery", "DeliveryAgentAckEmailAddress"),
			Contact:             contactOf(root, "DeliveryAgentContact"),
			Organization:        get("Delivery", "Organization"),
			OrganizationContact: contactOf(root, "OrganizationContact"),
			OrganizationAbout:   get("Delivery", "OrganizationAbout"), CampaignID: get("Delivery", "CampaignId"),
		},
		Recipient: Recipient{
			Office:            get("Recipient", "MemberOffice"),
			ResponseRequested: flagOf(get("Recipient", "IsResponseRequested")),
			NewsletterOptIn:   flagOf(get("Recipient", "NewsletterOptIn")),
		},
		Constituent: constituentOf(root),
		Letter: Letter{
			Subject: get("Message", "Subject"), Stance: cleanStance(Stance(get("Message", "ProOrCon"))),
			OrganizationStatement: long(statementName), ConstituentMessage: long(messageName),
			MoreInfo: get("Message", "MoreInfo"),
		},
	}
	for _, t := range childAt(root, "Message", "LibraryOfCongressTopics").Children {
		if t.Kind == xmltree.Element {
			m.Letter.Topics = append(m.Letter.Topics, collapse(t.Content()))
		}
	}
	return m
}

func constituentOf(root *xmltree.Node) Constituent {
	get := func(name string) string { return textAt(root, "Constituent", name) }
	return Constituent{
		Prefix: get("Prefix"), FirstName: get("FirstName"), MiddleName: get("MiddleName"), LastName: get("LastName"),
		Suffix: get("Suffix"), Title: get("Title"), Organization: get("ConstituentOrganization"),
		Address1: get("Address1"), Address2: get("Address2"), Address3: get("Address3"),
		City: get("City"), State: congress.State(get("StateAbbreviation")), Zip: get("Zip"), Phone: get("Phone"),
		AddressValidated: flagOf(get("AddressValidation")),
		Email:            get("Email"), EmailValidated: flagOf(get("EmailValidation")),
	}
}

func contactOf(root *xmltree.Node, name string) Contact {
	get := func(part string) string { return textAt(root, "Delivery", name, name+part) }
	return Contact{Name: get("Name"), Email: get("Email"), Phone: get("Phone")}
}

// billsOf reports false for a number that no int can hold.
func billsOf(root *xmltree.Node) ([]congress.Bill, bool) {
	var bills []congress.Bill
	group := childAt(root, "Message", "Bills")
	if group == nil {
		return nil, true
	}
	for _, b := range group.Children {
		if b.Kind != xmltree.Element {
			continue
		}
		number, ok1 := numberOf(textAt(b, "BillNumber"))
		of, ok2 := numberOf(textAt(b, "BillCongress"))
		if !ok1 || !ok2 {
			return nil, false
		}
		bills = append(bills, congress.Bill{Congress: congress.Number(of), Type: billTypeOf(textAt(b, "BillTypeAbbreviation")), Number: number})
	}
	return bills, true
}

// billTypeOf reads the spelling of either chamber.
func billTypeOf(text string) congress.BillType {
	return congress.BillType(strings.ToLower(strings.ReplaceAll(text, ".", "")))
}

func numberOf(text string) (int, bool) {
	if text == "" {
		return 0, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

func flagOf(text string) Flag { return Flag(strings.ToUpper(text)) }

// childAt walks down by names; it returns nil if the way ends.
func childAt(n *xmltree.Node, path ...string) *xmltree.Node {
	for _, name := range path {
		i := position(n, name)
		if i < 0 {
			return nil
		}
		n = n.Children[i]
	}
	return n
}

// contentAt returns the text at a path as it stands.
func contentAt(n *xmltree.Node, path ...string) string {
	if n = childAt(n, path...); n == nil {
		return ""
	}
	return n.Content()
}

// textAt returns the text at a path without white space around it.
func textAt(n *xmltree.Node, path ...string) string {
	return strings.TrimFunc(contentAt(n, path...), isXMLSpace)
}
