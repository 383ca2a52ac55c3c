package mailing_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	lang "github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mail/judgetest"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
	"github.com/franklin-letters/franklin/internal/mailing"
)

// judgedMailings are a mailing of each kind, with what authors use: fields, lists, links, a
// translation, a second subject.
var judgedMailings = map[mailing.Kind]string{
	mailing.Newsletter: `---
name: november
kind: newsletter
subject: What we did together in November, {{first_name|friend}}
second_subject: Three things that changed since October
test: {share: 100, after: 1h}
es:
  subject: Lo que hicimos juntos en noviembre
  second_subject: Tres cosas que cambiaron desde octubre
  text: |
    Hola {{first_name|amiga}}:

    ## Lo que hicimos

    - Más de **mil** cartas llegaron a sus oficinas.
    - Dos audiencias en el comité.

    [Lea más en nuestro sitio]({{link}}) cuando tenga un momento.
---
Dear {{first_name|friend}},

## What we did

- More than **a thousand** letters reached their offices.
- Two hearings in the committee, one of them about *your* county.

1. Read what the [committee](https://www.congress.gov/committees) said.
2. Tell a neighbor.

> We had brown water for nine years.

[Read more]({{link}})
`,
	mailing.Alert: `---
name: vote
kind: alert
campaign: water
subject: "{{member|Your Representative}} votes on clean water on Tuesday"
second_subject: The vote on clean water is on Tuesday
test: {share: 100, after: 1h}
es:
  subject: El martes se vota sobre el agua limpia
  second_subject: "{{member|Su representante}} vota el martes"
  text: |
    El proyecto llega al pleno el **martes**. {{letters}} cartas han llegado hasta hoy, y faltan las de su distrito.

    [Escriba su carta]({{link}})
---
The bill comes to the floor on **Tuesday**. {{letters}} letters have arrived so far, and those of your district are missing.

[Write your letter]({{link}})
`,
}

// TestMAIL_1_ForeignVerifiers: mailings of each kind, in each language, with either subject,
// pass two verifiers that are not ours and a spam filter; with a way out that was changed on
// the way, or a second sender, they pass neither verifier.
func TestMAIL_1_ForeignVerifiers(t *testing.T) {
	if testing.Short() {
		t.Skip("foreign programs take some seconds")
	}
	w := newWorld(t, dbtest.New(t), mailtest.Options{})
	w.relay.FromName = w.store.House.Org
	w.store.Member = func(congress.Seat, locale) string { return "Rep. Ann Doe" }
	judgetest.Sign(t, &w.relay)
	languages := lang.Languages()
	w.people(80, func(i int, p *person) { p.lang = string(languages[i%len(languages)]) })
	w.run(nil)
	var judged []judgetest.Message
	for _, kind := range mailing.Kinds() {
		seen := len(w.mails.Messages())
		w.state(w.start(judgedMailings[kind]), mailing.Done)
		kept := bySubject(w.mails.Messages()[seen:])
		if len(kept) != 2*len(languages) {
			t.Errorf("%s came with the subjects %q", kind, slices.Sorted(maps.Keys(kept)))
		}
		for subject, m := range kept {
			one := judgetest.Message{Name: string(kind) + ": " + subject, Raw: m.Raw}
			judged = append(append(judged, one), judgetest.Tampered(t, one)...)
		}
	}
	judgetest.Judge(t, w.relay.DKIM, judged)
}

// bySubject keeps one message of each subject.
func bySubject(messages []mailtest.Message) map[string]mailtest.Message {
	kept := map[string]mailtest.Message{}
	for _, m := range messages {
		kept[m.Subject] = m
	}
	return kept
}
