"""The tasks of the shared encoder, in the order of their losses. A new task: one file here, one line below."""

from __future__ import annotations

from training.tasks.coding import CodingTask
from training.tasks.names import NamesTask
from training.tasks.protocol import Batch, Example, Outputs, Task
from training.tasks.tree import TreeTask

__all__ = ["Batch", "Example", "Outputs", "Task", "all_tasks"]


def all_tasks() -> dict[str, Task]:
    """Fresh tasks by name."""
    tasks: list[Task] = [TreeTask(), NamesTask(), CodingTask()]
    return {task.name: task for task in tasks}
