// Package washington knows the clock of Congress. Days, spans and moments without a zone are
// meant in its time, by whoever writes them.
package washington

import (
	"sync"
	"time"
	_ "time/tzdata" // also on hosts without zone files
)

// ZoneName is the name of Washington's time zone in the IANA database.
const ZoneName = "America/New_York"

// Zone is Washington's time zone. The zones are compiled in, so the name always resolves.
var Zone = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation(ZoneName)
	if err != nil {
		panic(err)
	}
	return zone
})
