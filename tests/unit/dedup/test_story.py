"""The sketch of an article's story is the same in every process."""

from __future__ import annotations

import os
import subprocess
import sys

SKETCH = """
from itertools import product

from demarche.dedup.tellings import sketch_story
words = ["".join(pair) + "quzim" for pair in product("bdfgklm", "aeiou", "rtvxz")]
print(sketch_story(" ".join([*words, *(word.title() for word in words[::2]), *(word + "s" for word in words)])))
"""


def test_a_story_has_one_sketch_whatever_the_order_of_sets() -> None:
    found = set()
    for seed in range(1, 4):
        environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
        done = subprocess.run([sys.executable, "-c", SKETCH], check=True, capture_output=True, env=environment)
        found.add(done.stdout)
    assert len(found) == 1
