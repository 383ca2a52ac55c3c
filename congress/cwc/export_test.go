package cwc

import "net/http"

// OutcomeOf classifies an answer without a network.
func OutcomeOf(status int, body []byte) Outcome {
	return (&HouseClient{Key: NewKey("key")}).caller().outcome(answer{status: status, body: body})
}

// TransportOf returns what a client without a transport of its own uses.
func TransportOf(c *HouseClient) *http.Transport {
	t, _ := c.polite.client(c.HTTP).Transport.(*http.Transport)
	return t
}

// DescribeOf puts a failed exchange into words.
func DescribeOf(err error) string { return (&HouseClient{Key: NewKey("key")}).caller().describe(err) }
