package cwc

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxReasonDepth bounds how deep elements may nest in a list of reasons.
const maxReasonDepth = 16

// reasons reads the office system's words out of the body of an error: a list in XML
// (<Errors><Error>), a JSON list as the documentation's prose says, or plain text. Production
// has been seen to give each reason twice, so each is kept once. It reports false for a body
// that no office system writes: binary, with a document type, or nested without end.
func (c caller) reasons(a answer) (kept []string, readable bool) {
	if pageText.Match(a.body) {
		return nil, true
	}
	if bytes.IndexByte(a.body, 0) >= 0 || doctypeText.Match(a.body) {
		return nil, false
	}
	found, readable := xmlReasons(a.body)
	if found == nil {
		found = jsonReasons(a.body)
	}
	if found == nil {
		found = []string{string(a.body)}
	}
	seen := map[string]bool{}
	for _, r := range found {
		r = cut(c.key.strike(oneLine(r)), maxReason)
		if r == "" || seen[r] || len(kept) == maxReasons {
			continue
		}
		seen[r] = true
		kept = append(kept, r)
	}
	return kept, readable
}

var doctypeText = regexp.MustCompile(`(?i)^(?:\xEF\xBB\xBF)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?s:.*?)-->\s*)*<!(?:doctype|entity)\b`)

// xmlReasons returns the text of each Error element, as far as the body can be read, and
// false if it nests too deep. It reads no document type and knows no entity but the five of
// XML, so nothing is fetched or expanded.
func xmlReasons(body []byte) (found []string, shallow bool) {
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(body, []byte("\uFEFF"))))
	d.CharsetReader = anyCharset
	var text *strings.Builder
	for depth := 0; depth <= maxReasonDepth; {
		token, err := d.Token()
		if err != nil {
			return found, true
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
			if strings.EqualFold(t.Name.Local, "Error") {
				text = &strings.Builder{}
			}
		case xml.EndElement:
			depth--
			if text != nil && strings.EqualFold(t.Name.Local, "Error") {
				found = append(found, text.String())
				text = nil
			}
		case xml.CharData:
			if text != nil {
				text.Write(t)
			}
		}
	}
	return nil, false
}

// anyCharset leaves the bytes as they are. Servers on .NET are known to declare UTF-16 above
// text in UTF-8, and a few wrong letters in a reason do no harm.
func anyCharset(_ string, r io.Reader) (io.Reader, error) { return r, nil }

func jsonReasons(body []byte) []string {
	var list []string
	if json.Unmarshal(body, &list) == nil {
		return list
	}
	var object struct {
		Errors []string `json:"errors"`
		Error  string   `json:"error"`
	}
	if json.Unmarshal(body, &object) != nil {
		return nil
	}
	if object.Error != "" {
		object.Errors = append(object.Errors, object.Error)
	}
	return object.Errors
}

// oneLine makes text safe for one line of a log or page: valid UTF-8, no control
// characters, none that nobody sees and that turn round what stands behind them, single
// blanks.
func oneLine(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// cut shortens text to n characters.
func cut(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:n-1]) + "…"
}
