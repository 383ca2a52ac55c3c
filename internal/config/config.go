// Package config is the one struct of settings. Kong fills it from flags, from the
// environment (FRANKLIN_DB and so on) and from a JSON file; secrets may also come from a
// file, so that they need not stand in a process list.
package config

import (
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"
)

// Settings are everything an operator may set. The zero value is not usable: the
// defaults are in the tags.
type Settings struct {
	DB      string `help:"Database: a SQLite file or a postgres:// address." default:"data/franklin.db" env:"FRANKLIN_DB"`
	Addr    string `help:"Address on which the public pages are served." default:"127.0.0.1:8080" env:"FRANKLIN_ADDR"`
	OpsAddr string `help:"Address of the operator's page, health and metrics. Keep it private." default:"127.0.0.1:8081" env:"FRANKLIN_OPS_ADDR"`
	BaseURL string `help:"Public address of the site, such as https://act.example.org. Links are made from it." env:"FRANKLIN_BASE_URL"`
	DataDir string `help:"Folder of synced district lines and roster. While it is empty, the built-in ones answer." default:"data/congress" env:"FRANKLIN_DATA_DIR"`
	Secret  Secret `embed:"" prefix:"secret-" envprefix:"FRANKLIN_SECRET_"`
	Keyring string `name:"keyring-file" help:"File with the keys under which personal data are sealed in the database. Made at the first start; keep a copy of it apart from the backups of the database." default:"data/keyring" env:"FRANKLIN_KEYRING_FILE"`

	Org  Organization `embed:"" prefix:"org-" envprefix:"FRANKLIN_ORG_"`
	CWC  CWC          `embed:"" prefix:"cwc-" envprefix:"FRANKLIN_CWC_"`
	Mail Mail         `embed:"" prefix:"mail-" envprefix:"FRANKLIN_MAIL_"`

	Mailing Mailing `embed:"" prefix:"mailing-" envprefix:"FRANKLIN_MAILING_"`

	CustomFields []string `help:"Names of the organisation's own fields of people, such as employer,membership_number. Others are left out of imports." env:"FRANKLIN_CUSTOM_FIELDS"`

	DeliveryLease time.Duration `help:"How long delivery waits for a node that stopped answering before another one takes it over." default:"12s" env:"FRANKLIN_DELIVERY_LEASE"`

	TrustedProxies []string `help:"Networks of the proxies in front, such as 127.0.0.1 or 10.0.0.0/8, whose X-Forwarded-For or Forwarded is believed." env:"FRANKLIN_TRUSTED_PROXIES"`
	Guard          Guard    `embed:"" prefix:"guard-" envprefix:"FRANKLIN_GUARD_"`
}

// Secret is the installation's own key, from which the links in receipts are signed.
type Secret struct {
	File string `help:"File with the installation's secret. Made at the first start." default:"data/secret.key" env:"FILE"`
}

// Organization is who runs the campaigns. Offices and supporters see it.
type Organization struct {
	Name         string `help:"Name of the organisation, 6 to 500 characters." env:"NAME"`
	About        string `help:"One sentence about it, for the offices." env:"ABOUT"`
	Website      string `help:"Its web address." env:"WEBSITE"`
	ContactName  string `help:"Whom an office may ask about a campaign." env:"CONTACT_NAME"`
	ContactEmail string `help:"E-mail of that person; also shown in the privacy policy." env:"CONTACT_EMAIL"`
	ContactPhone string `help:"Telephone of that person, as 202-555-0100." env:"CONTACT_PHONE"`
	Postal       string `help:"Postal address, for the foot of mails and the privacy policy." env:"POSTAL"`
	QuickExit    string `help:"Where the 'leave this page quickly' link goes." default:"https://www.weather.gov/" env:"QUICK_EXIT"`
}

// CWC is the access to the House's mail system (Communicating With Congress). Without a
// key letters are handed to the supporters to send themselves.
type CWC struct {
	URL           string        `help:"Address of the House's system." default:"https://cwc.house.gov" env:"URL"`
	Key           string        `help:"API key. Better in a file, see --cwc-key-file." env:"KEY"`
	KeyFile       string        `help:"File with the API key." env:"KEY_FILE"`
	Agent         string        `help:"Name under which the House registered this delivery agent, exactly." env:"AGENT"`
	AckEmail      string        `help:"Mailbox for acknowledgements." env:"ACK_EMAIL"`
	ContactName   string        `help:"Technical contact, 6 to 500 characters." env:"CONTACT_NAME"`
	ContactEmail  string        `help:"E-mail of the technical contact." env:"CONTACT_EMAIL"`
	ContactPhone  string        `help:"Telephone of the technical contact, as 202-555-0100." env:"CONTACT_PHONE"`
	Proxy         string        `help:"HTTP proxy with the address that the House has allow-listed." env:"PROXY"`
	Rate          float64       `help:"Letters a second at most." default:"5" env:"RATE"`
	Closed        []string      `help:"When the House's system is closed for maintenance, in Washington's time, as 'Sun 02:00-06:00', or '02:00-02:30' for every day. Letters wait." env:"CLOSED"`
	Timeout       time.Duration `help:"How long one letter may take." default:"30s" env:"TIMEOUT"`
	Margin        time.Duration `help:"How much longer another node waits before it counts an attempt as cut short. Must exceed the difference between the nodes' clocks." default:"2m" env:"MARGIN"`
	ResendUnknown bool          `help:"Send a letter whose fate is unknown again under the same delivery number. Only for a system that is known to recognise repeats." env:"RESEND_UNKNOWN"`
	Senate        Senate        `embed:"" prefix:"senate-" envprefix:"SENATE_"`
}

// Enabled reports whether letters go to the House's system rather than to the
// supporter's own hands.
func (c CWC) Enabled() bool { return c.Key != "" }

// Mail is the one relay through which mail leaves. Without a host none is sent.
type Mail struct {
	Host         string `help:"SMTP relay. Without it no mail is sent." env:"HOST"`
	Port         int    `help:"Port of the relay." default:"587" env:"PORT"`
	TLS          string `help:"starttls, implicit, or none for a relay on this machine." enum:"starttls,implicit,none" default:"starttls" env:"TLS"`
	Username     string `help:"User name at the relay." env:"USERNAME"`
	Password     string `help:"Password at the relay. Better in a file." env:"PASSWORD"`
	PasswordFile string `help:"File with the password." env:"PASSWORD_FILE"`
	From         string `help:"Address from which mail is sent." env:"FROM"`

	FromName       string   `help:"Name shown with it; that of the organisation unless set." env:"FROM_NAME"`
	ReplyTo        string   `help:"Where answers go; that of the organisation's contact unless set." env:"REPLY_TO"`
	ReturnPath     string   `help:"Where reports of failure go; the address that sends unless set." env:"RETURN_PATH"`
	NeutralSubject bool     `help:"Let subjects and first lines not tell what a mail is about." env:"NEUTRAL_SUBJECT"`
	DKIMKeyFile    string   `help:"File with the private key that signs mails. Without it that is left to the relay." env:"DKIM_KEY_FILE" name:"dkim-key-file"`
	DKIMKey        string   `kong:"-"`
	DKIMSelector   string   `help:"Name under which the key is published; of the relay's key where the relay signs." default:"franklin" env:"DKIM_SELECTOR" name:"dkim-selector"`
	DKIMDomain     string   `help:"Domain that signs; that of the address that sends unless set." env:"DKIM_DOMAIN" name:"dkim-domain"`
	Addresses      []string `help:"IP addresses from which the relay sends to the world; its own unless set. For: franklin doctor mail." env:"ADDRESSES"`
	BounceDomain   string   `help:"Domain whose mail comes to this program: to it failed mail returns. Without it failures are not noticed." env:"BOUNCE_DOMAIN"`
	In             MailIn   `embed:"" prefix:"in-" envprefix:"IN_"`
}

// Mailing is how fast newsletters and action alerts leave.
type Mailing struct {
	Connections int  `help:"Connections to the relay over which mailings leave; so many messages are under way at most." default:"20" env:"CONNECTIONS"`
	PerDomain   int  `help:"Messages of mailings under way to one mail domain at most, such as gmail.com." default:"10" env:"PER_DOMAIN"`
	DomainRate  int  `help:"Messages a minute to one mail domain at most, of mailings and of mails that follow by themselves; 0 for any number." default:"0" env:"DOMAIN_RATE"`
	Catcher     bool `hidden:"" help:"The relay, on this machine, is a mail catcher that sends nothing on: mailings leave though the DNS says nothing of us. For rehearsals and tests." env:"CATCHER"`
}

// MailIn is how mail comes in over the network. Without an address none does, and what a
// mail server of the operator's keeps is fed with `franklin mail feed`.
type MailIn struct {
	Addr     string `help:"Address on which mail is taken in, such as :25. Without it none is." env:"ADDR"`
	LMTP     bool   `help:"Speak LMTP, for a mail server on this machine that hands mail over." env:"LMTP"`
	CertFile string `help:"File with the certificate for STARTTLS, and those that sign it." env:"CERT_FILE"`
	KeyFile  string `help:"File with the key of the certificate." env:"KEY_FILE"`
	Verified string `help:"Mail server of yours whose finding is believed that a mail of an office is genuine (DMARC), as it names itself in Authentication-Results." env:"VERIFIED"`
}

// Guard are the thresholds of the defence against abuse; package guard and docs/letters.md
// explain them. 0 turns a rule off.
type Guard struct {
	Off             bool          `help:"Turn all of the guard off: for trials of the program with made-up people." env:"OFF"`
	SignedForm      bool          `help:"Take only forms that this site made." default:"true" negatable:"" env:"SIGNED_FORM"`
	MinTime         time.Duration `help:"A form that comes back sooner is shown once more." default:"3s" env:"MIN_TIME"`
	MaxAge          time.Duration `help:"A form that comes back later is shown once more." default:"24h" env:"MAX_AGE"`
	NoTrap          bool          `help:"Do not look at the field that people do not see." env:"NO_TRAP"`
	Posts           int           `help:"Forms a minute from one network; more have to wait." default:"120" env:"POSTS"`
	NetworkPeople   int           `help:"People an hour from one network; the letters of more wait for a confirmation by e-mail." default:"30" env:"NETWORK_PEOPLE"`
	MailboxPeople   int           `help:"People of one household on one campaign from one mailbox; the letters of more are put aside." default:"2" env:"MAILBOX_PEOPLE"`
	MailboxLetters  int           `help:"Letters a day from one mailbox; more are put aside." default:"20" env:"MAILBOX_LETTERS"`
	HouseholdPeople int           `help:"People a day from one street address on one campaign; the letters of more are put aside." default:"8" env:"HOUSEHOLD_PEOPLE"`
	OfficeLetters   int           `help:"Letters an hour to one office; more are put aside." default:"1000" env:"OFFICE_LETTERS"`
	CampaignLetters int           `help:"Letters an hour on one campaign; more are put aside." default:"0" env:"CAMPAIGN_LETTERS"`
	SameWords       int           `help:"People a day with the same words of their own on one campaign; the letters of more are put aside." default:"25" env:"SAME_WORDS"`
	Recombined      int           `help:"From how many on names or streets are put aside that look recombined from lists." default:"12" env:"RECOMBINED"`
	Confirmations   int           `help:"Mails an hour to mailboxes that have not answered; more are sent later." default:"1800" env:"CONFIRMATIONS"`
	Disowned        float64       `help:"Percent of a campaign's letters that may be reported as not theirs by the owners of the addresses; when it is more, the campaign's new letters are put aside." default:"0.2" env:"DISOWNED"`
	CountryHeader   string        `help:"Header in which the trusted proxies tell the client's country in two letters, such as CF-IPCountry; letters from other countries are put aside." env:"COUNTRY_HEADER"`
	WorkBits        int           `help:"Difficulty of the proof of work for people on busy networks, in bits: each doubles the time." default:"17" env:"WORK_BITS"`
	Disposable      []string      `help:"Domains of throw-away mailboxes; letters from them are put aside." default:"10minutemail.com,guerrillamail.com,mailinator.com,maildrop.cc,sharklasers.com,temp-mail.org,trashmail.com,yopmail.com" env:"DISPOSABLE"`
}

// Load reads the secrets that stand in files and completes what follows from other
// settings. Call it once after parsing.
func (s *Settings) Load() error {
	for _, secret := range []struct {
		file string
		to   *string
	}{{s.CWC.KeyFile, &s.CWC.Key}, {s.CWC.Senate.KeyFile, &s.CWC.Senate.Key}, {s.Mail.PasswordFile, &s.Mail.Password}, {s.Mail.DKIMKeyFile, &s.Mail.DKIMKey}} {
		if secret.file == "" {
			continue
		}
		text, err := os.ReadFile(secret.file)
		if err != nil {
			return fmt.Errorf("read a secret: %w", err)
		}
		// Without its key the program would quietly run another way than its operator means.
		if *secret.to = strings.TrimSpace(string(text)); *secret.to == "" {
			return fmt.Errorf("read a secret: the file %s is empty", secret.file)
		}
	}
	if s.BaseURL == "" {
		s.BaseURL = "http://" + s.Addr
	}
	s.BaseURL = strings.TrimRight(s.BaseURL, "/")
	if !siteURL(s.BaseURL) {
		return fmt.Errorf("base URL %q must look like https://act.example.org", s.BaseURL)
	}
	return nil
}

// siteURL takes the address of a whole site: pages link to each other from its root.
func siteURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil &&
		u.Path == "" && u.RawQuery == "" && !u.ForceQuery && !strings.Contains(text, "#")
}
