package app

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/obs"
)

// gauges are what a monitor can see of this node and its database. docs/operations.md
// has a row for each.
var gauges = []obs.Gauge{
	{Name: "franklin_letters", Help: "Letters in a state that is not final.", Labels: []string{"state"}},
	{Name: "franklin_letters_oldest_seconds", Help: "How long the first of them has been in the state.", Labels: []string{"state"}},
	{Name: "franklin_line_letters", Help: "Letters whose time to be sent has come, by channel.", Labels: []string{"channel"}},
	{Name: "franklin_line_oldest_seconds", Help: "Since when the first of them is due.", Labels: []string{"channel"}},
	{Name: "franklin_line_drain_seconds", Help: "How long they take at the channel's pace.", Labels: []string{"channel"}},
	{Name: "franklin_line_stuck_letters", Help: "Letters that are overdue without a known reason.", Labels: []string{"channel"}},
	{Name: "franklin_channel_pace", Help: "Letters a second at most.", Labels: []string{"channel"}},
	{Name: "franklin_channel_paused", Help: "1 while an operator has stopped the channel.", Labels: []string{"channel"}},
	{Name: "franklin_channel_closed", Help: "1 while the office system is closed for maintenance.", Labels: []string{"channel"}},
	{Name: "franklin_channel_breaker", Help: "0 when letters go out, 1 when one goes out to see, 2 when none does.", Labels: []string{"channel"}},
	{Name: "franklin_channel_offices_down", Help: "Offices whose own letters wait because their system is down.", Labels: []string{"channel"}},
	{Name: "franklin_delivery_nodes", Help: "1 when some node delivers, 0 when none does."},
	{Name: "franklin_delivery_here", Help: "1 when this node delivers."},
	{Name: "franklin_jobs", Help: "Jobs in the queue, nearly all of them mails.", Labels: []string{"state"}},
	{Name: "franklin_jobs_oldest_seconds", Help: "Since when the first job that could run waits."},
	{Name: "franklin_guard_recent", Help: "What this node's guard did in this hour and the one before.", Labels: []string{"what"}},
	{Name: "franklin_mail_in", Help: "Mails that came in within 30 days, by what they are.", Labels: []string{"kind"}},
	{Name: "franklin_mail_in_waiting", Help: "Mails that came in and are not worked on yet."},
	{Name: "franklin_mail_in_oldest_seconds", Help: "Since when the first of them waits."},
	{Name: "franklin_mail_in_held", Help: "Mails that wait for a person."},
	{Name: "franklin_mail_refusing_domains", Help: "Domains whose mail systems did not want our mail within a day."},
	{Name: "franklin_mailings", Help: "Mailings in a state.", Labels: []string{"state"}},
	{Name: "franklin_journey_waiting", Help: "Mails that follow by themselves whose time has come, or that were put off.", Labels: []string{"journey"}},
	{Name: "franklin_journey_oldest_seconds", Help: "Since when the first of them is due.", Labels: []string{"journey"}},
	{Name: "franklin_journey_paused", Help: "Campaigns whose mails of a journey a person or the brake has stopped.", Labels: []string{"journey"}},
	{Name: "franklin_disk_free_bytes", Help: "Room on the disk under the SQLite file."},
	{Name: "franklin_roster_age_seconds", Help: "Age of the list of members."},
	{Name: "franklin_lines_end_seconds", Help: "Time until the loaded district lines end; zero when none are in force."},
	{Name: "franklin_lines_synced", Help: "1 when synced district lines answer, 0 when the built-in ones do."},
	{Name: "franklin_data_alarms", Help: "Things about district lines and roster that need to be done."},
}

// measure lets monitors see the gauges.
func (a *App) measure() error {
	return a.metrics.Gauges(gauges, func(ctx context.Context, set obs.Set) error {
		a.measureData(set)
		a.measureGuard(set)
		return errors.Join(a.measureDisk(set), a.measureStates(ctx, set), a.measureChannels(ctx, set), a.measureJobs(ctx, set), a.measureMailIn(ctx, set), a.measureMailings(ctx, set),
			a.measureJourneys(ctx, set))
	})
}

func (a *App) measureStates(ctx context.Context, set obs.Set) error {
	rows, err := a.db.Read().CountLiveLetters(ctx)
	if err != nil {
		return db.Fault(err)
	}
	now := a.options.Clock()
	for _, r := range rows {
		set("franklin_letters", float64(r.Letters), r.State)
		set("franklin_letters_oldest_seconds", now.Sub(stamp.Time(r.Oldest).Time()).Seconds(), r.State)
	}
	return nil
}

// breakers turns the state of a breaker into a number.
var breakers = map[letter.BreakerState]float64{letter.BreakerClosed: 0, letter.BreakerProbe: 1, letter.BreakerOpen: 2}

func (a *App) measureChannels(ctx context.Context, set obs.Set) error {
	overview, stuck, err := a.line(ctx)
	if err != nil {
		return err
	}
	now := a.options.Clock()
	for _, o := range overview {
		set("franklin_line_letters", float64(o.Waiting), o.Channel)
		oldest := 0.0
		if o.Waiting > 0 {
			oldest = now.Sub(o.Oldest).Seconds()
		}
		set("franklin_line_oldest_seconds", oldest, o.Channel)
		set("franklin_line_drain_seconds", o.Drain.Seconds(), o.Channel)
		set("franklin_channel_pace", o.Pace, o.Channel)
		set("franklin_channel_paused", one(o.Paused != nil), o.Channel)
		set("franklin_channel_closed", one(now.Before(o.ClosedUntil)), o.Channel)
		set("franklin_channel_breaker", breakers[o.Breaker], o.Channel)
		set("franklin_channel_offices_down", float64(len(o.Offices)), o.Channel)
	}
	if len(overview) > 0 {
		set("franklin_delivery_nodes", one(overview[0].Node != ""))
		set("franklin_delivery_here", one(overview[0].Node == nodeName()))
	}
	left := map[string]int{}
	for _, s := range stuck {
		left[s.Channel] = s.Letters
	}
	for _, channel := range letter.Channels() {
		set("franklin_line_stuck_letters", float64(left[channel]), channel)
	}
	return nil
}

func (a *App) measureJobs(ctx context.Context, set obs.Set) error {
	b, err := a.queue.Backlog(ctx)
	if err != nil {
		return err
	}
	for state, n := range map[string]int{"due": b.Due, "running": b.Running, "later": b.Later, "given-up": b.GivenUp} {
		set("franklin_jobs", float64(n), state)
	}
	age := 0.0
	if !b.Oldest.IsZero() {
		age = max(time.Since(b.Oldest).Seconds(), 0) // the queue lives by the machine's clock
	}
	set("franklin_jobs_oldest_seconds", age)
	return nil
}

func (a *App) measureGuard(set obs.Set) {
	d := a.guard.Doings(a.options.Clock())
	set("franklin_guard_recent", float64(d.Flooded), "flooded")
	set("franklin_guard_recent", float64(d.Crowds), "crowds")
	set("franklin_guard_recent", float64(d.Asked), "asked")
	for code, n := range d.Frozen {
		set("franklin_guard_recent", float64(n), "frozen-"+string(code))
	}
}

func (a *App) measureDisk(set obs.Set) error {
	path, ok := db.File(a.settings.DB)
	if !ok {
		return nil
	}
	free, err := obs.FreeBytes(filepath.Dir(path))
	if err == nil {
		set("franklin_disk_free_bytes", float64(free))
	}
	return err
}

func (a *App) measureData(set obs.Set) {
	d, now := a.data.Data(), a.options.Clock()
	set("franklin_roster_age_seconds", d.RosterAge(now).Seconds())
	end, _ := d.LinesEnd(now)
	set("franklin_lines_end_seconds", end.Sub(now).Seconds())
	set("franklin_lines_synced", one(d.Lines.Synced))
	alarms := 0
	for _, alarm := range d.Alarms(now) {
		if alarm.Act {
			alarms++
		}
	}
	set("franklin_data_alarms", float64(alarms))
}

// one is 1 for what is so.
func one(so bool) float64 {
	if so {
		return 1
	}
	return 0
}
