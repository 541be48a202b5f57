"""Ask every operation of the API what its description allows and what it does not; a process of its own.

(A library of the language layer makes the processor round tiny numbers to zero, which hypothesis refuses to work with.)
"""

from __future__ import annotations

import sys
from typing import Any
from unittest import SkipTest

import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks
from starlette.testclient import TestClient

from demarche.web import WebOptions, create_app

HOST = {"host": "127.0.0.1:8710"}
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
EXAMPLES = 12


def main(folder: str) -> int:
    """Number of operations asked; whatever breaks the description raises."""
    client = TestClient(create_app(folder, WebOptions()))
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", client.app, headers=HOST)
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                cases = operation.as_strategy(generation_mode=mode)

                @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
                @given(case=cases)
                def ask(case: Any) -> None:
                    case.call_and_validate(headers=HOST, checks=CHECKS)

                ask()
            except (SkipTest, Unsatisfiable):  # nothing that this operation's description forbids
                continue
            asked += 1
    return asked


if __name__ == "__main__":
    print(main(sys.argv[1]))
