package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/franklin-letters/franklin/internal/mail"
)

type dkimKeyCommand struct {
	File     string `arg:"" help:"File of the private key. It is made unless it is there."`
	Domain   string `help:"Domain of the address that sends." required:""`
	Selector string `help:"Name under which the key is published." default:"franklin"`
	Ed25519  bool   `help:"Make a short Ed25519 key. Gmail, Microsoft and Yahoo check only RSA." name:"ed25519"`
	JSON     bool   `help:"Print JSON." name:"json"`
}

// Run makes the key, unless there is one, and says what to publish.
func (c dkimKeyCommand) Run(con console) error {
	text, err := os.ReadFile(c.File)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = c.make()
	}
	if err != nil {
		return err
	}
	key, err := mail.ParseDKIMKey(text)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	d := mail.DKIM{Domain: c.Domain, Selector: c.Selector, Key: key}
	if err := (mail.Config{Host: "relay", Port: 587, TLS: mail.TLSStart, From: "mail@" + c.Domain, DKIM: &d}).Check(); err != nil {
		return err
	}
	name := mail.DKIMName(c.Selector, c.Domain)
	if c.JSON {
		return printJSON(con, map[string]string{"file": c.File, "name": name, "record": d.Record()})
	}
	con.print(dkimWords, c.File, name, d.Record(), name, strings.Join(quoted(d.Record()), "\n    "), c.File, c.Selector)
	return nil
}

const dkimWords = `The private key is in %s. Keep it as a password.

Publish this TXT record in the DNS:

  name   %s
  value  %s

In a zone file, where no piece may be longer than 255 characters:

  %s. IN TXT (
    %s )

Then start the server with --mail-dkim-key-file %s --mail-dkim-selector %s,
and look whether all is well: franklin doctor mail
`

// make writes a new key that nobody else can read. It never replaces one.
func (c dkimKeyCommand) make() ([]byte, error) {
	text, err := mail.NewDKIMKey(c.Ed25519)
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = file.Write(text)
	return text, errors.Join(err, file.Close())
}

// quoted returns the pieces of a TXT record as a zone file has them.
func quoted(record string) []string {
	var pieces []string
	for len(record) > 255 {
		pieces = append(pieces, `"`+record[:255]+`"`)
		record = record[255:]
	}
	return append(pieces, `"`+record+`"`)
}
