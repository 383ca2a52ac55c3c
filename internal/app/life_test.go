package app_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
)

func TestWrongSettingsAreNamed(t *testing.T) {
	t.Parallel()
	w := build(t, dbtest.SQLiteURL(t))
	good := w.settings
	folder := t.TempDir()
	for name, c := range map[string]struct {
		change func(*config.Settings)
		want   string
	}{
		"no such engine":      {func(s *config.Settings) { s.DB = "mysql://root@localhost/x" }, "neither sqlite:PATH nor postgres://"},
		"folder for a file":   {func(s *config.Settings) { s.DB = folder }, "database"},
		"nobody listens":      {func(s *config.Settings) { s.DB = "postgres://franklin@127.0.0.1:1/franklin?connect_timeout=1" }, "127.0.0.1:1"},
		"no address":          {func(s *config.Settings) { s.Addr = "here" }, "serve the public pages"},
		"no operator address": {func(s *config.Settings) { s.OpsAddr = "127.0.0.1:http:x" }, "serve the operator's page"},
		"relay far away":      {func(s *config.Settings) { s.Mail.Host = "relay.example.org" }, "only for a relay on this machine"},
		"nobody to be from":   {func(s *config.Settings) { s.Mail.From = "" }, "the sender's address"},
		"half a sign-in":      {func(s *config.Settings) { s.Mail.Username = "franklin" }, "needs a password"},
		"no proxy":            {func(s *config.Settings) { s.CWC.Proxy = "http://[proxy" }, "the proxy for the House's system"},
	} {
		s := good
		c.change(&s)
		_, err := app.New(t.Context(), s, w.options)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", name, err, c.want)
		} else if strings.Contains(err.Error(), apiKey) {
			t.Errorf("%s: the error names the key: %v", name, err)
		}
	}
	w.start() // the database that the failed starts had opened is free again
}

func TestAddressesInUse(t *testing.T) {
	t.Parallel()
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	w := build(t, dbtest.SQLiteURL(t))
	for what, address := range map[string]*string{"public pages": &w.settings.Addr, "operator's page": &w.settings.OpsAddr} {
		free := *address
		*address = taken.Addr().String()
		if _, err := app.New(t.Context(), w.settings, w.options); err == nil || !strings.Contains(err.Error(), what) || !strings.Contains(err.Error(), *address) {
			t.Errorf("with the address of the %s taken: %v", what, err)
		}
		*address = free
	}
	w.start()
}

func TestASecondProcessOnTheSameFile(t *testing.T) {
	t.Parallel()
	w := build(t, dbtest.SQLiteURL(t))
	p := w.start()
	if _, err := app.New(t.Context(), w.settings, w.options); err == nil {
		t.Fatal("a second process works on the same file")
	}
	p.read(p.URL() + "/c/loophole")
}

func TestLinksNameTheirSite(t *testing.T) {
	t.Parallel()
	w := build(t, dbtest.SQLiteURL(t))
	p := w.start()
	if body := p.read(p.URL() + "/c/loophole"); !strings.Contains(body, `href="`+p.URL()+`/c/loophole"`) {
		t.Errorf("the page does not name the port that was found:\n%s", body)
	}
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	w.settings.BaseURL = "https://act.example.org" // a proxy stands in front
	p = w.start()
	if body := p.read(p.URL() + "/c/loophole"); !strings.Contains(body, `href="https://act.example.org/c/loophole"`) {
		t.Errorf("the page does not name the site as it was told:\n%s", body)
	}
}

func TestSecretIsMadeAndKept(t *testing.T) {
	t.Parallel()
	w := build(t, dbtest.SQLiteURL(t))
	p := w.start()
	receipt := p.send(typed())
	path := receipt[strings.Index(receipt, "/receipt/"):]
	info, err := os.Stat(w.settings.Secret.File)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("others can read the secret: %s", info.Mode())
	}
	made, err := os.ReadFile(w.settings.Secret.File)
	if err != nil || len(strings.TrimSpace(string(made))) != 64 {
		t.Fatalf("the secret is %q, %v", made, err)
	}
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	p = w.start()
	p.read(p.URL() + path)
	if kept, err := os.ReadFile(w.settings.Secret.File); err != nil || string(kept) != string(made) {
		t.Errorf("the second start changed the secret, %v", err)
	}
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	w.settings.Secret.File = filepath.Join(t.TempDir(), "another.key")
	p = w.start()
	if a := p.do(http.MethodGet, p.URL()+path, nil); a.status != http.StatusNotFound {
		t.Errorf("under another secret the receipt is answered %d", a.status)
	}
}

func TestDamagedSecret(t *testing.T) {
	t.Parallel()
	w := build(t, dbtest.SQLiteURL(t))
	w.settings.Secret.File = filepath.Join(t.TempDir(), "secret.key")
	for name, text := range map[string]string{
		"empty": "", "short": strings.Repeat("ab", 31), "not hexadecimal": strings.Repeat("xy", 32), "cut in a digit": strings.Repeat("ab", 32) + "c",
	} {
		if err := os.WriteFile(w.settings.Secret.File, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := app.New(t.Context(), w.settings, w.options)
		if err == nil || !strings.Contains(err.Error(), "restore it from a backup") || !strings.Contains(err.Error(), w.settings.Secret.File) {
			t.Errorf("%s: %v", name, err)
		} else if text != "" && strings.Contains(err.Error(), text) {
			t.Errorf("%s: the error tells the secret: %v", name, err)
		}
		if left, err := os.ReadFile(w.settings.Secret.File); err != nil || string(left) != text {
			t.Errorf("%s: the damaged secret became %q, %v", name, left, err)
		}
	}
	w.settings.Secret.File = t.TempDir()
	if _, err := app.New(t.Context(), w.settings, w.options); err == nil {
		t.Error("a folder passes for a secret")
	}
	w.settings.Secret.File = filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(w.settings.Secret.File, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	w.settings.Secret.File = filepath.Join(w.settings.Secret.File, "below-a-file")
	if _, err := app.New(t.Context(), w.settings, w.options); err == nil {
		t.Error("a secret is kept below a file")
	}
}

// upload is a post whose handler is known to run and to wait for the rest of the body.
type upload struct {
	*testing.T

	conn   net.Conn
	answer *bufio.Reader
	rest   string
}

// begin posts a form up to the middle of its body.
func (p *program) begin(path, body string) *upload {
	p.Helper()
	conn, err := new(net.Dialer).DialContext(p.Context(), "tcp", strings.TrimPrefix(p.URL(), "http://"))
	if err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() { _ = conn.Close() }) // some are cut off by the server
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		p.Fatal(err)
	}
	u := &upload{T: p.T, conn: conn, answer: bufio.NewReader(conn), rest: body[len(body)/2:]}
	_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", path, len(body))
	if err != nil {
		p.Fatal(err)
	}
	// The server says so when the handler begins to read.
	if line, err := u.answer.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		p.Fatalf("the server says %q, %v", line, err)
	}
	if _, err := u.answer.ReadString('\n'); err != nil {
		p.Fatal(err)
	}
	if _, err := io.WriteString(conn, body[:len(body)/2]); err != nil {
		p.Fatal(err)
	}
	return u
}

// end posts the rest and returns the answer.
func (u *upload) end() answer {
	u.Helper()
	if _, err := io.WriteString(u.conn, u.rest); err != nil {
		u.Fatal(err)
	}
	response, err := http.ReadResponse(u.answer, nil)
	if err != nil {
		u.Fatal(err)
	}
	_ = response.Body.Close() // only the header matters
	return answer{status: response.StatusCode, location: response.Header.Get("Location")}
}

// signal begins to stop the program and returns when it takes no new connections.
func (p *program) signal() (ended <-chan error) {
	p.Helper()
	done := make(chan error, 1)
	go func() { done <- p.stop() }()
	for deadline := time.Now().Add(30 * time.Second); ; {
		conn, err := new(net.Dialer).DialContext(p.Context(), "tcp", strings.TrimPrefix(p.URL(), "http://"))
		if err != nil {
			return done
		}
		_ = conn.Close() // it was only to see whether somebody listens
		if time.Now().After(deadline) {
			p.Fatal("the program goes on listening")
		}
	}
}

func TestShutdownAnswersWhatIsInHand(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		w := build(t, database)
		p := w.start()
		u := p.begin("/c/loophole/send", typed().Encode())
		ended := p.signal()
		a := u.end()
		if a.status != http.StatusSeeOther {
			t.Fatalf("a form in hand is answered %d", a.status)
		}
		if err := <-ended; err != nil {
			t.Errorf("the program ended with %v", err)
		}
		again := w.start()
		again.until(again.URL()+a.location, "Accepted by the House mail system")
	})
}

func TestShutdownCutsOffAClientThatStands(t *testing.T) {
	t.Parallel()
	w := build(t, dbtest.SQLiteURL(t))
	w.options.Grace = 2 * time.Second // requests get half of it
	p := w.start()
	u := p.begin("/c/loophole/send", typed().Encode())
	if err := <-p.signal(); err != nil {
		t.Errorf("a client that stands makes the program end with %v", err)
	}
	if _, err := u.answer.ReadByte(); err == nil {
		t.Error("half a form got an answer")
	}
	if !strings.Contains(w.log.String(), "cut off") {
		t.Errorf("the log does not tell that a client was cut off:\n%s", w.log)
	}
}

func TestShutdownWaitsForADelivery(t *testing.T) {
	t.Parallel()
	w := build(t, dbtest.SQLiteURL(t))
	p := w.start()
	arrived, open := w.capitol.shut()
	defer open()
	receipt := p.send(typed())
	<-arrived
	ended := p.signal()
	open()
	if err := <-ended; err != nil {
		t.Errorf("the program ended with %v", err)
	}
	again := w.start()
	again.until(again.URL()+receipt[strings.Index(receipt, "/receipt/"):], "Accepted by the House mail system")
	if n := len(w.capitol.Receptions()); n != 1 {
		t.Errorf("the Capitol got the letter %d times", n)
	}
}

func TestStoppedBeforeItHasBegun(t *testing.T) {
	t.Parallel()
	w := build(t, dbtest.SQLiteURL(t))
	a, err := app.New(t.Context(), w.settings, w.options)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.Run(ctx); err != nil {
		t.Errorf("the program ended with %v", err)
	}
	w.start() // nothing is left open
}

// TestABrokenDiskEndsTheProgram, soon: it waits for no request in hand, since nothing more
// can be saved.
func TestABrokenDiskEndsTheProgram(t *testing.T) {
	t.Parallel()
	database := dbtest.SQLiteURL(t)
	w := build(t, database)
	w.options.Grace = time.Hour
	p := w.start()
	slow, err := net.Dial("tcp", strings.TrimPrefix(p.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = slow.Close() }()
	if _, err := io.WriteString(slow, "POST /c/loophole/send HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nlang=en"); err != nil {
		t.Fatal(err)
	}
	p.until(p.OpsURL()+"/readyz", "ready")
	p.read(p.URL() + "/c/loophole")
	path := strings.TrimPrefix(database, "sqlite:")
	for _, file := range []string{path, path + "-wal"} {
		if err := os.Truncate(file, 100); err != nil {
			t.Fatal(err)
		}
	}
	// Whoever looks at the database first finds out, and the program may end before it answers.
	if answer, err := client.PostForm(p.URL()+"/c/loophole/send", typed()); err == nil {
		_ = answer.Body.Close()
		if answer.StatusCode < 500 {
			t.Errorf("a letter that cannot be saved is answered %d", answer.StatusCode)
		}
	}
	select {
	case err := <-p.ended:
		if err == nil || !strings.Contains(err.Error(), "the disk under the database failed") {
			t.Errorf("the program ended with %v", err)
		}
	case <-time.After(15 * time.Second): // less than a slow request may take
		t.Error("the program waits for the slow request")
	}
}
