package cwc

import (
	"strings"

	"github.com/franklin-letters/franklin/congress"
)

// mostChildren is how many kinds of children an element has at most.
const mostChildren = 17

// element describes one element of the message: either a datatype or children.
type element struct {
	name     string
	required bool
	many     bool // may be repeated
	sequence bool // its children stand in this order; otherwise in any
	holds    datatype
	children []element
}

// The schema has 45 elements. Those with white space of type token forgive blanks around
// their value, those of type string count them.
var (
	yesOrNo = oneOf("flag", "write Y or N", "Y", "y", "N", "n")
	email   = token("email", "write a complete e-mail address, like anna@example.org", looksMailable)
	phone   = token("phone", "write the telephone number as 202-555-0100", isPhone)
	zip     = datatype{"zip", "write the ZIP code as 85201 or 85201-1234, without blanks", isZip}
	text3   = length(3, 500, "write 3 to 500 characters")
	text6   = length(6, 500, "write 6 to 500 characters")
	name    = length(1, 500, "write 1 to 500 characters")
	letter  = length(6, 10_000, "write 6 to 10,000 characters")

	// formOfAddress is the schema's word for the Senate, and ours for the House.
	formOfAddress = oneOf("prefix", "choose Mr., Mrs., Miss, Ms. or Dr.", Prefixes()...)
)

// dialect is where the two chambers differ.
type dialect struct {
	organization, constituentOrganization, address2 datatype
	office, prefix, billType                        datatype
}

var houseDialect = dialect{
	organization:            text6,
	constituentOrganization: text3,
	address2:                text3,
	office:                  token("office", "write the office code like HAZ04", drawn("HAA99")),
	prefix:                  name,
	billType: oneOf("bill", "write the kind of bill as the House does: hr, s, hres, sres, hjres, sjres, hconres, sconres, hamdt or samdt",
		"hamdt", "hconres", "hjres", "hr", "hres", "s", "samdt", "sconres", "sjres", "sres"),
}

// senateDialect follows what an implementer reports; the Senate's schema is not public.
var senateDialect = dialect{
	organization:            length(3, 500, "write 3 to 500 characters"),
	constituentOrganization: length(2, 500, "write 2 to 500 characters"),
	address2:                length(2, 500, "write 2 to 500 characters"),
	office:                  token("office", "write the office code like SAZ01", drawn("SAA01", "SAA02", "SAA03")),
	prefix:                  formOfAddress,
	billType: oneOf("bill", "write the kind of bill as the Senate does: H.R., S., H.Res., S.Res., H.J.Res., S.J.Res., H.Con.Res, S.Con.Res., H.Amdt. or S.Amdt.",
		"H.Amdt.", "H.Con.Res", "H.J.Res.", "H.R.", "H.Res.", "S.", "S.Amdt.", "S.Con.Res.", "S.J.Res.", "S.Res."),
}

var (
	houseSchema  = schemaIn(houseDialect)
	senateSchema = schemaIn(senateDialect)
)

func schemaOf(chamber congress.Chamber) *element {
	if chamber == congress.Senate {
		return &senateSchema
	}
	return &houseSchema
}

func schemaIn(d dialect) element {
	return element{name: "CWC", sequence: true, children: []element{
		{name: "CWCVersion", required: true, holds: oneOf("version", "write 2.0", version)},
		deliverySchema(d),
		{name: "Recipient", required: true, children: []element{
			{name: "MemberOffice", required: true, holds: d.office},
			{name: "IsResponseRequested", holds: yesOrNo},
			{name: "NewsletterOptIn", holds: yesOrNo},
		}},
		constituentSchema(d),
		letterSchema(d),
	}}
}

func deliverySchema(d dialect) element {
	return element{name: "Delivery", required: true, children: []element{
		{name: "DeliveryId", required: true, holds: token("delivery-id", "write 32 letters and digits", drawn(strings.Repeat("x", 32)))},
		{name: "DeliveryDate", required: true, holds: token("date", "write the date as 20261123", drawn("99999999"))},
		{name: "DeliveryAgent", required: true, holds: length(4, 500, "write 4 to 500 characters")},
		{name: "DeliveryAgentAckEmailAddress", required: true, holds: email},
		{name: "DeliveryAgentContact", required: true, children: []element{
			{name: "DeliveryAgentContactName", required: true, holds: text6},
			{name: "DeliveryAgentContactEmail", required: true, holds: email},
			{name: "DeliveryAgentContactPhone", required: true, holds: phone},
		}},
		{name: "Organization", holds: d.organization},
		{name: "OrganizationContact", children: []element{
			{name: "OrganizationContactName", holds: length(2, 500, "write 2 to 500 characters")},
			{name: "OrganizationContactEmail", holds: email},
			{name: "OrganizationContactPhone", holds: phone},
		}},
		{name: "OrganizationAbout", holds: text6},
		{name: "CampaignId", required: true, holds: length(2, 500, "write 2 to 500 characters")},
	}}
}

func constituentSchema(d dialect) element {
	return element{name: "Constituent", required: true, children: []element{
		{name: "Prefix", required: true, holds: d.prefix},
		{name: "FirstName", required: true, holds: name},
		{name: "MiddleName", holds: name},
		{name: "LastName", required: true, holds: name},
		{name: "Suffix", holds: name},
		{name: "Title", holds: name},
		{name: "ConstituentOrganization", holds: d.constituentOrganization},
		{name: "Address1", required: true, holds: text3},
		{name: "Address2", holds: d.address2},
		{name: "Address3", holds: text3},
		{name: "City", required: true, holds: text3},
		{name: "StateAbbreviation", required: true, holds: stateCode()},
		{name: "Zip", required: true, holds: zip},
		{name: "Phone", holds: phone},
		{name: "AddressValidation", holds: yesOrNo},
		{name: "Email", required: true, holds: email},
		{name: "EmailValidation", holds: yesOrNo},
	}}
}

// stateCode takes the 56 codes of states, the district and the territories. It has none for
// the military: such voters give their stateside address.
func stateCode() datatype {
	var codes []string
	for _, s := range congress.States() {
		codes = append(codes, string(s))
	}
	return oneOf("state", "write the two capital letters of a state or territory, like AZ", codes...)
}

func letterSchema(d dialect) element {
	topics := oneOf("topic", "use one of the 32 topics of the Library of Congress, in its exact spelling", congress.Topics()...)
	return element{name: "Message", required: true, children: []element{
		{name: "Subject", required: true, holds: text6},
		{name: "LibraryOfCongressTopics", required: true, children: []element{
			{name: "LibraryOfCongressTopic", required: true, many: true, holds: topics},
		}},
		{name: "Bills", children: []element{
			{name: "Bill", many: true, children: []element{
				{name: "BillCongress", holds: positiveInteger},
				{name: "BillTypeAbbreviation", holds: d.billType},
				{name: "BillNumber", holds: positiveInteger},
			}},
		}},
		{name: "ProOrCon", holds: token("stance", "write Pro or Con, or leave it out", isStance)},
		{name: statementName, holds: letter},
		{name: messageName, holds: letter},
		{name: "MoreInfo", holds: anyURI},
	}}
}

// One of these two is required, and if both stand there, then in this order.
const (
	statementName = "OrganizationStatement"
	messageName   = "ConstituentMessage"
)
