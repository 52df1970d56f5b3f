// Command verifylog checks a petition's log with the Go project's own code for transparency logs.
//
// golang.org/x/mod/sumdb/note opens the checkpoint; golang.org/x/mod/sumdb/tlog authenticates tiles against it,
// and makes and checks proofs of entries and of consistency. Only what our log adds is written here: the addresses
// of tiles (c2sp.org/tlog-tiles), the file with a proof (c2sp.org/tlog-proof), and what an entry means.
package main

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/tlog"
)

type files []string

func (f *files) String() string         { return fmt.Sprint(*f) }
func (f *files) Set(value string) error { *f = append(*f, value); return nil }

func main() {
	var proofs files
	flag.Var(&proofs, "proof", "check this file with a proof, too (may be repeated)")
	old := flag.String("old", "", "check that the log still has everything that this earlier checkpoint had")
	key := flag.String("key", "", "the log's verifier key")
	flag.Parse()
	if *key == "" || flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: verifylog -key VKEY [-old CHECKPOINT] [-proof FILE]... URL")
		os.Exit(2)
	}
	if err := run(flag.Arg(0), *key, *old, proofs); err != nil {
		fmt.Println("REFUSED:", err)
		os.Exit(1)
	}
	fmt.Println("ACCEPTED")
}

func run(url, key, old string, proofs []string) error {
	text, err := get(url, "checkpoint")
	if err != nil {
		return err
	}
	head, err := openCheckpoint(text, key)
	if err != nil {
		return err
	}
	fmt.Printf("note.Open: the signature of %s is valid\n", head.origin)
	fmt.Printf("checkpoint: %d entries, root %v\n", head.tree.N, head.tree.Hash)
	reader := tlog.TileHashReader(head.tree, &tiles{url: url})
	if err := everyEntry(url, head, reader); err != nil {
		return err
	}
	if err := lastEntry(head, reader); err != nil {
		return err
	}
	if old != "" {
		if err := consistent(head, reader, old, key); err != nil {
			return err
		}
	}
	for _, name := range proofs {
		if err := offline(name, key); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// everyEntry hashes all entries, compares them with the tiles' authenticated hashes, and adds them up.
func everyEntry(url string, head checkpoint, reader tlog.HashReader) error {
	sum := newSum()
	for start := int64(0); start < head.tree.N; start += width {
		entries, err := bundle(url, start, head.tree.N)
		if err != nil {
			return err
		}
		indexes := make([]int64, len(entries))
		for i := range entries {
			indexes[i] = tlog.StoredHashIndex(0, start+int64(i))
		}
		hashes, err := reader.ReadHashes(indexes)
		if err != nil {
			return fmt.Errorf("tlog.TileHashReader: %w", err)
		}
		for i, entry := range entries {
			if tlog.RecordHash(entry) != hashes[i] {
				return fmt.Errorf("entry %d is not the one that the tree has", start+int64(i))
			}
			if err := sum.add(entry); err != nil {
				return fmt.Errorf("entry %d: %w", start+int64(i), err)
			}
		}
	}
	fmt.Printf("tlog.TileHashReader: all %d entries are the ones under that root\n", head.tree.N)
	fmt.Println(sum)
	return nil
}

// lastEntry makes a proof from the tiles alone, and checks it.
func lastEntry(head checkpoint, reader tlog.HashReader) error {
	if head.tree.N == 0 {
		return nil
	}
	last := head.tree.N - 1
	proof, err := tlog.ProveRecord(head.tree.N, last, reader)
	if err != nil {
		return fmt.Errorf("tlog.ProveRecord: %w", err)
	}
	hashes, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, last)})
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(proof, head.tree.N, head.tree.Hash, last, hashes[0]); err != nil {
		return fmt.Errorf("tlog.CheckRecord: %w", err)
	}
	fmt.Printf("tlog.ProveRecord, tlog.CheckRecord: entry %d is in the tree (%d hashes)\n", last, len(proof))
	return nil
}

func consistent(head checkpoint, reader tlog.HashReader, name, key string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	before, err := openCheckpoint(text, key)
	if err != nil {
		return fmt.Errorf("the earlier checkpoint: %w", err)
	}
	if before.tree.N > head.tree.N {
		return fmt.Errorf("the log shrank from %d to %d entries", before.tree.N, head.tree.N)
	}
	proof, err := tlog.ProveTree(head.tree.N, before.tree.N, reader)
	if err != nil {
		return fmt.Errorf("tlog.ProveTree: %w", err)
	}
	if err := tlog.CheckTree(proof, head.tree.N, head.tree.Hash, before.tree.N, before.tree.Hash); err != nil {
		return fmt.Errorf("tlog.CheckTree: the log no longer has what it had at %d entries: %w", before.tree.N, err)
	}
	fmt.Printf("tlog.ProveTree, tlog.CheckTree: the first %d entries are the same as before\n", before.tree.N)
	return nil
}

// offline checks a proof with nothing but the file and the key.
func offline(name, key string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	proof, err := parseProof(text)
	if err != nil {
		return err
	}
	head, err := openCheckpoint(proof.checkpoint, key)
	if err != nil {
		return err
	}
	leaf := tlog.RecordHash(proof.entry)
	if err := tlog.CheckRecord(proof.hashes, head.tree.N, head.tree.Hash, proof.index, leaf); err != nil {
		return fmt.Errorf("tlog.CheckRecord: %w", err)
	}
	fmt.Printf("tlog.CheckRecord: the signature with the receipt %s is entry %d of %d\n",
		proof.opening.Receipt, proof.index, head.tree.N)
	fmt.Printf("  it signed the text %s\n", proof.opening.Text)
	return nil
}

func hidden(salt []byte, value string) string {
	return fmt.Sprintf("%x", sha256.Sum256(append(append([]byte{}, salt...), value...)))
}
