package cwc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc/internal/xmltree"
)

// Check returns what is wrong with a message for the chamber, after Clean, at both levels:
// what the schema would refuse and what a careful sender does not send. An empty list
// means that Build will write it.
func Check(m Message, chamber congress.Chamber) []Problem {
	m.clean(chamber)
	f := newForest()
	defer f.clear()
	return check(&m, m.tree(f, chamber), chamber)
}

// check is Check for a message that is clean, with its tree.
func check(m *Message, root *xmltree.Node, chamber congress.Chamber) []Problem {
	c := &checker{problems: checkTree(root, chamber)}
	wide(c, root, pathOf(root.Name))
	s := sender{c: c, schema: len(c.problems)}
	s.delivery(&m.Delivery)
	s.office(m.Recipient.Office, chamber)
	s.constituent(&m.Constituent)
	s.letter(&m.Letter, chamber)
	return c.problems
}

// CheckForSending is CheckXML for a message that one means to send to the House: where the
// schema has nothing to say, the problems of level Sending follow.
func CheckForSending(r io.Reader) ([]Problem, error) {
	document, err := io.ReadAll(io.LimitReader(r, maxMessage+1))
	if err != nil {
		return nil, fmt.Errorf("read the message: %w", err)
	}
	problems, err := CheckXML(bytes.NewReader(document))
	if err != nil || len(problems) > 0 {
		return problems, err
	}
	m, err := Parse(bytes.NewReader(document))
	if refused := Problems(nil); errors.As(err, &refused) {
		for _, p := range refused {
			p.Level = Sending
			problems = append(problems, p)
		}
		return problems, nil
	}
	return Check(m, congress.House), err
}

// wide counts lengths the other way: a validator that counts UTF-16 units finds more of
// them than characters in text with emoji, so the larger number has to fit.
func wide(c *checker, n *xmltree.Node, path []byte) {
	for _, child := range n.Children {
		if child.Kind == xmltree.Element {
			wide(c, child, below(path, child.Name))
			continue
		}
		most := 500
		if n.Name == statementName || n.Name == messageName {
			most = 10_000
		}
		if len(child.Text) > most && utf8.RuneCountInString(child.Text) <= most && len(utf16.Encode([]rune(child.Text))) > most {
			c.add(path, "length", "shorten it a little: emoji and rare letters count twice")
			c.problems[len(c.problems)-1].Level = Sending
		}
	}
}

// sender collects the rules of the second level. It is silent about a field of which, or of
// a part of which, the schema has already complained.
type sender struct {
	c      *checker
	schema int
}

func (s sender) require(ok bool, path, rule, message string) {
	if ok {
		return
	}
	for _, p := range s.c.problems[:s.schema] {
		if strings.HasPrefix(p.Path, path) {
			return
		}
	}
	if len(s.c.problems) < maxProblems {
		s.c.problems = append(s.c.problems, Problem{Path: path, Rule: rule, Level: Sending, Message: message})
	}
}

func (s sender) email(address, path string) {
	s.require(address == "" || realEmail(address), path, email.rule, email.plain)
}

func (s sender) delivery(d *Delivery) {
	const path = "CWC/Delivery/"
	_, err := time.Parse("20060102", d.Date)
	s.require(err == nil, path+"DeliveryDate", "date", "this day is not in the calendar")
	s.email(d.AckEmail, path+"DeliveryAgentAckEmailAddress")
	s.email(d.Contact.Email, path+"DeliveryAgentContact/DeliveryAgentContactEmail")
	s.email(d.OrganizationContact.Email, path+"OrganizationContact/OrganizationContactEmail")
}

func (s sender) office(code string, chamber congress.Chamber) {
	seat, ok := congress.SeatOfOffice(code)
	s.require(ok && seat.Chamber() == chamber, "CWC/Recipient/MemberOffice", "office", "there is no such office")
}

func (s sender) constituent(c *Constituent) {
	const path = "CWC/Constituent/"
	s.require(formOfAddress.holds(c.Prefix), path+"Prefix", formOfAddress.rule, formOfAddress.plain)
	s.email(c.Email, path+"Email")
}

func (s sender) letter(l *Letter, chamber congress.Chamber) {
	const path = "CWC/Message/"
	for i, b := range l.Bills {
		s.require(b.Congress > 0 && b.Type.Valid() && b.Number > 0, path+"Bills/"+numbered("Bill", i+1), "bill",
			"name the Congress, the kind and the number of the bill")
	}
	s.require(chamber != congress.Senate || len(l.Bills) == 0 || l.Stance != NoStance, path+"ProOrCon", "stance",
		"the Senate asks for Pro or Con where a bill is named")
	s.require(l.MoreInfo == "" || webAddress(l.MoreInfo), path+"MoreInfo", anyURI.rule, anyURI.plain)
}

// webAddress takes absolute http and https addresses of a named host, and nothing that
// carries a password.
func webAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil &&
		!strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r >= utf8.RuneSelf })
}
