package main

import (
	"bytes"

	"github.com/franklin-letters/franklin/congress/cwc"
)

type cwcCommand struct {
	Check   cwcCheck   `cmd:"" help:"Check messages against the House's rules. Exits with 0 when every one would be accepted."`
	Capitol cwcCapitol `cmd:"" help:"Run the simulated Capitol, which takes letters like the House's system and keeps them here."`
}

type cwcCheck struct {
	Files   []string `arg:"" name:"file" help:"XML files; - is standard input."`
	Sending bool     `help:"Also report what a careful sender would not let out, although the House accepts it."`
	JSON    bool     `help:"Print JSON, one object a file." name:"json"`
}

// checked is the stable JSON of `franklin cwc check --json`.
type checked struct {
	File     string        `json:"file"`
	Accepted bool          `json:"accepted"`
	Problems []cwc.Problem `json:"problems"`
}

// Run checks the messages.
func (c cwcCheck) Run(con console) error {
	check := cwc.CheckXML
	if c.Sending {
		check = cwc.CheckForSending
	}
	results, all := make([]checked, 0, len(c.Files)), true
	for _, name := range c.Files {
		source, err := readInput(con, name)
		if err != nil {
			return err
		}
		problems, err := check(bytes.NewReader(source))
		if err != nil {
			return err
		}
		r := checked{File: name, Accepted: len(cwc.Problems(problems).At(cwc.Schema)) == 0, Problems: problems}
		all = all && r.Accepted
		results = append(results, r)
	}
	if c.JSON {
		if err := printJSON(con, results); err != nil {
			return err
		}
	} else {
		for _, r := range results {
			printChecked(con, r)
		}
	}
	if !all {
		return exitError{1}
	}
	return nil
}

func printChecked(con console, r checked) {
	verdict := "would be accepted"
	if !r.Accepted {
		verdict = "would be refused"
	}
	con.print("%s: %s\n", r.File, verdict)
	for _, p := range r.Problems {
		con.print("  %s\n", p)
	}
}
