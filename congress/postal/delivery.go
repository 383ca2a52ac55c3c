package postal

import "strings"

// delivery reads a segment that is no street: a post office box, a rural route, a military
// address or general delivery. It reports whether the segment is one of them.
func (l *Line) delivery(p *phrase, a, b int) bool {
	kind := KindNone
	var route, box string
	switch t := &p.list[a]; t.text {
	case "PO", "GPO", "P", "POB", "POBOX", "POST", "POSTAL", "LOCK", "LOCKBOX", "BOX", "DRAWER", "BIN", "CALLER", "APARTADO", "APDO":
		if id, ok := p.box(a, b); ok {
			kind, box = KindPOBox, id
		}
		if t.text == "BOX" && l.Route == "" && !l.HasNumber && hasPrefix(l.Street.Name, "HIGHWAY ") { // Route 1, Box 10
			kind, route = KindRural, "RR"+l.Street.Name[len("HIGHWAY"):]
		}
	case "RR", "RFD", "RD", "R", "RURAL", "RT", "RTE", "ROUTE", "HC", "HCR", "HIGHWAY", "HWY", "STAR", "SR":
		if r, id, ok := p.rural(a, b); ok {
			kind, route, box = KindRural, r, id
		}
	case "PSC", "CMR", "UNIT", "USS", "USCGC", "USNS", "APO", "FPO", "DPO":
		if r, id, ok := p.military(a, b); ok {
			kind, route, box = KindMilitary, r, id
		}
	case "GENERAL", "GEN", "LISTA":
		if p.general(a, b) {
			kind = KindGeneral
		}
	}
	if kind == KindNone {
		return false
	}
	if l.Kind == KindNone || kind == KindMilitary {
		l.Kind = kind
	}
	if l.Route == "" {
		l.Route = route
	}
	if l.Box == "" {
		l.Box = box
	}
	return true
}

// box reads a post office box in any spelling. Words that also occur in the names of
// streets count only when a number ends the segment.
func (p *phrase) box(a, b int) (string, bool) {
	i, sure := a+1, true
	switch p.list[a].text {
	case "PO", "GPO":
		i, sure = p.boxWord(i, b)
	case "P":
		if p.text(i, b) == "O" {
			i++
		}
		i, sure = p.boxWord(i, b)
		sure = sure && i > a+1
	case "POST", "POSTAL":
		if p.text(i, b) == "OFFICE" {
			i++
		}
		start := i
		i, sure = p.boxWord(i, b)
		sure = sure && i > start
	case "LOCK":
		start := i
		i, sure = p.boxWord(i, b)
		sure = sure && i > start
	case "APARTADO", "APDO":
		if p.text(i, b) == "POSTAL" {
			i++
		}
	case "BOX", "DRAWER", "BIN", "CALLER":
		sure = false
		if p.text(i, b) == "SERVICE" {
			i++
		}
	}
	if i == b && sure && i > a+1 {
		return "", true // a box without its number
	}
	if i >= b {
		return "", p.list[a].text == "POB" || p.list[a].text == "POBOX" || p.list[a].text == "LOCKBOX"
	}
	hasNumber := p.idAt(i, true)
	id, end := p.id(i, b)
	return id, sure || hasNumber && end == b
}

// boxWord steps over BOX or DRAWER. Without it a number must follow: "PO 12".
func (p *phrase) boxWord(i, b int) (int, bool) {
	switch p.text(i, b) {
	case "BOX", "BX", "BOXES", "DRAWER", "DRAW":
		return i + 1, true
	case "B":
		if i+1 < b && p.list[i+1].form != letters {
			return i + 1, true
		}
	}
	return i, i < b && (p.list[i].form == digits || p.list[i].form == hash)
}

// rural reads RR 2 BOX 15 and its relatives. Words that may as well begin the name of a
// highway need the box.
func (p *phrase) rural(a, b int) (route, box string, ok bool) {
	short, i, needsBox := p.ruralWord(a, b)
	if i == a {
		return "", "", false
	}
	if i < b && p.list[i].form != letters {
		var number string
		number, i = p.id(i, b)
		route = strings.TrimSpace(short + " " + withoutZeros(number))
	} else {
		route = short
		needsBox = needsBox || short != "HC" && p.text(i, b) != ""
	}
	if t := p.text(i, b); t == "BOX" || t == "BX" {
		box, _ = p.id(i+1, b)
		return route, box, true
	}
	return route, "", !needsBox && i == b
}

// ruralWord reads the words before the number of a route: RR or HC.
func (p *phrase) ruralWord(a, b int) (short string, next int, needsBox bool) {
	second := p.text(a+1, b)
	isRoute := second == "ROUTE" || second == "RTE" || second == "RT"
	switch p.list[a].text {
	case "RR", "RFD":
		return "RR", a + 1, false
	case "RT", "RTE", "ROUTE", "RD":
		return "RR", a + 1, true
	case "R":
		if second == "R" {
			return "RR", a + 2, false
		}
	case "RURAL":
		if isRoute || second == "DELIVERY" {
			return "RR", a + 2, false
		}
	case "HC", "HCR":
		return "HC", a + 1, false
	case "SR":
		return "HC", a + 1, true
	case "STAR":
		if isRoute {
			return "HC", a + 2, false
		}
	case "HIGHWAY", "HWY":
		if second == "CONTRACT" {
			if t := p.text(a+2, b); t == "ROUTE" || t == "RTE" || t == "RT" {
				return "HC", a + 3, false
			}
			return "HC", a + 2, false
		}
	}
	return "", a, false
}

// general recognises general delivery, but not General Delivery Road.
func (p *phrase) general(a, b int) bool {
	switch next := p.text(a+1, b); next {
	case "DELIVERY", "DEL":
		return p.list[a].text != "LISTA" && (a+2 == b || next == "DELIVERY" && p.list[b-1].word.suffix == 0)
	case "DE":
		return p.list[a].text == "LISTA" && p.text(a+2, b) == "CORREOS"
	}
	return false
}

// military reads PSC 3 BOX 5, UNIT 2050 BOX 4190, CMR 415, ships, and APO AE 09012.
func (p *phrase) military(a, b int) (route, box string, ok bool) {
	first := p.list[a].text
	switch first {
	case "USS", "USCGC", "USNS":
		if b-a < 2 || p.list[b-1].word.suffix != 0 {
			return "", "", false
		}
		end := a + 1
		for end < b && p.list[end].text != "FPO" {
			end++
		}
		return p.join(a, end, ' '), "", true
	case "APO", "FPO", "DPO":
		next := p.text(a+1, b)
		return "", "", b-a == 1 || next == "AE" || next == "AP" || next == "AA"
	}
	if a+1 >= b || p.list[a+1].form == letters {
		return "", "", false
	}
	number, i := p.id(a+1, b)
	if number == "" {
		return "", "", false
	}
	route = first + " " + withoutZeros(number)
	if t := p.text(i, b); t == "BOX" || t == "BX" {
		box, _ = p.id(i+1, b)
		return route, box, true
	}
	return route, "", first != "UNIT"
}
