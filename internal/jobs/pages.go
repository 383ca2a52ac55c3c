package jobs

import (
	"fmt"
	"log/slog"
	"net/http"

	"riverqueue.com/riverui"
)

// Pages returns River's own pages about the queue, to be served below the path. Whoever
// serves them decides who may look, and who may send anything but GET. The pages' service
// that counts in the background is not started, so they cost nothing while nobody looks.
func (q *Queue) Pages(path string, log *slog.Logger) (http.Handler, error) {
	pages, err := riverui.NewHandler(&riverui.HandlerOpts{Endpoints: riverui.NewEndpoints(q.client, nil), Logger: log, Prefix: path})
	if err != nil {
		return nil, fmt.Errorf("make the pages of the queue: %w", err)
	}
	return pages, nil
}
