package ops_test

import (
	"testing"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
)

// TestMailsThatFollow: those that wait stand there with the reason, and those that somebody or
// the brake has stopped.
func TestMailsThatFollow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.apply()
		o.show("<h2>Mails that follow by themselves</h2>\n<p>None waits.</p>")
		for _, statement := range []string{
			"INSERT INTO supporters (id, email_key, email, created_at, updated_at) VALUES ('ana', 'k', 'ana', 1, 1)",
			"INSERT INTO journey_runs (campaign_id, journey, since, queued, sent, complained, paused_at, paused_by, paused_why) SELECT id, 'outcome', 1, 1500, 1000, 2, 1795450000000, 'brake', '2 of <1000>' FROM campaigns",
			"INSERT INTO journey_steps (id, journey, supporter_id, about, state, since, due_at) SELECT 'late', 'outcome', 'ana', id, 'waiting', 1, 1 FROM campaigns",
			"INSERT INTO journey_steps (id, journey, supporter_id, about, state, reason, since, due_at) VALUES ('off', 'welcome', 'ana', 'updates', 'waiting', 'the relay is away', 1, 4102444800000)",
		} {
			if _, err := d.SQL().ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		o.show(
			"Attention: the mails about the outcome of ", " are paused by brake since 2026-11-23 16:06:40 UTC: 2 of &lt;1000&gt;.",
			`<td class="number">1000 of 1500</td><td><code>franklin journey resume outcome `,
			`<td>welcome </td><td class="number">1</td><td>again at 2100-01-01 00:00:00 UTC</td><td>the relay is away</td>`,
		)
	})
}
