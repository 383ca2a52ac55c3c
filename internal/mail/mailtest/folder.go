package mailtest

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// In the folder each message is one .eml file that any mail program opens. Its name holds
// the time and the number; two lines before the message hold the envelope.
const (
	fileTime   = "20060102T150405.000Z"
	returnPath = "Return-Path: <"
	delivered  = "X-Original-To: "
)

func (c *Catcher) path(m Message) string {
	return filepath.Join(c.options.Folder, fmt.Sprintf("%s-%06d.eml", m.Received.UTC().Format(fileTime), m.ID))
}

func (c *Catcher) save(m Message) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s%s>\r\n%s%s\r\n", returnPath, m.From, delivered, strings.Join(m.To, ", "))
	b.Write(m.Raw)
	return os.WriteFile(c.path(m), b.Bytes(), 0o600)
}

func (c *Catcher) forget(m Message) { _ = os.Remove(c.path(m)) } // it is out of the list either way

// load reads the folder, which it makes if there is none.
func (c *Catcher) load() error {
	if err := os.MkdirAll(c.options.Folder, 0o700); err != nil {
		return err
	}
	folder := os.DirFS(c.options.Folder)
	names, err := fs.Glob(folder, "*.eml")
	if err != nil {
		return err
	}
	for _, name := range names {
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			return err
		}
		m, err := read(name, data)
		if err != nil {
			return err
		}
		c.last = max(c.last, m.ID)
		c.messages = append(c.messages, m)
	}
	slices.SortFunc(c.messages, func(a, b Message) int { return a.ID - b.ID })
	found := c.messages
	c.messages = nil
	for _, m := range found {
		c.add(m)
	}
	return nil
}

// read is the reverse of save.
func read(name string, data []byte) (Message, error) {
	var id int
	stamp, number, _ := strings.Cut(strings.TrimSuffix(name, ".eml"), "-")
	received, err := time.Parse(fileTime, stamp)
	if err == nil {
		_, err = fmt.Sscanf(number, "%d", &id)
	}
	if err != nil || id < 1 {
		return Message{}, fmt.Errorf("%s is not a file of this folder", name)
	}
	from, rest, ok := bytes.Cut(data, []byte(">\r\n"))
	to, raw, ok2 := bytes.Cut(rest, []byte("\r\n"))
	if !ok || !ok2 || !bytes.HasPrefix(from, []byte(returnPath)) || !bytes.HasPrefix(to, []byte(delivered)) {
		return Message{}, fmt.Errorf("%s has no envelope", name)
	}
	m := parse(raw)
	m.ID, m.Received = id, received
	m.From = strings.TrimPrefix(string(from), returnPath)
	m.To = strings.Split(strings.TrimPrefix(string(to), delivered), ", ")
	return m, nil
}
