package cwc

import (
	"slices"
	"strconv"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc/internal/xmltree"
)

// version is the only version of the message there is.
const version = "2.0"

// tree lays the message out as elements, in the order of the House's documentation.
func (m *Message) tree(chamber congress.Chamber) *xmltree.Node {
	return group("CWC",
		leaf("CWCVersion", version),
		m.Delivery.tree(),
		group("Recipient",
			leaf("MemberOffice", m.Recipient.Office),
			leaf("IsResponseRequested", string(m.Recipient.ResponseRequested)),
			leaf("NewsletterOptIn", string(m.Recipient.NewsletterOptIn)),
		),
		m.Constituent.tree(),
		m.Letter.tree(chamber),
	)
}

func (d *Delivery) tree() *xmltree.Node {
	var contact *xmltree.Node
	if d.OrganizationContact != (Contact{}) {
		contact = d.OrganizationContact.tree("OrganizationContact")
	}
	return group("Delivery",
		leaf("DeliveryId", d.ID),
		leaf("DeliveryDate", d.Date),
		leaf("DeliveryAgent", d.Agent),
		leaf("DeliveryAgentAckEmailAddress", d.AckEmail),
		d.Contact.tree("DeliveryAgentContact"),
		leaf("Organization", d.Organization),
		contact,
		leaf("OrganizationAbout", d.OrganizationAbout),
		leaf("CampaignId", d.CampaignID),
	)
}

func (c *Contact) tree(name string) *xmltree.Node {
	return group(name, leaf(name+"Name", c.Name), leaf(name+"Email", c.Email), leaf(name+"Phone", c.Phone))
}

func (c *Constituent) tree() *xmltree.Node {
	return group("Constituent",
		leaf("Prefix", c.Prefix),
		leaf("FirstName", c.FirstName),
		leaf("MiddleName", c.MiddleName),
		leaf("LastName", c.LastName),
		leaf("Suffix", c.Suffix),
		leaf("Title", c.Title),
		leaf("ConstituentOrganization", c.Organization),
		leaf("Address1", c.Address1),
		leaf("Address2", c.Address2),
		leaf("Address3", c.Address3),
		leaf("City", c.City),
		leaf("StateAbbreviation", string(c.State)),
		leaf("Zip", c.Zip),
		leaf("Phone", c.Phone),
		leaf("AddressValidation", string(c.AddressValidated)),
		leaf("Email", c.Email),
		leaf("EmailValidation", string(c.EmailValidated)),
	)
}

func (l *Letter) tree(chamber congress.Chamber) *xmltree.Node {
	topics := group("LibraryOfCongressTopics")
	for _, t := range l.Topics {
		topics.Children = append(topics.Children, leaf("LibraryOfCongressTopic", t))
	}
	var bills *xmltree.Node
	if len(l.Bills) > 0 {
		bills = group("Bills")
		for _, b := range l.Bills {
			bills.Children = append(bills.Children, billTree(b, chamber))
		}
	}
	return group("Message",
		leaf("Subject", l.Subject),
		topics,
		bills,
		leaf("ProOrCon", string(l.Stance)),
		leaf("OrganizationStatement", l.OrganizationStatement),
		leaf("ConstituentMessage", l.ConstituentMessage),
		leaf("MoreInfo", l.MoreInfo),
	)
}

func billTree(b congress.Bill, chamber congress.Chamber) *xmltree.Node {
	spelling := b.Type.HouseSpelling()
	if chamber == congress.Senate && b.Type.Valid() {
		spelling = b.Type.SenateSpelling()
	}
	return group("Bill",
		leaf("BillCongress", number(int(b.Congress))),
		leaf("BillTypeAbbreviation", spelling),
		leaf("BillNumber", number(b.Number)),
	)
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// group returns an element with the given children, leaving out those that are nil.
func group(name string, children ...*xmltree.Node) *xmltree.Node {
	there := slices.DeleteFunc(children, func(c *xmltree.Node) bool { return c == nil })
	return &xmltree.Node{Name: name, Children: there}
}

// leaf returns an element with text, or nil for no text: an empty element is never right.
func leaf(name, text string) *xmltree.Node {
	if text == "" {
		return nil
	}
	var made struct { // at once, because a message has some forty
		element, text xmltree.Node
		children      [1]*xmltree.Node
	}
	made.text.Kind, made.text.Text = xmltree.Text, text
	made.children[0] = &made.text
	made.element.Name, made.element.Children = name, made.children[:]
	return &made.element
}
