package public

import (
	"github.com/a-h/templ"

	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/locale"
)

func answerFixtures() map[string]fixture {
	all := map[string]fixture{}
	for name, letters := range map[string][]AnswerLetter{
		"answer": {{ID: "1", Member: stanton()}}, "answer-said": {{ID: "1", Member: stanton(), Answer: letter.AnswerForm, At: noon()}}, "answer-nothing": nil,
		"answer-three": {{ID: "1", Member: stanton(), Answer: letter.AnswerReal, At: noon()}, {ID: "2", Member: senators()[0]}, {ID: "3", Member: senators()[1], Answer: letter.AnswerNone, At: noon()}},
	} {
		all[name] = func(l *locale.Locale) templ.Component {
			return answerPage(AnswerPage{Page: framed(l, "/answer/t0k3n"), Campaign: loophole(), Token: "t0k3n", Letters: letters})
		}
	}
	for name, rates := range map[string][]letter.Rate{
		"offices-none": nil,
		"offices": {
			{Seat: seat("AK-00"), Real: 0, Form: 0, None: 5},
			{Seat: seat("AZ-04"), Real: 31, Form: 102, None: 1071},
			{Seat: senators()[0].Seat, Real: 3, Form: 2},
			{Seat: senators()[1].Seat, Form: 4, None: 3},
		},
	} {
		all[name] = func(l *locale.Locale) templ.Component {
			return officesPage(OfficesPage{Page: findable(l, "/c/close-the-loophole/offices"), Campaign: loophole(), Rates: rates})
		}
	}
	return all
}
