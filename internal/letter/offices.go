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
	// officesAgain is the pause after the House did not answer, while an older list serves.
	officesAgain = 10 * time.Minute
	// officesSoon is the pause while there is no list and so no letter can leave.
	officesSoon = 5 * time.Second
)

// officesSetting keeps the last good list across restarts.
const officesSetting = "cwc-house-offices"

// offices is what is known about the offices that take letters.
type offices struct {
	mu      sync.Mutex
	looked  bool // whether the list of an earlier run was looked for
	list    cwc.OfficeList
	fetched time.Time // when the House gave the list; zero for that of an earlier run
	asked   time.Time // when the House was last asked
	failed  error     // why it did not answer then
	asking  chan struct{}
}

// list returns the offices that take letters. One caller at a time asks the House; while
// an older list serves, nobody waits for it.
func (h *House) list(ctx context.Context) (cwc.OfficeList, error) {
	o := &h.offices
	for {
		now := h.Clock()
		o.mu.Lock()
		h.lookBack(ctx)
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
			return h.ask(ctx, now)
		}
	}
}

// ask fetches the list. When the House does not answer, the last good list serves on.
func (h *House) ask(ctx context.Context, now time.Time) (cwc.OfficeList, error) {
	fresh, err := h.Client.Offices(ctx)
	if err == nil {
		// A list that cannot be kept is only missed by the next start.
		_ = h.keep(ctx, fresh)
	}
	o := &h.offices
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
func (h *House) lookBack(ctx context.Context) {
	o := &h.offices
	if o.looked || o.list.Len() > 0 {
		return
	}
	text, err := h.DB.Read().Setting(ctx, officesSetting)
	if err != nil {
		return // none is kept, or the database is away and is asked again
	}
	o.looked = true
	if list, err := cwc.ParseOfficeList(strings.NewReader(text)); err == nil {
		o.list = list
	}
}

// known returns the last list without asking for another; it may be empty.
func (h *House) known(ctx context.Context) cwc.OfficeList {
	h.offices.mu.Lock()
	defer h.offices.mu.Unlock()
	h.lookBack(ctx)
	return h.offices.list
}

func (h *House) keep(ctx context.Context, list cwc.OfficeList) error {
	var codes []string
	for _, seat := range list.Seats() {
		code, _ := list.Code(seat)
		codes = append(codes, code)
	}
	text, err := json.Marshal(codes)
	if err != nil {
		return fmt.Errorf("keep the list of offices: %w", err)
	}
	return h.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return tx.PutSetting(ctx, query.PutSettingParams{Name: officesSetting, Value: string(text)})
	})
}
