"""Speed and memory: `python -m benchmarks` writes docs/benchmarks.md."""
