// Franklin is a self-hosted platform for "Tell Congress" campaigns. This program is all of
// it: the public pages, the delivery of letters, and the tools on the command line.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"reflect"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

// version is set by the linker from the repository's tags.
var version = "dev"

// program is the whole command line. Kong reads it from the tags.
type program struct {
	Serve    serveCommand    `cmd:"" help:"Serve the public pages and deliver letters."`
	Demo     demoCommand     `cmd:"" help:"Start everything with a sample campaign, a simulated Capitol and a mail catcher."`
	Migrate  migrateCommand  `cmd:"" help:"Bring the database to this program's schema."`
	Campaign campaignCommand `cmd:"" help:"Write, list and show campaigns."`
	Letter   letterCommand   `cmd:"" help:"List letters, prove one, and move those that need a person."`
	Mail     mailCommand     `cmd:"" help:"Mail: take in what came from files, read what waits for a person, make the key that signs."`
	Mailing  mailingCommand  `cmd:"" help:"Newsletters and action alerts: write, count, send, stop them, and see what became of them."`
	Journey  journeyCommand  `cmd:"" help:"Mails that follow by themselves: see which wait and why, stop those about a campaign, and let them go on."`
	Queue    queueCommand    `cmd:"" help:"Pause and resume sending."`
	Print    printCommand    `cmd:"" help:"Letters on paper: write them for a printer, and record who got them."`
	Audit    auditCommand    `cmd:"" help:"Show who looked at what and did what."`
	Block    blockCommand    `cmd:"" help:"Addresses to which mail must not go."`
	Consent  consentCommand  `cmd:"" help:"Prove to what the owner of an address agreed."`
	Segment  segmentCommand  `cmd:"" help:"Filters over people: count, save, list and remove them."`
	People   peopleCommand   `cmd:"" help:"Find people, bring them in, take them out, tag and merge them."`
	Staff    staffCommand    `cmd:"" help:"Who may sign in to the staff pages: invite, list, change roles, disable."`
	Privacy  privacyCommand  `cmd:"" help:"Say what is held about people, and until when."`
	Keys     keysCommand     `cmd:"" help:"The key ring that opens the personal data: list, add, use and drop keys."`
	District districtCommand `cmd:"" help:"Find the congressional district of addresses, ZIP codes or points."`
	Member   memberCommand   `cmd:"" help:"Say who holds a seat in Congress."`
	CWC      cwcCommand      `cmd:"" name:"cwc" help:"Check messages, and run the simulated Capitol."`
	Data     dataCommand     `cmd:"" help:"Compile district lines, ZIP codes and the roster from official files."`
	Doctor   doctorCommand   `cmd:"" help:"Check that this installation is ready."`
	Version  versionCommand  `cmd:"" help:"Print the version."`
}

// console is what a command may touch of the world around it.
type console struct {
	in  io.Reader
	out io.Writer
	err io.Writer
	now func() time.Time
}

func (c console) print(format string, args ...any) { fmt.Fprintf(c.out, format, args...) }

// exitError ends the program with a code after the command has said all there is to say.
type exitError struct{ code int }

func (e exitError) Error() string { return fmt.Sprintf("exit %d", e.code) }

func main() {
	os.Exit(run(os.Args[1:], console{in: os.Stdin, out: os.Stdout, err: os.Stderr, now: time.Now}))
}

// run parses and executes one command line. It returns 0, 1 when the command's answer is
// no, and 2 for a mistake in the command line or the settings.
func run(args []string, con console) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	exited := -1
	parser, err := kong.New(&program{},
		kong.Name("franklin"),
		kong.Description("Letters from people to their own Representatives in Congress."),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, FlagsLast: true}),
		kong.Help(help),
		kong.Writers(con.out, con.err),
		kong.Exit(func(code int) { exited = code }),
		kong.Configuration(kong.JSON, "franklin.json"),
		kong.Vars{"version": version},
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(con),
	)
	if err != nil {
		fmt.Fprintln(con.err, "franklin:", err)
		return 2
	}
	command, err := parser.Parse(args)
	if exited >= 0 { // --help
		return exited
	}
	if err != nil {
		fmt.Fprintf(con.err, "franklin: %s\nTry: franklin --help\n", err)
		return 2
	}
	if c, ok := reflect.TypeAssert[alone](command.Selected().Target.Addr()); ok {
		return exitCode(c.Run(ctx, con), con)
	}
	return exitCode(command.Run(), con)
}

// alone is a command that asks nothing of the one around it. It is run without kong: what that
// knows of all commands is 3 MB of pointers, which the collector of garbage would look through
// again and again while a server runs.
type alone interface {
	Run(ctx context.Context, con console) error
}

// help prints what a command is for. Most commands take the settings of the server too, and
// those who use them rarely need to know: one line stands for over a hundred flags.
func help(options kong.HelpOptions, ctx *kong.Context) error {
	hidden := false
	for node := ctx.Selected(); node != nil; node = node.Parent {
		for _, f := range node.Flags {
			if f.Group != nil && f.Group.Key == "settings" {
				f.Hidden, hidden = true, true
			}
		}
	}
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil || !hidden {
		return err
	}
	_, err := fmt.Fprintln(ctx.Stdout, "\nThe server's settings, such as --db, are given as to franklin serve, or in its environment.")
	return err
}

func exitCode(err error, con console) int {
	var exit exitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.code
	default:
		fmt.Fprintln(con.err, "franklin:", err)
		return 2
	}
}

type versionCommand struct {
	JSON bool `help:"Print JSON." name:"json"`
}

// Run prints the version.
func (c versionCommand) Run(con console) error {
	if c.JSON {
		return printJSON(con, map[string]string{"version": version})
	}
	con.print("franklin %s\n", version)
	return nil
}
