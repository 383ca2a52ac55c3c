package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/text"
)

type letterShow struct {
	ID      string `arg:"" help:"The letter's id, or its delivery number as offices know it."`
	Message bool   `help:"Print only the message to the office, byte for byte."`
	JSON    bool   `help:"Print JSON." name:"json"`
}

// Run shows one letter. It exits with 1 when --message finds that there is none.
func (c letterShow) Run(ctx context.Context, con console, group *letterCommand) error {
	b, done, err := backOffice(ctx, &group.Settings, con)
	if err != nil {
		return err
	}
	defer done()
	e, err := b.Desk.Evidence(ctx, c.ID, operator())
	if fault.Is(err, fault.NotFound) {
		return fmt.Errorf("there is no letter with the id or delivery number %q", c.ID)
	}
	if err != nil {
		return err
	}
	switch {
	case c.Message && e.Message.Why != "":
		return fmt.Errorf("there is no message: %s", e.Message.Why)
	case c.Message:
		con.print("%s", e.Message.XML)
		return nil
	}
	d := dossierOf(e)
	if c.JSON {
		return printJSON(con, d)
	}
	d.print(con)
	return nil
}

// dossier is the stable JSON of `franklin letter show --json`.
type dossier struct {
	ID           string         `json:"id"`
	DeliveryID   string         `json:"delivery_id"`
	State        letter.State   `json:"state"`
	Since        time.Time      `json:"since"`
	Reason       string         `json:"reason,omitempty"`
	Channel      string         `json:"channel"`
	Office       string         `json:"office"`
	Written      time.Time      `json:"written"`
	Due          *time.Time     `json:"due,omitempty"`
	Delivered    *time.Time     `json:"delivered,omitempty"`
	Erased       *time.Time     `json:"erased,omitempty"`
	Disowned     *time.Time     `json:"disowned,omitempty"` // the owner of the address said that it is not theirs
	Writer       dossierWriter  `json:"writer"`
	District     dossierSeat    `json:"district"`
	Campaign     dossierSource  `json:"campaign"`
	Form         dossierForm    `json:"form"`
	Confirmation dossierConfirm `json:"confirmation"`
	Shown        dossierText    `json:"shown"`
	Consents     []dossierGiven `json:"consents"`
	Asked        *dossierAsked  `json:"asked,omitempty"`
	History      []dossierMove  `json:"history"`
	Message      dossierMessage `json:"message"`
}

type dossierWriter struct {
	Prefix    string `json:"prefix,omitempty"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	Email     string `json:"email,omitempty"`
	Phone     string `json:"phone,omitempty"`
	Address1  string `json:"address1,omitempty"`
	Address2  string `json:"address2,omitempty"`
	City      string `json:"city,omitempty"`
	State     string `json:"state,omitempty"`
	ZIP       string `json:"zip,omitempty"`
}

type dossierSeat struct {
	Seat  string `json:"seat"`
	Basis string `json:"basis"` // how it was found: street, zip, point, choice
	Plan  string `json:"plan"`  // by which district lines
}

type dossierSource struct {
	Slug    string `json:"slug"`
	Version int64  `json:"version"`
}

type dossierForm struct {
	Key  letter.KeyClass `json:"key"` // signed-form, plain-form, foreign, unchecked
	Lang string          `json:"lang"`
}

type dossierConfirm struct {
	State string     `json:"state"` // not-asked, awaited, confirmed, never
	At    *time.Time `json:"at,omitempty"`
}

type dossierText struct {
	Subject   string        `json:"subject,omitempty"`
	Statement string        `json:"statement"`
	Own       string        `json:"own,omitempty"`
	SHA256    string        `json:"sha256"` // of subject, an empty line and the text
	Intact    bool          `json:"intact"` // what is stored still has that hash
	Diff      []text.Change `json:"diff,omitempty"`
}

type dossierGiven struct {
	Purpose   string     `json:"purpose"`
	Words     string     `json:"words"`
	SHA256    string     `json:"sha256"`
	Lang      string     `json:"lang"`
	Method    string     `json:"method"`
	Given     time.Time  `json:"given"`
	Withdrawn *time.Time `json:"withdrawn,omitempty"`
}

// dossierAsked is about the mail that asks whether the office answered.
type dossierAsked struct {
	Agreed *time.Time    `json:"agreed,omitempty"` // to be asked; erased with the words
	Mailed *time.Time    `json:"mailed,omitempty"`
	Answer letter.Answer `json:"answer,omitempty"` // real, form, none
}

type dossierMove struct {
	At   time.Time    `json:"at"`
	From letter.State `json:"from,omitempty"`
	To   letter.State `json:"to"`
	Who  string       `json:"who"`
	Node string       `json:"node,omitempty"`
	Note string       `json:"note,omitempty"` // an office's answer, or a person's reason
}

// madeWords say how the message that is shown stands to the one that was sent.
var madeWords = map[letter.Made]string{
	letter.MadeAsSent: "the same bytes that were sent",
	letter.MadeAhead:  "not sent; as it would be sent by today's settings",
	letter.MadeAfter:  "made by today's settings; those by which it was sent are not on record, so it may differ",
}

type dossierMessage struct {
	XML    string      `json:"xml,omitempty"`
	SHA256 string      `json:"sha256,omitempty"`
	Made   letter.Made `json:"made,omitempty"`
	Why    string      `json:"unavailable,omitempty"`
}

func dossierOf(e letter.Evidence) dossier {
	l, s := e.Letter, e.Submission
	d := dossier{
		ID: l.ID, DeliveryID: l.DeliveryID, State: letter.State(l.State), Since: l.Since.Time(), Reason: string(l.Reason), Channel: l.Channel, Office: l.Office,
		Written: l.CreatedAt.Time(), Due: timeOrNil(l.DueAt), Delivered: timeOrNil(l.DeliveredAt), Erased: timeOrNil(s.ScrubbedAt), Disowned: timeOrNil(s.DisownedAt),
		Writer: dossierWriter{
			Prefix: string(s.Prefix), FirstName: string(s.FirstName), LastName: string(s.LastName), Email: string(s.Email), Phone: string(s.Phone),
			Address1: string(s.Address1), Address2: string(s.Address2), City: string(s.City), State: s.State, ZIP: string(s.Zip),
		},
		District:     dossierSeat{s.Seat, s.Basis, s.Plan},
		Campaign:     dossierSource{e.Campaign.Slug, e.Campaign.Version},
		Form:         dossierForm{e.KeyClass, s.Lang},
		Confirmation: dossierConfirm{e.Confirmation.State, momentOrNil(e.Confirmation.At)},
		Shown:        dossierText{string(l.Subject), e.Shown.Statement, e.Shown.Own, e.Shown.Hash, e.Shown.Intact, e.Shown.Diff},
		Message:      dossierMessage(e.Message),
		Consents:     []dossierGiven{}, History: []dossierMove{},
	}
	for _, c := range e.Consents {
		d.Consents = append(d.Consents, dossierGiven{c.Purpose, c.Words, c.WordsHash, c.Lang, c.Method, c.GivenAt.Time(), timeOrNil(c.WithdrawnAt)})
	}
	if e.Answer != "" || !e.Question.Agreed.IsZero() {
		d.Asked = &dossierAsked{momentOrNil(e.Question.Agreed), momentOrNil(e.Question.Asked), e.Answer}
	}
	for _, h := range e.History {
		d.History = append(d.History, dossierMove{h.At.Time(), letter.State(h.FromState), letter.State(h.ToState), h.Actor, h.Node, string(h.Note)})
	}
	return d
}

func (d dossier) print(con console) {
	con.print("Letter %s\nDelivery number %s\n%s since %s, to %s by %s\n", d.ID, d.DeliveryID, d.State, d.Since.Format(moment), d.Office, d.Channel)
	w := d.Writer
	con.print("\nWritten %s", d.Written.Format(moment))
	if d.Erased != nil {
		con.print("; name, address and words were erased %s\n", d.Erased.Format(moment))
	} else {
		con.print(" by %s %s %s <%s>\n  %s\n", w.Prefix, w.FirstName, w.LastName, w.Email, oneLine(w.Address1, w.Address2, w.City, w.State, w.ZIP, w.Phone))
	}
	if d.Disowned != nil {
		con.print("REPORTED %s by the owner of the address: not written by them\n", d.Disowned.Format(moment))
	}
	con.print("District %s, found by %s under the lines %s\n", d.District.Seat, d.District.Basis, d.District.Plan)
	con.print("Campaign %s, version %d; form in %q, key: %s; confirmation: %s\n", d.Campaign.Slug, d.Campaign.Version, d.Form.Lang, d.Form.Key, d.Confirmation.words())
	d.Shown.print(con, d.Erased != nil)
	for _, c := range d.Consents {
		con.print("\nConsent to %s by %s on %s%s, in these words (SHA-256 %s):\n  %s\n", c.Purpose, c.Method, c.Given.Format(moment), withdrawn(c.Withdrawn), c.SHA256, c.Words)
	}
	if d.Asked != nil && d.Asked.Agreed != nil {
		con.print("\nAgreed on %s to be asked whether the office answered\n", d.Asked.Agreed.Format(moment))
	}
	if d.Asked != nil && d.Asked.Answer != "" {
		con.print("\nThe writer said about the office's answer: %s\n", d.Asked.Answer)
	}
	con.print("\nHistory\n")
	for _, h := range d.History {
		con.print("  %s  %-11s by %-9s on %s  %s\n", h.At.Format("2006-01-02 15:04:05 MST"), h.To, h.Who, h.Node, h.Note)
	}
	if d.Message.Why != "" {
		con.print("\nNo message: %s\n", d.Message.Why)
		return
	}
	con.print("\nMessage to the office (SHA-256 %s; %s)\n%s\n", d.Message.SHA256, madeWords[d.Message.Made], d.Message.XML)
}

func withdrawn(at *time.Time) string {
	if at == nil {
		return ""
	}
	return ", withdrawn " + at.Format(moment)
}

func (c dossierConfirm) words() string {
	if c.At == nil {
		return c.State
	}
	return c.State + " " + c.At.Format(moment)
}

func (t dossierText) print(con console, erased bool) {
	con.print("\nText as it was shown, SHA-256 %s", t.SHA256)
	switch {
	case erased:
		con.print(", erased. The campaign's text was:\n%s\n", indented(t.Statement))
		return
	case t.Intact:
		con.print(", which what is stored still has\n")
	default:
		con.print(", WHICH WHAT IS STORED DOES NOT HAVE\n")
	}
	con.print("  Subject: %s\n", t.Subject)
	if t.Own == "" {
		con.print("%s\n(the campaign's text, unchanged)\n", indented(t.Statement))
		return
	}
	con.print("%s\n\nChanges from the campaign's text, [-taken out-] and {+put in+}:\n%s\n", indented(t.Own), indented(marked(t.Diff)))
}

// marked writes a difference the way programmers mark words.
func marked(changes []text.Change) string {
	var b strings.Builder
	for _, c := range changes {
		words := strings.TrimRight(c.Text, " \n\t")
		space := c.Text[len(words):]
		switch c.Kind {
		case text.Removed:
			b.WriteString("[-" + words + "-]" + space)
		case text.Added:
			b.WriteString("{+" + words + "+}" + space)
		case text.Same:
			b.WriteString(c.Text)
		}
	}
	return b.String()
}

func indented(s string) string { return "  " + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\n  ") }

func oneLine(parts ...string) string {
	var all []string
	for _, p := range parts {
		if p != "" {
			all = append(all, p)
		}
	}
	return strings.Join(all, ", ")
}
