package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/tidwall/redcon"
)

// partsFlag makes this program a server of Tile38's parts.
const partsFlag = "serve-tile38-parts"

// serveParts listens where Tile38 would, given the arguments of startTile38, until the
// context ends.
func serveParts(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet(partsFlag, flag.ContinueOnError)
	host := flags.String("h", "127.0.0.1", "host")
	port := flags.Int("p", 0, "port")
	flags.String("d", "", "folder; nothing is written")
	flags.Bool("q", false, "no log; there is none")
	flags.String("appendonly", "no", "there is no log of changes")
	if err := flags.Parse(args); err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort(*host, strconv.Itoa(*port)))
	if err != nil {
		return err
	}
	p := &parts{}
	server := redcon.NewServer("", p.handle, nil, nil)
	context.AfterFunc(ctx, func() {
		if err := server.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "district:", err)
		}
	})
	return server.Serve(listener)
}

// parts answers the commands of Tile38 that the benchmark gives, for its one collection.
type parts struct{ districts fence }

func (p *parts) handle(conn redcon.Conn, cmd redcon.Command) {
	args := make([]string, len(cmd.Args))
	for i, arg := range cmd.Args {
		args[i] = string(arg)
	}
	switch name := strings.ToUpper(args[0]); {
	case name == "PING":
		conn.WriteString("PONG")
	case name == "GC":
		runtime.GC()
		debug.FreeOSMemory()
		conn.WriteString("OK")
	case name == "SET" && len(args) == 5 && strings.EqualFold(args[3], "OBJECT"):
		p.set(conn, args[1], args[2], args[4])
	case name == "INTERSECTS" && len(args) > 2:
		p.intersects(conn, args[1], args[2:])
	default:
		conn.WriteError("ERR unknown command or wrong number of arguments")
	}
}

func (p *parts) set(conn redcon.Conn, key, id, text string) {
	if key != collection {
		conn.WriteError("ERR unknown collection")
		return
	}
	if err := p.districts.set(id, text); err != nil {
		conn.WriteError("ERR " + err.Error())
		return
	}
	conn.WriteString("OK")
}

// intersects takes [LIMIT n] [NOFIELDS] [IDS] POINT lat lon.
func (p *parts) intersects(conn redcon.Conn, key string, args []string) {
	limit := 100
	for len(args) > 3 {
		switch strings.ToUpper(args[0]) {
		case "NOFIELDS", "IDS":
			args = args[1:]
		case "LIMIT":
			n, err := strconv.Atoi(args[1])
			if err != nil || n < 1 {
				conn.WriteError("ERR invalid limit")
				return
			}
			limit, args = n, args[2:]
		default:
			conn.WriteError("ERR invalid argument")
			return
		}
	}
	if key != collection || len(args) != 3 || !strings.EqualFold(args[0], "POINT") {
		conn.WriteError("ERR invalid argument")
		return
	}
	p.answer(conn, args[1], args[2], limit)
}

// answer writes a cursor, which is not 0 when the limit was reached, and the ids.
func (p *parts) answer(conn redcon.Conn, latitude, longitude string, limit int) {
	lat, err := strconv.ParseFloat(latitude, 64)
	lon, err2 := strconv.ParseFloat(longitude, 64)
	if err != nil || err2 != nil {
		conn.WriteError("ERR invalid point")
		return
	}
	ids := p.districts.intersects(lat, lon, limit, nil)
	conn.WriteArray(2)
	if len(ids) < limit {
		conn.WriteInt(0)
	} else {
		conn.WriteInt(limit)
	}
	conn.WriteArray(len(ids))
	for _, id := range ids {
		conn.WriteBulkString(id)
	}
}
