package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cpuTime returns the processor time that this process, a server and the server's children
// have used, in user and system mode.
func cpuTime(server int) time.Duration {
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		return 0
	}
	total := time.Duration(own.Utime.Nano() + own.Stime.Nano())
	if server == 0 {
		return total
	}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return total
	}
	for _, name := range stats {
		raw, err := os.ReadFile(name) // #nosec G304 -- under /proc
		if err != nil {
			continue // it has ended
		}
		total += serverTime(string(raw), server)
	}
	return total
}

// serverTime reads a line of /proc/PID/stat, whose fields after the name in brackets are
// state, parent, and as the 12th and 13th the ticks of user and system time.
func serverTime(stat string, server int) time.Duration {
	const tick = 10 * time.Millisecond // USER_HZ is 100 on every Linux
	end := strings.LastIndexByte(stat, ')')
	if end < 0 {
		return 0
	}
	fields, pid := strings.Fields(stat[end+1:]), strconv.Itoa(server)
	if len(fields) < 13 || fields[1] != pid && !strings.HasPrefix(stat, pid+" ") {
		return 0
	}
	var user, system int64
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
		return 0
	}
	return time.Duration(user+system) * tick
}
