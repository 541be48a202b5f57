"""Mail: newsletters in MBOX files and single messages."""

from __future__ import annotations

import email
import email.message
import email.policy
import io
import re
from collections.abc import Iterator
from dataclasses import replace

from demarche.errors import DemarcheError, InputError
from demarche.ingest.clean import clean_text
from demarche.ingest.density import fragment_blocks
from demarche.ingest.draft import Block, Draft, Found, Origin
from demarche.ingest.guard import check_markup, drop_silent
from demarche.ingest.html import parse_markup
from demarche.ingest.options import ReadOptions
from demarche.ingest.page_dates import parse_date

__all__ = ["read_mail"]

_START = re.compile(rb"From \S+.*\d{4}\s*$")


def read_mail(
    stream: io.BufferedReader, origin: Origin, options: ReadOptions
) -> Iterator[tuple[Origin, Draft | DemarcheError]]:
    """Messages of an MBOX file or of one message, each as one article."""
    for number, data in enumerate(_messages(stream, options.limits.text_bytes), 1):
        here = origin.within(f"M{number}")
        try:
            if data is None:
                raise InputError("E105", f"message of more than {options.limits.text_bytes:,} bytes", where=here.source)
            yield here, _draft(data, here, options)
        except DemarcheError as error:
            yield here, error


def _messages(stream: io.BufferedReader, limit: int) -> Iterator[bytes | None]:
    """Bytes of each message; None for one over the limit. A message starts at a `From ` line after an empty one."""
    lines: list[bytes] = []
    size = 0
    blank = True
    while line := stream.readline(1 << 20):
        if blank and _START.match(line):
            if size:
                yield b"".join(lines) if size <= limit else None
            lines, size, blank = [], 0, False
            continue
        blank = not line.strip()
        size += len(line)
        if size <= limit:
            lines.append(line[1:] if line.startswith(b">From ") else line)
        else:
            lines = []
    if size:
        yield b"".join(lines) if size <= limit else None


def _draft(data: bytes, origin: Origin, options: ReadOptions) -> Draft:
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not message.keys():
        raise InputError("E118", "no message: it has no headers", where=origin.source)
    blocks, flat = _body(message, options)
    if not blocks:
        raise InputError("E118", "the message has no text", where=origin.source)
    date = parse_date(_header(message, "date") or "")
    sender = re.sub(r"\s*<[^>]*>\s*$", "", _header(message, "from") or "").strip("\" '") or None
    subject = _header(message, "subject")
    draft = Draft(blocks=tuple(blocks), data=data, origin=origin, flat=flat)
    return replace(
        draft,
        external_id=_header(message, "message-id"),
        title=re.sub(r"^((re|fwd?|aw|wg):\s*)+", "", subject, flags=re.I) if subject else None,
        publisher=sender,
        published=Found(date=date, source="field", confidence=1.0) if date else None,
    )


def _header(message: email.message.EmailMessage, name: str) -> str | None:
    """A header in one line; a header that does not parse is none."""
    try:
        value = message[name]
    except (ValueError, IndexError, AttributeError, TypeError):  # the parser's own slips on hostile headers
        return None
    return (clean_text(str(value)) or None) if value is not None else None


def _body(message: email.message.EmailMessage, options: ReadOptions) -> tuple[list[Block], bool]:
    """Paragraphs of the HTML part, else of the text part, and whether they are lines of flat text."""
    for kind in ("html", "plain"):
        part = message.get_body(preferencelist=(kind,))
        if part is None:
            continue
        text = _words(part)
        if kind == "html" and text.strip():
            markup = drop_silent(text)
            check_markup(markup, options.limits)
            if blocks := fragment_blocks(parse_markup(markup)):
                return blocks, False
        elif text.strip():
            return [Block(text=text.replace("\r\n", "\n"))], True
    return [], True


def _words(part: email.message.MIMEPart) -> str:
    try:
        content = part.get_content()
        if isinstance(content, str):
            return content
    except (LookupError, ValueError, KeyError, AttributeError):  # unknown charset or broken encoding
        pass
    raw = part.get_payload(decode=True)
    return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""
