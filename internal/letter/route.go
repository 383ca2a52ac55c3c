package letter

import (
	"slices"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// Names of the channels. The first two are mail systems of Congress, the others people.
const (
	ChannelHouse   = string(campaign.CWCHouse)
	ChannelSenate  = string(campaign.CWCSenate)
	ChannelPrint   = string(campaign.Print)
	ChannelHandoff = string(campaign.Handoff)
)

// byHand reports whether people carry the letters of a channel, so that a letter on it waits
// for them and nobody sends it by itself.
func byHand(channel string) bool { return channel == ChannelPrint || channel == ChannelHandoff }

// reaches reports whether the channel exists here and leads to the seat.
func (d *Desk) reaches(channel string, seat congress.Seat) bool {
	switch {
	case byHand(channel):
		return true
	case d.Channels[channel] == nil:
		return false
	default:
		return (channel == ChannelSenate) == (seat.Chamber() == congress.Senate)
	}
}

// route returns the channel on which a letter to the seat starts, or the next one behind a
// channel that did not take it: the campaign's order, as far as this installation has the
// channels. The last resort is always the supporter's own hands.
func (d *Desk) route(c *campaign.Campaign, seat congress.Seat, behind string) string {
	begun := behind == ""
	for _, one := range c.Channels {
		channel := string(one)
		if begun && d.reaches(channel, seat) {
			return channel
		}
		begun = begun || channel == behind
	}
	return ChannelHandoff
}

// startOn returns the state in which a letter on the channel begins to wait for its turn.
func startOn(channel string) State {
	if byHand(channel) {
		return Waiting
	}
	return Ready
}

// nextFor returns the channel on which a letter goes on that its own did not take.
func (d *Desk) nextFor(l query.Letter, c *campaign.Campaign) string {
	seat, err := congress.ParseSeat(l.Seat)
	if err != nil { // no mail system can know it either
		return ChannelHandoff
	}
	return d.route(c, seat, l.Channel)
}

// OnlyByHand reports whether the supporter would have to send all letters to the seats
// themselves.
func (d *Desk) OnlyByHand(c *campaign.Campaign, seats []congress.Seat) bool {
	return !slices.ContainsFunc(seats, func(s congress.Seat) bool { return d.route(c, s, "") != ChannelHandoff })
}
