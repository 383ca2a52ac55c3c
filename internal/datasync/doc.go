// Package datasync fetches the official files of district lines, ZIP codes and members,
// compiles them, tries them, and puts them into use.
//
// Its folder holds cache/, the files as published with what is needed to go on after a
// cut; sets/, compiled data, of which the one in use and the one before it stay; and
// current, a file that names the one in use. Whatever fails, the data in use stay.
package datasync
