// Package postal reads American street addresses as people write them.
package postal
