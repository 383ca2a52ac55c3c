package ops_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/letter"
)

// house is an office whose letters go to the House's system, which nobody asks here.
func house(t *testing.T, d *db.DB, clock func() time.Time) *office {
	t.Helper()
	return openAt(t, d, clock, map[string]letter.Channel{letter.ChannelHouse: &letter.House{DB: d, Clock: clock}})
}

// delivering writes who delivers, and what that node tells of the channel.
func (o *office) delivering(note string) {
	o.Helper()
	_, err := o.db.SQL().ExecContext(o.Context(), "UPDATE leases SET holder = 'node-a/7', fence = 1, note = $1 WHERE name = 'delivery'", note)
	if err != nil {
		o.Fatal(err)
	}
}

func TestChannelsInEachState(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := noon
		o := house(t, d, func() time.Time { return now })
		o.write(o.apply(), "Ana", "")
		o.show(`<span class="status warn">nobody delivers</span>`, "<dd>no node</dd>")
		o.delivering("{}")
		now = noon.Add(30 * time.Minute)
		body := o.show(`cwc-house <span class="status">open</span>`, "<dt>In line</dt><dd>1</dd>", "<dd>30 min</dd>", "<dd>5 a second at most</dd>", "<dd>node-a/7</dd>",
			`<code>franklin queue pause cwc-house --why &#34;...&#34;</code>`)
		if strings.Contains(body, "overdue") || strings.Contains(body, "Attention") {
			t.Errorf("an open channel is called stuck:\n%s", body)
		}
		o.delivering(`{"cwc-house":{"breaker":"open","until":"2026-11-23T17:40:00Z","reason":"no answer in time","offices":{"HWY00":"2026-11-23T17:35:00Z"}}}`)
		o.show(`<span class="status warn">down</span>`, "the next letter goes out at 2026-11-23 17:40:00 UTC to see. Heard last: no answer in time", "HWY00 (again at 17:35:00)")
		o.delivering(`{"cwc-house":{"breaker":"half-open","reason":"status 503"}}`)
		o.show(`<span class="status warn">trying</span>`, "one letter goes out to see. Heard last: status 503")
		if err := o.desk.Pause(t.Context(), letter.ChannelHouse, "ada", "the House <asked> us to"); err != nil {
			t.Fatal(err)
		}
		o.show(`<span class="status warn">paused</span>`, "since 2026-11-23 17:30:00 UTC by ada: the House &lt;asked&gt; us to", "<code>franklin queue resume cwc-house</code>")
	})
}

// Letters that nobody works on although nothing holds them up are told apart from those
// that wait for a reason.
func TestStuckLetters(t *testing.T) {
	d := dbtest.New(t)
	now := noon
	o := house(t, d, func() time.Time { return now })
	o.write(o.apply(), "Ana", "")
	now = noon.Add(2 * time.Hour)
	o.show("1 letters on cwc-house are overdue since 2026-11-23 17:00:00 UTC: no node delivers.")
	o.delivering("{}")
	o.show("overdue since 2026-11-23 17:00:00 UTC and nothing explains it")
	without := open(t, d)
	without.page = openAt(t, d, func() time.Time { return now }, nil).page
	without.show("this installation has no such channel: a key was taken away")
	if err := o.desk.Pause(context.WithoutCancel(t.Context()), letter.ChannelHouse, "ada", "a trial"); err != nil {
		t.Fatal(err)
	}
	if body := o.show("paused"); strings.Contains(body, "overdue") {
		t.Errorf("a paused channel is called stuck:\n%s", body)
	}
}

func TestReasonsAndRefusals(t *testing.T) {
	o := house(t, dbtest.New(t), func() time.Time { return noon })
	c := o.apply()
	o.write(c, "Ana", `The value "Ana" is not a first name`)
	o.write(c, "Bob", `The value "Bob" is not a first name`)
	id := o.write(c, "Eve", "it's odd")
	body := o.show(
		`<td class="number">2</td><td>frozen</td><td>The value … is not a first name <span class="soft">(cwc-house)</span></td><td>0 s</td><td><code>franklin letter release --reason &#39;The value&#39;</code></td>`,
		`franklin letter release --reason &#39;it&#39;\&#39;&#39;s odd&#39;`,
	)
	if strings.Contains(body, "Bob") {
		t.Error("a reason quotes somebody")
	}
	letters, err := o.db.Read().ListLettersOfSubmission(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.desk.Operate(t.Context(), letter.Refuse, letters[0].ID, "ada", "an invented person"); err != nil {
		t.Fatal(err)
	}
	o.show("<td>HWY00</td><td>cwc-house</td><td>an invented person</td>")
}
