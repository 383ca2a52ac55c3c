package share_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/franklin-letters/franklin/internal/web/share"
)

const page = "https://letters.example/c/close-the-loophole?lang=es&utm_source=share+it"

func links(t *testing.T, text string) map[share.Network]share.Link {
	t.Helper()
	all := make(map[share.Network]share.Link)
	for _, l := range share.Links(page, text, "en") {
		all[l.Network] = l
	}
	if len(all) != 8 {
		t.Fatalf("%d links", len(all))
	}
	return all
}

// asked returns the address without query and fragment, and what the other side reads in
// either.
func asked(t *testing.T, href string) (string, url.Values) {
	t.Helper()
	u, err := url.Parse(href)
	if err != nil {
		t.Fatal(err)
	}
	query := u.RawQuery
	if u.Fragment != "" {
		query = u.EscapedFragment()
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	bare := u.Scheme + ":" + u.Opaque
	if u.Host != "" {
		bare = u.Scheme + "://" + u.Host + u.Path
	}
	return bare, values
}

func TestLinksCarryTextAndPage(t *testing.T) {
	const text = `Tell Congress: 100% "yes" & más? #justice + <b>`
	for network, want := range map[share.Network]struct {
		bare   string
		values url.Values
	}{
		share.Email:    {"mailto:", url.Values{"subject": {text}, "body": {text + "\r\n\r\n" + page + "\r\n"}}},
		share.WhatsApp: {"https://wa.me/", url.Values{"text": {text + " " + page}}},
		share.Facebook: {"https://www.facebook.com/sharer/sharer.php", url.Values{"u": {page}}},
		share.Bluesky:  {"https://bsky.app/intent/compose", url.Values{"text": {text + " " + page}}},
		share.Mastodon: {"https://share.joinmastodon.org/", url.Values{"text": {text + " " + page}}},
		share.X:        {"https://x.com/intent/post", url.Values{"text": {text}, "url": {page}}},
		share.LinkedIn: {"https://www.linkedin.com/sharing/share-offsite/", url.Values{"url": {page}}},
	} {
		link := links(t, text)[network]
		bare, values := asked(t, link.Href)
		if bare != want.bare || values.Encode() != want.values.Encode() {
			t.Errorf("%s: %s reads as %s %q", network, link.Href, bare, values)
		}
		if strings.ContainsAny(link.Href, " \"<>+\r\n") {
			t.Errorf("%s: %s is not fully escaped", network, link.Href)
		}
	}
	if got := links(t, text)[share.Copy].Href; got != page {
		t.Errorf("copy: %s", got)
	}
}

func TestLinksCleanAndShortenText(t *testing.T) {
	long := strings.Repeat("Write to your Representative today. ", 30)
	for network, limit := range map[share.Network]int{share.X: 256, share.Bluesky: 300, share.Mastodon: 500} {
		_, values := asked(t, links(t, long)[network].Href)
		post := values.Get("text")
		if n := utf8.RuneCountInString(post); n > limit || n < limit-20 {
			t.Errorf("%s: %d characters, limit %d", network, n, limit)
		}
		cut := strings.TrimSuffix(post, " "+page)
		if network != share.X && cut == post {
			t.Errorf("%s: the address was cut: %q", network, post)
		}
		if !strings.HasSuffix(cut, "…") || strings.HasSuffix(cut, " …") {
			t.Errorf("%s: the cut is not marked: %q", network, cut)
		}
	}
	_, values := asked(t, links(t, "one\r\nBcc: eve@example.org\x00\u2028two\xff")[share.Email].Href)
	if got := values.Get("subject"); got != "one Bcc: eve@example.org two" {
		t.Errorf("subject %q", got)
	}
	_, values = asked(t, links(t, strings.Repeat("x", 600))[share.Bluesky].Href)
	if got := values.Get("text"); !strings.HasSuffix(got, "x… "+page) {
		t.Errorf("one long word: %q", got)
	}
	if _, values = asked(t, links(t, "")[share.Bluesky].Href); values.Get("text") != page {
		t.Errorf("without text: %q", values)
	}
}

func TestAnAddressTooLongForThePostGoesAlone(t *testing.T) {
	far := "https://letters.example/" + strings.Repeat("x", 320)
	for _, l := range share.Links(far, "Write today", "en") {
		if _, values := asked(t, l.Href); l.Network == share.Bluesky && values.Get("text") != far {
			t.Errorf("%q", values)
		}
	}
}

func TestLabels(t *testing.T) {
	for lang, want := range map[string][]string{
		"en": {"Copy the link to this page", "Share by email", "Share on WhatsApp", "Share on Facebook", "Share on Bluesky", "Share on Mastodon", "Share on X", "Share on LinkedIn"},
		"ES-mx": {
			"Copiar el enlace de esta página", "Compartir por correo electrónico", "Compartir en WhatsApp", "Compartir en Facebook",
			"Compartir en Bluesky", "Compartir en Mastodon", "Compartir en X", "Compartir en LinkedIn",
		},
	} {
		var got []string
		for _, l := range share.Links(page, "x", lang) {
			got = append(got, l.Label)
			if l.Name == "" {
				t.Errorf("%s has no name", l.Network)
			}
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: %q", lang, got)
		}
	}
}

func TestOnlyWebPagesAreShared(t *testing.T) {
	for _, bad := range []string{"", "/c/close", "javascript:alert(1)", "mailto:a@b.org", "//letters.example/c", "https://", "ftp://letters.example/", "https://a b/", "data:text/html,x"} {
		if got := share.Links(bad, "x", "en"); got != nil {
			t.Errorf("%q: %v", bad, got)
		}
	}
}

func FuzzLinks(f *testing.F) {
	f.Add("https://letters.example/c/x", "Write today", "en")
	f.Add("https://letters.example/c/ñ?a=b&c=%20#d", "100% «sí» + más\r\n", "es")
	f.Add("javascript:alert(1)", "", "")
	f.Fuzz(func(t *testing.T, address, text, lang string) {
		all := share.Links(address, text, lang)
		if all == nil {
			return
		}
		shared := all[0].Href
		for _, l := range all[1:] {
			bare, values := asked(t, l.Href)
			carried := values.Get("text") + values.Get("u") + values.Get("url") + values.Get("body")
			if !strings.Contains(carried, shared) {
				t.Errorf("%s does not carry %q: %q", l.Network, shared, carried)
			}
			if !strings.HasPrefix(bare, "https://") && bare != "mailto:" || strings.ContainsAny(l.Href, " \"<>\r\n") {
				t.Errorf("%s: %q", l.Network, l.Href)
			}
		}
	})
}

func ExampleLinks() {
	for _, l := range share.Links("https://letters.example/c/bees", "Protect the bees & us", "en")[:4] {
		fmt.Printf("%s: %s\n", l.Label, l.Href)
	}
	// Output:
	// Copy the link to this page: https://letters.example/c/bees
	// Share by email: mailto:?subject=Protect%20the%20bees%20%26%20us&body=Protect%20the%20bees%20%26%20us%0D%0A%0D%0Ahttps%3A%2F%2Fletters.example%2Fc%2Fbees%0D%0A
	// Share on WhatsApp: https://wa.me/?text=Protect%20the%20bees%20%26%20us%20https%3A%2F%2Fletters.example%2Fc%2Fbees
	// Share on Facebook: https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fletters.example%2Fc%2Fbees
}
