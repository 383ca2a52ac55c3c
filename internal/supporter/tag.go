package supporter

import (
	"context"
	"fmt"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

// tagAtOnce is how many people one transaction tags.
const tagAtOnce = 1000

// Tag gives the people of a segment a tag, or takes it from them, and returns how many there
// were. It is logged. Doing it twice is as good as once.
func (p *People) Tag(ctx context.Context, segments *segment.People, s segment.Segment, tag string, take bool, who string) (n int64, err error) {
	tag, err = segment.Tag(tag)
	if err != nil {
		return 0, fault.Wrap(fault.Invalid, err, err.Error())
	}
	detail := tag + ": " + s.String()
	if take {
		detail = "not " + detail
	}
	err = p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{At: p.Clock(), Who: who, Action: audit.PersonTag, Detail: detail})
	})
	if err != nil {
		return 0, fmt.Errorf("log who tags: %w", err)
	}
	err = segments.Each(ctx, s, tagAtOnce, func(ids []string) error {
		n += int64(len(ids))
		return p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return p.tagIn(ctx, tx, ids, tag, take) })
	})
	if err != nil {
		return n, fmt.Errorf("tag people: %w", err)
	}
	return n, nil
}

func (p *People) tagIn(ctx context.Context, tx *db.Tx, ids []string, tag string, take bool) error {
	rows := make([][]any, len(ids))
	for i, id := range ids {
		rows[i] = []any{id, tag, stamp.Of(p.Clock())}
		if take {
			if _, err := tx.DropTag(ctx, query.DropTagParams{SupporterID: id, Tag: tag}); err != nil {
				return err
			}
		}
	}
	if !take {
		_, err := tx.InsertRows(ctx, db.Insert{
			Table: "person_tags", Columns: []string{"supporter_id", "tag", "since"}, Suffix: "ON CONFLICT (supporter_id, tag) DO NOTHING",
		}, rows)
		if err != nil {
			return err
		}
	}
	return segment.Changed(ctx, tx, ids...)
}
