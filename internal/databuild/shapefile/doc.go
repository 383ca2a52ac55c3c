// Package shapefile reads polygons, lines and their attributes out of the zip files in
// which the Census Bureau publishes TIGER/Line shapes.
//
// It reads what those files hold and refuses the rest: shape types 3 and 5 (lines and
// polygons in the plane), character and number fields of dBASE III, one shape and one
// row of attributes per record. Every length is checked against the file before anything
// is read or allocated, every coordinate must be a place on Earth, and no zip file
// unpacks beyond a bound. Read goes record by record, for a county's lines or faces may
// take hundreds of megabytes; ReadZip holds a whole file of districts. The formats are
// the ESRI Shapefile Technical Description of 1998 and the dBASE III table layout.
package shapefile
