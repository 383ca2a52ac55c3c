package cwc

import (
	"strconv"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc/internal/xmltree"
)

// version is the only version of the message there is.
const version = "2.0"

// tree lays the message out as elements, in the order of the House's documentation. They stand
// in the forest.
func (m *Message) tree(f *forest, chamber congress.Chamber) *xmltree.Node {
	return f.group("CWC",
		f.leaf("CWCVersion", version),
		m.Delivery.tree(f),
		f.group("Recipient",
			f.leaf("MemberOffice", m.Recipient.Office),
			f.leaf("IsResponseRequested", string(m.Recipient.ResponseRequested)),
			f.leaf("NewsletterOptIn", string(m.Recipient.NewsletterOptIn)),
		),
		m.Constituent.tree(f),
		m.Letter.tree(f, chamber),
	)
}

func (d *Delivery) tree(f *forest) *xmltree.Node {
	var contact *xmltree.Node
	if d.OrganizationContact != (Contact{}) {
		contact = d.OrganizationContact.tree(f, "OrganizationContact")
	}
	return f.group("Delivery",
		f.leaf("DeliveryId", d.ID),
		f.leaf("DeliveryDate", d.Date),
		f.leaf("DeliveryAgent", d.Agent),
		f.leaf("DeliveryAgentAckEmailAddress", d.AckEmail),
		d.Contact.tree(f, "DeliveryAgentContact"),
		f.leaf("Organization", d.Organization),
		contact,
		f.leaf("OrganizationAbout", d.OrganizationAbout),
		f.leaf("CampaignId", d.CampaignID),
	)
}

func (c *Contact) tree(f *forest, name string) *xmltree.Node {
	return f.group(name, f.leaf(name+"Name", c.Name), f.leaf(name+"Email", c.Email), f.leaf(name+"Phone", c.Phone))
}

func (c *Constituent) tree(f *forest) *xmltree.Node {
	return f.group("Constituent",
		f.leaf("Prefix", c.Prefix),
		f.leaf("FirstName", c.FirstName),
		f.leaf("MiddleName", c.MiddleName),
		f.leaf("LastName", c.LastName),
		f.leaf("Suffix", c.Suffix),
		f.leaf("Title", c.Title),
		f.leaf("ConstituentOrganization", c.Organization),
		f.leaf("Address1", c.Address1),
		f.leaf("Address2", c.Address2),
		f.leaf("Address3", c.Address3),
		f.leaf("City", c.City),
		f.leaf("StateAbbreviation", string(c.State)),
		f.leaf("Zip", c.Zip),
		f.leaf("Phone", c.Phone),
		f.leaf("AddressValidation", string(c.AddressValidated)),
		f.leaf("Email", c.Email),
		f.leaf("EmailValidation", string(c.EmailValidated)),
	)
}

func (l *Letter) tree(f *forest, chamber congress.Chamber) *xmltree.Node {
	topics := f.group("LibraryOfCongressTopics")
	for _, t := range l.Topics {
		topics.Children = append(topics.Children, f.leaf("LibraryOfCongressTopic", t))
	}
	var bills *xmltree.Node
	if len(l.Bills) > 0 {
		bills = f.group("Bills")
		for _, b := range l.Bills {
			bills.Children = append(bills.Children, billTree(f, b, chamber))
		}
	}
	return f.group("Message",
		f.leaf("Subject", l.Subject),
		topics,
		bills,
		f.leaf("ProOrCon", string(l.Stance)),
		f.leaf("OrganizationStatement", l.OrganizationStatement),
		f.leaf("ConstituentMessage", l.ConstituentMessage),
		f.leaf("MoreInfo", l.MoreInfo),
	)
}

func billTree(f *forest, b congress.Bill, chamber congress.Chamber) *xmltree.Node {
	spelling := b.Type.HouseSpelling()
	if chamber == congress.Senate && b.Type.Valid() {
		spelling = b.Type.SenateSpelling()
	}
	return f.group("Bill",
		f.leaf("BillCongress", number(int(b.Congress))),
		f.leaf("BillTypeAbbreviation", spelling),
		f.leaf("BillNumber", number(b.Number)),
	)
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
