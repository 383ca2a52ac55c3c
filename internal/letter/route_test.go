package letter_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/letter"
)

// ways changes the head of the campaign.
func ways(lines string) option {
	return func(p *post) { p.source = strings.Replace(p.source, "goal: 100\n", "goal: 100\n"+lines, 1) }
}

const everybody = "targets: [representative, senators]\n"

// withSenate gives the post office a channel to the Senate.
func (p *post) withSenate(change func(*letter.Senate)) {
	p.t.Helper()
	s := &letter.Senate{
		Client: &cwc.SenateClient{BaseURL: p.capitol.URL + "/api", Key: cwc.NewKey(key)},
		Sender: p.house.Sender, DB: p.db, Clock: p.clock.now,
	}
	if change != nil {
		change(s)
	}
	p.desk.Close()
	p.options.Channels = map[string]letter.Channel{letter.ChannelHouse: p.house, letter.ChannelSenate: s}
	p.open()
}

var arizona = []congress.Seat{arizona4, {State: "AZ", Class: 1}, {State: "AZ", Class: 3}}

// takeAll submits a form to Arizona's three members and returns its letters by office.
func (p *post) takeAll(f letter.Form) map[string]query.Letter {
	p.t.Helper()
	s := p.submission(f)
	for _, seat := range arizona {
		s.Recipient.Offices = append(s.Recipient.Offices, roster.Answer{Seat: seat, Status: roster.Seated})
	}
	r := p.submit(s)
	letters, err := p.db.Read().ListLettersOfSubmission(p.t.Context(), r.SubmissionID)
	if err != nil {
		p.t.Fatal(err)
	}
	byOffice := map[string]query.Letter{}
	for _, l := range letters {
		byOffice[l.Office] = l
	}
	return byOffice
}

func TestOneLetterToEachMember(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Helper()
		p := newPost(t, d, ways(everybody))
		p.withSenate(nil)
		letters := p.takeAll(person(1))
		numbers := map[string]bool{}
		for _, l := range letters {
			numbers[l.DeliveryID] = true
			p.deliver(l.ID)
			p.deliver(l.ID) // a second time changes nothing
		}
		if len(letters) != 3 || len(numbers) != 3 {
			t.Fatalf("%d letters with %d numbers", len(letters), len(numbers))
		}
		p.expect(letters["HAZ04"].ID, letter.Accepted, letter.ChannelHouse, "ready sending accepted")
		p.expect(letters["SAZ01"].ID, letter.Accepted, letter.ChannelSenate, "ready sending accepted")
		p.expect(letters["SAZ03"].ID, letter.Accepted, letter.ChannelSenate, "ready sending accepted")
		if n := len(p.capitol.Messages()); n != 3 {
			t.Errorf("%d messages arrived", n)
		}
		if again := p.takeAll(person(1)); len(again) != 3 || again["SAZ01"].ID != letters["SAZ01"].ID {
			t.Error("the same form made other letters")
		}
		if n := p.counts(); n.Submitted != 1 || n.Delivered != 3 {
			t.Errorf("the counters say %+v", n)
		}
	})
}

// TestLettersTakeTheNextWay: whatever keeps a letter off its first way, it goes on by the
// campaign's order, and its history says why.
func TestLettersTakeTheNextWay(t *testing.T) {
	for name, tc := range map[string]struct {
		ways   string
		senate func(*letter.Senate)
		act    cwctest.Act
		want   string
		reason string
	}{
		"not on the list": {
			ways: "channels: [cwc-house, cwc-senate, print, handoff]\n", want: letter.ChannelPrint, reason: "not on the Senate's list",
		},
		"not on the list, no paper": {want: letter.ChannelHandoff, reason: "not on the Senate's list"},
		"refused for the office": {
			ways: "channels: [cwc-house, cwc-senate, print]\n", act: cwctest.Act{Do: cwctest.Refuse, Text: "Message delivery is not enabled for SAZ01"},
			want: letter.ChannelPrint, reason: "not enabled for SAZ01",
		},
		"vacant": {
			ways: "channels: [cwc-house, cwc-senate, handoff]\n", want: letter.ChannelHandoff, reason: "vacant",
			senate: func(s *letter.Senate) {
				s.Holder = func(seat congress.Seat, _ time.Time) (roster.Answer, error) {
					return roster.Answer{Seat: seat, Status: roster.Vacant}, nil
				}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			listed := []string{"SAZ01"}
			if strings.HasPrefix(name, "not on the list") {
				listed = []string{"SNV01"}
			}
			p := newPost(t, dbtest.New(t), ways(everybody+tc.ways), at(capitol(t, func(o *cwctest.Options) { o.SenateOffices = listed })))
			p.withSenate(tc.senate)
			if tc.act.Do != "" {
				tc.act.Office = "SAZ01"
				p.script(tc.act)
			}
			l := p.takeAll(person(1))["SAZ01"]
			p.deliver(l.ID)
			l = p.expect(l.ID, letter.Waiting, tc.want, "ready sending waiting")
			moves, err := p.desk.History(t.Context(), l.ID)
			if err != nil || !strings.Contains(string(moves[2].Note), tc.reason) {
				t.Errorf("the history says %q, %v", moves[2].Note, err)
			}
			p.deliver(l.ID) // nobody sends what people carry
			p.expect(l.ID, letter.Waiting, tc.want, "ready sending waiting")
			if n := len(p.capitol.Messages()); n != 0 {
				t.Errorf("%d messages arrived", n)
			}
		})
	}
}

// TestFirstWay: a letter starts on the first of the campaign's ways that is here and leads
// to its office.
func TestFirstWay(t *testing.T) {
	for name, tc := range map[string]struct {
		ways          string
		house, senate bool
		want          map[string]string
	}{
		"all there": {"", true, true, map[string]string{"HAZ04": "cwc-house", "SAZ01": "cwc-senate"}},
		"no Senate": {"", true, false, map[string]string{"HAZ04": "cwc-house", "SAZ01": "handoff"}},
		"no key, but paper": {
			"channels: [cwc-house, cwc-senate, print]\n", false, false, map[string]string{"HAZ04": "print", "SAZ01": "print"},
		},
		"paper for the Senate": {"channels: [cwc-house, print]\n", true, true, map[string]string{"HAZ04": "cwc-house", "SAZ01": "print"}},
		"by hand":              {"channels: [handoff]\n", true, true, map[string]string{"HAZ04": "handoff", "SAZ01": "handoff"}},
	} {
		p := newPost(t, dbtest.New(t), ways(everybody+tc.ways))
		p.withSenate(nil)
		if !tc.house {
			delete(p.options.Channels, letter.ChannelHouse)
		}
		if !tc.senate {
			delete(p.options.Channels, letter.ChannelSenate)
		}
		p.desk.Close()
		p.open()
		letters := p.takeAll(person(1))
		for office, channel := range tc.want {
			state := letter.Ready
			if channel == letter.ChannelPrint || channel == letter.ChannelHandoff {
				state = letter.Waiting
			}
			if l := letters[office]; l.Channel != channel || l.State != string(state) {
				t.Errorf("%s: the letter to %s is %s on %s", name, office, l.State, l.Channel)
			}
		}
	}
}

// TestTheSenateIsAskedAgain: a letter of unknown fate is sent again, and 409 ends it.
func TestTheSenateIsAskedAgain(t *testing.T) {
	p := newPost(t, dbtest.New(t), ways(everybody))
	p.withSenate(nil)
	p.script(cwctest.Act{Do: cwctest.ResetAfter, Office: "SAZ01"})
	l := p.takeAll(person(1))["SAZ01"]
	p.deliver(l.ID)
	p.expect(l.ID, letter.Unknown, letter.ChannelSenate, "ready sending unknown")
	p.clock.turn(time.Hour)
	p.deliver(l.ID)
	l = p.expect(l.ID, letter.Accepted, letter.ChannelSenate, "ready sending unknown sending accepted")
	if n := len(p.capitol.Messages()); n != 1 || !strings.Contains(string(l.Reason), "earlier attempt") {
		t.Errorf("%d messages; the letter says %q", n, l.Reason)
	}
}

func TestAddressees(t *testing.T) {
	g := guide(t)
	for name, tc := range map[string]struct {
		targets   []campaign.Target
		zip       string
		state     string
		want      []string
		obstacle  letter.Obstacle
		undecided bool
	}{
		"representative":       {[]campaign.Target{campaign.Representative}, "82001", "WY", []string{"WY-00"}, "", false},
		"senators":             {[]campaign.Target{campaign.Senators}, "82001", "WY", []string{"WY-S1", "WY-S2"}, "", false},
		"all three":            {[]campaign.Target{campaign.Senators, campaign.Representative}, "82001", "WY", []string{"WY-00", "WY-S1", "WY-S2"}, "", false},
		"senators of a split":  {[]campaign.Target{campaign.Senators}, "10025", "NY", []string{"NY-S1", "NY-S3"}, "", false},
		"three of a split":     {[]campaign.Target{campaign.Senators, campaign.Representative}, "10025", "NY", nil, "", true},
		"nobody for a capital": {[]campaign.Target{campaign.Senators}, "20001", "DC", nil, letter.Delegate, false},
	} {
		c := &campaign.Campaign{Targets: tc.targets}
		f := letter.Form{ZIP: tc.zip, State: tc.state}
		r, err := g.Recipient(f, nil, start)
		if err == nil {
			r, err = g.Addressees(r, f, c, start)
		}
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, office := range r.Offices {
			got = append(got, office.Seat.String())
		}
		if !slices.Equal(got, tc.want) || r.Obstacle != tc.obstacle || r.Clear() != (tc.obstacle == "" && !tc.undecided) {
			t.Errorf("%s: %v, obstacle %q, clear %t", name, got, r.Obstacle, r.Clear())
		}
	}
	// A vacant House seat keeps nobody from writing to senators.
	f := letter.Form{State: "AZ"}
	r := recipientOf(arizona4)
	r.Obstacle = letter.Vacancy
	both := &campaign.Campaign{Targets: []campaign.Target{campaign.Representative, campaign.Senators}}
	if r, err := g.Addressees(r, f, both, start); err != nil || !r.Clear() || len(r.Offices) != 2 {
		t.Errorf("with a vacant seat: %v, %v", r.Offices, err)
	}
}

// TestAWeekInLineTakesTheNextWay: a letter that was never tried goes on to the campaign's
// next way, not past it, and its writer hears of it only when it is theirs to send.
func TestAWeekInLineTakesTheNextWay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for lines, want := range map[string]string{
			"channels: [cwc-house, print]\n": letter.ChannelPrint, "channels: [cwc-house]\n": letter.ChannelHandoff,
		} {
			p := newPost(t, d, named("week "+want), ways(lines))
			told := 0
			p.restart(func(p *post) {
				p.options.Turned = func(context.Context, *db.Tx, string) error { told++; return nil }
			})
			l := p.take(person(len(lines)))
			p.clock.turn(7 * day)
			p.reconcile(false)
			p.expect(l.ID, letter.Waiting, want, "ready waiting")
			if (told == 1) != (want == letter.ChannelHandoff) {
				t.Errorf("%q: told %d times", lines, told)
			}
		}
	})
}

// TestAWeekOfWaitingTakesTheNextWay: a letter that was tried does not wait for a month on a
// channel on which nothing is sent any more. The week counts from when it came into line, and
// what people carry has its own time.
func TestAWeekOfWaitingTakesTheNextWay(t *testing.T) {
	t.Parallel()
	stops := map[string]func(*post){
		"paused": func(p *post) {
			if err := p.desk.Pause(p.t.Context(), letter.ChannelHouse, "ada", "why"); err != nil {
				p.t.Fatal(err)
			}
		},
		"no key": func(p *post) { p.restart(noHouse) },
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := 0
		for stopped, stop := range stops {
			for lines, want := range map[string]string{
				"channels: [cwc-house, print]\n": letter.ChannelPrint, "channels: [cwc-house]\n": letter.ChannelHandoff,
			} {
				n++
				p := newPost(t, d, named("waits "+stopped+want), ways(lines))
				told := 0
				p.restart(func(p *post) {
					p.options.Turned = func(context.Context, *db.Tx, string) error { told++; return nil }
				})
				tried, late := p.take(person(2*n)), p.suspicious(2*n+1)
				p.clock.turn(day)
				if err := p.desk.Operate(t.Context(), letter.Release, late.ID, "ada", "fine"); err != nil {
					t.Fatal(err)
				}
				p.script(cwctest.Act{Do: cwctest.Unavailable, Times: -1})
				p.deliver(tried.ID)
				p.deliver(late.ID)
				stop(p)
				p.clock.turn(6*day - time.Millisecond)
				p.reconcile(false)
				p.expect(tried.ID, letter.Waiting, letter.ChannelHouse, "ready sending waiting")
				p.clock.turn(time.Millisecond)
				p.reconcile(false)
				moved := p.expect(tried.ID, letter.Waiting, want, "ready sending waiting waiting")
				if moved.Reason != "a week in line brought no success" || moved.DueAt != stamp.Of(p.clock.now().Add(30*day)) || (told == 1) != (want == letter.ChannelHandoff) {
					t.Errorf("%s, %q: told %d times, %+v", stopped, lines, told, moved)
				}
				p.expect(late.ID, letter.Waiting, letter.ChannelHouse, "frozen ready sending waiting")
				p.clock.turn(day)
				p.reconcile(false)
				p.expect(late.ID, letter.Waiting, want, "frozen ready sending waiting waiting")
				p.clock.turn(29 * day) // whoever carries it has the month, and it goes no further
				p.reconcile(false)
				p.expect(tried.ID, letter.Expired, want, "ready sending waiting waiting expired")
				if _, err := p.desk.Resume(t.Context(), letter.ChannelHouse, "ada"); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
