"""The benchmarks (`make bench`): every ratio is to a baseline that the same run measured in turn with it."""
