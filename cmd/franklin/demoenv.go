package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/franklin-letters/franklin/internal/config"
)

// environment writes the settings with which commands work beside the demo into its folder,
// for a shell to read, and returns the file's name.
func (c *demoCommand) environment(s config.Settings, url string) (string, error) {
	var b strings.Builder
	for _, one := range append(delivery(s.CWC), [][2]string{
		{"DB", s.DB},
		{"SECRET_FILE", s.Secret.File},
		{"KEYRING_FILE", s.Keyring},
		{"BASE_URL", url},
		{"ORG_NAME", s.Org.Name},
		{"ORG_ABOUT", s.Org.About},
		{"ORG_CONTACT_NAME", s.Org.ContactName},
		{"ORG_CONTACT_EMAIL", s.Org.ContactEmail},
		{"ORG_CONTACT_PHONE", s.Org.ContactPhone},
		{"ORG_POSTAL", s.Org.Postal},
		{"MAIL_HOST", s.Mail.Host},
		{"MAIL_PORT", strconv.Itoa(s.Mail.Port)},
		{"MAIL_TLS", s.Mail.TLS},
		{"MAIL_FROM", s.Mail.From},
		{"MAILING_CATCHER", strconv.FormatBool(s.Mailing.Catcher)},
	}...) {
		fmt.Fprintf(&b, "export FRANKLIN_%s='%s'\n", one[0], strings.ReplaceAll(one[1], "'", `'\''`))
	}
	name := filepath.Join(c.Data, "demo.env")
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		return "", fmt.Errorf("write the settings of the demo: %w", err)
	}
	return name, nil
}

// delivery are the settings with which commands speak of the simulated Capitol as the demo
// does: none when supporters send the letters themselves.
func delivery(s config.CWC) [][2]string {
	if !s.Enabled() {
		return nil
	}
	rate := strconv.FormatFloat(s.Rate, 'f', -1, 64)
	return [][2]string{
		{"CWC_URL", s.URL},
		{"CWC_KEY", s.Key},
		{"CWC_AGENT", s.Agent},
		{"CWC_ACK_EMAIL", s.AckEmail},
		{"CWC_CONTACT_NAME", s.ContactName},
		{"CWC_CONTACT_EMAIL", s.ContactEmail},
		{"CWC_CONTACT_PHONE", s.ContactPhone},
		{"CWC_RATE", rate},
		{"CWC_TIMEOUT", s.Timeout.String()},
		{"CWC_RESEND_UNKNOWN", strconv.FormatBool(s.ResendUnknown)},
		{"CWC_SENATE_URL", s.Senate.URL},
		{"CWC_SENATE_KEY", s.Senate.Key},
		{"CWC_SENATE_RATE", rate},
	}
}
