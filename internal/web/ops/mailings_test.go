package ops_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/mailing"
)

// TestMailings: those that are not over stand there, paused ones first and with the reason,
// whoever paused them.
func TestMailings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.show("<h2>Mailings</h2>\n<p>None is on its way.</p>")
		at := stamp.Of(noon.Add(-time.Hour))
		err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			for i, m := range []query.InsertMailingParams{
				{Name: "draft", State: string(mailing.Draft)},
				{Name: "planned", State: string(mailing.Scheduled)},
				{Name: "news", State: string(mailing.Sending)},
				{Name: "old", State: string(mailing.Done)},
				{Name: "alert", State: string(mailing.Paused), MovedBy: "ada"},
			} {
				m.ID, m.Number, m.CreatedAt, m.UpdatedAt = m.Name, int64(i+1), at, at
				if err := tx.InsertMailing(ctx, m); err != nil {
					return err
				}
			}
			_, err := tx.MoveMailing(ctx, query.MoveMailingParams{
				ID: "alert", FromState: string(mailing.Paused), State: string(mailing.Paused), MovedBy: "ada", Reason: "a <wrong> date", UpdatedAt: at,
			})
			if err != nil {
				return err
			}
			if err := tx.AddMailingCounts(ctx, query.AddMailingCountsParams{MailingID: "alert", Queued: 30, Sent: 10, Failed: 1}); err != nil {
				return err
			}
			_, err = tx.MoveMailing(ctx, query.MoveMailingParams{
				ID: "planned", FromState: string(mailing.Scheduled), State: string(mailing.Scheduled), StartsAt: stamp.Of(noon.Add(time.Hour)), UpdatedAt: at,
			})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		body := o.show(
			"Attention: the mailing alert is paused by ada since 2026-11-23 16:00:00 UTC: a &lt;wrong&gt; date. 19 people have not got it.",
			`<tr><td>alert</td><td class="warn">paused since 2026-11-23 16:00:00 UTC</td><td class="number">19</td><td class="number">10</td><td><code>franklin mailing resume 5</code></td></tr>`,
			`<tr><td>news</td><td>sending since 2026-11-23 16:00:00 UTC</td><td class="number">0</td><td class="number">0</td><td><code>franklin mailing pause 3 --why &#34;...&#34;</code></td></tr>`,
			`<tr><td>planned</td><td>scheduled for 2026-11-23 18:00:00 UTC</td>`, "<code>franklin mailing unschedule 2</code>",
		)
		if strings.Contains(body, "<td>draft</td>") || strings.Contains(body, "<td>old</td>") {
			t.Errorf("what is not on its way stands there:\n%s", body)
		}
	})
}
