package mail

import (
	"context"
	"errors"
	"time"
)

// Bounds of one connection of a pool. Relays end connections that are silent for minutes
// or carry hundreds of messages; ending them first costs less than finding out.
const (
	maxPerLine = 100
	maxIdle    = 30 * time.Second
)

// Pool sends many messages over a few connections that stay open in between. It is the
// base of bulk mail: on each connection at most one message is under way, so a crash
// leaves at most that many whose fate nobody knows. How fast to send, to whom, and what a
// refusal means is for its caller to decide. It is safe for concurrent use.
type Pool struct {
	sender *Sender
	lines  chan *line // a place for each connection; nil while it is not open
}

// Pool returns a pool of at most so many connections. None is made before it is needed.
func (s *Sender) Pool(connections int) *Pool {
	p := &Pool{sender: s, lines: make(chan *line, max(connections, 1))}
	for range cap(p.lines) {
		p.lines <- nil
	}
	return p
}

// Send hands one message to the relay as Sender.Send does, and waits for a free connection
// before. The time-out counts from then on.
func (p *Pool) Send(ctx context.Context, m Message) error { return p.SendIf(ctx, m, nil) }

// SendIf is Send with a last question, which is asked when the connection stands and before
// the relay hears of the message. An error of it comes back as it is, and nothing was sent.
func (p *Pool) SendIf(ctx context.Context, m Message, may func(context.Context) error) error {
	w, err := p.sender.write(m)
	if err != nil {
		return err
	}
	var l *line
	select {
	case l = <-p.lines:
	case <-ctx.Done():
		return connectError(ctx.Err())
	}
	ctx, cancel := context.WithTimeout(ctx, p.sender.config.Timeout)
	defer cancel()
	w.may = may
	l, err = p.over(ctx, l, w)
	if l != nil && l.broken {
		l.end()
		l = nil
	}
	p.lines <- l
	return err
}

// over sends over the line, or over a new one where it is used up or was cut meanwhile:
// as long as the relay has not heard of a message, saying it again makes no second one.
func (p *Pool) over(ctx context.Context, l *line, w wire) (*line, error) {
	if l != nil && (l.sent >= maxPerLine || p.sender.clock().Sub(l.used) > maxIdle) {
		l.end()
		l = nil
	}
	if l != nil {
		err := p.try(ctx, l, w)
		if failed, ok := errors.AsType[*SendError](err); !ok || failed.Step != "sender" || !failed.over() || ctx.Err() != nil {
			return l, err
		}
		l.end()
	}
	l, err := p.sender.dial(ctx)
	if err != nil {
		return nil, err
	}
	return l, p.try(ctx, l, w)
}

func (p *Pool) try(ctx context.Context, l *line, w wire) error {
	if w.may != nil {
		if err := w.may(ctx); err != nil {
			return err
		}
	}
	err := l.send(ctx, w)
	l.used = p.sender.clock()
	return err
}

// Close waits for the messages under way and ends the connections. The pool opens new
// ones when it is used again.
func (p *Pool) Close() {
	for range cap(p.lines) {
		if l := <-p.lines; l != nil {
			l.end()
		}
	}
	for range cap(p.lines) {
		p.lines <- nil
	}
}
