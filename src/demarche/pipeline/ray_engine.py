"""The Ray engine (extra `demarche[ray]`): the same work on a cluster, or on this machine. Tasks over shards, no actors.

Ray was measured against Spark and Dask: least overhead a document, no JVM, killed workers survive without settings.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from demarche import __version__
from demarche.errors import ConfigError, DemarcheError, TransientError
from demarche.pipeline.engine import Done, Task, Work, run_shard

__all__ = ["OpenRay", "RayEngine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RayEngine:
    """Shards as Ray tasks.

    address: `HOST:PORT` of a cluster that runs this version of demarche and Ray; None: started here with `workers`
    processors. seconds: time limit of one item. ahead: shards in flight for each processor (bounds memory).
    """

    address: str | None = None
    workers: int = 2
    seconds: float = 120.0
    ahead: int = 3
    connect_seconds: float = 30.0

    def map(self, work: Work, tasks: Iterable[Task]) -> Iterator[Done]:
        """As `Engine.map`.

        Raises:
            ConfigError: E711 Ray is not installed.
            TransientError: E709 the cluster cannot be reached, E710 versions differ.
        """
        with self.opened() as engine:
            yield from engine.map(work, tasks)

    @contextmanager
    def opened(self) -> Iterator[OpenRay]:
        """The same engine connected for several maps, until the block ends: Ray takes seconds to start and to stop, and
        each of its processes to load models."""
        engine = OpenRay(self)
        try:
            yield engine
        finally:
            engine.rest()


class OpenRay:
    """A `RayEngine` between two maps: connected from the first map on, its processes keep the models."""

    def __init__(self, engine: RayEngine) -> None:
        self.engine = engine
        self._ray: Any = None

    def map(self, work: Work, tasks: Iterable[Task]) -> Iterator[Done]:
        """As `RayEngine.map`."""
        if self._ray is None:
            self._ray = _connect(self.engine)
        ray = self._ray
        shard = ray.remote(num_cpus=1, max_retries=2)(run_shard)
        packed = pickle.dumps(work)
        most = max(2, int(ray.cluster_resources().get("CPU", self.engine.workers))) * self.engine.ahead
        flying: deque[tuple[Task, Any]] = deque()
        source = iter(tasks)
        try:
            while True:
                while len(flying) < most and (task := next(source, None)) is not None:
                    flying.append((task, shard.remote(packed, task.items, __version__)))
                if not flying:
                    return
                task, reference = flying.popleft()
                yield Done(number=task.number, results=self._collect(ray, shard, packed, work, task.items, reference))
        except BaseException:  # also where the caller takes no more
            for _, reference in flying:
                ray.cancel(reference, force=True)
            self.rest()
            raise

    def rest(self) -> None:
        """Leave the cluster, and end it where it was started here, which frees the memory of its processes."""
        if self._ray is not None:
            self._ray.shutdown()
            self._ray = None

    def _collect(
        self, ray: Any, shard: Any, packed: bytes, work: Work, items: tuple[Any, ...], reference: Any
    ) -> tuple[Any, ...]:
        """Results of a shard; one that costs its worker or its time is halved until the guilty item stands alone."""
        seconds = None if getattr(work, "patient", False) else self.engine.seconds
        try:
            answer: tuple[Any, ...] = ray.get(reference, timeout=None if seconds is None else seconds * len(items))
        except ray.exceptions.GetTimeoutError:
            ray.cancel(reference, force=True)
            code, reason = "E705", f"not coded within {self.engine.seconds:g} s"
        except (ray.exceptions.WorkerCrashedError, ray.exceptions.OutOfMemoryError):
            code, reason = "E704", "the worker process died on it again and again"
        except ray.exceptions.RayTaskError as error:
            raise _own_error(error) from error
        else:
            return answer
        if len(items) == 1:
            return (work.reject(items[0], code, reason),)
        half = len(items) // 2
        parts = [items[:half], items[half:]]
        references = [shard.remote(packed, part, __version__) for part in parts]
        found = [
            self._collect(ray, shard, packed, work, part, again) for part, again in zip(parts, references, strict=True)
        ]
        return (*found[0], *found[1])


def _own_error(error: Any) -> Exception:
    """Our error inside Ray's, where there is one."""
    cause = getattr(error, "cause", None)
    if isinstance(cause, DemarcheError):
        return cause
    return TransientError("E712", f"a Ray task failed: {str(error).strip().splitlines()[-1]}")


def _connect(engine: RayEngine) -> Any:
    """Start or join Ray: usage statistics off, no dashboard; a cluster's token comes from Ray's own settings."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        import ray
    except ImportError as error:
        advice = "pip install 'demarche[ray]'"
        raise ConfigError("E711", "Ray is not installed", remedy=advice) from error
    options: dict[str, Any] = {"logging_level": "ERROR", "log_to_driver": False, "configure_logging": False}
    if engine.address is None:
        options |= {"num_cpus": engine.workers, "include_dashboard": False}
    else:
        _reachable(engine.address, engine.connect_seconds)
        options |= {"address": engine.address}
    try:
        ray.init(**options)
    except (ConnectionError, TimeoutError) as error:
        advice = "see that the cluster runs: ray status"
        raise TransientError(
            "E709", "the Ray cluster cannot be reached", where=engine.address, remedy=advice
        ) from error
    except RuntimeError as error:
        advice = "install the same versions of Python, Ray and demarche everywhere"
        raise TransientError("E710", f"Ray refuses: {error}", where=engine.address, remedy=advice) from error
    return ray


_KNOCK = """
import sys
try:
    from ray._raylet import GcsClient
except ImportError:  # another Ray: it will say itself what is wrong
    sys.exit(0)
GcsClient(address=sys.argv[1])
"""


def _reachable(address: str, seconds: float) -> None:
    """Knock at the head's port first, in a process that can be ended: Ray itself would wait for minutes, and where
    something else answers, for ever."""
    import socket

    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdigit():
        raise ConfigError("E713", f"{address!r} is no address", remedy="write --address as HOST:PORT")
    try:
        socket.create_connection((host, int(port)), timeout=seconds).close()
    except OSError as error:
        raise _unreachable(address) from error
    try:
        command = [sys.executable, "-c", _KNOCK, f"{host}:{port}"]
        subprocess.run(command, check=True, timeout=seconds, capture_output=True)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise _unreachable(address) from error


def _unreachable(address: str | None) -> TransientError:
    advice = "see that the cluster runs: ray status"
    return TransientError("E709", "the Ray cluster cannot be reached", where=address, remedy=advice)
