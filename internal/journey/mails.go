package journey

import (
	"context"
	"slices"
	"time"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/notice"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// Why a step gets no mail.
const (
	whyOff  = "the campaign does not want it"
	whyGone = "the person has left, wants no mail, or is forgotten"
	whyOver = "there is nothing to tell any more"
)

// Why a step was put off.
const (
	whyDomain = "the mail domain takes no more now, or not so fast"
	whyHour   = "the mails of the hour to people who have not answered, or those of the mailbox, are used up"
)

// reader is somebody who may be written to, and by which list.
type reader struct {
	supporter.Person

	list  supporter.List
	since time.Time // when the mailbox confirmed the list
}

// reachable returns a person who is on one of the lists, the first that they are on, if no
// suppression keeps its mail back; nil for somebody who must not be written to.
func (d *Desk) reachable(ctx context.Context, id string, lists ...supporter.List) (*reader, error) {
	who, known, err := d.People.ByID(ctx, id)
	if err != nil || !known {
		return nil, err
	}
	on, err := d.DB.Read().ListSubscriptions(ctx, id)
	if err != nil {
		return nil, db.Fault(err)
	}
	for _, list := range lists {
		i := slices.IndexFunc(on, func(s query.Subscription) bool { return s.List == string(list) && s.ConfirmedAt > 0 })
		if i < 0 {
			continue
		}
		if out, err := d.People.Suppressed(ctx, who.Email, list); err != nil || out {
			return nil, err
		}
		return &reader{who, list, on[i].ConfirmedAt.Time()}, nil
	}
	return nil, nil //nolint:nilnil // nobody to write to is no error
}

// notice is who gets the mail of a step; its id makes the Message-ID, the same on each try.
func (r *reader) notice(s step) notice.Reader {
	return notice.Reader{ID: s.ID, Email: r.Email, Lang: locale.Lang(r.Lang)}
}

// ways are the ways out of the list by which a mail comes.
func (d *Desk) ways(r *reader) notice.Leave {
	link := inLang(d.People.LeaveURL(r.ID, r.Email, r.list), r.Lang)
	return notice.Leave{Link: link, Choose: link + "#never", Asked: r.list != supporter.Updates}
}

func inLang(link, lang string) string {
	return link + "?lang=" + string(locale.In(locale.Lang(lang)).Lang())
}

// house is who mails, as quietly as the campaign wants.
func (d *Desk) house(c *campaign.Campaign) notice.House {
	h := d.House()
	h.Neutral = h.Neutral || c.Neutral
	return h
}

func (d *Desk) page(c *campaign.Campaign, lang string) string {
	return inLang(d.House().BaseURL+"/c/"+c.Slug, lang)
}

// joinedBy is the campaign on whose form a person ticked the box of a list, as it is now;
// nil when they have taken it back.
func (d *Desk) joinedBy(ctx context.Context, id string, list supporter.List) (*campaign.Campaign, error) {
	consents, err := d.DB.Read().ListConsents(ctx, id)
	if err != nil {
		return nil, db.Fault(err)
	}
	for _, c := range slices.Backward(consents) {
		if c.Purpose == string(list) && c.WithdrawnAt == 0 {
			was, err := d.Campaigns.Version(ctx, c.CampaignID, c.CampaignVersion)
			if err != nil {
				return nil, err
			}
			return d.now(ctx, was)
		}
	}
	return nil, nil //nolint:nilnil // nobody joined
}

// about is the submission that a step is about, and its campaign as it is now. Both are nil
// when its writer is forgotten or did not write it.
func (d *Desk) about(ctx context.Context, s step) (*query.Submission, *campaign.Campaign, error) {
	sub, err := d.DB.Read().SubmissionByID(ctx, s.SubmissionID)
	if err != nil {
		return nil, nil, db.Fault(err)
	}
	if !sub.DisownedAt.IsZero() {
		return nil, nil, nil
	}
	was, err := d.Campaigns.Version(ctx, sub.CampaignID, sub.CampaignVersion)
	if err != nil {
		return nil, nil, err
	}
	c, err := d.now(ctx, was)
	return &sub, c, err
}

// welcome greets who has just joined the list.
func (d *Desk) welcome(ctx context.Context, s step) (verdict, error) {
	c, err := d.joinedBy(ctx, s.SupporterID, supporter.List(s.About))
	switch {
	case err != nil:
		return verdict{}, err
	case c == nil:
		return leave(whyGone)
	case !d.wants(s, c):
		return leave(whyOff)
	}
	r, err := d.reachable(ctx, s.SupporterID, supporter.List(s.About))
	switch {
	case err != nil:
		return verdict{}, err
	case r == nil:
		return leave(whyGone)
	case r.since.Before(d.Clock().Add(-KeptFor / 2)): // they confirmed another letter, and are no newcomer
		return leave(whyOver)
	}
	return send(d.house(c).Welcome(r.notice(s), d.ways(r)), r)
}

// longestNap is how long a reminder waits at most before its turn is looked at again.
const longestNap = time.Hour

// remind asks once more who did not confirm, in the mailbox's turn, and after the other mails
// that strangers may have caused.
func (d *Desk) remind(ctx context.Context, s step) (verdict, error) {
	var c *campaign.Campaign
	var err error
	if s.SubmissionID == "" {
		c, err = d.joinedBy(ctx, s.SupporterID, supporter.List(s.About))
	} else {
		_, c, err = d.about(ctx, s)
	}
	switch {
	case err != nil:
		return verdict{}, err
	case c == nil:
		return leave(whyGone)
	case !d.wants(s, c):
		return leave(whyOff)
	}
	v := verdict{list: supporter.OwnActs}
	out, again, err := d.Guard.Spare(ctx, d.DB, d.Clock(), func() (out bool, again time.Duration, err error) {
		if s.SubmissionID == "" {
			v.mail, out, again, err = d.People.RemindJoin(ctx, s.SupporterID, s.ID, d.house(c))
		} else {
			v.mail, out, again, err = d.Letters.Remind(ctx, s.SubmissionID, s.ID, d.house(c))
		}
		return out, again, err
	})
	switch {
	case err != nil || out:
		return v, err
	case again > 0:
		return wait(min(again, longestNap), whyHour)
	}
	return leave(whyOver)
}

// share thanks somebody of the list a day after their letter arrived. A letter alone is no
// leave to write such mails.
func (d *Desk) share(ctx context.Context, s step) (verdict, error) {
	sub, c, err := d.about(ctx, s)
	switch {
	case err != nil:
		return verdict{}, err
	case sub == nil:
		return leave(whyGone)
	case !d.wants(s, c):
		return leave(whyOff)
	case c.Life(d.Clock()) != campaign.Open:
		return leave(whyOver)
	}
	letters, err := d.DB.Read().ListLettersOfSubmission(ctx, sub.ID)
	if err != nil {
		return verdict{}, db.Fault(err)
	}
	arrived, open := arrival(letters)
	switch day := arrived.Add(s.journey.Wait); {
	case arrived.IsZero() && open:
		return wait(s.journey.Wait, "")
	case arrived.IsZero():
		return leave(whyOver)
	case day.After(d.Clock()):
		return wait(day.Sub(d.Clock()), "")
	}
	r, err := d.reachable(ctx, s.SupporterID, supporter.Updates)
	if err != nil || r == nil {
		v, _ := leave(whyGone)
		return v, err
	}
	return send(d.house(c).Share(r.notice(s), c.Words(r.Lang).Title, d.page(c, r.Lang), d.ways(r)), r)
}

// arrival is when the first of some letters arrived, and whether one still may.
func arrival(letters []query.Letter) (first time.Time, open bool) {
	for _, l := range letters {
		state := letter.State(l.State)
		if at := l.DeliveredAt.Time(); state.Counts() && (first.IsZero() || at.Before(first)) {
			first = at
		}
		open = open || !state.Final()
	}
	return first, open
}

// told is what the two campaign-wide mails have in common: the writer of a submission, who
// is on a list.
func (d *Desk) told(ctx context.Context, s step) (*query.Submission, *campaign.Campaign, *reader, verdict, error) {
	sub, c, err := d.about(ctx, s)
	if err != nil || sub == nil {
		v, _ := leave(whyGone)
		return nil, nil, nil, v, err
	}
	if !d.wants(s, c) {
		v, _ := leave(whyOff)
		return nil, nil, nil, v, nil
	}
	r, err := d.reachable(ctx, s.SupporterID, supporter.Updates, s.journey.other(c.ID))
	if err != nil || r == nil {
		v, _ := leave(whyGone)
		return nil, nil, nil, v, err
	}
	return sub, c, r, verdict{}, nil
}

// goal tells a writer whose letter is one of those that made the goal.
func (d *Desk) goal(ctx context.Context, s step) (verdict, error) {
	sub, c, r, v, err := d.told(ctx, s)
	if err != nil || sub == nil {
		return v, err
	}
	letters, err := d.DB.Read().ListLettersOfSubmission(ctx, sub.ID)
	if err != nil {
		return verdict{}, db.Fault(err)
	}
	if arrived, _ := arrival(letters); arrived.IsZero() {
		return leave(whyOver)
	}
	return send(d.house(c).GoalReached(r.notice(s), c.Words(r.Lang).Title, c.Goal, d.page(c, r.Lang), d.ways(r)), r)
}

// outcome tells a writer how the campaign ended.
func (d *Desk) outcome(ctx context.Context, s step) (verdict, error) {
	sub, c, r, v, err := d.told(ctx, s)
	if err != nil || sub == nil {
		return v, err
	}
	if c.Outcome == nil {
		return leave(whyOver)
	}
	words := c.Words(r.Lang)
	v, err = send(d.house(c).Ended(r.notice(s), words.Title, words.OutcomeSummary, d.page(c, r.Lang), d.ways(r)), r)
	v.fulfils = r.list.IsOutcome()
	return v, err
}
