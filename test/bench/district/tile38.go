package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tidwall/redcon"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// pipelined is how many questions are under way at once on a connection that pipelines.
const pipelined = 50

// tile38 measures Tile38 where there is one, and always a server made of its parts: both
// are started with the same arguments and asked by the same client.
func (c *contest) tile38(ctx context.Context, bin string) error {
	if bin == "" {
		found, err := exec.LookPath("tile38-server")
		if err != nil {
			c.Notes = append(c.Notes, "Tile38 itself is not on this machine and its module is not on the Go module proxy (give a tile38-server with -tile38); "+
				"\"Tile38's parts\" is a server of the libraries it consists of (redcon, geojson, rtree) that answers the same command.")
		} else {
			bin = found
		}
	}
	if bin != "" {
		if err := c.askServer(ctx, "Tile38", exec.CommandContext(context.WithoutCancel(ctx), bin)); err != nil { // #nosec G204 -- named by whoever runs the benchmark
			return err
		}
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	return c.askServer(ctx, "Tile38's parts", exec.CommandContext(context.WithoutCancel(ctx), self, partsFlag)) // #nosec G204 -- ourselves
}

// askServer starts a server, loads it and measures three ways to ask.
func (c *contest) askServer(ctx context.Context, name string, cmd *exec.Cmd) (err error) {
	start := time.Now()
	server, err := startTile38(ctx, cmd)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	var clients [2]*tile38Client
	seats := c.seats()
	for i := range clients {
		if clients[i], err = dialTile38(ctx, server.address, seats); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, clients[i].Close()) }()
	}
	if err := clients[0].load(c.shapes); err != nil {
		return fmt.Errorf("load: %w", err)
	}
	ready := time.Since(start)
	megabytes, err := server.megabytes(clients[0])
	if err != nil {
		return err
	}
	shared := func(depth int) func(context.Context, []district.Point, []congress.Seat) error {
		return func(_ context.Context, points []district.Point, out []congress.Seat) error {
			return halves(clients, depth, points, out)
		}
	}
	for _, p := range []peer{
		{name: name + ", 1 connection", bar: barTile38, single: clients[0].seat},
		{name: name + ", 2 connections", bar: barTile38, batch: shared(1)},
		{name: name + ", 2 connections, 50 deep", batch: shared(pipelined)},
	} {
		p.unranked, p.server = true, cmd.Process.Pid
		r := &result{Ready: ready, Megabytes: megabytes}
		c.Results = append(c.Results, r)
		if err := c.measure(ctx, r, p); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return nil
}

// halves lets two connections share the points.
func halves(clients [2]*tile38Client, depth int, points []district.Point, out []congress.Seat) error {
	var group sync.WaitGroup
	var faults [len(clients)]error
	half := len(points) / 2
	for i, client := range clients {
		from, to := i*half, half+i*(len(points)-half)
		group.Go(func() { faults[i] = client.all(points[from:to], out[from:to], depth) })
	}
	group.Wait()
	return errors.Join(faults[:]...)
}

// tile38Client is one connection that speaks RESP, the protocol of Redis.
type tile38Client struct {
	net.Conn
	in    *bufio.Reader
	out   []byte
	seats map[string]congress.Seat
}

// collection is the key of the districts.
const collection = "districts"

func dialTile38(ctx context.Context, address string, seats map[string]congress.Seat) (*tile38Client, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return &tile38Client{Conn: conn, in: bufio.NewReader(conn), seats: seats}, nil
}

// command sends one command whose answer is a word.
func (t *tile38Client) command(args ...string) (string, error) {
	b := redcon.AppendArray(t.out[:0], len(args))
	for _, arg := range args {
		b = redcon.AppendBulkString(b, arg)
	}
	t.out = b
	if _, err := t.Write(b); err != nil {
		return "", err
	}
	line, err := t.line()
	if err != nil {
		return "", err
	}
	if len(line) == 0 || line[0] != '+' {
		return "", fmt.Errorf("%s: %q instead of a word", args[0], line)
	}
	return string(line[1:]), nil
}

// load sends every district as GeoJSON.
func (t *tile38Client) load(shapes []shape) error {
	for _, s := range shapes {
		if _, err := t.command("SET", collection, s.seat.String(), "OBJECT", string(s.appendGeoJSON(nil))); err != nil {
			return fmt.Errorf("%s: %w", s.seat, err)
		}
	}
	return nil
}

func (t *tile38Client) seat(p district.Point) (congress.Seat, error) {
	t.out = appendQuestion(t.out[:0], p)
	if _, err := t.Write(t.out); err != nil {
		return congress.Seat{}, err
	}
	return t.answer()
}

// all asks for the points, so many at a time.
func (t *tile38Client) all(points []district.Point, out []congress.Seat, depth int) (err error) {
	for len(points) > 0 {
		n := min(depth, len(points))
		t.out = t.out[:0]
		for _, p := range points[:n] {
			t.out = appendQuestion(t.out, p)
		}
		if _, err := t.Write(t.out); err != nil {
			return err
		}
		for i := range n {
			if out[i], err = t.answer(); err != nil {
				return err
			}
		}
		points, out = points[n:], out[n:]
	}
	return nil
}

// appendQuestion writes INTERSECTS districts LIMIT 1 NOFIELDS IDS POINT lat lon.
func appendQuestion(b []byte, p district.Point) []byte {
	b = append(b, "*9\r\n$10\r\nINTERSECTS\r\n$9\r\n"+collection+"\r\n$5\r\nLIMIT\r\n$1\r\n1\r\n$8\r\nNOFIELDS\r\n$3\r\nIDS\r\n$5\r\nPOINT\r\n"...)
	var text [32]byte
	for _, v := range [...]float64{p.Lat, p.Lon} {
		b = redcon.AppendBulk(b, strconv.AppendFloat(text[:0], v, 'f', -1, 64))
	}
	return b
}

// answer reads [cursor, [ids]], and returns the first.
func (t *tile38Client) answer() (seat congress.Seat, err error) {
	if n, err := t.number('*'); err != nil || n != 2 {
		return seat, errors.Join(fmt.Errorf("an answer of %d parts", n), err)
	}
	if _, err := t.number(':'); err != nil {
		return seat, err
	}
	ids, err := t.number('*')
	if err != nil || ids == 0 {
		return seat, err
	}
	if ids != 1 {
		return seat, fmt.Errorf("%d ids, although one was asked for", ids)
	}
	length, err := t.number('$')
	if err != nil {
		return seat, err
	}
	id, err := t.in.Peek(length + 2)
	if err != nil {
		return seat, err
	}
	seat, ok := t.seats[string(id[:length])]
	if !ok {
		return seat, fmt.Errorf("no seat is named %q", id[:length])
	}
	_, err = t.in.Discard(length + 2)
	return seat, err
}

// number reads a line of a kind and a number.
func (t *tile38Client) number(kind byte) (int, error) {
	line, err := t.line()
	if err != nil {
		return 0, err
	}
	n := 0
	if len(line) < 2 || line[0] != kind {
		return 0, fmt.Errorf("%q instead of %q and a number", line, kind)
	}
	for _, digit := range line[1:] {
		if digit < '0' || digit > '9' || n > 1<<30 {
			return 0, fmt.Errorf("%q is no number", line[1:])
		}
		n = 10*n + int(digit-'0')
	}
	return n, nil
}

// line reads up to the next line end and leaves that out.
func (t *tile38Client) line() ([]byte, error) {
	line, err := t.in.ReadSlice('\n')
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	return line[:max(len(line)-2, 0)], nil
}

// fieldOf returns the number of kilobytes in a line of /proc/PID/status.
func fieldOf(status, name string) (kilobytes float64, ok bool) {
	for line := range strings.Lines(status) {
		if rest, found := strings.CutPrefix(line, name+":"); found {
			_, err := fmt.Sscan(rest, &kilobytes)
			return kilobytes, err == nil
		}
	}
	return 0, false
}
