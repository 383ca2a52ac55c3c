package main

import (
	"strings"
	"testing"
)

func TestStaffOnTheConsole(t *testing.T) {
	d := newDesk(t)
	d.says(0, d.line("staff", "list"), "Nobody is a member yet")
	out := d.says(0, d.line("staff", "invite", "ana@example.org", "--role=owner", "--name=Ana Álvarez"), "Ana Álvarez is a member of the staff now, as owner.", "The link works once, until ")
	if strings.Count(out, "/staff/enter/") != 1 || strings.Contains(out, "mailed") {
		t.Errorf("without a relay it says %s", out)
	}
	d.says(2, d.line("staff", "invite", "ANA@example.org", "--role=viewer"), "somebody of the staff has this address")
	d.says(2, d.line("staff", "invite", "bob@example.org", "--role=king"), `there is no role "king"`)
	d.says(0, d.line("staff", "link", "ana@example.org"), "/staff/enter/")
	d.says(2, d.line("staff", "link", "eve@example.org"), "nobody of the staff has this address")
	d.says(0, d.line("staff", "role", "ana@example.org", "moderator"))
	all := answer[[]listedMember](t, 0, d.line("staff", "list", "--json")...)
	if len(all) != 1 || all[0].Email != "ana@example.org" || all[0].Role != "moderator" || all[0].SignedIn != nil {
		t.Errorf("the staff is %+v", all)
	}
	d.says(0, d.line("staff", "disable", "ana@example.org"))
	d.says(0, d.line("staff", "list"), "Ana Álvarez", "moderator", "disabled since ")
	d.says(2, d.line("staff", "link", "ana@example.org"), "franklin staff enable")
	d.says(0, d.line("staff", "enable", "ana@example.org"))
	d.says(0, d.line("staff", "list"), "has not signed in yet")
	d.says(0, d.line("audit", "--limit=20"), "staff.invite", "Ana Álvarez as owner", "staff.role", "Ana Álvarez from owner to moderator", "staff.disable", "staff.enable", "staff.link")
}
