package locale

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/number"

	"github.com/franklin-letters/franklin/internal/washington"
)

// Number writes a whole number with its thousands apart: "3,000" in both languages, as
// people in the United States write it.
func (l *Locale) Number(n int) string {
	if n > -1000 && n < 1000 {
		return strconv.Itoa(n)
	}
	return l.numbers.Sprint(number.Decimal(n))
}

// Date writes the day in Washington: "November 23, 2026", "23 de noviembre de 2026".
func (l *Locale) Date(t time.Time) string {
	t = t.In(washington.Zone())
	day, year := strconv.Itoa(t.Day()), strconv.Itoa(t.Year())
	return l.TimeDate(day, l.month(t.Month()), year)
}

// Clock writes the time of day in Washington: "2:03 p.m.", "2:03 p. m.".
func (l *Locale) Clock(t time.Time) string {
	t = t.In(washington.Zone())
	hour := t.Hour() % 12
	if hour == 0 {
		hour = 12
	}
	clock := strconv.Itoa(hour) + ":" + t.Format("04")
	if t.Hour() < 12 {
		return l.TimeMorning(clock)
	}
	return l.TimeAfternoon(clock)
}

// Moment writes day, time and zone: "November 23, 2026 at 2:03 p.m. Eastern time".
func (l *Locale) Moment(t time.Time) string {
	return l.TimeMoment(l.Clock(t), l.Date(t))
}

// Stamp writes the day in Washington as short as a postmark: "NOV 23 2026", "23 NOV 2026".
func (l *Locale) Stamp(t time.Time) string {
	t = t.In(washington.Zone())
	month := strings.ToUpper(string([]rune(l.month(t.Month()))[:3]))
	return l.TimeStamp(strconv.Itoa(t.Day()), month, strconv.Itoa(t.Year()))
}

func (l *Locale) month(m time.Month) string {
	return strings.Split(l.TimeMonths(), " ")[m-1]
}
