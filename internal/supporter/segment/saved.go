package segment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
)

// Saved is a segment that was saved under a name.
type Saved struct {
	Name    string
	Segment Segment
	MadeBy  string
	Updated time.Time
}

// Save keeps a segment under a name, in place of an older one of that name. It must be one
// that can be worked out now. A name is a slug, so that it never looks like a filter.
func (p *People) Save(ctx context.Context, name string, s Segment, who string) error {
	if len(name) > 100 || !slug.MatchString(name) || keyword(name) {
		return fault.New(fault.Invalid, fmt.Sprintf("%q cannot be the name of a segment: use small letters, digits and hyphens, such as texas-volunteers", name))
	}
	if _, err := p.bind(ctx, s.expr); err != nil {
		return err
	}
	err := p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return tx.PutSegment(ctx, query.PutSegmentParams{Name: name, Text: s.String(), MadeBy: who, At: stamp.Of(p.Clock())})
	})
	if err != nil {
		return fmt.Errorf("save a segment: %w", err)
	}
	return nil
}

// Saved returns the segment of a name, or a fault of the kind NotFound.
func (p *People) Saved(ctx context.Context, name string) (Saved, error) {
	r, err := p.DB.Read().Segment(ctx, name)
	if err = db.Fault(err); fault.Is(err, fault.NotFound) {
		return Saved{}, fault.New(fault.NotFound, fmt.Sprintf("there is no segment %q", name))
	}
	if err != nil {
		return Saved{}, fmt.Errorf("find a segment: %w", err)
	}
	return savedOf(r)
}

// List returns all saved segments, the oldest first.
func (p *People) List(ctx context.Context) ([]Saved, error) {
	rows, err := p.DB.Read().ListSegments(ctx)
	if err != nil {
		return nil, fmt.Errorf("list segments: %w", db.Fault(err))
	}
	list := make([]Saved, len(rows))
	for i, r := range rows {
		if list[i], err = savedOf(r); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func savedOf(r query.Segment) (Saved, error) {
	s, err := Parse(r.Text)
	if err != nil {
		return Saved{}, fmt.Errorf("the saved segment %s: %w", r.Name, err)
	}
	return Saved{r.Name, s, r.MadeBy, r.UpdatedAt.Time()}, nil
}

// Remove forgets a saved segment. It returns a fault of the kind NotFound when there is none.
func (p *People) Remove(ctx context.Context, name string) error {
	err := p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.DeleteSegment(ctx, name)
		if err == nil && n == 0 {
			return fault.New(fault.NotFound, fmt.Sprintf("there is no segment %q", name))
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("remove a segment: %w", err)
	}
	return nil
}

// Find returns the saved segment of a name, or else reads the text as a filter. The name of a
// segment is never a filter.
func (p *People) Find(ctx context.Context, text string) (Segment, error) {
	if slug.MatchString(text) && !keyword(text) {
		saved, err := p.Saved(ctx, text)
		return saved.Segment, err
	}
	s, err := Parse(text)
	if syntax, ok := errors.AsType[*SyntaxError](err); ok {
		return Segment{}, fault.Wrap(fault.Invalid, err, syntax.Error())
	}
	return s, err
}
