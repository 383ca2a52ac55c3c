package public

// thanks is the headline of a finished campaign.
func (p ClosedPage) thanks() string {
	if p.Supporters == 0 {
		return p.L.ClosedThanksNone()
	}
	return p.L.ClosedThanks(p.Supporters)
}
