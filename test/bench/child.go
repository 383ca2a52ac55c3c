package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// Each server, each group of clients and each bare writer is a process of its own, so that
// none borrows another's memory or schedule. The children are this program with a task as
// JSON in its second argument. A child that serves says where, once; one that measures
// reads plans from its input, one a line, and answers each with what it measured. All end
// when their input closes, so that none is ever left behind.

// childFlag marks a child's command line.
const childFlag = "--child"

// task is what a child is to do.
type task struct {
	Do       string // "load", "bare", "deliver", "posts", "capitol", "franklin", "nothing", "page"
	Database string
	Campaign string // path of the campaign's file
	Body     string // path of the bytes that "page" serves
	Profile  string // file for a CPU profile; "" for none
	Capitol  string // address of the simulated Capitol
	Stored   int    // letters that were delivered long ago
}

// serving is the first answer of a child: it serves there, or is ready to measure itself.
type serving struct{ URL string }

// start starts a child.
func start(ctx context.Context, t task) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	c := &child{cmd: exec.CommandContext(ctx, self, childFlag, string(text))} //nolint:gosec // this program itself
	c.cmd.Stderr = os.Stderr
	if c.input, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	output, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.output = bufio.NewReader(output)
	return c, c.cmd.Start()
}

// child is a running child.
type child struct {
	cmd    *exec.Cmd
	input  io.WriteCloser
	output *bufio.Reader
}

// answer waits for the child's answer.
func (c *child) answer(into any) error {
	line, err := c.output.ReadBytes('\n')
	if err != nil {
		return errors.Join(fmt.Errorf("a part of the bench ended early: %w", err), c.end())
	}
	return json.Unmarshal(line, into)
}

// end closes the child's input and waits for it.
func (c *child) end() error { return errors.Join(c.input.Close(), c.cmd.Wait()) }

// busy is the processor time that the ended child took.
func (c *child) busy() time.Duration {
	return c.cmd.ProcessState.UserTime() + c.cmd.ProcessState.SystemTime()
}

// measure gives a child a plan and waits for what it measured.
func (c *child) measure(p plan) (r loadResult, err error) {
	if err := json.NewEncoder(c.input).Encode(p); err != nil {
		return r, errors.Join(err, c.end())
	}
	if err := c.answer(&r); err != nil {
		return r, err
	}
	if r.Failed > 0 {
		return r, fmt.Errorf("%d of %d requests failed: %s", r.Failed, r.Failed+r.All, r.Fault)
	}
	return r, nil
}

// perform is the whole life of a child.
func perform(ctx context.Context, text string) error {
	var t task
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		return err
	}
	stop, err := profile(t.Profile)
	if err != nil {
		return err
	}
	defer stop()
	switch t.Do {
	case "load":
		return eachPlan(plan.run)
	case "bare":
		return bare(ctx, t)
	case "deliver":
		return deliver(ctx, t)
	case "posts":
		return posts(ctx, t)
	default:
		return serve(ctx, t)
	}
}

// eachOwnPlan says that this child is ready and measures each plan.
func eachOwnPlan(measure func(plan) (loadResult, error)) error {
	if err := say(serving{}); err != nil {
		return err
	}
	return eachPlan(measure)
}

// eachPlan measures each plan that the parent sends.
func eachPlan(measure func(plan) (loadResult, error)) error {
	plans := json.NewDecoder(os.Stdin)
	for {
		var p plan
		if err := plans.Decode(&p); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		r, err := measure(p)
		if err != nil {
			return err
		}
		if err := say(r); err != nil {
			return err
		}
	}
}

func say(answer any) error { return json.NewEncoder(os.Stdout).Encode(answer) }

// untilClosed ends the context when the parent closes our input or dies.
func untilClosed(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	return ctx
}
