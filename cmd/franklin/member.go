package main

import (
	"errors"
	"strings"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/roster"
)

type memberCommand struct {
	dataFolder `embed:""`

	Seats []string `arg:"" optional:"" name:"seat" help:"Seats such as AZ-04, AK-00, DC-00, AZ-S1, or a state for all of its seats."`
	All   bool     `help:"All 541 seats."`
	At    dateFlag `help:"Day or moment to answer for, such as 2026-12-01. Default: now."`
	JSON  bool     `help:"Print JSON, one object a seat." name:"json"`
}

// memberAnswer is the stable JSON of `franklin member --json`.
type memberAnswer struct {
	roster.Answer
	Office  string         `json:"office_code"`
	Voting  bool           `json:"voting"`
	Contact roster.Contact `json:"contact"`
}

// Run says who holds the seats.
func (c memberCommand) Run(con console) error {
	data, err := c.open(con)
	if err != nil {
		return err
	}
	seats, err := c.seats()
	if err != nil {
		return err
	}
	answers := make([]memberAnswer, 0, len(seats))
	for _, seat := range seats {
		a, err := data.Roster.Holder(seat, c.At.or(con.now()))
		if err != nil {
			return err
		}
		answers = append(answers, memberAnswer{Answer: a, Office: seat.OfficeCode(), Voting: seat.Voting(), Contact: a.Contact()})
	}
	if c.JSON {
		return printJSON(con, answers)
	}
	for _, a := range answers {
		printMember(con, a)
	}
	return nil
}

func printMember(con console, a memberAnswer) {
	vote := ""
	if !a.Voting {
		vote = ", no vote on the floor"
	}
	con.print("%s  %s%s\n", a.Seat, a.Line(), vote)
	if a.Seated() {
		con.print("       %s, since %s. Phone %s, %s\n", a.Role, a.Since, a.Contact.Phone, a.Contact.Page)
	}
}

// seats reads the arguments; the name of a state with several seats means all of them.
func (c memberCommand) seats() ([]congress.Seat, error) {
	if c.All {
		return append(congress.AllHouseSeats(), congress.AllSenateSeats()...), nil
	}
	if len(c.Seats) == 0 {
		return nil, errors.New("name a seat such as AZ-04, a state, or use --all")
	}
	var seats []congress.Seat
	for _, text := range c.Seats {
		if state := congress.State(strings.ToUpper(text)); state.Valid() {
			seats = append(append(seats, state.HouseSeats()...), state.SenateSeats()...)
			continue
		}
		seat, err := congress.ParseSeat(text)
		if err != nil {
			return nil, err
		}
		seats = append(seats, seat)
	}
	return seats, nil
}
