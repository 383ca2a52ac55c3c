package public

import (
	"bytes"
	"html"
	"net/url"
	"strings"
	"testing"
)

// FuzzRetype compares with the standard library: a browser reads out of the page what was
// posted, and nothing that was posted leaves its field.
func FuzzRetype(f *testing.F) {
	for _, seed := range []string{"", "Ada", "O'Neil & <b>\"x\"</b>", "100 %", "One\r\n\r\ntwo + three", "é\x00\xff", "&#39;&amp;", strings.Repeat("word ", 300)} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, text, raw string) {
		posted := url.Values{"message": {text}, "evil": {text}}.Encode()
		var page bytes.Buffer
		rawForm(posted).writeHidden(&page)
		want := ""
		if text != "" {
			want = `<input type="hidden" name="message" value="` + html.EscapeString(text) + `">`
		}
		if page.String() != want {
			t.Fatalf("%q became %s, want %s", text, page.String(), want)
		}
		page.Reset()
		rawForm("message=" + raw).writeHidden(&page)
		value := strings.TrimSuffix(strings.TrimPrefix(page.String(), `<input type="hidden" name="message" value="`), `">`)
		value, _, _ = strings.Cut(value, `"><input type="hidden" name=`) // raw may hold other fields
		if strings.ContainsAny(value, `<>"'`) {
			t.Fatalf("%q leaves its field: %s", raw, page.String())
		}
	})
}

func TestRetype(t *testing.T) {
	t.Parallel()
	for encoded, want := range map[string]string{
		"a+b": "a b", "%41": "A", "100%": "100%", "%4": "%4", "%zz": "%zz", "%3C%22": "&lt;&#34;", "<'>": "&lt;&#39;&gt;", "%C3%A9": "é", "%26amp;": "&amp;amp;",
	} {
		var page bytes.Buffer
		writeText(&page, []byte(encoded))
		if page.String() != want {
			t.Errorf("%q became %q, want %q", encoded, page.String(), want)
		}
	}
	if got := string(rawForm("a=1&subject=x&subject=y").value("subject")); got != "x" {
		t.Errorf("of two values %q was taken", got)
	}
}
