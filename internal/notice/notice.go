// Package notice holds the mails that people get from an installation, each in the
// reader's language and in plain text and HTML.
//
// Those about a letter (Receipt, Turn, Confirm, Again, Answer, the reminders) go to addresses
// that nobody may have confirmed, so they hold no word that a form's writer chose; only a
// copy of the letter does, which goes to nobody else. Those for people who
// agreed to hear from the organisation (Welcome, Share, GoalReached, Ended) say why they come
// and how to stop them. When a mail is due is decided elsewhere.
package notice

import (
	"net/url"
	"strings"

	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mail"
)

// House is who mails.
type House struct {
	Org     string
	Postal  string
	Contact string
	BaseURL string
	// Neutral keeps subjects and first lines from telling what a mail is about, because
	// somebody else may see the reader's mailbox.
	Neutral bool
}

// Reader is who gets a mail.
type Reader struct {
	// ID names what the mail is about: with the kind of mail it makes the Message-ID, which
	// is the same each time the mail is tried again.
	ID    string
	Email string
	Lang  locale.Lang
}

// Leave are the ways out of what somebody agreed to: the address that takes them off with
// one click, the page where they choose what they get, and an address to write to, or "".
type Leave struct {
	Link   string
	Choose string
	Mail   string
	// Asked says that the reader is on no list, but asked for this one mail.
	Asked bool
}

// Copy is what a writer wants to have of their letter. It is empty for who wants none, or
// has not confirmed the mailbox: then Unproven says that they asked for one.
type Copy struct {
	Subject, Text string
	Unproven      bool
}

// Join is the page on which its reader confirms what they ticked beside their letter.
type Join struct {
	Link    string // "" where nothing waits
	Partner bool   // boxes of partners only, and not that of the list
}

// Receipt leads to the page that shows what happens to a letter and, for whoever ticked a
// box too, to the page on which they confirm that. Who asked for a copy of the letter finds
// it at the end.
func (h House) Receipt(to Reader, link string, join Join, own Copy) mail.Message {
	l := locale.In(to.Lang)
	var parts []mail.Part
	switch {
	case join.Link == "":
		parts = mail.Paragraphs(l.MailReceiptText(h.Contact, link, h.Org), mail.Button(l.MailReceiptButton(), link))
	case join.Partner:
		parts = mail.Paragraphs(l.MailReceiptPartnerText(h.Contact, join.Link, link, h.Org),
			mail.Button(l.MailReceiptButton(), link), mail.Button(l.MailPartnerButton(), join.Link))
	default:
		parts = mail.Paragraphs(l.MailReceiptJoinText(h.Contact, join.Link, link, h.Org),
			mail.Button(l.MailReceiptButton(), link), mail.Button(l.MailJoinButton(), join.Link))
	}
	switch {
	case own.Text != "":
		parts = append(append(parts, mail.Say(l.MailCopyHead()), mail.Say(own.Subject)), mail.Paragraphs(own.Text)...)
	case own.Unproven:
		parts = append(parts, mail.Say(l.MailCopyUnproven()))
	}
	return h.message(to, "receipt", l.MailReceiptSubject(h.Org), parts)
}

// Turn tells that a letter did not reach its office.
func (h House) Turn(to Reader, link string) mail.Message {
	l := locale.In(to.Lang)
	return h.message(to, "turn", l.MailTurnSubject(), mail.Paragraphs(l.MailTurnText(h.Contact, link), mail.Button(l.MailTurnButton(), link)))
}

// Confirm asks whether the owner of the mailbox wrote a letter.
func (h House) Confirm(to Reader, link, stop string) mail.Message {
	l := locale.In(to.Lang)
	m := h.message(to, "confirm", l.MailConfirmSubject(), mail.Paragraphs(l.MailConfirmText(link, h.Org, stop),
		mail.Button(l.MailConfirmButton(), link), mail.Link(l.MailStop(), stop)))
	if h.Neutral {
		m.Subject = l.MailNeutralConfirm()
	}
	return stoppable(m, stop)
}

// Again tells who wrote before that no second letter was sent.
func (h House) Again(to Reader, link, stop string) mail.Message {
	l := locale.In(to.Lang)
	return stoppable(h.message(to, "confirm", l.MailAgainSubject(), mail.Paragraphs(l.MailAgainText(link, h.Org, stop),
		mail.Button(l.MailAgainButton(), link), mail.Link(l.MailStop(), stop))), stop)
}

// Answer asks whether the office answered.
func (h House) Answer(to Reader, campaign, link string) mail.Message {
	l := locale.In(to.Lang)
	return h.message(to, "answer", l.MailAnswerSubject(), mail.Paragraphs(l.MailAnswerText(campaign, link), mail.Button(l.MailAnswerButton(), link)))
}

// Remind asks once more whether the owner of the mailbox wrote a letter.
func (h House) Remind(to Reader, link, stop string) mail.Message {
	l := locale.In(to.Lang)
	m := h.asking(to, "remind", l.MailRemindSubject(), l.MailRemindText(link, h.Org, stop), mail.Button(l.MailConfirmButton(), link), stop)
	if h.Neutral {
		m.Subject = l.MailNeutralConfirm()
	}
	return m
}

// RemindJoin asks once more whether the owner of the mailbox wants to be on the list; stop
// is the page on which they say that they never want mail.
func (h House) RemindJoin(to Reader, link, stop string) mail.Message {
	l := locale.In(to.Lang)
	return h.asking(to, "remind", l.MailRemindJoinSubject(h.Org), l.MailRemindJoinText(link, h.Org, stop), mail.Button(l.MailJoinButton(), link), stop)
}

// Join asks whether the owner of the mailbox wants to be on the list; stop is as in RemindJoin.
func (h House) Join(to Reader, link, stop string) mail.Message {
	l := locale.In(to.Lang)
	return h.asking(to, "join", l.MailJoinSubject(h.Org), l.MailJoinText(link, h.Org, stop), mail.Button(l.MailJoinButton(), link), stop)
}

// Partner asks whether the owner of the mailbox wants partners to get their data; stop is as
// in RemindJoin.
func (h House) Partner(to Reader, link, stop string) mail.Message {
	l := locale.In(to.Lang)
	return h.asking(to, "join", l.MailPartnerSubject(h.Org), l.MailPartnerText(link, h.Org, stop), mail.Button(l.MailPartnerButton(), link), stop)
}

// Data leads to what is held about the reader, for a day.
func (h House) Data(to Reader, link string) mail.Message {
	l := locale.In(to.Lang)
	return h.message(to, "data", l.MailDataSubject(), mail.Paragraphs(l.MailDataText(link, h.Org), mail.Button(l.MailDataButton(), link)))
}

// Welcome greets who has joined the list.
func (h House) Welcome(to Reader, leave Leave) mail.Message {
	l := locale.In(to.Lang)
	return h.agreed(to, "welcome", l.MailWelcomeSubject(h.Org), mail.Paragraphs(l.MailWelcomeText(h.Org)), leave)
}

// Share thanks for a letter that has arrived, and asks to pass the campaign on.
func (h House) Share(to Reader, campaign, link string, leave Leave) mail.Message {
	l := locale.In(to.Lang)
	return h.agreed(to, "share", l.MailShareSubject(), mail.Paragraphs(l.MailShareText(campaign, link), mail.Button(l.MailGoalButton(), link)), leave)
}

// GoalReached tells that a campaign has so many letters as it wanted.
func (h House) GoalReached(to Reader, campaign string, letters int, link string, leave Leave) mail.Message {
	l := locale.In(to.Lang)
	return h.agreed(to, "goal", l.MailGoalSubject(), mail.Paragraphs(l.MailGoalText(campaign, l.Number(letters), link), mail.Button(l.MailGoalButton(), link)), leave)
}

// Ended tells how a campaign ended, in its author's words.
func (h House) Ended(to Reader, campaign, summary, link string, leave Leave) mail.Message {
	l := locale.In(to.Lang)
	parts := append(mail.Paragraphs(l.MailEndedText(campaign)), mail.Say(summary), mail.Button(l.MailEndedButton(), link))
	return h.agreed(to, "ended", l.MailEndedSubject(), parts, leave)
}

// Mailing is a message to many people, whose parts an author wrote. It is laid out once:
// texts and addresses may be marks that the sender replaces for each reader, and so does it
// set whom the message goes to.
func (h House) Mailing(lang locale.Lang, subject string, parts []mail.Part, leave Leave) mail.Message {
	return h.agreed(Reader{Lang: lang}, "mailing", subject, parts, leave)
}

// agreed makes a mail for somebody who agreed to get it.
func (h House) agreed(to Reader, kind, subject string, parts []mail.Part, leave Leave) mail.Message {
	l := locale.In(to.Lang)
	why, out := l.MailWhy(h.Org), l.MailLeave()
	if leave.Asked {
		why, out = l.MailWhyAsked(h.Org), l.MailLeaveAsked()
	}
	m := h.message(to, kind, subject, parts, mail.Say(why), mail.Link(out, leave.Link), mail.Link(l.MailChoose(), leave.Choose))
	if u, err := url.Parse(h.BaseURL); err == nil && strings.Contains(u.Hostname(), ".") && u.Scheme == "https" {
		m.List = "updates." + u.Hostname()
	}
	if m = stoppable(m, leave.Link); m.Unsubscribe != "" {
		m.UnsubscribeMail = leave.Mail
	}
	return m
}

// asking is a mail that asks the owner of a mailbox for an answer, with a way never to be asked.
func (h House) asking(to Reader, kind, subject, text string, button mail.Part, stop string) mail.Message {
	way := mail.Link(locale.In(to.Lang).MailStop(), stop)
	return stoppable(h.message(to, kind, subject, mail.Paragraphs(text, button, way)), stop)
}

// stoppable lets mail programs show the way out as a button of their own.
func stoppable(m mail.Message, stop string) mail.Message {
	if strings.HasPrefix(stop, "https://") {
		m.Unsubscribe = stop
	}
	return m
}

func (h House) message(to Reader, kind, subject string, parts []mail.Part, foot ...mail.Part) mail.Message {
	l := locale.In(to.Lang)
	if h.Neutral {
		subject = l.MailNeutralSubject()
		parts = append([]mail.Part{mail.Say(l.MailNeutralFirst())}, parts...)
	}
	foot = append(foot, mail.Say(strings.TrimSpace(h.Org+"\n"+h.Postal)))
	page := mail.Page{Lang: string(l.Lang()), Title: subject, Parts: parts, Foot: foot}
	return mail.Message{
		ID: kind + "-" + to.ID, To: to.Email, Subject: subject, Text: page.Text(), HTML: page.HTML(),
		Headers: map[string]string{"Auto-Submitted": "auto-generated"},
	}
}
