"""Each kind of input gives its article; the same article by two routes is the same article."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from demarche.ingest import ReadOptions, read_inputs
from demarche.records import Article, Rejection, Role
from ingest_pages import STORY, page

TEXT = "\n\n".join(("Border opens again", *STORY))
URL = "https://www.isterpost.example/world/border"


def read(path: Path | str, **options: object) -> list[Article | Rejection]:
    return list(read_inputs([str(path)], ReadOptions(**options)))  # type: ignore[arg-type]


def one(path: Path | str, **options: object) -> Article:
    [found] = read(path, **options)
    assert isinstance(found, Article), found
    return found


def put(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def body(article: Article) -> list[str]:
    text = article.document.text
    return [text[p.start : p.end] for p in article.paragraphs if p.role is Role.BODY]


ROW = {"id": "7", "url": URL, "title": "Border opens again", "text": "\n\n".join(STORY), "published": "2021-03-04",
       "publisher": "Ister Post", "language": "en"}  # fmt: skip


def as_parquet(folder: Path) -> Path:
    pq.write_table(pa.Table.from_pylist([ROW]), folder / "a.parquet")
    return folder / "a.parquet"


def as_csv(folder: Path) -> Path:
    quoted = ",".join('"' + value.replace('"', '""') + '"' for value in ROW.values())
    return put(folder, "a.csv", ",".join(ROW) + "\n" + quoted + "\n")


def as_zip(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("in/a.jsonl", json.dumps(ROW))
    return folder / "a.zip"


def as_tar(folder: Path) -> Path:
    data = json.dumps(ROW).encode()
    with tarfile.open(folder / "a.tar.gz", "w:gz") as tar:
        info = tarfile.TarInfo("in/a.jsonl")
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))
    return folder / "a.tar.gz"


ROUTES = {
    "jsonl": lambda folder: put(folder, "a.jsonl", json.dumps(ROW)),
    "json": lambda folder: put(folder, "a.json", json.dumps({"articles": [ROW]})),
    "gzip": lambda folder: put(folder, "a.jsonl.gz", gzip.compress(json.dumps(ROW).encode())),
    "zstd": lambda folder: put(folder, "a.jsonl.zst", zstandard.compress(json.dumps(ROW).encode())),
    "bzip2": lambda folder: put(folder, "a.jsonl.bz2", bz2.compress(json.dumps(ROW).encode())),
    "xz": lambda folder: put(folder, "a.jsonl.xz", lzma.compress(json.dumps(ROW).encode())),
    "parquet": as_parquet,
    "csv": as_csv,
    "zip": as_zip,
    "tar": as_tar,
}


@pytest.mark.parametrize("route", ROUTES)
def test_a_row_is_the_same_article_by_every_route(tmp_path: Path, route: str) -> None:
    found = one(ROUTES[route](tmp_path))
    wanted = one(ROUTES["jsonl"](tmp_path / "x") if (tmp_path / "x").mkdir() is None else tmp_path)
    assert found.document.id == wanted.document.id
    assert found.paragraphs == wanted.paragraphs
    assert (found.document.text, found.document.sha256) == (wanted.document.text, wanted.document.sha256)
    assert found.document.external_id == "7"
    assert body(found) == list(STORY)


def warc(body_: bytes, kind: str = "response", mime: str = "text/html") -> bytes:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: {mime}\r\n\r\n".encode() + body_ if kind == "response" else body_
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {URL}\r\nWARC-Date: 2021-03-04T00:00:00Z\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def test_a_page_is_the_same_article_by_every_route(tmp_path: Path) -> None:
    markup = page(head=f'<link rel="canonical" href="{URL}">').encode()
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.writestr("p.html", markup)
    paths = [
        put(tmp_path, "p.html", markup),
        put(tmp_path, "p.warc", warc(markup)),
        put(tmp_path, "p.warc.gz", gzip.compress(warc(markup))),
        put(tmp_path, "p.html.gz", gzip.compress(markup)),
        tmp_path / "p.zip",
    ]
    articles = [one(path) for path in paths]
    assert len({article.document.id for article in articles}) == 1
    assert len({(article.document.text, article.paragraphs) for article in articles}) == 1
    assert len({article.document.source for article in articles}) == len(paths)


def test_wet_records_are_texts(tmp_path: Path) -> None:
    found = one(put(tmp_path, "a.wet", warc(TEXT.encode(), "conversion")))
    assert body(found) == list(STORY)
    assert found.document.url == URL


def test_cdxj_points_into_the_warc_beside_it(tmp_path: Path) -> None:
    first, second = gzip.compress(warc(page(title="One").encode())), gzip.compress(warc(page(title="Two").encode()))
    put(tmp_path, "a.warc.gz", first + second)
    line = {"url": URL, "filename": "crawl/a.warc.gz", "offset": str(len(first)), "length": str(len(second))}
    lost = {**line, "filename": "../../etc/passwd"}
    index = "".join(f"example,isterpost)/world 20210304000000 {json.dumps(told)}\n" for told in (line, lost))
    found = read(put(tmp_path, "a.cdxj", index + "broken line {\n"))
    assert isinstance(found[0], Article)
    assert found[0].document.title == "Two"
    lost_ones = [(rest.code, rest.place) for rest in found[1:] if isinstance(rest, Rejection)]
    assert lost_ones == [
        ("E134", "L2"),
        ("E134", "L3"),
    ]


def test_markdown_keeps_its_title_and_quotations(tmp_path: Path) -> None:
    front = "---\ntitle: Border opens\ndate: 2021-03-04\nauthor: Ana Roth\n---\n\n"
    text = front + f"{STORY[0]}\n\n> {STORY[1]}\n\n**{STORY[2]}**\n"
    found = one(put(tmp_path, "a.md", text))
    assert (found.document.title, found.document.published, found.document.authors) == (
        "Border opens", "2021-03-04", ("Ana Roth",))  # fmt: skip
    assert Role.QUOTE in {paragraph.role for paragraph in found.paragraphs}
    assert "**" not in found.document.text


PARAGRAPHS = "".join(f"<p>{text}</p>" for text in STORY)
RSS = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Ister Post</title><language>en-gb</language>
<item><title>Border opens again</title><link>{URL}</link><guid>g1</guid>
<pubDate>Thu, 04 Mar 2021 10:00:00 +0100</pubDate>
<content:encoded><![CDATA[{"".join(f"<p>{text}</p>" for text in STORY)}]]></content:encoded></item>
<item><title>Only a line</title><link>/other</link><description>Too short &nbsp; caf&eacute;.</description></item>
</channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Ister Post</title>
<entry><title>Border opens again</title><id>g1</id><link rel="alternate" href="{URL}"/>
<published>2021-03-04T10:00:00+01:00</published><author><name>Ana Roth</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{PARAGRAPHS}</div></content>
</entry></feed>"""
JSON_FEED = json.dumps(
    {"version": "https://jsonfeed.org/version/1.1", "title": "Ister Post", "items": [
        {"id": "g1", "url": URL, "title": "Border opens again", "date_published": "2021-03-04T10:00:00+01:00",
         "content_html": "".join(f"<p>{text}</p>" for text in STORY)}]}
)  # fmt: skip


@pytest.mark.parametrize(("name", "data"), [("a.rss", RSS), ("a.atom", ATOM), ("a.json", JSON_FEED)])
def test_feeds_give_the_text_that_they_carry(tmp_path: Path, name: str, data: str) -> None:
    found = read(put(tmp_path, name, data))
    article = found[0]
    assert isinstance(article, Article)
    assert body(article) == list(STORY)
    document = article.document
    assert (document.title, document.url, document.publisher) == ("Border opens again", URL, "Ister Post")
    assert document.published == "2021-03-04T10:00:00+01:00"
    assert document.external_id == "g1"
    for rest in found[1:]:
        assert isinstance(rest, Rejection)
        assert (rest.code, rest.place) == ("E115", "R2")


def test_a_feed_cut_in_the_middle_keeps_its_whole_entries(tmp_path: Path) -> None:
    found = read(put(tmp_path, "a.rss", RSS[: RSS.index("<item><title>Only") + 30]))
    assert isinstance(found[0], Article)


def test_a_sitemap_file_says_that_it_has_no_text(tmp_path: Path) -> None:
    found = read(put(tmp_path, "a.xml", f"<urlset><url><loc>{URL}</loc></url></urlset>"))
    assert [one_.code for one_ in found if isinstance(one_, Rejection)] == ["E115"]


MBOX = f"""From news@isterpost.example Thu Mar  4 10:00:00 2021
From: Ister Post <news@isterpost.example>
Subject: =?utf-8?q?Border_opens_=E2=80=93_again?=
Date: Thu, 4 Mar 2021 10:00:00 +0100
Message-ID: <1@isterpost.example>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

short
--b
Content-Type: text/html; charset=utf-8

<html><body>{"".join(f"<p>{text}</p>" for text in STORY)}</body></html>
--b--

From news@isterpost.example Thu Mar  5 10:00:00 2021
From: Ister Post <news@isterpost.example>
Subject: Second
Date: Fri, 5 Mar 2021 10:00:00 +0100
Content-Type: text/plain; charset=utf-8

{STORY[0]}
>From here on the text goes on, officials said on Friday in the capital.
"""


def test_a_mailbox_gives_an_article_a_message(tmp_path: Path) -> None:
    first, second = (found for found in read(put(tmp_path, "a.mbox", MBOX)) if isinstance(found, Article))
    assert body(first) == list(STORY)
    assert (first.document.title, first.document.publisher) == ("Border opens – again", "Ister Post")
    assert first.document.published == "2021-03-04T10:00:00+01:00"
    assert first.document.external_id == "<1@isterpost.example>"
    assert "From here on" in second.document.text


def pdf(lines: list[str]) -> bytes:
    """A PDF of one page with a text layer, written by hand."""
    words = " ".join(f"({line.replace('(', '').replace(')', '')}) Tj T*" for line in lines)
    stream = f"BT /F1 10 Tf 14 TL 40 800 Td {words} ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> "
        b">>",
        b"<< /Length " + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += str(number).encode() + b" 0 obj\n" + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + (b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n" + str(len(out)).encode() + b"\n%%EOF")
    )


def test_a_pdf_is_read_by_its_text_layer(tmp_path: Path) -> None:
    lines = ["Border opens again", STORY[0][:60], STORY[0][60:], STORY[1][:62], STORY[1][62:]]
    found = one(put(tmp_path, "a.pdf", pdf(lines)))
    assert STORY[0].split()[0] in found.document.text
    assert "border with Tolan would open" in found.document.text


def test_a_pdf_without_a_text_layer_is_refused(tmp_path: Path) -> None:
    [found] = read(put(tmp_path, "a.pdf", pdf([])))
    assert isinstance(found, Rejection)
    assert found.code == "E117"


def test_columns_are_mapped_by_the_user_and_by_guess(tmp_path: Path) -> None:
    table = f'nr,story,day,outlet\n1,"{STORY[0]}",2021-03-04,Ister Post\n'
    guessed = one(put(tmp_path, "a.csv", table))
    assert "column 'story' read as text" in guessed.document.warnings
    mapped = one(put(tmp_path, "b.csv", table), columns={"text": "story", "published": "day", "id": "nr"})
    assert (mapped.document.published, mapped.document.external_id) == ("2021-03-04", "1")
    [lost] = read(put(tmp_path, "c.csv", table), columns={"text": "body"})
    assert isinstance(lost, Rejection)
    assert lost.code == "E116"


def test_semicolons_and_tabs_part_columns_too(tmp_path: Path) -> None:
    assert one(put(tmp_path, "a.csv", f"id;text\n1;{STORY[3]}\n")).document.external_id == "1"
    assert one(put(tmp_path, "a.tsv", f"id\ttext\n1\t{STORY[0]}\n")).document.external_id == "1"


def test_other_languages_are_stored_and_marked(tmp_path: Path) -> None:
    german = (
        "Der Außenminister sagte am Montag, dass die Grenze innerhalb von zehn Tagen wieder geöffnet werde.\n\n"
        "Die Regierungen hatten sich seit April dreimal getroffen und einander um Garantien gebeten, hieß es weiter."
    )
    found = one(put(tmp_path, "a.txt", "Grenze wieder offen\n\n" + german))
    assert found.document.language == "de"
    assert any(warning.startswith("language not supported yet") for warning in found.document.warnings)


def test_a_paragraph_in_another_language_is_named(tmp_path: Path) -> None:
    other = (
        "Le ministre a déclaré lundi que la frontière serait rouverte dans les dix jours et que les deux pays avaient "
        "trouvé un accord après de longues négociations dans la capitale."
    )
    found = one(put(tmp_path, "a.txt", TEXT + "\n\n" + other + "\n\n" + STORY[0]))
    assert found.document.language == "en"
    assert any("another language" in warning for warning in found.document.warnings)


def test_stdin_is_read_whatever_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    class In:
        buffer = io.BytesIO(gzip.compress(json.dumps(ROW).encode()))

    monkeypatch.setattr("sys.stdin", In())
    assert one("-").document.external_id == "7"


def test_the_hash_is_that_of_the_bytes_read(tmp_path: Path) -> None:
    import hashlib

    data = page().encode()
    assert one(put(tmp_path, "a.html", data)).document.sha256 == hashlib.sha256(data).hexdigest()
    assert (
        one(put(tmp_path, "a.jsonl", json.dumps(ROW))).document.sha256
        == hashlib.sha256(ROW["text"].encode()).hexdigest()
    )


@pytest.mark.parametrize(
    ("title", "text"),
    [("Page not found", "Sorry."), ("Talks", "The talks went on. Subscribe to continue reading this story."),
     ("Just a moment...", "Checking your browser before you go on.")],
)  # fmt: skip
def test_pages_without_an_article_are_refused_with_the_reason(tmp_path: Path, title: str, text: str) -> None:
    [found] = read(put(tmp_path, "a.html", page(title=title, body=f"<h1>{title}</h1><p>{text}</p>")))
    assert isinstance(found, Rejection)
    assert found.code == "E109", found
