module github.com/franklin-letters/franklin

go 1.26
