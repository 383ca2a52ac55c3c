package mailtest

import (
	"crypto/subtle"
	"io"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// session is one SMTP connection.
type session struct {
	catcher *Catcher
	conn    *smtp.Conn
	signed  bool
	from    string
	to      []string
}

// AuthMechanisms implements smtp.AuthSession.
func (s *session) AuthMechanisms() []string {
	if s.catcher.options.Username == "" {
		return nil
	}
	return []string{sasl.Plain}
}

// Auth implements smtp.AuthSession.
func (s *session) Auth(string) (sasl.Server, error) {
	o := s.catcher.options
	return sasl.NewPlainServer(func(_, username, password string) error {
		if username != o.Username || subtle.ConstantTimeCompare([]byte(password), []byte(o.Password)) != 1 {
			return smtp.ErrAuthFailed
		}
		s.signed = true
		return nil
	}), nil
}

// Mail implements smtp.Session.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.catcher.options.Username != "" && !s.signed {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return s.answer(Step{Command: "mail", Address: from})
}

// Rcpt implements smtp.Session.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := s.answer(Step{Command: "rcpt", Address: to}); err != nil {
		return err
	}
	s.to = append(s.to, to)
	return nil
}

// Data implements smtp.Session.
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	reply := s.ask(Step{Command: "data"})
	if reply.Code == 0 {
		m := parse(raw)
		m.From, m.To, m.Received = s.from, s.to, s.catcher.options.Clock()
		if err := s.catcher.keep(m); err != nil {
			return err
		}
	}
	return s.carryOut(reply)
}

// Reset implements smtp.Session.
func (s *session) Reset() { s.from, s.to = "", nil }

// Logout implements smtp.Session.
func (s *session) Logout() error { return nil }

func (s *session) ask(step Step) Reply {
	if s.catcher.options.Answer == nil {
		return Reply{}
	}
	return s.catcher.options.Answer(step)
}

func (s *session) answer(step Step) error { return s.carryOut(s.ask(step)) }

func (s *session) carryOut(reply Reply) error {
	if reply.Drop {
		_ = s.conn.Conn().Close() // the point is that nothing is said any more
	}
	if reply.Code == 0 {
		return nil
	}
	status := smtp.EnhancedCode(reply.Status)
	if reply.Status == [3]int{} {
		status[0] = reply.Code / 100
	}
	return &smtp.SMTPError{Code: reply.Code, EnhancedCode: status, Message: reply.Text}
}
