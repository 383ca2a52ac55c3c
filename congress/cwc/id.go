package cwc

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress"
)

// DeliveryID returns the DeliveryId of the letter that the submission with the given key
// sends to the given office: 32 hexadecimal digits, always the same for the same two. Any
// spelling of the office that names the same seat gives the same id, so a change in the
// offices list cannot make a second letter.
func DeliveryID(key, office string) string {
	return digest("franklin cwc delivery 1", key, canonicalOffice(office))[:32]
}

// CampaignID returns the CampaignId by which offices group the letters of one campaign:
// 64 hexadecimal digits. A campaign whose bill or stance changes is another campaign to
// the offices' systems, so both are part of it.
func CampaignID(vendor, campaign, bill string, stance Stance) string {
	return digest("franklin cwc campaign 1", vendor, campaign, bill, string(stance))
}

// digest hashes its parts with their lengths, so that no two lists of parts collide by
// moving text from one part to the next.
func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		p = strings.TrimSpace(p)
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(p))))
		h.Write([]byte(p))
	}
	return hex.EncodeToString(h.Sum(nil))
}

func canonicalOffice(office string) string {
	if seat, ok := congress.SeatOfOffice(office); ok {
		return seat.OfficeCode()
	}
	return strings.ToUpper(strings.TrimSpace(office))
}

// DeliveryDate returns the day at t in Washington as the message wants it: "20261123".
func DeliveryDate(t time.Time) string {
	return t.UTC().Add(easternOffset(t.UTC())).Format("20060102")
}

// easternOffset returns how far Washington's clock is from UTC. It computes the rule of
// the Energy Policy Act of 2005 (daylight saving from 2:00 on the second Sunday in March
// to 2:00 on the first Sunday in November, since 2007), so that no time zone data is needed.
func easternOffset(utc time.Time) time.Duration {
	const standard, daylight = -5 * time.Hour, -4 * time.Hour
	start := nthSunday(utc.Year(), time.March, 2).Add(2*time.Hour - standard)
	end := nthSunday(utc.Year(), time.November, 1).Add(2*time.Hour - daylight)
	if utc.Before(start) || !utc.Before(end) {
		return standard
	}
	return daylight
}

func nthSunday(year int, month time.Month, n int) time.Time {
	first := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	return first.AddDate(0, 0, (7-int(first.Weekday()))%7+7*(n-1))
}
