"""The public log of a petition's signatures, as pure values: entries, hash tree, tiles, checkpoints, proofs."""
