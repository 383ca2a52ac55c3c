package app

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// secretBytes is the length of the installation's secret.
const secretBytes = 32

// loadSecrets reads the installation's secret, or makes it at the first start. A secret
// that is lost makes every receipt's link invalid, so a damaged one is an error rather than
// a reason to make another. Older secrets, each on a line below the current one, are still
// known by what people were mailed to leave a list, and by whom no mail is sent to.
func loadSecrets(path string) ([][]byte, error) {
	secrets, err := readSecrets(path)
	if errors.Is(err, fs.ErrNotExist) {
		secret, err := makeSecret(path)
		return [][]byte{secret}, err
	}
	return secrets, err
}

func readSecrets(path string) ([][]byte, error) {
	text, err := os.ReadFile(path) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, fmt.Errorf("read the installation's secret: %w", err)
	}
	var all [][]byte
	for line := range strings.Lines(strings.TrimSpace(string(text)) + "\n") {
		secret, err := hex.DecodeString(strings.TrimSpace(line))
		if err != nil || len(secret) < secretBytes {
			return nil, fmt.Errorf("the file %s does not hold a secret of %d hexadecimal digits; restore it from a backup", path, 2*secretBytes)
		}
		all = append(all, secret)
	}
	return all, nil
}

func makeSecret(path string) ([]byte, error) {
	secret := make([]byte, secretBytes)
	_, _ = rand.Read(secret) // never fails; the program ends instead
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make a folder for the installation's secret: %w", err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, fmt.Errorf("keep the installation's secret: %w", err)
	}
	_, err = file.WriteString(hex.EncodeToString(secret) + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return nil, fmt.Errorf("keep the installation's secret: %w", err)
	}
	return secret, nil
}
