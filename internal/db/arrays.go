package db

import (
	"database/sql/driver"
	"fmt"
	"reflect"
)

// arrays turns rows into PostgreSQL's arrays, one for each column, and tells the types of what
// is in them. The values of a column are of one kind.
func arrays(rows [][]any, sealed []func(string) any, s sealing) (kinds []string, all []any, err error) {
	kinds, all = make([]string, len(sealed)), make([]any, len(sealed))
	for i, with := range sealed {
		if kinds[i], all[i], err = array(rows, i, with, s); err != nil {
			return nil, nil, err
		}
	}
	return kinds, all, nil
}

// array is the column of the rows that stands at a place.
func array(rows [][]any, at int, with func(string) any, s sealing) (kind string, all any, err error) {
	switch value := rows[0][at]; reflect.ValueOf(value).Kind() {
	case reflect.String:
		kind = "text"
		all, err = gather(rows, at, func(v reflect.Value) (string, error) {
			if v.Type() == reflect.TypeFor[asSealed]() {
				return v.String(), nil
			}
			return sealedText(v.String(), with, s)
		})
	case reflect.Int, reflect.Int64:
		kind = "bigint"
		all, err = gather(rows, at, plainly(reflect.Value.Int))
	case reflect.Bool:
		kind = "boolean"
		all, err = gather(rows, at, plainly(reflect.Value.Bool))
	case reflect.Float64:
		kind = "double precision"
		all, err = gather(rows, at, plainly(reflect.Value.Float))
	case reflect.Slice:
		kind = "bytea"
		all, err = gather(rows, at, plainly(reflect.Value.Bytes))
	default:
		err = fmt.Errorf("a %T fits no column", value)
	}
	return kind, all, err
}

func plainly[T any](of func(reflect.Value) T) func(reflect.Value) (T, error) {
	return func(v reflect.Value) (T, error) { return of(v), nil }
}

// gather returns the values of a column.
func gather[T any](rows [][]any, at int, of func(reflect.Value) (T, error)) (all []T, err error) {
	all = make([]T, len(rows))
	kind := reflect.ValueOf(rows[0][at]).Kind()
	for i, row := range rows {
		value := reflect.ValueOf(row[at])
		if value.Kind() != kind {
			return nil, fmt.Errorf("a column has a %T in one row and a %T in another", rows[0][at], row[at])
		}
		if all[i], err = of(value); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// sealedText is a text as a connection would seal it.
func sealedText(text string, with func(string) any, s sealing) (string, error) {
	value := driver.NamedValue{Value: text}
	if with != nil {
		value.Value = with(text)
	}
	if err := s.seal(&value); err != nil {
		return "", err
	}
	return value.Value.(string), nil //nolint:forcetypeassert // what is sealed is a text
}
