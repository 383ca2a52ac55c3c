// Package tiger joins the Census Bureau's streets to districts.
//
// TIGER/Line tells of every street which house numbers lie on its left and right side and
// which face, a piece of land that no line crosses, each side borders. Every face lies in
// one census block, and a plan of districts is a list of blocks: so the side of the street
// that a house number belongs to decides the district, with no coordinate in between.
//
// ReadAddrFeat, ReadEdges, ReadFaces and ReadBlocks read the files as published. ReadCounty
// joins sides to faces and keeps all that has to do with no plan; Cache stores that.
// Compiler joins the blocks to the seats of several Congresses and makes a state's table
// of streets.
//
// A side whose district is not certain becomes one range for each possible seat: the
// table then names candidates and never a wrong seat. No range is dropped, except those of
// streets without a name, by which nobody could ask; Counts tells how many of what kind
// there were.
package tiger
