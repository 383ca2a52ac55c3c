package letter

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// Record is everything that is held about one person, as they get it themselves. Its JSON
// is stable: fields are only added.
type Record struct {
	Made         time.Time            `json:"made"`
	Person       RecordPerson         `json:"person"`
	Lists        []supporter.List     `json:"lists"`
	Consents     []RecordConsent      `json:"consents"`
	Suppressions []RecordSuppression  `json:"no_mail"`
	Mailbox      RecordMailbox        `json:"mailbox"`
	Mails        []RecordMail         `json:"mails"`
	Mailings     []RecordedMailing    `json:"mailings"`
	Letters      []RecordedSubmission `json:"submissions"`
}

// RecordPerson is who somebody is.
type RecordPerson struct {
	ID        string    `json:"id"`
	Email     string    `json:"email"`
	FirstName string    `json:"first_name"`
	LastName  string    `json:"last_name"`
	Lang      string    `json:"lang"`
	ZIP       string    `json:"zip"`
	Since     time.Time `json:"since"`
	Changed   time.Time `json:"changed"`
}

// RecordConsent is to what somebody agreed.
type RecordConsent struct {
	Purpose   supporter.List `json:"purpose"`
	Words     string         `json:"words"`
	Hash      string         `json:"words_sha256"`
	Lang      string         `json:"lang"`
	Campaign  string         `json:"campaign"`
	Version   int64          `json:"campaign_version"`
	Page      string         `json:"page"`
	Method    string         `json:"method"`
	Given     time.Time      `json:"given"`
	Confirmed *time.Time     `json:"confirmed,omitempty"`
	Withdrawn *time.Time     `json:"withdrawn,omitempty"`
	Way       supporter.Way  `json:"withdrawn_way,omitempty"`
}

// RecordSuppression is why mail does not go to their address.
type RecordSuppression struct {
	List   supporter.List   `json:"list"` // "" for all mail
	Reason supporter.Reason `json:"reason"`
	Since  time.Time        `json:"since"`
}

// RecordMailbox is how often their mailbox was asked for an answer.
type RecordMailbox struct {
	Asked     int64      `json:"asked"`
	AskedAt   *time.Time `json:"asked_at,omitempty"`
	Confirmed *time.Time `json:"confirmed,omitempty"`
}

// RecordMail is one mail that followed, or is to follow, by itself from something that happened.
type RecordMail struct {
	Kind  string    `json:"kind"`
	About string    `json:"about"` // a list, or the id of a campaign
	State string    `json:"state"`
	Since time.Time `json:"since"`
}

// RecordedMailing is a newsletter or an action alert that went, or is to go, to them.
type RecordedMailing struct {
	Name         string     `json:"name"`
	State        string     `json:"state"`
	Reason       string     `json:"reason,omitempty"`
	Sent         *time.Time `json:"sent,omitempty"`
	Bounced      *time.Time `json:"bounced,omitempty"`
	Complained   *time.Time `json:"complained,omitempty"`
	Unsubscribed *time.Time `json:"unsubscribed,omitempty"`
	Acted        *time.Time `json:"acted,omitempty"`
}

// RecordedSubmission is what somebody sent on one campaign.
type RecordedSubmission struct {
	ID        string           `json:"id"`
	Campaign  string           `json:"campaign"`
	Title     string           `json:"title"`
	Version   int64            `json:"campaign_version"`
	Sent      time.Time        `json:"sent"`
	Prefix    string           `json:"prefix"`
	FirstName string           `json:"first_name"`
	LastName  string           `json:"last_name"`
	Email     string           `json:"email"`
	Phone     string           `json:"phone"`
	Address1  string           `json:"address1"`
	Address2  string           `json:"address2"`
	City      string           `json:"city"`
	State     string           `json:"state"`
	ZIP       string           `json:"zip"`
	Seat      string           `json:"seat"`
	Basis     string           `json:"basis"`
	Lines     string           `json:"lines"`
	Lang      string           `json:"lang"`
	Joined    bool             `json:"joined"`
	Partners  string           `json:"partners,omitempty"` // keys of those that were ticked
	Copied    bool             `json:"copy,omitempty"`     // a copy by mail was asked for
	Forget    bool             `json:"forget,omitempty"`   // being forgotten once delivered was asked for
	Erased    *time.Time       `json:"erased,omitempty"`
	Disowned  *time.Time       `json:"disowned,omitempty"`
	Agreed    string           `json:"agreed_to_be_asked,omitempty"` // in these words
	Letters   []RecordedLetter `json:"letters"`
}

// RecordedLetter is one letter with its history.
type RecordedLetter struct {
	DeliveryID string         `json:"delivery_id"`
	Office     string         `json:"office"`
	Channel    string         `json:"channel"`
	State      string         `json:"state"`
	Since      time.Time      `json:"since"`
	Reason     string         `json:"reason"`
	Subject    string         `json:"subject"`
	Text       string         `json:"text"`
	Answer     string         `json:"answer,omitempty"` // what they said about the office's answer
	History    []RecordedMove `json:"history"`
}

// RecordedMove is one line of a letter's history.
type RecordedMove struct {
	At   time.Time `json:"at"`
	To   string    `json:"to"`
	By   string    `json:"by"`
	Note string    `json:"note"`
}

// Record gathers everything that is held about a person.
func (d *Desk) Record(ctx context.Context, who supporter.Person) (Record, error) {
	r := Record{
		Made: d.Clock().UTC(), Lists: []supporter.List{}, Consents: []RecordConsent{}, Suppressions: []RecordSuppression{},
		Mails: []RecordMail{}, Mailings: []RecordedMailing{}, Letters: []RecordedSubmission{},
	}
	s, err := d.DB.Read().SupporterByID(ctx, who.ID)
	if err != nil {
		return r, fmt.Errorf("find a person: %w", db.Fault(err))
	}
	r.Person = RecordPerson{s.ID, string(s.Email), string(s.FirstName), string(s.LastName), s.Lang, s.Zip, s.CreatedAt.Time(), s.UpdatedAt.Time()}
	if err := d.recordMail(ctx, who, &r); err != nil {
		return r, err
	}
	submissions, err := d.DB.Read().ListSubmissionsOfSupporter(ctx, who.ID)
	if err != nil {
		return r, fmt.Errorf("find a person's submissions: %w", db.Fault(err))
	}
	for _, s := range submissions {
		one, err := d.recordSubmission(ctx, s)
		if err != nil {
			return r, err
		}
		r.Letters = append(r.Letters, one)
	}
	return r, nil
}

// recordMail adds what belongs to the person's mailbox.
func (d *Desk) recordMail(ctx context.Context, who supporter.Person, r *Record) error {
	consents, err := d.People.Consents(ctx, d.Campaigns, who.ID)
	if err != nil {
		return err
	}
	for _, c := range consents {
		r.Consents = append(r.Consents, RecordConsent{
			c.List, c.Words, c.Hash, c.Lang, c.Slug, c.Version, c.Page, c.Method, c.Given, moment(c.Confirmed), moment(c.Withdrawn), c.Way,
		})
	}
	m, err := d.People.Membership(ctx, who.ID)
	if err != nil {
		return err
	}
	r.Lists = append(r.Lists, m.Lists...)
	out, err := d.People.Suppressions(ctx, who.Email)
	if err != nil {
		return err
	}
	for _, s := range out {
		r.Suppressions = append(r.Suppressions, RecordSuppression{s.List, s.Reason, s.Since.Time()})
	}
	mailings, err := d.DB.Read().ListMailingsOf(ctx, who.ID)
	if err != nil {
		return fmt.Errorf("find a person's mailings: %w", db.Fault(err))
	}
	for _, m := range mailings {
		r.Mailings = append(r.Mailings, RecordedMailing{
			m.Name, m.State, m.Reason, moment(m.SentAt.Time()), moment(m.BouncedAt.Time()), moment(m.ComplainedAt.Time()),
			moment(m.UnsubscribedAt.Time()), moment(m.ActedAt.Time()),
		})
	}
	box, err := d.DB.Read().Mailbox(ctx, d.Keys.Mailbox(who.Email))
	if err = db.Fault(err); err != nil && !fault.Is(err, fault.NotFound) {
		return fmt.Errorf("read a mailbox: %w", err)
	}
	r.Mailbox = RecordMailbox{box.Asked, moment(box.AskedAt.Time()), moment(box.ConfirmedAt.Time())}
	mails, err := d.DB.Read().ListJourneySteps(ctx, who.ID)
	if err != nil {
		return fmt.Errorf("find a person's mails: %w", db.Fault(err))
	}
	for _, m := range mails {
		r.Mails = append(r.Mails, RecordMail{m.Journey, m.About, m.State, m.Since.Time()})
	}
	return nil
}

func (d *Desk) recordSubmission(ctx context.Context, s query.Submission) (RecordedSubmission, error) {
	c, err := d.Campaigns.Version(ctx, s.CampaignID, s.CampaignVersion)
	if err != nil {
		return RecordedSubmission{}, err
	}
	one := RecordedSubmission{
		ID: s.ID, Campaign: c.Slug, Title: c.Words(s.Lang).Title, Version: s.CampaignVersion, Sent: s.CreatedAt.Time(),
		Prefix: string(s.Prefix), FirstName: string(s.FirstName), LastName: string(s.LastName), Email: string(s.Email), Phone: string(s.Phone), Address1: string(s.Address1), Address2: string(s.Address2),
		City: string(s.City), State: s.State, ZIP: string(s.Zip), Seat: s.Seat, Basis: s.Basis, Lines: s.Plan, Lang: s.Lang, Joined: s.Joined, Partners: s.Partners, Copied: s.Copied, Forget: s.Forget,
		Erased: moment(s.ScrubbedAt.Time()), Disowned: moment(s.DisownedAt.Time()), Letters: []RecordedLetter{},
	}
	question, err := d.DB.Read().Question(ctx, s.ID)
	if err = db.Fault(err); err != nil && !fault.Is(err, fault.NotFound) {
		return one, fmt.Errorf("read a question: %w", err)
	}
	one.Agreed = question.Words
	answers, err := d.DB.Read().ListAnswersOfSubmission(ctx, s.ID)
	if err != nil {
		return one, fmt.Errorf("read answers: %w", db.Fault(err))
	}
	said := map[string]string{}
	for _, a := range answers {
		said[a.LetterID] = a.Answer
	}
	letters, err := d.DB.Read().ListLettersOfSubmission(ctx, s.ID)
	if err != nil {
		return one, fmt.Errorf("find the letters: %w", db.Fault(err))
	}
	for _, l := range letters {
		text := ""
		if s.ScrubbedAt == 0 {
			text = cmp.Or(string(l.Message), c.Letter.Text)
		}
		recorded, err := d.recordLetter(ctx, l, text)
		if err != nil {
			return one, err
		}
		recorded.Answer = said[l.ID]
		one.Letters = append(one.Letters, recorded)
	}
	return one, nil
}

func (d *Desk) recordLetter(ctx context.Context, l query.Letter, text string) (RecordedLetter, error) {
	one := RecordedLetter{
		DeliveryID: l.DeliveryID, Office: l.Office, Channel: l.Channel, State: l.State, Since: l.Since.Time(), Reason: string(l.Reason),
		Subject: string(l.Subject), Text: text, History: []RecordedMove{},
	}
	history, err := d.DB.Read().ListLetterHistory(ctx, l.ID)
	if err != nil {
		return one, fmt.Errorf("read a letter's history: %w", db.Fault(err))
	}
	for _, h := range history {
		one.History = append(one.History, RecordedMove{h.At.Time(), h.ToState, h.Actor, string(h.Note)})
	}
	return one, nil
}

// moment leaves a time that never was out of JSON.
func moment(at time.Time) *time.Time {
	if at.IsZero() || stamp.Of(at) == 0 {
		return nil
	}
	return &at
}
