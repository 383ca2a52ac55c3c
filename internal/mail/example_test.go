package mail_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"

	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
)

// What a form says about addresses as people type them.
func ExampleValidAddress() {
	for _, typed := range []string{" Ann@Example.ORG ", "ann@example", "Ann <ann@example.org>", "ann@gmial.com"} {
		address, err := mail.ValidAddress(typed)
		if err != nil {
			fmt.Println(err)
			continue
		}
		if better, ok := mail.Suggest(address); ok {
			fmt.Printf("%s: did you mean %s?\n", address, better)
			continue
		}
		fmt.Println(address)
	}
	// Output:
	// Ann@example.org
	// Check the part after the @: it needs a dot, like example.com
	// Enter one email address only, without a name, brackets, quotes or spaces
	// ann@gmial.com: did you mean ann@gmail.com?
}

// A message goes through a relay, which refuses the second recipient for good.
func ExampleSender_Send() {
	ctx := context.Background()
	relay, err := mailtest.Start(ctx, mailtest.Options{Clock: clock, Answer: func(s mailtest.Step) mailtest.Reply {
		if s.Command == "rcpt" && s.Address == "bob@example.org" {
			return mailtest.Reply{Code: 550, Text: "bob@example.org: no such user"}
		}
		return mailtest.Reply{}
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer relay.Close()
	host, port, _ := net.SplitHostPort(relay.Addr())
	number, _ := strconv.Atoi(port)
	sender, err := mail.NewSender(mail.Config{Host: host, Port: number, TLS: mail.TLSNone, From: "letters@campaign.example", FromName: "Letters"}, clock)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, to := range []string{"ann@example.org", "bob@example.org"} {
		err := sender.Send(ctx, mail.Message{ID: "confirm-1", To: to, Subject: "Your letter", Text: "It is on its way.\n"})
		if failed, ok := errors.AsType[*mail.SendError](err); ok {
			fmt.Println(failed.Outcome, failed.Code)
		}
		fmt.Println(err)
	}
	fmt.Println(len(relay.Messages()), "caught:", relay.Messages()[0].Subject)
	// Output:
	// <nil>
	// permanent 550
	// mail: permanent failure at the step recipient (550 5.0.0)
	// 1 caught: Your letter
}
