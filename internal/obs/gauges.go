package obs

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Gauge is a number that is asked for whenever somebody looks. Its labels have few values
// that are known beforehand, and never a person's.
type Gauge struct {
	Name   string // with its unit at the end
	Help   string
	Labels []string
}

// Set gives a gauge a value for its labels, in their order.
type Set func(name string, value float64, labels ...string)

// gaugesTimeout bounds one look.
const gaugesTimeout = 10 * time.Second

// Gauges adds gauges that one function reads together. When it fails, those that it has
// not set are missing, and franklin_metrics_failed is 1.
func (m *Metrics) Gauges(gauges []Gauge, read func(context.Context, Set) error) error {
	g := &gaugeTable{read: read, known: map[string]*prometheus.Desc{}}
	for _, one := range append(gauges, Gauge{Name: failedGauge, Help: "1 when some gauges could not be read."}) {
		g.known[one.Name] = prometheus.NewDesc(one.Name, one.Help, one.Labels, nil)
	}
	return m.registry.Register(g)
}

const failedGauge = "franklin_metrics_failed"

type gaugeTable struct {
	known map[string]*prometheus.Desc
	read  func(context.Context, Set) error
}

// Describe names the gauges.
func (g *gaugeTable) Describe(out chan<- *prometheus.Desc) {
	for _, d := range g.known {
		out <- d
	}
}

// Collect reads them.
func (g *gaugeTable) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), gaugesTimeout)
	defer cancel()
	set := func(name string, value float64, labels ...string) {
		if d := g.known[name]; d != nil {
			out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
		}
	}
	failed := 0.0
	if err := g.read(ctx, set); err != nil {
		failed = 1
	}
	set(failedGauge, failed)
}
