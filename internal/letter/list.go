package letter

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
)

// Filter chooses letters. An empty field chooses all.
type Filter struct {
	State      State
	Office     string // as "HAZ04"
	CampaignID string
	Since      time.Time // of the letter's writing
	Reason     string    // a part of the reason, in any case
	Before     string    // id of the last letter of the page before; empty for the newest
	Limit      int       // letters of a page; 0 for all
}

// newestLetter stands behind every id, which begins with a hexadecimal digit.
const newestLetter = "g"

// listPage is how many rows one read fetches at most.
const listPage = 500

// List returns the letters that the filter chooses, newest first. It shows where letters
// stand and nothing of what is in them; only the reason may quote, see Unquoted.
func (d *Desk) List(ctx context.Context, f Filter) ([]query.ListLettersRow, error) {
	p := query.ListLettersParams{
		BeforeID: f.Before, Since: stamp.Of(f.Since), State: string(f.State), Office: f.Office, CampaignID: f.CampaignID, MaxRows: listPage,
	}
	if p.BeforeID == "" {
		p.BeforeID = newestLetter
	}
	reason := strings.ToLower(f.Reason)
	found := []query.ListLettersRow{}
	for {
		rows, err := d.DB.Read().ListLetters(ctx, p)
		if err != nil {
			return nil, fmt.Errorf("list letters: %w", db.Fault(err))
		}
		for _, r := range rows {
			p.BeforeID = r.ID
			if !strings.Contains(strings.ToLower(string(r.Reason)), reason) {
				continue
			}
			if found = append(found, r); len(found) == f.Limit {
				return found, nil
			}
		}
		if len(rows) < listPage {
			return found, nil
		}
	}
}

var (
	nameText   = regexp.MustCompile(`'(\w+)' element|\belement '(\w+)'|\bdatatype '(\w+)'`)
	quotedText = regexp.MustCompile(`'.*'|".*"|“.*”|\S+@\S+`)
)

// Unquoted leaves out of a reason what an office's system may have quoted from the letter,
// for lists and pages that promise to show nobody's data. Names of elements and of types
// stay.
func Unquoted(reason string) string {
	named := nameText.ReplaceAllStringFunc(reason, func(s string) string { return strings.ReplaceAll(s, "'", "") })
	return quotedText.ReplaceAllString(named, "…")
}
