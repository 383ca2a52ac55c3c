package judgetest

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/smtp"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// leastKnown is how many percent of the HTML mail programs must know, as Mailpit counts.
const leastKnown = 90

// known demands that mail programs know nearly all of the HTML of each message.
func known(t *testing.T, messages []Message) {
	t.Helper()
	program, err := filepath.Abs("../../bin/tools/mailpit") // tests run in the folder of their package, internal/NAME
	if err == nil {
		program, err = exec.LookPath(program)
	}
	if err != nil {
		missing(t, "Mailpit is not built: make bin/tools/mailpit")
	}
	relay, pages := free(t), free(t)
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	pit := exec.CommandContext(ctx, program, "--smtp", relay, "--listen", pages, "--disable-version-check", "--block-remote-css-and-fonts", "--quiet", "--database", filepath.Join(t.TempDir(), "mails.db")) //nolint:gosec // it is the one we built
	if err := pit.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { stop(); _ = pit.Wait() }()
	for ask(ctx, pages, "/readyz", nil) != nil {
		if ctx.Err() != nil {
			t.Fatal("Mailpit does not answer")
		}
		time.Sleep(20 * time.Millisecond)
	}
	for _, m := range messages {
		if err := smtp.SendMail(relay, nil, "sender@example.org", []string{"reader@example.org"}, m.Raw); err != nil {
			t.Fatal(err)
		}
		var said verdict
		if err := ask(ctx, pages, "/api/v1/message/latest/html-check", &said); err != nil {
			t.Fatal(err)
		}
		if said.Total.Tests == 0 || said.Total.Supported < leastKnown {
			t.Errorf("%s: mail programs know %.1f %% of its HTML: %+v", m.Name, said.Total.Supported, said.Warnings)
		}
	}
}

// verdict is what Mailpit says of a message.
type verdict struct {
	Total struct {
		Tests     int
		Supported float64
	}
	Warnings []struct {
		Slug  string
		Score struct {
			Found     int
			Supported float64
		}
	}
}

// ask reads one of Mailpit's answers.
func ask(ctx context.Context, pages, path string, answer any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+pages+path, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s is answered %s", path, response.Status)
	}
	if answer == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(answer)
}

// free is an address on this machine at which nobody listens.
func free(tb testing.TB) string {
	tb.Helper()
	l, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}
