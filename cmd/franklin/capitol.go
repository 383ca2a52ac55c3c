package main

import (
	"context"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
)

type cwcCapitol struct {
	Addr    string        `help:"Address to listen on." default:"127.0.0.1:8090"`
	Key     string        `help:"API key that senders must give." default:"demo"`
	Agent   string        `help:"Name of the delivery agent that is registered for the key." default:"Franklin Demo"`
	Ledger  string        `help:"Folder in which messages are kept across restarts. Without it they are kept in memory."`
	Repeat  string        `help:"What a delivery number that comes again is answered: conflict, accept or store." enum:"conflict,accept,store" default:"conflict"`
	Latency time.Duration `help:"Wait before each answer."`
	Rate    int           `help:"Messages a second before the answer is 429; 0 for no limit."`
}

// Run serves the simulated Capitol until it is interrupted.
func (c cwcCapitol) Run(ctx context.Context, con console) error {
	server, err := cwctest.Start(ctx, c.Addr, cwctest.Options{
		Key: c.Key, Agent: c.Agent, Clock: con.now, Ledger: c.Ledger,
		Repeat: cwctest.Repeat(c.Repeat), Latency: c.Latency, Rate: c.Rate,
	})
	if err != nil {
		return err
	}
	con.print("The simulated Capitol listens at %s. Nothing here reaches Congress.\n", server.URL)
	<-ctx.Done()
	return server.Close() //nolint:contextcheck // ctx is over
}
