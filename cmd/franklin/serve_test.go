package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alecthomas/kong"
)

// running starts a command that serves until it is told to stop, and returns what it
// said, on either output, once that matches.
func running(t *testing.T, command alone, says *regexp.Regexp) (match []string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out := &screen{printed: make(chan struct{}, 1)}
	ended := make(chan error, 1)
	go func() {
		ended <- command.Run(ctx, console{out: out, err: out, now: func() time.Time { return noon }})
	}()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the command ended with %v", err)
		}
	})
	t.Cleanup(stop)
	for match == nil {
		select {
		case <-out.printed:
			match = says.FindStringSubmatch(out.String())
		case err := <-ended:
			ended <- err
			t.Fatalf("the command ended with %v:\n%s", err, out)
		}
	}
	return match, stop
}

// server parses the flags of serve.
func server(t *testing.T, args ...string) *serveCommand {
	t.Helper()
	var c serveCommand
	parser, err := kong.New(&c)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	args = append([]string{
		"--addr=127.0.0.1:0", "--ops-addr=127.0.0.1:0", "--db=" + filepath.Join(dir, "data", "franklin.db"), "--secret-file=" + filepath.Join(dir, "secret.key"),
		"--keyring-file=" + filepath.Join(dir, "keyring"),
	}, args...)
	if _, err := parser.Parse(args); err != nil {
		t.Fatal(err)
	}
	return &c
}

func TestServe(t *testing.T) {
	c := server(t)
	match, stop := running(t, c, regexp.MustCompile(`(\{[^\n]*"msg":"ready"[^\n]*\})\n`))
	var ready struct{ Address, Operator, Database string }
	if err := json.Unmarshal([]byte(match[1]), &ready); err != nil || ready.Database != "sqlite" {
		t.Fatalf("ready with %+v, %v", ready, err)
	}
	for _, target := range []string{ready.Address + "/", ready.Operator + "/readyz"} {
		if status, body, _ := fetch(t, "GET", target, nil); status != http.StatusOK {
			t.Errorf("%s is answered %d\n%s", target, status, body)
		}
	}
	// A campaign is applied beside the running server and shows at once.
	file := filepath.Join(t.TempDir(), "close.md")
	if err := os.WriteFile(file, demoCampaign, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, errs, code := franklin(t, "", "campaign", "--db="+c.DB, "apply", file); code != 0 {
		t.Fatalf("apply beside the server: exit %d\n%s%s", code, out, errs)
	}
	eventually(t, ready.Address+"/", "/c/close-the-loophole")
	if out, _, code := franklin(t, "", "doctor", "--db="+c.DB, "--secret-file="+c.Secret.File); code != 0 || !strings.Contains(out, "commits survive a power cut") {
		t.Errorf("the doctor beside the server: exit %d\n%s", code, out)
	}
	stop()
	if _, _, code := franklin(t, "", "migrate", "--db="+c.DB); code != 0 {
		t.Errorf("after the end the database is still in use: exit %d", code)
	}
}

func TestServeInWordsForPeople(t *testing.T) {
	running(t, server(t, "--log=text"), regexp.MustCompile(`INF ready .*database=sqlite`))
}

func TestServeRefusesAWrongSite(t *testing.T) {
	err := server(t, "--base-url=act.example.org").Run(t.Context(), console{out: io.Discard, err: io.Discard, now: time.Now})
	if err == nil || !strings.Contains(err.Error(), "must look like https://act.example.org") {
		t.Errorf("serve with half an address: %v", err)
	}
}

func TestCapitolCommandAndTheDoctorOnline(t *testing.T) {
	match, _ := running(t, &cwcCapitol{Addr: "127.0.0.1:0", Key: "k3y", Agent: "Lantern Letters"}, regexp.MustCompile(`listens at (http://\S+)\. Nothing here reaches Congress`))
	dir := t.TempDir()
	args := []string{
		"doctor", "--db=" + filepath.Join(dir, "x.db"), "--secret-file=" + filepath.Join(dir, "k"), "--cwc-url=" + match[1], "--cwc-key=k3y",
		"--cwc-agent=Lantern Letters", "--cwc-ack-email=a@example.org", "--cwc-contact-name=Robin Sample", "--cwc-contact-email=a@example.org",
		"--cwc-contact-phone=202-555-0142", "--org-name=Lantern Alliance", "--org-contact-email=a@example.org",
	}
	out, _, code := franklin(t, "", args...)
	for _, want := range []string{"ok    offices         441 offices take letters", "ok    delivery        a rehearsal", "ok    organisation    Lantern Alliance", "ok    proxy", "clock           "} {
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("the doctor online: exit %d, without %q:\n%s", code, want, out)
		}
	}
	out, _, code = franklin(t, "", append(args, "--cwc-key=wr0ng")...)
	if code != 1 || !strings.Contains(out, "fail  offices") || strings.Contains(out, "wr0ng") {
		t.Errorf("the doctor online with a wrong key: exit %d\n%s", code, out)
	}
}

func TestTheDoctorLooksAtTheSecret(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret.key")
	for mode, want := range map[os.FileMode]string{0o600: "ok    secret", 0o640: "can be read by others. Run: chmod 600"} {
		if err := os.WriteFile(secret, nil, mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(secret, mode); err != nil {
			t.Fatal(err)
		}
		if out, _, _ := franklin(t, "", "doctor", "--db="+filepath.Join(dir, "x.db"), "--secret-file="+secret); !strings.Contains(out, want) {
			t.Errorf("a secret with the mode %s:\n%s", mode, out)
		}
	}
	out, _, code := franklin(t, "", "doctor", "--db=mysql://x", "--secret-file="+secret, "--org-name=Lantern Alliance")
	for _, want := range []string{"fail  database", "Set --org-contact-email or FRANKLIN_ORG_CONTACT_EMAIL"} {
		if code != 1 || !strings.Contains(out, want) {
			t.Errorf("a database of another kind: exit %d, without %q\n%s", code, want, out)
		}
	}
}
