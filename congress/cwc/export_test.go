package cwc

// OutcomeOf classifies an answer without a network.
func OutcomeOf(status int, body []byte) Outcome {
	return (&HouseClient{Key: NewKey("key")}).outcome(answer{status: status, body: body})
}
