// Package streettable writes the table of one state's streets that congress/district
// looks addresses up in. It knows nothing of where streets come from: it is given ranges
// of house numbers, each with the class of census blocks it lies in, and folds them into
// as few records as tell the same.
package streettable
