package public

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/web/share"
)

// share returns the row of links that pass a campaign on.
func (s *Site) share(c campaign.Listed, l *locale.Locale) Share {
	address := s.BaseURL + "/c/" + c.Slug
	words := c.Words(string(l.Lang()))
	text := words.ShareText
	if text == "" {
		text = words.Title
	}
	row := Share{Address: address}
	for _, link := range share.Links(address, text, string(l.Lang())) {
		if link.Network != share.Copy { // the address itself stands in a field of its own
			row.Links = append(row.Links, ShareLink{Label: link.Name, URL: link.Href, Icon: Icon(link.Network)})
		}
	}
	return row
}

// shareImages keeps drawn pictures until the campaign or the percentage changes.
type shareImages struct {
	mu   sync.Mutex
	kept map[imageKey]keptImage
}

type imageKey struct {
	campaign string
	lang     locale.Lang
}

type keptImage struct {
	version int64
	letters int
	png     []byte
}

// imageStep is by how many letters a picture may lag behind: networks fetch it once, and
// drawing costs more than any page.
const imageStep = 25

// shareImage is the picture that networks show beside a link.
func (s *Site) shareImage(w http.ResponseWriter, r *http.Request) error {
	c, ok, err := s.live(w, r)
	if err != nil || !ok {
		return err
	}
	png, err := s.images.get(s.frame(r, "").L, c, s.Frame.OrgName)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "image/png")
	h.Set("Cache-Control", "public, max-age=600")
	h.Set("Content-Length", strconv.Itoa(len(png)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(png) // the reader went away: nobody is left to tell
	}
	return nil
}

func (i *shareImages) get(l *locale.Locale, c campaign.Listed, org string) ([]byte, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	key := imageKey{c.ID, l.Lang()}
	letters := c.Counts.Delivered - c.Counts.Delivered%imageStep
	if old, ok := i.kept[key]; ok && old.version == c.Version && old.letters == letters {
		return old.png, nil
	}
	progress := Progress{Letters: c.Counts.Delivered, Goal: c.GoalAt(c.Counts.Delivered)}
	var png bytes.Buffer
	err := share.Image(&png, share.Card{
		Title: c.Words(string(l.Lang())).Title, OrgName: org, GoalLine: progress.text(l), Lang: string(l.Lang()),
		Percent: 100 * float64(progress.Letters) / float64(progress.Goal),
	})
	if err != nil {
		return nil, fmt.Errorf("draw the picture of %s: %w", c.Slug, err)
	}
	if i.kept == nil {
		i.kept = map[imageKey]keptImage{}
	}
	i.kept[key] = keptImage{c.Version, letters, png.Bytes()}
	return png.Bytes(), nil
}

// closedOn is the day to show for a campaign that is over.
func closedOn(c campaign.Listed) time.Time {
	if c.Outcome != nil {
		return c.Outcome.Date
	}
	return c.Closes
}
