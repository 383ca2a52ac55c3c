package staff

import "github.com/franklin-letters/franklin/internal/account"

// Routes returns the patterns of all routes with the right that each needs.
func (s *Site) Routes() map[string]account.Right {
	all := map[string]account.Right{}
	for _, one := range s.routes() {
		all[one.pattern] = one.right
	}
	return all
}
