package campaign

import "strings"

// texts reads the page's words in the file's own language and its translation.
func (r *reading) texts() {
	h := r.head
	r.c.lang = strings.ToLower(strings.TrimSpace(h.Language))
	if r.c.lang == "" {
		r.c.lang = "en"
	}
	var outcome headOutcome
	if h.Outcome != nil {
		outcome = *h.Outcome
	}
	if r.file.Body == "" {
		r.problems = append(r.problems, Problem{Line: r.file.BodyLine, Message: "the text of the page is missing below the head"})
	}
	r.wordsIn(r.c.lang, "", headTranslation{
		Title: h.Title, Summary: h.Summary, Text: r.file.Body, ContentNote: h.ContentNote, HelpLine: h.HelpLine,
		OptIn: h.OptIn, ThankYou: h.ThankYou, Share: h.Share, OutcomeSummary: outcome.Summary, OutcomeText: outcome.Text,
	})
	r.translations()
}

func (r *reading) translations() {
	other := map[string]*headTranslation{"es": r.head.Spanish, "en": r.head.English}
	if _, known := other[r.c.lang]; !known {
		r.fault("language", "must be en or es")
	}
	for _, lang := range []string{"en", "es"} {
		switch t := other[lang]; {
		case t == nil:
		case lang == r.c.lang:
			r.fault(lang, "repeats the file's own language: write these texts at the top level")
		default:
			r.wordsIn(lang, lang+".", *t)
		}
	}
}

// wordsIn reads the texts of one language. In the file's own language the ones a page
// cannot do without are required.
func (r *reading) wordsIn(lang, prefix string, t headTranslation) {
	own := prefix == ""
	need := func(n int) int {
		if own {
			return n
		}
		return 0
	}
	outcome, outcomeText, outcomeLow := prefix+"outcome_summary", prefix+"outcome_text", 0
	if own {
		outcome, outcomeText = "outcome.summary", "outcome.text"
		if r.c.Outcome != nil {
			outcomeLow = 3
		}
	}
	w := Words{
		Title:          r.oneLine(prefix+"title", t.Title, need(3), maxTitle),
		Summary:        r.text(prefix+"summary", t.Summary, need(3), maxSummary),
		ContentNote:    r.text(prefix+"content_note", t.ContentNote, 0, maxSummary),
		HelpLine:       r.text(prefix+"help_line", t.HelpLine, 0, maxSummary),
		OptIn:          r.text(prefix+"opt_in", t.OptIn, need(10), maxOptIn),
		ThankYou:       r.text(prefix+"thank_you", t.ThankYou, 0, 2000),
		ShareText:      r.text(prefix+"share", t.Share, 0, 260),
		OutcomeSummary: r.text(outcome, t.OutcomeSummary, outcomeLow, maxSummary),
	}
	w.Body = r.markdown(prefix+"text", t.Text)
	w.OutcomeBody = r.markdown(outcomeText, t.OutcomeText)
	r.c.words[lang] = w
}

func (r *reading) markdown(field, text string) HTML {
	html, err := r.html.html(text)
	if err != nil {
		r.fault(field, "cannot be read as Markdown: %s", err)
	}
	return html
}
