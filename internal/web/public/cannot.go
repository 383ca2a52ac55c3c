package public

// cannotWords are the sentences of one reason: what it is, who speaks for the person,
// why no letter goes out, what to do.
type cannotWords struct{ title, who, why, do string }

func (p CannotPage) words() cannotWords {
	l := p.L
	switch p.Reason {
	case CannotDelegate:
		return p.delegateWords()
	case CannotVacant:
		return cannotWords{title: l.CannotVacantTitle(), who: l.CannotVacantWho(l.District(p.Seat))}
	case CannotMilitary:
		return cannotWords{title: l.CannotMilitaryTitle(), who: l.CannotMilitaryWho(), do: l.CannotMilitaryDo()}
	case CannotPOBox:
		return cannotWords{title: l.CannotPoBoxTitle(), who: l.CannotPoBoxWho(), do: l.CannotPoBoxDo()}
	case CannotFreely:
		return cannotWords{title: l.CannotFreelyTitle(), who: l.CannotFreelyWho(), do: l.CannotAbroadDo()}
	case CannotForeign:
		return cannotWords{title: l.CannotForeignTitle(), who: l.CannotForeignWho(), do: l.CannotAbroadDo()}
	case CannotUnknown:
		return cannotWords{title: l.CannotUnknownTitle(), who: l.CannotUnknownWho(p.Form.zip5()), do: l.CannotUnknownDo()}
	case CannotUncertain:
	}
	return cannotWords{title: l.CannotUncertainTitle(), who: l.CannotUncertainWho(), do: l.CannotUncertainDo()}
}

func (p CannotPage) delegateWords() cannotWords {
	l, state := p.L, p.L.State(p.Seat.State)
	w := cannotWords{title: l.CannotDelegateTitle(), why: l.CannotDelegateWhy()}
	switch {
	case p.Delegate == nil:
		w.who = l.CannotDelegateEmpty(state)
	case p.Seat.State == "PR":
		w.title, w.who = l.CannotCommissionerTitle(), l.CannotCommissionerWho(p.Delegate.Name, state)
	default:
		w.who = l.CannotDelegateWho(p.Delegate.Title(l), state)
	}
	return w
}

// shareWords asks to tell others: whoever can take part, where the reader's place is the
// reason, else anybody.
func (p CannotPage) shareWords() string {
	if p.Reason == CannotDelegate || p.Reason == CannotFreely {
		return p.L.CannotShare()
	}
	return p.L.CannotShareAny()
}

// changeClass makes "change my address" the main button where another address helps.
func (p CannotPage) changeClass() string {
	if p.Reason == CannotDelegate || p.Reason == CannotVacant {
		return "quiet"
	}
	return "button"
}
