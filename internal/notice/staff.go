package notice

import (
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mail"
)

// StaffLink leads a member of the staff, who asked for it, to where they sign in.
func (h House) StaffLink(to Reader, link string) mail.Message {
	l := locale.In(to.Lang)
	return h.message(to, "staff-link", l.MailStaffLinkSubject(), mail.Paragraphs(l.MailStaffLinkText(link, h.Org), mail.Button(l.MailStaffLinkButton(), link)))
}

// StaffInvite leads a new member of the staff to where they sign in for the first time.
func (h House) StaffInvite(to Reader, link string) mail.Message {
	l := locale.In(to.Lang)
	return h.message(to, "staff-invite", l.MailStaffInviteSubject(h.Org), mail.Paragraphs(l.MailStaffInviteText(link, h.Org), mail.Button(l.MailStaffLinkButton(), link)))
}
