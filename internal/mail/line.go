package mail

import (
	"cmp"
	"context"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// wire is a message as it goes over the wire: its envelope, and its signed bytes.
type wire struct {
	from, to string
	raw      []byte
	may      func(context.Context) error // asked before the relay hears of it; nil for no question
}

// line is one connection to the relay. Messages go over it one after the other, so that
// at most one is under way when it breaks.
type line struct {
	socket  *connection
	client  *gomail.Client
	relay   *smtp.Client
	timeout time.Duration
	sent    int
	used    time.Time
	broken  bool // nothing more can be said on it
}

// dial connects to the relay, with TLS and sign-in.
func (s *Sender) dial(ctx context.Context) (*line, error) {
	l := &line{socket: &connection{config: s.config}, timeout: s.config.Timeout, used: s.clock()}
	stop := context.AfterFunc(ctx, l.socket.close)
	defer stop()
	var err error
	if l.client, err = gomail.NewClient(s.config.Host, s.options(l.socket)...); err != nil {
		return nil, connectError(err)
	}
	if l.relay, err = l.client.DialToSMTPClientWithContext(ctx); err != nil {
		l.socket.close()
		return nil, connectError(cmp.Or(ctx.Err(), err))
	}
	return l, nil
}

// send hands one message over. When ctx ends meanwhile, the connection is cut at once.
func (l *line) send(ctx context.Context, w wire) error {
	stop := context.AfterFunc(ctx, l.socket.close)
	failed := l.transact(w)
	if !stop() {
		l.broken = true
	}
	if failed == nil {
		l.sent++
		return nil
	}
	failed.cause = ctx.Err()
	return failed
}

func (l *line) transact(w wire) *SendError {
	if err := l.relay.UpdateDeadline(l.timeout); err != nil {
		l.broken = true
		return answered("sender", err)
	}
	if err := l.relay.Mail("<" + w.from + ">"); err != nil {
		// The relay does not like our own address: the operator's to mend, never the recipient's fault.
		return l.reset(answered("sender", err))
	}
	if err := l.relay.Rcpt("<" + w.to + ">"); err != nil {
		return l.reset(answered("recipient", err).judged())
	}
	body, err := l.relay.Data()
	if err != nil {
		return l.reset(answered("message", err).judged())
	}
	if _, err := body.Write(w.raw); err != nil {
		l.broken = true
		return answered("message", err)
	}
	if err := body.Close(); err != nil {
		failed := answered("message", err).judged()
		if failed.Code == 0 {
			failed.Outcome = Unknown
		}
		l.broken = failed.over()
		return failed
	}
	return nil
}

// reset makes the line ready for the next message after the relay refused a step.
func (l *line) reset(failed *SendError) *SendError {
	l.broken = failed.over() || l.relay.Reset() != nil
	return failed
}

// end says goodbye, if anybody listens, and closes the connection.
func (l *line) end() {
	if !l.broken {
		_ = l.client.CloseWithSMTPClient(l.relay) // the messages have been taken whatever is said now
	}
	l.socket.close()
}
