package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type checkpoint struct {
	origin string
	tree   tlog.Tree
}

// openCheckpoint verifies a note and reads the lines of c2sp.org/tlog-checkpoint. (tlog.ParseTree insists on the first
// line of Go's own log.)
func openCheckpoint(text []byte, key string) (checkpoint, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return checkpoint{}, fmt.Errorf("note.NewVerifier: %w", err)
	}
	opened, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return checkpoint{}, fmt.Errorf("note.Open: %w", err)
	}
	lines := strings.SplitN(opened.Text, "\n", 4)
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return checkpoint{}, errors.New("not a checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 {
		return checkpoint{}, errors.New("the checkpoint has no size")
	}
	root, err := tlog.ParseHash(lines[2])
	return checkpoint{lines[0], tlog.Tree{N: size, Hash: root}}, err
}

type opening struct {
	Receipt string `json:"receipt"`
	Salt    string `json:"salt"`
	Text    string `json:"text"`
}

type proof struct {
	opening    opening
	entry      []byte
	index      int64
	hashes     tlog.RecordProof
	checkpoint []byte
}

// parseProof reads c2sp.org/tlog-proof@v1, and makes the entry again from what the line "extra" opens.
func parseProof(text []byte) (proof, error) {
	head, checkpoint, found := strings.Cut(string(text), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return proof{}, errors.New("not a proof")
	}
	made := proof{checkpoint: []byte(checkpoint)}
	extra, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		return proof{}, err
	}
	if err := json.Unmarshal(extra, &made.opening); err != nil {
		return proof{}, err
	}
	salt, err := hex.DecodeString(made.opening.Salt)
	if err != nil {
		return proof{}, err
	}
	made.entry = []byte(fmt.Sprintf(`{"kind":"received","receipt":"%s","text":"%s"}`,
		hidden(salt, made.opening.Receipt), made.opening.Text))
	if made.index, err = strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64); err != nil {
		return proof{}, err
	}
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return proof{}, err
		}
		made.hashes = append(made.hashes, hash)
	}
	return made, nil
}
