"""The benchmarks: each prints its median of five beside its baseline of the same run."""
