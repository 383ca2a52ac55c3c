// Package postal reads American street addresses as people write them, after USPS
// Publication 28, and the street names of the Census Bureau's TIGER/Line files into the
// same spelling, so that one can be looked up among the other.
//
// An index is made with ParseStreet and ParseNumber, a query with Parse. A Street and a
// Number are comparable with ==; two spellings of one street give the same Street:
//
//	postal.ParseStreet("State Hwy 360") == postal.Parse("5310 S.R. 360").Street
//
// # Rules
//
// Letter case, periods, apostrophes, accents and hyphens between words do not matter.
//
// A directional before or after the name is taken from it unless no name would be left: the
// names of South St, N St NW and Avenue N are SOUTH, N and AVENUE N. South East before a
// name is SE; in South East St it is S and EAST. East-West Hwy has the directional E and the
// name WEST: what matters is that every spelling of it is read so.
//
// Only the last word can be the suffix: Jackson Ln Rd is the road JACKSON LANE. Inside a
// name suffixes are spelled out, so that Castle Mtn Ranch Rd is Castle Mountain Ranch Road.
// Avenue B keeps its AVENUE and is not B Avenue. ST and DR are Saint and Doctor before
// another word of the name, and Street and Drive at its end.
//
// Number words are digits: First is 1ST, Twenty-First 21ST, Sixteen Mile 16 MILE. A number
// alone is not an ordinal, for there are both 1 Rd and 1st St; 5 Ave has the second reading
// 5TH AVE.
//
// Numbered roads are named by their system: STATE HIGHWAY 360 for State Hwy, State Route,
// State Rd, SR, SH and the name or code of a state; US HIGHWAY, INTERSTATE, COUNTY ROAD,
// TOWNSHIP ROAD, FOREST ROAD and a few more. Farm and ranch roads of Texas, which share one
// numbering, are FM. Roads of two systems stay different. HIGHWAY 360 is a road of which
// nobody said whose it is: TIGER/Line lists that spelling too where it is in use, and
// Readings offers the others.
//
// Of several parts between commas, line ends or brackets, the first with a house number is
// the street; units, boxes and urbanizations may stand in any of them. A post office box
// beside a street is noted in Box, and the line stays a street.
//
// # Limits
//
// Without a comma the end of a street and the beginning of a city cannot be told apart; the
// shorter street is then a second reading. Only the first kilobyte of a text is read, at most
// 32 words of it, and no more than 256 bytes of those.
package postal
