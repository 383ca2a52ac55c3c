package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// TestMain lets the test program be the server of Tile38's parts, as the benchmark is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == partsFlag {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
		err := serveParts(ctx, os.Args[2:])
		stop()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// square is a district with a hole in its middle and an island beside it.
func square(t *testing.T, seat string, west float64) shape {
	t.Helper()
	ring := func(minX, minY, maxX, maxY float64) orb.Ring {
		return orb.Ring{{minX, minY}, {maxX, minY}, {maxX, maxY}, {minX, maxY}, {minX, minY}}
	}
	s, err := congress.ParseSeat(seat)
	if err != nil {
		t.Fatal(err)
	}
	return shape{s, orb.MultiPolygon{
		{ring(west, 30, west+4, 34), ring(west+1, 31, west+2, 32)},
		{ring(west+5, 30, west+6, 31)},
	}}
}

func TestTile38ClientAndParts(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	server, err := startTile38(t.Context(), exec.CommandContext(t.Context(), self, partsFlag)) // #nosec G204 -- ourselves
	if err != nil {
		t.Fatal(err)
	}
	shapes := []shape{square(t, "AZ-01", -115.123456), square(t, "NM-02", -105)}
	seats := map[string]congress.Seat{"AZ-01": shapes[0].seat, "NM-02": shapes[1].seat}
	var clients [2]*tile38Client
	for i := range clients {
		if clients[i], err = dialTile38(t.Context(), server.address, seats); err != nil {
			t.Fatal(err)
		}
	}
	if err := clients[0].load(shapes); err != nil {
		t.Fatal(err)
	}
	if megabytes, err := server.megabytes(clients[0]); err != nil || megabytes < 1 || megabytes > 1000 {
		t.Errorf("%.1f MB, %v", megabytes, err)
	}
	points := []district.Point{
		{Lat: 30.5, Lon: -115},
		{Lat: 31.5, Lon: -113.5},
		{Lat: 30.5, Lon: -109.5},
		{Lat: 33, Lon: -104.5},
		{Lat: 31.5, Lon: -103.5},
		{Lat: 40, Lon: -110},
		{Lat: -31, Lon: 110},
		{Lat: 33.999999, Lon: -101.000001},
	}
	want := fmt.Sprint([]string{"AZ-01", "", "AZ-01", "NM-02", "", "", "", "NM-02"})
	for _, depth := range []int{1, 3, pipelined} {
		out := make([]congress.Seat, len(points))
		if err := halves(clients, depth, points, out); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(names(out)); got != want {
			t.Errorf("%d deep: %s, want %s", depth, got, want)
		}
	}
	if seat, err := clients[1].seat(points[0]); err != nil || seat.String() != "AZ-01" {
		t.Errorf("one question: %v, %v", seat, err)
	}
	for _, bad := range [][]string{
		{"FLUSHALL"},
		{"SET", collection, "x", "OBJECT", "{"},
		{"SET", "fleet", "x", "OBJECT", "{}"},
		{"INTERSECTS", collection, "LIMIT", "0", "IDS", "POINT", "1", "2"},
		{"INTERSECTS", collection, "POINT", "x", "2"},
		{"INTERSECTS", collection, "FENCE", "IDS", "POINT", "1", "2"},
		{"INTERSECTS", "fleet", "IDS", "POINT", "1", "2"},
	} {
		if word, err := clients[0].command(bad...); err == nil || !strings.Contains(err.Error(), "ERR") {
			t.Errorf("%q: %q, %v, want an error of the server", bad, word, err)
		}
	}
	for _, client := range clients {
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := server.stop(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(server.dir); err == nil {
		t.Error("the folder is still there")
	}
}

func names(seats []congress.Seat) (all []string) {
	for _, seat := range seats {
		if seat.IsZero() {
			all = append(all, "")
			continue
		}
		all = append(all, seat.String())
	}
	return all
}

func TestServerThatEndsAtOnce(t *testing.T) {
	server, err := startTile38(t.Context(), exec.CommandContext(t.Context(), "false"))
	if err == nil || !strings.Contains(err.Error(), "ended") {
		t.Errorf("%v, %v", server, err)
	}
}

func TestAnswersOfAServer(t *testing.T) {
	seat, err := congress.ParseSeat("AZ-01")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, text, want string
		bad              bool
	}{
		{"one", "*2\r\n:1\r\n*1\r\n$5\r\nAZ-01\r\n", "AZ-01", false},
		{"none", "*2\r\n:0\r\n*0\r\n", "", false},
		{"two", "*2\r\n:0\r\n*2\r\n$5\r\nAZ-01\r\n$5\r\nAZ-01\r\n", "", true},
		{"stranger", "*2\r\n:0\r\n*1\r\n$5\r\nXX-01\r\n", "", true},
		{"error", "-ERR no\r\n", "", true},
		{"no number", "*2\r\n:0\r\n*1x\r\n", "", true},
		{"other shape", "*3\r\n", "", true},
		{"cut", "*2\r\n:1\r\n*1\r\n$5\r\nAZ", "", true},
		{"closed", "", "", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := &tile38Client{in: bufio.NewReader(strings.NewReader(test.text)), seats: map[string]congress.Seat{"AZ-01": seat}}
			got, err := client.answer()
			if (err != nil) != test.bad || !test.bad && names([]congress.Seat{got})[0] != test.want {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
}

func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{"*2\r\n:1\r\n*1\r\n$5\r\nAZ-01\r\n", "*2\r\n:0\r\n*0\r\n", "*2\r\n:0\r\n*1\r\n$99999999999\r\n", "\n", "*\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(_ *testing.T, text []byte) {
		client := &tile38Client{in: bufio.NewReader(bytes.NewReader(text))}
		for range 3 {
			if _, err := client.answer(); err != nil {
				return
			}
		}
	})
}

func TestQuestionIsOneCommand(t *testing.T) {
	near, far := net.Pipe()
	received := make(chan string, 1)
	go func() {
		text := make([]byte, 300)
		n, _ := io.ReadAtLeast(far, text, 1)
		received <- string(text[:n])
		_ = far.Close()
	}()
	client := &tile38Client{Conn: near, in: bufio.NewReader(near)}
	if _, err := client.seat(district.Point{Lat: 33.5, Lon: -112.25}); err == nil {
		t.Error("an answer from a closed connection")
	}
	const want = "*9\r\n$10\r\nINTERSECTS\r\n$9\r\ndistricts\r\n$5\r\nLIMIT\r\n$1\r\n1\r\n$8\r\nNOFIELDS\r\n$3\r\nIDS\r\n$5\r\nPOINT\r\n$4\r\n33.5\r\n$7\r\n-112.25\r\n"
	if got := <-received; got != want {
		t.Errorf("%q", got)
	}
}

func TestProcessorTimeOfAServer(t *testing.T) {
	const line = "812 (a (b) c) S 77 812 812 0 -1 4194560 1 0 0 0 150 25 0 0 20 0 1 0 100"
	for server, want := range map[int]time.Duration{812: 1750 * time.Millisecond, 77: 1750 * time.Millisecond, 81: 0} {
		if got := serverTime(line, server); got != want {
			t.Errorf("of %d: %s, want %s", server, got, want)
		}
	}
	if got := serverTime("812 (cut", 812); got != 0 {
		t.Errorf("of a cut line: %s", got)
	}
	if got, ok := fieldOf("Name:\tx\nVmRSS:\t  2048 kB\n", "VmRSS"); !ok || got != 2048 {
		t.Errorf("%v kB, %t", got, ok)
	}
}

func TestBars(t *testing.T) {
	good := func() *contest {
		own := result{Name: ours, PerCPUSecond: 9e6, P99: 800, ReadyCPU: time.Second / 2, Megabytes: 48}
		many := own
		return &contest{Results: []*result{&own, &many, {Name: "Tile38", bar: barTile38, CPURatio: 101}, {Name: "S2", CPURatio: 50}}}
	}
	for _, test := range []struct {
		name  string
		spoil func(*contest)
		want  string
	}{
		{"all held", func(*contest) {}, ""},
		{"slow", func(c *contest) { c.Results[1].PerCPUSecond = 4e6 }, "4,000,000 points a second"},
		{"not faster enough", func(c *contest) { c.Results[2].CPURatio = 99 }, "99 times Tile38"},
		{"p99", func(c *contest) { c.Results[1].P99 = 1001 }, "takes 1.001µs"},
		{"ready", func(c *contest) { c.Results[1].ReadyCPU = time.Second }, "ready after 1s"},
		{"memory", func(c *contest) { c.Results[1].Megabytes = 100 }, "100 MB"},
		{"wrong", func(c *contest) { c.Results[1].Different[1] = 1 }, "1 answers near lines"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := good()
			test.spoil(c)
			err := c.missed()
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

func TestTables(t *testing.T) {
	own := &result{Name: ours, PerSecond: [len(kinds)]float64{12345678, 1, 2}, PerCPUSecond: 1e6, P50: 40, P99: 800, Ready: time.Second, ReadyCPU: time.Second, Megabytes: 48}
	peer := &result{Name: "S2", PerSecond: [len(kinds)]float64{300000, 1, 2}, Different: [len(kinds)]int{0, 7, 0}, Ratio: 41, CPURatio: 4.04}
	c := &contest{Points: 10, Results: []*result{own, peer}, Notes: []string{"No Tile38 here."}}
	for name, want := range map[string][]string{
		"markdown": {"| " + ours + " | 12,345,678 | 1 | 2 | 1,000,000 | 40ns | 800ns | 1s | 48 | 0 / 0 / 0 |  |  |", "| 0 / 7 / 0 | 41 x | 4.0 x |", "|---|---:|", "No Tile38 here."},
		"aligned":  {"12,345,678", "0 / 7 / 0", "41 x", "No Tile38 here."},
	} {
		var out strings.Builder
		if err := (&report{Points: c}).print(&out, map[string]layout{"markdown": markdown, "aligned": aligned}[name]); err != nil {
			t.Fatal(err)
		}
		for _, part := range want {
			if !strings.Contains(out.String(), part) {
				t.Errorf("%s lacks %q:\n%s", name, part, &out)
			}
		}
	}
}

func TestRatesEndWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	asked := 0
	_, _, err := ratesOf(ctx, 5, 10, 0, func(context.Context) error { asked++; cancel(); return nil })
	if err == nil || asked != 1 {
		t.Errorf("%d batches, %v", asked, err)
	}
}
