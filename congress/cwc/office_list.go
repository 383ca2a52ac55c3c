package cwc

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/franklin-letters/franklin/congress"
)

// maxOfficeList bounds an offices list: 441 codes take less than 5 kB.
const maxOfficeList = 1 << 20

// OfficeList is the list of offices that take messages, as the chamber publishes it.
// Ask it before a campaign and daily; only offices on it should have mail sent to them.
type OfficeList struct {
	codes map[congress.Seat]string
	other []string
}

// NewOfficeList reads codes in any spelling: "HAS00" and "HAQ00" are both American Samoa,
// "MP00" is the Marianas' HMP00.
func NewOfficeList(codes []string) OfficeList {
	l := OfficeList{codes: make(map[congress.Seat]string, len(codes))}
	for _, c := range codes {
		seat, ok := congress.SeatOfOffice(c)
		if !ok {
			l.other = append(l.other, c)
			continue
		}
		if _, twice := l.codes[seat]; !twice {
			l.codes[seat] = sendable(c)
		}
	}
	return l
}

// sendable keeps the list's own spelling but for what the message schema cannot carry:
// it turns small letters into capitals and puts the H in front of "MP00".
func sendable(code string) string {
	code = strings.ToUpper(strings.TrimSpace(code))
	if len(code) == 4 {
		return "H" + code
	}
	return code
}

// ParseOfficeList reads an answer of the offices address: an array of codes (the House) or
// of objects with an office_code (the Senate).
func ParseOfficeList(r io.Reader) (OfficeList, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxOfficeList+1))
	if err != nil {
		return OfficeList{}, fmt.Errorf("read the offices list: %w", err)
	}
	if len(body) > maxOfficeList {
		return OfficeList{}, fmt.Errorf("the offices list is longer than %d bytes", maxOfficeList)
	}
	var items []json.RawMessage
	if err := json.Unmarshal(body, &items); err != nil {
		return OfficeList{}, fmt.Errorf("the offices list is not a JSON array: %w", err)
	}
	codes := make([]string, 0, len(items))
	for i, item := range items {
		code, err := officeCodeOf(item)
		if err != nil {
			return OfficeList{}, fmt.Errorf("entry %d of the offices list: %w", i+1, err)
		}
		codes = append(codes, code)
	}
	list := NewOfficeList(codes)
	if len(list.codes) == 0 {
		return OfficeList{}, fmt.Errorf("the offices list names no seat among its %d entries", len(items))
	}
	return list, nil
}

func officeCodeOf(item json.RawMessage) (string, error) {
	var code string
	if json.Unmarshal(item, &code) == nil {
		return code, nil
	}
	var entry struct {
		Code string `json:"office_code"`
	}
	if err := json.Unmarshal(item, &entry); err != nil || entry.Code == "" {
		return "", errors.New("it is neither a code nor an object with an office_code")
	}
	return entry.Code, nil
}

// Code returns the code to put into a message for the seat, in the list's own spelling,
// and whether the office is on the list. See NewOfficeList for the one exception.
func (l OfficeList) Code(seat congress.Seat) (string, bool) {
	code, ok := l.codes[seat]
	return code, ok
}

// Len returns how many seats the list names.
func (l OfficeList) Len() int { return len(l.codes) }

// Seats returns the listed seats, ordered by state and district or class.
func (l OfficeList) Seats() []congress.Seat {
	var seats []congress.Seat
	for _, s := range append(congress.AllHouseSeats(), congress.AllSenateSeats()...) {
		if _, ok := l.codes[s]; ok {
			seats = append(seats, s)
		}
	}
	return seats
}

// Unrecognised returns the entries that name no seat, such as districts of the past.
func (l OfficeList) Unrecognised() []string { return append([]string(nil), l.other...) }
