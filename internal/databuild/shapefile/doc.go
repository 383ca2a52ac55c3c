// Package shapefile reads polygons and their attributes out of the zip files in which
// the Census Bureau publishes TIGER/Line shapes.
//
// It reads what those files hold and refuses the rest: shape type 5 (polygons in the
// plane), character and number fields of dBASE III, one shape and one row of attributes
// per record. Every length is checked against the file before anything is read or
// allocated, and every coordinate must be a place on Earth. The formats are the ESRI
// Shapefile Technical Description of 1998 and the dBASE III table layout.
package shapefile
