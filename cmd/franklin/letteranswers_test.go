package main

import (
	"testing"

	"github.com/franklin-letters/franklin/internal/letter"
)

func TestLetterAnswersHidesTheFew(t *testing.T) {
	d := newDesk(t)
	for n := range letter.FewestAnswers {
		if got := answer[[]answeredOffice](t, 0, d.line("letter", "answers", "close-the-loophole", "--json")...); len(got) != 0 {
			t.Fatalf("after %d answers: %+v", n, got)
		}
		l := d.write(n, "", "")
		if _, err := d.office.DB.SQL().ExecContext(t.Context(), "UPDATE letters SET state = 'accepted' WHERE id = ?", l.ID); err != nil {
			t.Fatal(err)
		}
		row, err := d.office.DB.Read().LetterByID(t.Context(), l.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.office.Desk.Answered(t.Context(), row.SubmissionID, l.ID, letter.AnswerForm); err != nil {
			t.Fatal(err)
		}
		if got := answer[dossier](t, 0, d.line("letter", "show", l.ID)...); got.Asked == nil || got.Asked.Answer != letter.AnswerForm {
			t.Errorf("the dossier says %+v", got.Asked)
		}
		d.says(0, d.line("letter", "show", l.ID), "said about the office's answer: form")
	}
	d.says(0, d.line("letter", "answers", "close-the-loophole"), "WY-00", "5 people: 0 a real answer, 5 a form letter")
	d.says(2, d.line("letter", "answers", "nothing"), `no campaign "nothing"`)
}
