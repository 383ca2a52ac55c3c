package doctor

import (
	"context"
	"strings"

	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/obs"
)

// dkim looks whether the key that is published is the one that signs. Where the relay
// signs, only that there is one can be seen.
func (p postmaster) dkim(ctx context.Context) obs.Finding {
	name := mail.DKIMName(p.Settings.Mail.DKIMSelector, p.Settings.DKIMDomain())
	f := obs.Finding{Check: "DKIM", Level: obs.Fail}
	relay, err := p.Settings.Relay()
	if err != nil {
		f.Detail, f.Do = err.Error(), "Correct --mail-dkim-key-file"
		return f
	}
	records, err := p.keys(ctx, name)
	switch {
	case err != nil:
		return deaf("DKIM", name, err)
	case len(records) == 0 && relay.DKIM == nil:
		f.Detail = "mails are not signed, unless the relay does it with another selector: there is no key at " + name
		f.Do = "Run: franklin mail dkim-key data/dkim.pem, publish what it prints, and set --mail-dkim-key-file. Or set --mail-dkim-selector to that of the relay"
	case len(records) == 0:
		f.Detail, f.Do = "mails are signed, but nobody can check it: there is no key at "+name, "Publish a TXT record there: "+relay.DKIM.Record()
	case len(records) > 1:
		f.Detail, f.Do = "there are several keys at "+name+", and receivers take any", "Leave one"
	case relay.DKIM == nil:
		f.Level, f.Detail = obs.OK, "a key is published at "+name+"; that the relay signs with it cannot be seen from here"
	default:
		return compareKeys(f, name, records[0], *relay.DKIM)
	}
	return f
}

// keys returns the records at a name that hold a key, or took one back. "v=DKIM1" may be missing.
func (p postmaster) keys(ctx context.Context, name string) ([]map[string]string, error) {
	texts, err := p.records(ctx, name, "v=dkim1")
	if err == nil && len(texts) == 0 {
		texts, err = p.records(ctx, name, "k=rsa")
	}
	var all []map[string]string
	for _, text := range texts {
		all = append(all, parseTags(text))
	}
	return all, err
}

func compareKeys(f obs.Finding, name string, published map[string]string, key mail.DKIM) obs.Finding {
	ours := parseTags(key.Record())
	kind := published["k"]
	if kind == "" {
		kind = "rsa"
	}
	switch {
	case published["p"] == "":
		f.Detail, f.Do = "the key at "+name+" was taken back", "Publish there: "+key.Record()
	case published["p"] != ours["p"] || kind != ours["k"]:
		f.Detail, f.Do = "the key at "+name+" is another one than that which signs, so no signature holds", "Publish there: "+key.Record()
	case strings.Contains(":"+published["t"]+":", ":y:"):
		f.Level, f.Detail, f.Do = obs.Warn, "the key at "+name+" is marked as a trial, so receivers may take the mails for unsigned", "Take t=y away"
	case ours["k"] == "ed25519":
		f.Level, f.Detail = obs.Warn, "the key at "+name+" is the one that signs, but it is Ed25519, which Gmail, Microsoft and Yahoo do not check"
		f.Do = "Make one without --ed25519"
	default:
		f.Level, f.Detail = obs.OK, "the key at "+name+" is the one that signs"
	}
	return f
}

// parseTags reads "v=DMARC1; p=none" as the records of DKIM and DMARC are written. Names are in lower
// case; of a value blanks do not count.
func parseTags(record string) map[string]string {
	tags := map[string]string{}
	for part := range strings.SplitSeq(record, ";") {
		if name, value, ok := strings.Cut(part, "="); ok {
			tags[strings.ToLower(strings.TrimSpace(name))] = strings.Join(strings.Fields(value), "")
		}
	}
	return tags
}
