package main

import "testing"

// TestConsentProve: what somebody agreed to, with the words of the form, and who is looked for.
func TestConsentProve(t *testing.T) {
	d := newDesk(t)
	d.write(1, "", "")
	proof := answer[provenAddress](t, 0, d.line("consent", "prove", "Ana1+x@example.org")...)
	if !proof.Known || len(proof.Consents) != 1 || len(proof.Lists) != 0 || len(proof.Blocked) != 0 {
		t.Fatalf("%+v", proof)
	}
	c := proof.Consents[0]
	if !c.Proved || c.Words == "" || c.Rebuilt != c.Words || len(c.SHA256) != 64 || c.Page != "/c/close-the-loophole" || c.Campaign.Version != 1 || c.Method != "tick" || c.Confirmed != nil {
		t.Errorf("%+v", c)
	}
	d.says(0, d.line("consent", "prove", "ana1@example.org"), "Consent to updates by tick on 2026-11-23", "never confirmed by the mailbox", c.Words, "they have this hash")
	d.says(0, d.line("consent", "prove", "nobody@example.org"), "Nobody with the address")
	d.says(0, d.line("audit"), "consent.prove")
	if _, err := d.office.DB.SQL().ExecContext(t.Context(), "UPDATE consents SET words = 'Yes, sell my data.'"); err != nil {
		t.Fatal(err)
	}
	d.says(1, d.line("consent", "prove", "ana1@example.org"), "THIS DOES NOT PROVE ITSELF", "Yes, sell my data.")
	d.says(0, d.line("block", "add", "ana1@example.org", "--list=updates"), "is blocked for the list updates")
	d.says(1, d.line("consent", "prove", "ana1@example.org"), "withdrawn on 2026-11-23 17:00 UTC by manual", "Blocked for the list updates", "manual")
	d.says(2, append(d.line("consent", "prove", "ana1@example.org"), "--secret-file=/nowhere/secret.key"), "secret is missing")
}
