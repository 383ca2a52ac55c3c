// Package databuild compiles raw data from official sources into the compact files
// that the packages under congress embed.
//
// It reads a folder laid out as sources.go says: the Census Bureau's district shapes
// in their own zip files, of one or more Congresses, the one file of generalised shapes
// for states whose full resolution is not at hand, tables of ZIP codes, and plans.json
// with what courts decided otherwise. It writes the ZIP table, the district lines with
// every shared border stored once, and a manifest that names source, edition, checksum
// and licence of every input. The same inputs give the same bytes, and nothing is written
// before everything has been read and checked.
package databuild
