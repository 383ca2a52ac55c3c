package mailing

import (
	"fmt"
	"html"
	"maps"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/inbound"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
	"github.com/franklin-letters/franklin/internal/notice"
	"github.com/franklin-letters/franklin/internal/supporter"
	"github.com/franklin-letters/franklin/internal/text"
)

// The two subjects of a test. Who is not in the test has none of them.
const (
	variantA = "a"
	variantB = "b"
)

// Marks of the layout's own, beside the author's fields.
const (
	fieldLeave  = "leave"
	fieldChoose = "choose"
)

// letterhead is what all mailings of an installation have in common.
type letterhead struct {
	people *supporter.People
	house  notice.House
	paths  returnpath.Paths
	// member names who holds a seat, in a language; "" when nobody does or it is not known.
	member func(congress.Seat, locale.Lang) string
	clock  func() time.Time
}

// composer writes a mailing's messages. Each language and subject is laid out once; what
// differs from person to person is put in.
type composer struct {
	letterhead
	row      query.Mailing
	file     *File
	campaign *campaign.Listed // nil when the mailing leads to none
	layouts  map[layoutKey]*layout
	shared   map[locale.Lang]map[string]string
}

type layoutKey struct {
	lang   locale.Lang
	second bool
}

// layout is a message with holes.
type layout struct {
	message             mail.Message
	subject, text, html template
	namesMember         bool
}

func newComposer(h letterhead, row query.Mailing, file *File, c *campaign.Listed) *composer {
	w := &composer{letterhead: h, row: row, file: file, campaign: c, layouts: map[layoutKey]*layout{}, shared: map[locale.Lang]map[string]string{}}
	for lang, words := range file.Words {
		w.layouts[layoutKey{lang, false}] = w.lay(lang, words.Subject, words.Body)
		if file.Test != nil {
			second := words.Second
			if second == "" {
				second = words.Subject
			}
			w.layouts[layoutKey{lang, true}] = w.lay(lang, second, words.Body)
		}
		w.shared[lang] = w.common(lang)
	}
	return w
}

// lay lays one message out.
func (w *composer) lay(lang locale.Lang, subject, body string) *layout {
	var fields []piece
	subject, body = marked(subject, &fields), marked(body, &fields)
	leave := notice.Leave{Link: mark(&fields, piece{field: fieldLeave}), Choose: mark(&fields, piece{field: fieldChoose})}
	m := w.house.Mailing(lang, subject, mail.Markdown(body), leave)
	l := &layout{message: m, subject: cut(m.Subject, fields), text: cut(m.Text, fields), html: cut(m.HTML, fields)}
	l.namesMember = l.text.has(fieldMember) || l.subject.has(fieldMember)
	return l
}

// common are the fields that are the same for everybody.
func (w *composer) common(lang locale.Lang) map[string]string {
	values := map[string]string{fieldOrg: w.house.Org, fieldLink: w.house.BaseURL}
	if w.campaign != nil {
		l := locale.In(lang)
		n := w.campaign.Counts.Delivered
		values[fieldCampaign] = w.campaign.Words(string(lang)).Title
		values[fieldLetters], values[fieldGoal] = l.Number(n), l.Number(w.campaign.GoalAt(n))
		values[fieldLink] = w.house.BaseURL + "/c/" + w.campaign.Slug
	}
	return values
}

// lang is the language in which somebody gets the mailing.
func (w *composer) lang(who mailable) locale.Lang {
	if _, ok := w.file.Words[locale.Lang(who.Lang)]; ok {
		return locale.Lang(who.Lang)
	}
	return w.file.Lang
}

// message writes the message to one person. An address that no mail can go to makes it one
// that the relay's door refuses.
func (w *composer) message(who mailable, variant string) mail.Message {
	lang := w.lang(who)
	if variant == "" {
		variant = w.row.Winner
	}
	l := w.layouts[layoutKey{lang, variant == variantB && w.file.Test != nil}]
	leave, token := w.people.LeaveMailing(who.ID, string(who.Email), w.file.List, w.row.ID)
	values := w.values(who, lang, l.namesMember)
	values[fieldLeave] = leave + "?lang=" + string(lang)
	values[fieldChoose] = values[fieldLeave] + "#never"
	m := l.message
	m.ID, m.To = fmt.Sprintf("mailing-%d-%s", w.row.Number, who.ID), string(who.Email)
	m.Subject = text.Short(l.subject.fill(values, nil), mail.MaxSubject) // names may be long
	m.Text, m.HTML = l.text.fill(values, nil), l.html.fill(values, html.EscapeString)
	if strings.HasPrefix(leave, "https://") {
		m.Unsubscribe = leave
	}
	if m.Unsubscribe != "" && w.paths.Domain() != "" {
		m.UnsubscribeMail, m.UnsubscribeSubject = inbound.LeaveBox+"@"+w.paths.Domain(), token
	}
	w.trace(&m, who.ID)
	return m
}

// trace gives a message the return address by which reports about it are believed.
func (w *composer) trace(m *mail.Message, supporterID string) {
	id, err := uuid.Parse(supporterID)
	if err != nil || w.paths.Domain() == "" {
		return
	}
	ref := returnpath.Ref{Kind: returnpath.Supporter, ID: id, Part: uint32(w.row.Number)} //nolint:gosec // nobody writes four billion mailings
	now := w.clock()
	m.ReturnPath = w.paths.Path(ref, now)
	m.Headers = maps.Clone(m.Headers)
	m.Headers[returnpath.ReferenceHeader] = w.paths.Token(ref, now)
}

// values are the fields of one person.
func (w *composer) values(who mailable, lang locale.Lang, member bool) map[string]string {
	values := maps.Clone(w.shared[lang])
	values[fieldFirst], values[fieldLast] = text.Line(string(who.FirstName)), text.Line(string(who.LastName))
	if w.campaign != nil {
		values[fieldLink] += "?via=" + w.people.ActToken(who.ID, w.row.ID) + "&lang=" + string(lang)
	}
	seat, err := congress.ParseSeat(who.Seat)
	if who.Seat == "" || err != nil {
		return values
	}
	l := locale.In(lang)
	values[fieldState], values[fieldDistrict] = l.State(seat.State), l.District(seat)
	if member && w.member != nil {
		values[fieldMember] = w.member(seat, lang)
	}
	return values
}
