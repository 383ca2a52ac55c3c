// Package obs is what an operator sees from outside: metrics and health.
//
// Metrics carry routes, states and counts, never a person's data. Health has two answers:
// alive (the process runs) and ready (it can take a letter right now).
package obs

import (
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the counters of one process.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	waiting  atomic.Int64
	jobs     *prometheus.HistogramVec
	moved    *prometheus.CounterVec
}

// New returns empty metrics, with those of the Go runtime and the process.
func New() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "franklin_http_request_seconds", Help: "Time to answer a request, by route and status.",
			Buckets: []float64{.001, .005, .02, .1, .5, 2, 10},
		}, []string{"route", "status"}),
		jobs: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "franklin_job_seconds", Help: "Time a background job took, by kind and whether it failed.",
			Buckets: []float64{.01, .1, 1, 10, 60},
		}, []string{"kind", "failed"}),
		moved: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "franklin_letters_moved_total", Help: "Letters that this process has moved, by channel and by the states before and after.",
		}, []string{"channel", "from", "to"}),
	}
	waiting := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "franklin_http_requests_waiting", Help: "Requests that wait for their answer now.",
	}, func() float64 { return float64(m.Waiting()) })
	m.registry.MustRegister(m.requests, waiting, m.jobs, m.moved,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Job records one run of a background job.
func (m *Metrics) Job(kind string, took time.Duration, failed bool) {
	m.jobs.WithLabelValues(kind, strconv.FormatBool(failed)).Observe(took.Seconds())
}

// Moved counts a letter's change of state.
func (m *Metrics) Moved(channel, from, to string) { m.moved.WithLabelValues(channel, from, to).Inc() }

// Requests measures the handler's answers. It must stand outside the router, which names
// the route.
func (m *Metrics) Requests(clock func() time.Time, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.waiting.Add(1)
		defer m.waiting.Add(-1)
		start := clock()
		seen := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(seen, r)
		route := r.Pattern
		if route == "" {
			route = "none"
		}
		m.requests.WithLabelValues(route, strconv.Itoa(seen.status)).Observe(clock().Sub(start).Seconds())
	})
}

// Waiting is how many requests wait for their answer now.
func (m *Metrics) Waiting() int { return int(m.waiting.Load()) }

type statusWriter struct {
	http.ResponseWriter

	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Handler serves the metrics in Prometheus's text format.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
