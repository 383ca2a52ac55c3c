package share

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// Network is a way to pass a page on.
type Network string

// The networks, in the order in which Links returns them.
const (
	Copy     Network = "copy"
	Email    Network = "email"
	WhatsApp Network = "whatsapp"
	Facebook Network = "facebook"
	Bluesky  Network = "bluesky"
	Mastodon Network = "mastodon"
	X        Network = "x"
	LinkedIn Network = "linkedin"
)

// Link is one plain link: following it opens the network's own page with the text filled
// in, and nothing is loaded from the network before that.
type Link struct {
	Network Network
	// Name is what stands on a button, "Facebook"; Label says all of it, "Share on
	// Facebook".
	Name  string
	Label string
	// Href is the address to follow; for Copy it is the page itself, to be copied.
	Href string
}

// Lengths after which a network refuses a post, in characters. X counts every link as 23;
// the rest of its 280 is for the text. Mastodon servers allow at least 500.
const (
	xText        = 280 - 23 - 1
	blueskyPost  = 300
	mastodonPost = 500
)

// Links returns the ways to pass page on with the given text, labelled in lang ("es", or
// English for everything else). The page must be an absolute http or https address;
// otherwise there is nothing to pass on and Links returns nil. Text too long for a network
// is shortened there, never the address.
func Links(page, text, lang string) []Link {
	address, err := url.Parse(page)
	if err != nil || address.Scheme != "https" && address.Scheme != "http" || address.Host == "" {
		return nil
	}
	page = address.String()
	text = clean(text)
	both := func(limit int) string {
		if short := shorten(text, limit-utf8.RuneCountInString(page)-1); short != "" {
			return escape(short + " " + page)
		}
		return escape(page)
	}
	links := []Link{
		{Network: Copy, Href: page},
		{Network: Email, Href: "mailto:?subject=" + escape(text) + "&body=" + escape(text+"\r\n\r\n"+page+"\r\n")},
		{Network: WhatsApp, Href: "https://wa.me/?text=" + both(len(text)+len(page)+1)},
		{Network: Facebook, Href: "https://www.facebook.com/sharer/sharer.php?u=" + escape(page)},
		{Network: Bluesky, Href: "https://bsky.app/intent/compose?text=" + both(blueskyPost)},
		// Mastodon's own share page asks for the person's server, in the browser.
		{Network: Mastodon, Href: "https://share.joinmastodon.org/#text=" + both(mastodonPost)},
		{Network: X, Href: "https://x.com/intent/post?text=" + escape(shorten(text, xText)) + "&url=" + escape(page)},
		{Network: LinkedIn, Href: "https://www.linkedin.com/sharing/share-offsite/?url=" + escape(page)},
	}
	for i := range links {
		links[i].Name, links[i].Label = words(links[i].Network, lang)
	}
	return links
}

// words returns the name on the button and the whole label.
func words(n Network, lang string) (name, label string) {
	spanish := language(lang) == "es"
	switch n {
	case Copy:
		if spanish {
			return "Copiar enlace", "Copiar el enlace de esta página"
		}
		return "Copy link", "Copy the link to this page"
	case Email:
		if spanish {
			return "Correo electrónico", "Compartir por correo electrónico"
		}
		return "Email", "Share by email"
	default:
	}
	name = map[Network]string{WhatsApp: "WhatsApp", Facebook: "Facebook", Bluesky: "Bluesky", Mastodon: "Mastodon", X: "X", LinkedIn: "LinkedIn"}[n]
	if spanish {
		return name, "Compartir en " + name
	}
	return name, "Share on " + name
}

// language returns the part of a language tag before the region: "es" for "es-US".
func language(tag string) string {
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return primary
}

// escape encodes text for a query or a fragment. Spaces become %20: a plus sign would
// stay a plus sign in mailto links.
func escape(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

// clean makes one line of text: blanks and control characters become single spaces.
func clean(text string) string {
	text = strings.ToValidUTF8(text, "")
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return r <= ' ' || r >= 0x7f && r <= 0xa0 || r == '\u2028' || r == '\u2029'
	}), " ")
}

// shorten cuts text to at most limit characters, at the end of a word where it can, and
// marks the cut.
func shorten(text string, limit int) string {
	runes := []rune(text)
	if len(runes) <= limit {
		return text
	}
	if limit < 2 {
		return ""
	}
	return marked(wholeWords(runes, limit-1))
}
