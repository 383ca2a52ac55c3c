package segment

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/fault"
)

// joinedList is the list that joined and its days are about.
const joinedList = "updates"

// bind turns a segment into a test: it asks for the ids of campaigns and for who holds which
// seat today.
func (p *People) bind(ctx context.Context, e expr) (test, error) {
	switch e := e.(type) {
	case nil:
		return everyone{}, nil
	case all:
		parts, err := p.bindAll(ctx, e)
		return testAll(parts), err
	case either:
		parts, err := p.bindAll(ctx, e)
		return testAny(parts), err
	case not:
		part, err := p.bind(ctx, e.of)
		return testNot{part}, err
	case joined:
		return testJoined(e), nil
	case acted:
		c, err := p.Campaigns.Live(ctx, e.slug)
		if fault.Is(err, fault.NotFound) {
			return nil, fault.New(fault.NotFound, fmt.Sprintf("there is no campaign %q", e.slug))
		}
		if err != nil {
			return nil, fmt.Errorf("find a campaign: %w", err)
		}
		return testMarked(facetActed + c.ID), nil
	case is:
		return p.bindIs(e)
	}
	panic(fmt.Sprintf("a filter holds a %T", e))
}

func (p *People) bindAll(ctx context.Context, parts []expr) ([]test, error) {
	tests := make([]test, len(parts))
	for i, part := range parts {
		t, err := p.bind(ctx, part)
		if err != nil {
			return nil, err
		}
		tests[i] = t
	}
	return tests, nil
}

func (p *People) bindIs(e is) (test, error) {
	switch e.field {
	case fieldState:
		return testStates(e.values), nil
	case fieldDistrict:
		seats := make([]congress.Seat, len(e.values))
		for i, v := range e.values {
			seats[i], _ = congress.ParseSeat(v) // the parser has seen it
		}
		return testSeats(seats), nil
	case fieldParty:
		return p.bindParty(e.values)
	case fieldZIP:
		return testZIPs(e.values), nil
	case fieldLanguage:
		return testWord{facetLang, e.values}, nil
	case fieldSource:
		return testWord{facetSource, e.values}, nil
	}
	var parts testAny
	for _, v := range e.values {
		if e.field == fieldList {
			parts = append(parts, testListed{v, 0, math.MaxInt64})
		} else {
			parts = append(parts, testMarked(facetTag+v))
		}
	}
	return parts, nil
}

// bindParty passes people of the districts whose members sit for one of the parties today.
func (p *People) bindParty(parties []string) (test, error) {
	members, err := p.Roster()
	if err != nil {
		return nil, err
	}
	answers, err := members.All(p.Clock())
	if err != nil {
		return nil, fmt.Errorf("who holds which seat: %w", err)
	}
	var seats []congress.Seat
	for _, a := range answers {
		if a.Seat.Chamber() == congress.House && a.Seated() && slices.Contains(parties, string(a.Member.Party)) {
			seats = append(seats, a.Seat)
		}
	}
	return testSeats(seats), nil
}

func testJoined(e joined) test {
	t := testListed{joinedList, 0, math.MaxInt64}
	switch e.compare {
	case "<":
		t.last = e.day - 1
	case "<=":
		t.last = e.day
	case ">":
		t.first = e.day + 1
	case ">=":
		t.first = e.day
	}
	return t
}
