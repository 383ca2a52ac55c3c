package letter

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
)

const (
	// officesFresh is how long a fetched list of offices serves; the House asks senders to
	// look before large campaigns and the reference advises daily.
	officesFresh = 24 * time.Hour
	// officesAgain is the pause after no answer came, while an older list serves.
	officesAgain = 10 * time.Minute
	// officesSoon is the pause while there is no list and so no letter can leave.
	officesSoon = 5 * time.Second
)

// offices is what is known about the offices that take letters.
type offices struct {
	mu      sync.Mutex
	looked  bool // whether the list of an earlier run was looked for
	list    cwc.OfficeList
	fetched time.Time // when it was given; zero for that of an earlier run
	asked   time.Time // when it was last asked for
	failed  error     // why there was no answer then
	asking  chan struct{}
}

// list returns the offices that take letters. One caller at a time asks; while
// an older list serves, nobody waits for it.
func (y system) list(ctx context.Context) (cwc.OfficeList, error) {
	o := y.offices
	for {
		now := y.clock()
		o.mu.Lock()
		y.lookBack(ctx)
		known, asking := o.list.Len() > 0, o.asking
		pause := officesSoon
		if known {
			pause = officesAgain
		}
		tired := o.failed != nil && now.Sub(o.asked) < pause
		switch {
		case known && (now.Sub(o.fetched) < officesFresh || asking != nil || tired):
			defer o.mu.Unlock()
			return o.list, nil
		case asking != nil:
			o.mu.Unlock()
			select {
			case <-asking:
			case <-ctx.Done():
				return cwc.OfficeList{}, ctx.Err()
			}
		case tired:
			defer o.mu.Unlock()
			return cwc.OfficeList{}, o.failed
		default:
			o.asking, o.asked = make(chan struct{}), now
			o.mu.Unlock()
			return y.ask(ctx, now)
		}
	}
}

// ask fetches the list. When there is no answer, the last good list serves on.
func (y system) ask(ctx context.Context, now time.Time) (cwc.OfficeList, error) {
	fresh, err := y.client.Offices(ctx)
	if err == nil {
		// A list that cannot be kept is only missed by the next start.
		_ = y.keep(ctx, fresh)
	}
	o := y.offices
	o.mu.Lock()
	defer o.mu.Unlock()
	close(o.asking)
	o.asking, o.failed = nil, err
	if err == nil {
		o.list, o.fetched = fresh, now
	}
	if o.list.Len() > 0 {
		return o.list, nil
	}
	return cwc.OfficeList{}, err
}

// lookBack loads the list that an earlier run fetched, once. Its age is not kept: it serves
// only until a fresh one arrives. The caller holds the lock.
func (y system) lookBack(ctx context.Context) {
	o := y.offices
	if o.looked || o.list.Len() > 0 {
		return
	}
	text, err := y.db.Read().Setting(ctx, y.setting)
	if err != nil {
		return // none is kept, or the database is away and is asked again
	}
	o.looked = true
	if list, err := cwc.ParseOfficeList(strings.NewReader(text)); err == nil {
		o.list = list
	}
}

// known returns the last list without asking for another; it may be empty.
func (y system) known(ctx context.Context) cwc.OfficeList {
	y.offices.mu.Lock()
	defer y.offices.mu.Unlock()
	y.lookBack(ctx)
	return y.offices.list
}

func (y system) keep(ctx context.Context, list cwc.OfficeList) error {
	var codes []string
	for _, seat := range list.Seats() {
		code, _ := list.Code(seat)
		codes = append(codes, code)
	}
	text, err := json.Marshal(codes)
	if err != nil {
		return fmt.Errorf("keep the list of offices: %w", err)
	}
	return y.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return tx.PutSetting(ctx, query.PutSettingParams{Name: y.setting, Value: string(text)})
	})
}
