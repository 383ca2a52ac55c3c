package config

import (
	"cmp"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/franklin-letters/franklin/internal/text"
)

// Senate is the access to the Senate's mail system (SOAPBox), which is applied for apart
// from the House's. The contact and the mailbox for acknowledgements are those of CWC.
type Senate struct {
	URL      string   `help:"Address of the Senate's system." default:"https://soapbox.senate.gov/api" env:"URL"`
	Messages string   `help:"Where under it messages are taken, as the account's page says; testing-messages reaches no office." default:"production-messages" env:"MESSAGES"`
	Key      string   `help:"API key. Better in a file, see --cwc-senate-key-file." env:"KEY"`
	KeyFile  string   `help:"File with the API key." env:"KEY_FILE"`
	Agent    string   `help:"Name under which the Senate registered this delivery agent. That of the House unless told." env:"AGENT"`
	Proxy    string   `help:"HTTP proxy with the address that the Senate has allow-listed." env:"PROXY"`
	Rate     float64  `help:"Letters a second at most." default:"5" env:"RATE"`
	Closed   []string `help:"When the Senate's system is closed for maintenance, in Washington's time. Letters wait." default:"Sun 00:00-06:00,Wed 05:00-07:00" env:"CLOSED"`
}

// Enabled reports whether letters go to the Senate's system.
func (c Senate) Enabled() bool { return c.Key != "" }

// SenateAgent returns the name under which the Senate knows this delivery agent.
func (c CWC) SenateAgent() string { return cmp.Or(c.Senate.Agent, c.Agent) }

// senate checks what the Senate's channel needs beyond what both chambers demand.
func (s Settings) senate(need func(good bool, flag, what string)) {
	c := s.CWC.Senate
	if !c.Enabled() {
		return
	}
	agent := s.CWC.SenateAgent()
	need(utf8.RuneCountInString(agent) >= 4 && text.Length(agent) <= 500, "cwc-senate-agent", "must be the registered name, 4 to 500 characters")
	need(c.Rate > 0, "cwc-senate-rate", "must be above 0")
	need(c.Messages != "" && !strings.ContainsAny(c.Messages, "?#:"), "cwc-senate-messages", "must be the end of an address, like production-messages")
	_, err := url.Parse(c.Proxy)
	need(err == nil, "cwc-senate-proxy", "must look like http://proxy.example.org:3128")
	if atCapitol(c.URL) {
		need(!fakeName.MatchString(agent), "cwc-senate-agent", "is a placeholder; it must be the name that the Senate registered")
		need(strings.HasPrefix(strings.ToLower(c.URL), "https://"), "cwc-senate-url", "must begin with https, because the key is part of each call")
	}
}

// atCapitol reports whether an address is one of Congress.
func atCapitol(address string) bool {
	u, err := url.Parse(address)
	return err == nil && capitol.MatchString(u.Hostname())
}
