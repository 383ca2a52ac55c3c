package supporter

// ActToken is what a link in a mailing to a campaign carries: it says who was invited, by
// which mailing, and opens nothing but that campaign's form.
func (p *People) ActToken(supporterID, mailing string) string {
	return p.Keys.sign(toAct, Link{Supporter: supporterID, Mailing: mailing, Until: p.Clock().Add(ActFor)})
}

// ToAct returns what a token of ActToken says.
func (p *People) ToAct(token string) (Link, bool) { return p.Keys.open(toAct, token, p.Clock()) }
