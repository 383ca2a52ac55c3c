package postal

// system reads the words before the number of a road and returns where the number should
// be. What looks like a system but has no number after it is none.
func (p *phrase) system(i, b int) (system, int) {
	if i+1 >= b {
		return noSystem, i
	}
	t := &p.list[i]
	if t.form != letters {
		return noSystem, i
	}
	switch t.text {
	case "US", "U", "USA":
		return p.usSystem(i, b)
	case "I", "IH", "INTERSTATE":
		return p.interstate(i, b)
	case "STATE", "ST", "SR", "SH", "STH", "SHWY", "S", "SO", "SOUTH":
		return p.stateSystem(i, b)
	case "COUNTY", "CO", "CNTY", "CTY", "CR", "CH", "CTH", "CSAH":
		return p.countySystem(i, b)
	case "TOWNSHIP", "TWP", "TWNSHP", "TR":
		return township, p.roadWord(i+1, b)
	case "FM", "RM", "RR", "FARM":
		return p.farmSystem(i, b)
	case "NFS", "NF", "FS", "USFS", "FSR", "FR", "NATIONAL", "NATL", "NAT":
		return p.forestSystem(i, b)
	case "PRIVATE", "PVT", "PR":
		return p.privateSystem(i, b)
	case "CARR", "CARRETERA":
		return state, i + 1
	case "BIA":
		return bia, p.roadWord(i+1, b)
	case "INDIAN":
		return p.indianSystem(i, b)
	}
	switch t.word.name { // rarer spellings
	case "ST":
		return p.stateSystem(i, b)
	case "RANCH":
		return p.farmSystem(i, b)
	case "FOREST":
		return p.forestSystem(i, b)
	case "HIGHWAY", "ROUTE":
		return bare, i + 1
	}
	return p.namedState(i, b)
}

func (p *phrase) text(i, b int) string {
	if i >= b {
		return ""
	}
	return p.list[i].text
}

// roadWord steps over ROAD, HIGHWAY or ROUTE in any spelling, and TRUNK or AID before it.
func (p *phrase) roadWord(i, b int) int {
	for i < b && (p.list[i].text == "TRUNK" || p.list[i].text == "TRK" || p.list[i].text == "AID") {
		i++
	}
	if i < b && numbered(p.list[i].word.suffix) {
		i++
	}
	return i
}

func (p *phrase) usSystem(i, b int) (system, int) {
	if p.list[i].text == "U" {
		if p.text(i+1, b) != "S" {
			return noSystem, i
		}
		i++
	}
	if p.text(i+1, b) == "FOREST" {
		return p.forestSystem(i+1, b)
	}
	return us, p.roadWord(i+1, b)
}

func (p *phrase) interstate(i, b int) (system, int) {
	next := p.roadWord(i+1, b)
	if next >= b || p.list[next].form == letters {
		return noSystem, i
	}
	return interstate, next
}

// stateSystem reads STATE HWY, ST RTE, SR. A bare ST or STATE is no system: State 5 is
// rare and State Street is not.
func (p *phrase) stateSystem(i, b int) (system, int) {
	first := p.list[i].text
	next := i + 1
	switch first {
	case "SR", "SH", "STH", "SHWY":
		return state, p.roadWord(next, b)
	case "S", "SO", "SOUTH":
		if p.text(next, b) == "R" {
			return state, next + 1
		}
		return noSystem, i
	}
	after := p.roadWord(next, b)
	if after == next {
		return noSystem, i
	}
	if first != "STATE" && (after >= b || p.list[after].form == letters) {
		return noSystem, i
	}
	return state, after
}

func (p *phrase) countySystem(i, b int) (system, int) {
	switch p.list[i].text {
	case "CR", "CH", "CTH", "CSAH":
		return county, p.roadWord(i+1, b)
	}
	next := i + 1
	if t := p.text(next, b); t == "STATE" || t == "ST" { // County State Aid Highway
		if p.text(next+1, b) != "AID" {
			return noSystem, i
		}
		next++
	}
	return county, p.roadWord(next, b)
}

// farmSystem reads FM, FARM TO MARKET and the ranch roads of Texas.
func (p *phrase) farmSystem(i, b int) (system, int) {
	next := i + 1
	if t := &p.list[i]; t.text == "FARM" || t.word.name == "RANCH" {
		if p.text(next, b) == "TO" {
			next += 2
		} else if p.roadWord(next, b) == next {
			return noSystem, i
		}
	}
	return farm, p.roadWord(next, b)
}

// forestSystem reads the spellings of a road of the Forest Service.
func (p *phrase) forestSystem(i, b int) (system, int) {
	switch p.list[i].text {
	case "FSR", "FR":
		return forest, p.roadWord(i+1, b)
	}
	next := i + 1
	for {
		switch p.text(next, b) {
		case "FOREST", "FOR", "FRST", "SERVICE", "SVC", "SYSTEM", "DEVELOPMENT", "DEV", "DEVELOP":
			next++
			continue
		}
		break
	}
	if next >= b || p.list[next].word.suffix.String() != "RD" {
		return noSystem, i
	}
	return forest, next + 1
}

func (p *phrase) privateSystem(i, b int) (system, int) {
	next := p.roadWord(i+1, b)
	if next == i+1 && p.list[i].text != "PR" {
		return noSystem, i
	}
	return private, next
}

func (p *phrase) indianSystem(i, b int) (system, int) {
	next := i + 1
	if t := p.text(next, b); t == "SERVICE" || t == "SVC" {
		next++
	}
	after := p.roadWord(next, b)
	if after == next {
		return noSystem, i
	}
	return indian, after
}

// namedState reads NC HWY 54, N CAROLINA HWY 54, TEXAS 360 and the like.
func (p *phrase) namedState(i, b int) (system, int) {
	next := i + 1
	switch p.list[i].text {
	case "CAROLINA", "DAKOTA":
		// Its North or South has been taken for a directional of the street.
		if p.roadWord(next, b) == next {
			return noSystem, i
		}
	case "NEW", "RHODE":
		switch p.text(next, b) {
		case "HAMPSHIRE", "JERSEY", "MEXICO", "YORK", "ISLAND":
			next++
		default:
			return noSystem, i
		}
	default:
		if !p.list[i].word.state {
			return noSystem, i
		}
	}
	after := p.roadWord(next, b)
	if after < b && p.list[after].form == letters {
		return noSystem, i
	}
	if isRoad := after > next && p.list[after-1].word.suffix.String() == "RD"; isRoad && len(p.list[i].text) > 2 {
		return noSystem, i // Texas Rd 4 is hardly a state highway, TX Rd 4 may be
	}
	return state, after
}
