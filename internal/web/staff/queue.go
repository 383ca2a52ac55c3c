package staff

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/text"
	"github.com/franklin-letters/franklin/internal/web/mw"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// QueuePage says how each channel stands, and lets those who may stop it and start it again.
type QueuePage struct {
	ui.Staff

	Channels []channelCard
	MaySteer bool
	MayJobs  bool
	Missing  string // the channel for which a reason is missing; "" for none
	Notice   string
}

func (s *Site) queue(w http.ResponseWriter, r *http.Request, m account.Member) error {
	return s.queuePage(w, r, m, http.StatusOK, QueuePage{Staff: s.frame(r, m, queuePath)})
}

const queuePath = "/staff/queue"

func (s *Site) queuePage(w http.ResponseWriter, r *http.Request, m account.Member, status int, p QueuePage) (err error) {
	p.Title, p.Failed = p.L.StaffQueueTitle(), p.Missing != ""
	p.MaySteer, p.MayJobs = m.May(account.SteerQueue), m.May(account.SeeJobs) && s.Jobs != nil
	if p.Channels, err = s.channels(r, p.L); err != nil {
		return err
	}
	return mw.HTML(w, r, status, queuePage(p))
}

// pause stops a channel on all nodes.
func (s *Site) pause(w http.ResponseWriter, r *http.Request, m account.Member) error {
	p, channel := QueuePage{Staff: s.frame(r, m, queuePath)}, line(r.PathValue("channel"))
	why := line(r.PostFormValue("why"))
	if why == "" {
		p.Missing = channel
		return s.queuePage(w, r, m, http.StatusUnprocessableEntity, p)
	}
	if err := s.Letters.Pause(r.Context(), channel, m.Who(), why); err != nil {
		return err
	}
	p.Notice = p.L.StaffQueuePaused(channel)
	return s.queuePage(w, r, m, http.StatusOK, p)
}

// resume opens a channel again.
func (s *Site) resume(w http.ResponseWriter, r *http.Request, m account.Member) error {
	p, channel := QueuePage{Staff: s.frame(r, m, queuePath)}, line(r.PathValue("channel"))
	if _, err := s.Letters.Resume(r.Context(), channel, m.Who()); err != nil {
		return err
	}
	p.Notice = p.L.StaffQueueResumed(channel)
	return s.queuePage(w, r, m, http.StatusOK, p)
}

// field is that of the reason to pause a channel.
func (p QueuePage) field(channel string) ui.Field {
	f := ui.Field{Name: "why", ID: "why-" + channel, Label: p.L.StaffQueueWhy(), Hint: p.L.StaffQueueWhyHint(), Max: 500, Autocomplete: "off"}
	if p.Missing == channel {
		f.Error = p.L.StaffPreviewWhyMissing()
	}
	return f
}

// JobsPath is where the pages of single jobs are.
const JobsPath = account.Base + "/jobs"

// jobsPolicy is for the pages of single jobs, which are a library's: they set styles by
// themselves and have pictures inside. Nothing of another site is loaded there, either.
const jobsPolicy = "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'none'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"

// jobs serves them. What changes something is logged first: what cannot be logged is not
// done.
func (s *Site) jobs(w http.ResponseWriter, r *http.Request, m account.Member) error {
	if s.Jobs == nil {
		return fault.New(fault.NotFound, "")
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		if err := s.logJobs(w, r, m); err != nil {
			return err
		}
	}
	w.Header().Set("Content-Security-Policy", jobsPolicy)
	s.Jobs.ServeHTTP(unstored{w}, r)
	return nil
}

// unstored keeps what the library answers out of every cache: it takes the header away from its
// own pages and errors.
type unstored struct{ http.ResponseWriter }

func (w unstored) WriteHeader(status int) {
	w.Header().Set("Cache-Control", "no-store")
	w.ResponseWriter.WriteHeader(status)
}

// longestJobs bounds what is done to jobs at once. The log keeps all of it: were it cut, nobody
// would know which jobs the rest named. The library takes a thousand, whose ids fit.
const longestJobs = 32 << 10

func (s *Site) logJobs(w http.ResponseWriter, r *http.Request, m account.Member) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longestJobs))
	if err != nil {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	e := audit.Entry{
		At: s.Clock(), Who: m.Who(), Action: audit.QueueJobs, Subject: line(strings.TrimPrefix(r.URL.Path, JobsPath+"/api/")), Detail: text.Line(string(body)),
	}
	return s.Members.DB.Tx(r.Context(), func(ctx context.Context, tx *db.Tx) error { return audit.Record(ctx, tx, e) })
}
