package main

import (
	"context"
	_ "embed" // for the sample campaign
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
)

//go:embed demo/close-the-loophole.md
var demoCampaign []byte

type demoCommand struct {
	Addr        string   `help:"Address of the public pages." default:"127.0.0.1:8080"`
	CapitolAddr string   `help:"Address of the simulated Capitol." default:"127.0.0.1:8090"`
	MailAddr    string   `help:"Address of the page of caught mail." default:"127.0.0.1:8091"`
	OpsAddr     string   `help:"Address of the operator's page." default:"127.0.0.1:8081"`
	Data        string   `help:"Folder to keep everything in across restarts. Default: a temporary one, removed at the end." placeholder:"DIR"`
	DB          string   `help:"Database to use instead of a SQLite file in the folder." placeholder:"URL"`
	At          dateFlag `help:"Moment at which the demo's clock starts. Default: now."`
	Handoff     bool     `help:"Run as without a key for the House's system: supporters send the letters themselves."`
	Log         string   `help:"Form of the log on standard error." enum:"json,text,none" default:"none"`
	Rate        float64  `help:"Letters a second to the simulated Capitol at most." default:"200"`
}

// The demo's organisation is invented, and so are its number and its addresses.
const (
	demoKey   = "demo"
	demoAgent = "Franklin Demo"
	demoOrg   = "Lantern Alliance"
)

// Run starts everything, prints the links, and serves until it is interrupted.
func (c *demoCommand) Run(ctx context.Context, con console) (err error) {
	if c.Data == "" {
		if c.Data, err = os.MkdirTemp("", "franklin-demo-"); err != nil {
			return fmt.Errorf("make a folder for the demo: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(c.Data)) }()
	}
	if c.Data, err = filepath.Abs(c.Data); err != nil { // other commands find it from wherever they run
		return fmt.Errorf("find the demo's folder: %w", err)
	}
	clock := c.At.clock(con.now)
	capitol, err := cwctest.Start(ctx, c.CapitolAddr, cwctest.Options{
		Key: demoKey, Agent: demoAgent, Clock: clock, Ledger: filepath.Join(c.Data, "capitol"),
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, capitol.Close()) }() //nolint:contextcheck // ctx is over when the demo ends
	catcher, err := mailtest.Start(ctx, mailtest.Options{Clock: clock, Folder: filepath.Join(c.Data, "mail")})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, catcher.Close()) }()
	mails, err := serveMails(ctx, c.MailAddr, catcher)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, mails.Close()) }()
	log := logger(con.err, c.Log)
	if c.Log == "none" {
		log = silent()
	}
	settings := c.settings(capitol.URL, catcher.Addr())
	a, err := app.New(ctx, settings, app.Options{
		Clock: clock, Log: log, Version: version, Backoff: time.Second,
	})
	if err != nil {
		return err
	}
	campaign, _, err := a.Campaigns().Apply(ctx, demoCampaign, "demo")
	if err != nil {
		return err
	}
	environment, err := c.environment(settings, a.URL())
	if err != nil {
		return err
	}
	con.print(demoWords, a.URL(), campaign.Slug, capitol.URL, mails.url, a.OpsURL(), environment)
	return a.Run(ctx)
}

const demoWords = `Franklin's demo is running. Nothing here reaches Congress, and no mail leaves.

  The action page        %s/c/%s
  The simulated Capitol  %s/
  The caught mail        %s/
  The operator's page    %s/

Commands work on it from another window, mailings too, which go to the caught mail, and the staff pages:
  . '%s'
  franklin mailing --help
  franklin staff invite you@example.org --role owner

Press Ctrl-C to stop.
`

func (c *demoCommand) settings(capitolURL, smtpAddr string) config.Settings {
	relay, _ := netip.ParseAddrPort(smtpAddr) // the catcher's own address is well formed
	s := config.Settings{
		DB: c.DB, Addr: c.Addr, OpsAddr: c.OpsAddr, BaseURL: "http://" + c.Addr,
		Secret: config.Secret{File: filepath.Join(c.Data, "secret.key")}, Keyring: filepath.Join(c.Data, "keyring"),
		Org: config.Organization{
			Name: demoOrg, About: "An invented charity that stands in for yours in this demo.",
			ContactName: "Robin Sample", ContactEmail: "campaigns@lantern.example", ContactPhone: "202-555-0142",
			Postal: "100 Example Street, Springfield, IL 62701", QuickExit: "https://www.weather.gov/",
		},
		CWC: config.CWC{
			URL: capitolURL, Key: demoKey, Agent: demoAgent, AckEmail: "acks@lantern.example",
			ContactName: "Robin Sample", ContactEmail: "letters@lantern.example", ContactPhone: "202-555-0142",
			// The simulated Capitol recognises a delivery number that comes again.
			Rate: c.Rate, Timeout: 10 * time.Second, ResendUnknown: true,
			Senate: config.Senate{URL: capitolURL + "/api", Key: demoKey, Rate: c.Rate},
		},
		Guard: config.Guard{SignedForm: true, MaxAge: 24 * time.Hour, MailboxPeople: 2},
		Mail:  config.Mail{Host: relay.Addr().String(), Port: int(relay.Port()), TLS: "none", From: "letters@lantern.example"},
		// The catcher sends nothing on, so mailings may leave though the DNS knows nothing of us.
		Mailing: config.Mailing{Catcher: true},
	}
	if c.DB == "" {
		s.DB = filepath.Join(c.Data, "franklin.db")
	}
	if c.Handoff {
		s.CWC = config.CWC{Rate: 1, Timeout: time.Second}
	}
	return s
}

// mailPages is the running page of caught mail.
type mailPages struct {
	*http.Server

	url string
}

func serveMails(ctx context.Context, addr string, catcher *mailtest.Catcher) (mailPages, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return mailPages{}, fmt.Errorf("serve the page of caught mail: %w", err)
	}
	server := &http.Server{Handler: catcher.Handler(), ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(listener) }() // ends with Close
	return mailPages{server, "http://" + listener.Addr().String()}, nil
}
