"""Pipeline: introduces the stage rooms to each other, runs them on an engine, writes the record.

`code_batch` is pure; `code_stream` yields coded documents in order; `code_into` writes a record and resumes.
"""

from demarche.pipeline.boards import BOARDS, Figure, coding_page, run_board
from demarche.pipeline.code import CODABLE, code_batch, code_text, text_reasons
from demarche.pipeline.derive import derivation, derive_tables
from demarche.pipeline.engine import Done, Engine, InlineEngine, LocalEngine, Task, Work, run_shard, seldom_collect
from demarche.pipeline.models import ModelOptions, Models, load_models
from demarche.pipeline.ray_engine import RayEngine
from demarche.pipeline.recode import recode_sample
from demarche.pipeline.run import (
    CodeWork,
    Counts,
    code_into,
    code_missing,
    code_stream,
    publish_record,
    stop_gently,
)

__all__ = [
    "BOARDS", "CODABLE", "CodeWork", "Counts", "Done", "Engine", "Figure", "InlineEngine", "LocalEngine",
    "ModelOptions", "Models", "RayEngine", "Task", "Work", "code_batch", "code_into", "code_missing", "code_stream",
    "code_text", "coding_page", "derivation", "derive_tables", "load_models", "publish_record", "recode_sample",
    "run_board", "run_shard", "seldom_collect", "stop_gently", "text_reasons",
]  # fmt: skip
