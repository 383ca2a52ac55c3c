package segment

import "time"

// day is a day in UTC, counted from 1970-01-01.
type day int64

const dayForm = "2006-01-02"

func dayOf(t time.Time) day { return day(t.Unix() / 86400) }

func (d day) String() string { return time.Unix(int64(d)*86400, 0).UTC().Format(dayForm) }
