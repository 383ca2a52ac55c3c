package staff

import (
	"net/http"

	"github.com/franklin-letters/franklin/internal/account"
)

// anybody is the right of pages that need no sign-in.
const anybody account.Right = "anybody"

// route is one page or act with the right that it needs. Without a right nobody may.
type route struct {
	pattern string
	right   account.Right
	serve   handler
}

// handler serves a page to a member; the zero member is nobody.
type handler func(http.ResponseWriter, *http.Request, account.Member) error

func (s *Site) routes() []route {
	return []route{
		{"GET /staff/sign-in", anybody, s.askSignIn},
		{"POST /staff/sign-in", anybody, s.signIn},
		{"GET /staff/enter/{token}", anybody, s.askEnter},
		{"POST /staff/enter/{token}", anybody, s.enter},
		{"POST /staff/sign-out", anybody, s.signOut},

		{"GET /staff/{$}", account.SeeDesk, s.desk},
		{"GET /staff/aside", account.SeeDesk, s.aside},
		{"GET /staff/unknown", account.SeeDesk, s.unknown},
		{"POST /staff/move/preview", account.MoveLetters, s.preview},
		{"POST /staff/move", account.MoveLetters, s.move},
		{"GET /staff/letters", account.ReadLetters, s.find},
		{"GET /staff/letters/{id}", account.ReadLetters, s.letter},
		{"GET /staff/queue", account.SeeDesk, s.queue},
		{"POST /staff/queue/{channel}/pause", account.SteerQueue, s.pause},
		{"POST /staff/queue/{channel}/resume", account.SteerQueue, s.fresh(s.resume)},

		{"GET /staff/mailings/{$}", account.ReadMailings, s.mailings},
		{"GET /staff/mailings/new", account.WriteMailings, s.newMailing},
		{"POST /staff/mailings/new", account.WriteMailings, s.createMailing},
		{"GET /staff/mailings/{mailing}", account.ReadMailings, s.mailing},
		{"GET /staff/mailings/{mailing}/change", account.WriteMailings, s.openMailing},
		{"POST /staff/mailings/{mailing}/change", account.WriteMailings, s.changeMailing},
		{"GET /staff/mailings/{mailing}/preview", account.ReadMailings, s.lookAtMailing},
		{"POST /staff/mailings/{mailing}/preview", account.WriteMailings, s.lookAtMailingAs},
		{"POST /staff/mailings/{mailing}/test", account.WriteMailings, s.testMailing},
		{"GET /staff/mailings/{mailing}/send", account.SendMailings, s.askSendMailing},
		{"POST /staff/mailings/{mailing}/start", account.SendMailings, s.fresh(s.startMailing)},
		{"POST /staff/mailings/{mailing}/schedule", account.SendMailings, s.fresh(s.scheduleMailing)},
		{"POST /staff/mailings/{mailing}/unschedule", account.SendMailings, s.moveMailing(doUnschedule)},
		{"POST /staff/mailings/{mailing}/pause", account.SendMailings, s.moveMailing(doPause)},
		{"POST /staff/mailings/{mailing}/resume", account.SendMailings, s.fresh(s.moveMailing(doResume))},
		{"POST /staff/mailings/{mailing}/cancel", account.SendMailings, s.moveMailing(doCancel)},

		{"GET /staff/jobs/", account.SeeJobs, s.jobs},
		{"POST /staff/jobs/", account.SteerQueue, s.jobs},
		{"PUT /staff/jobs/", account.SteerQueue, s.jobs},
		{"PATCH /staff/jobs/", account.SteerQueue, s.jobs},
	}
}
