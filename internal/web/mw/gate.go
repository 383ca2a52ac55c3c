package mw

// Gate bounds how many requests are worked on at once. Whoever finds it full is told so at
// once: under an overload the work of those inside then ends in time, and what cannot be
// done costs next to nothing.
type Gate struct{ places chan struct{} }

// NewGate returns a gate with room for n requests.
func NewGate(n int) *Gate { return &Gate{make(chan struct{}, n)} }

// Enter takes a place. ok is false when there is none; else the caller must call leave, once.
func (g *Gate) Enter() (leave func(), ok bool) {
	select {
	case g.places <- struct{}{}:
		return g.leave, true
	default:
		return nil, false
	}
}

func (g *Gate) leave() { <-g.places }
