package account

import "slices"

// Role is what a member is to the organisation.
type Role string

// The roles.
const (
	Owner      Role = "owner"
	Campaigner Role = "campaigner"
	Moderator  Role = "moderator"
	Viewer     Role = "viewer"
)

// Right is something that a member may do on the staff pages.
type Right string

// The rights.
const (
	// SeeDesk is to see what waits for a person, and how delivery stands: no supporter's data.
	SeeDesk Right = "see-desk"
	// ReadLetters is to open letters, each of which is logged.
	ReadLetters Right = "read-letters"
	// MoveLetters is to release or refuse letters that were put aside, and to record what became
	// of those of unknown fate.
	MoveLetters Right = "move-letters"
	// SeeJobs is to look at the jobs of the queue.
	SeeJobs Right = "see-jobs"
	// SteerQueue is to pause and resume channels, and to retry, cancel and delete jobs.
	SteerQueue Right = "steer-queue"
	// ReadMailings is to read mailings and their numbers: no supporter's data.
	ReadMailings Right = "read-mailings"
	// WriteMailings is to write mailings, to count whom they go to, to look at them as somebody
	// on record, which is logged, and to send them to oneself.
	WriteMailings Right = "write-mailings"
	// SendMailings is to start, schedule, pause, resume and cancel mailings.
	SendMailings Right = "send-mailings"
)

// roles is the one place that says who may do what.
var roles = []struct {
	role   Role
	rights []Right
}{
	{Owner, []Right{SeeDesk, ReadLetters, MoveLetters, SeeJobs, SteerQueue, ReadMailings, WriteMailings, SendMailings}},
	{Campaigner, []Right{SeeDesk, ReadLetters, SeeJobs, ReadMailings, WriteMailings, SendMailings}},
	{Moderator, []Right{SeeDesk, ReadLetters, MoveLetters, SeeJobs, ReadMailings}},
	{Viewer, []Right{SeeDesk}},
}

// Roles returns all roles, the mightiest first.
func Roles() []Role {
	all := make([]Role, len(roles))
	for i, r := range roles {
		all[i] = r.role
	}
	return all
}

// May reports whether the role has the right.
func (r Role) May(right Right) bool {
	for _, one := range roles {
		if one.role == r {
			return slices.Contains(one.rights, right)
		}
	}
	return false
}
