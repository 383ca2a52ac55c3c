package public

import (
	"slices"
	"time"

	"github.com/a-h/templ"

	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// AnswerPage asks the writer of letters whether the offices answered, at "/answer/{token}".
type AnswerPage struct {
	ui.Page
	Campaign Campaign
	Token    string
	Letters  []AnswerLetter // those that arrived
}

// AnswerLetter is one of them. Answer is empty until the writer has said something.
type AnswerLetter struct {
	ID     string
	Member Member
	Answer letter.Answer
	At     time.Time
}

func (p AnswerPage) path() string { return "/answer/" + p.Token }

func (p AnswerPage) title() string { return p.L.AnswerTitle(max(1, len(p.Letters))) }

func (p AnswerPage) frame() ui.Page { return inside(p.Page, p.title()) }

// said reports whether anything was said yet.
func (p AnswerPage) said() bool {
	return slices.ContainsFunc(p.Letters, func(l AnswerLetter) bool { return l.Answer != "" })
}

// answerWords is an answer as its button says it, and what is meant by it.
func answerWords(l *locale.Locale, a letter.Answer) (words, hint string) {
	switch a {
	case letter.AnswerReal:
		return l.AnswerReal(), l.AnswerRealHint()
	case letter.AnswerForm:
		return l.AnswerForm(), l.AnswerFormHint()
	case letter.AnswerNone:
		return l.AnswerNone(), l.AnswerNoneHint()
	}
	return "", ""
}

func answerText(l *locale.Locale, a letter.Answer) string {
	words, _ := answerWords(l, a)
	return words
}

func answerHint(l *locale.Locale, a letter.Answer) string {
	_, hint := answerWords(l, a)
	return hint
}

// pressed marks the button of what was said.
func pressed(it bool) templ.Attributes {
	if !it {
		return nil
	}
	return templ.Attributes{"aria-current": "true"}
}
