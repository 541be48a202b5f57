"""Every hostile input of the table in docs/ingest.md: a coded rejection that names the place, and all else is read."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import time
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from demarche.ingest import Limits, ReadOptions, read_inputs
from demarche.records import Article, Rejection
from ingest_pages import STORY, page

TEXT = "\n\n".join(("Border opens again", *STORY))


def read(path: Path | str, options: ReadOptions | None = None) -> list[Article | Rejection]:
    return list(read_inputs([str(path)], options))


def told(found: list[Article | Rejection]) -> list[str]:
    return [one.code if isinstance(one, Rejection) else "article" for one in found]


def rejection(found: Article | Rejection) -> Rejection:
    assert isinstance(found, Rejection)
    return found


def article(found: Article | Rejection) -> Article:
    assert isinstance(found, Article)
    return found


def put(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def record(address: str, body: bytes) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2021-03-04T00:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def packed_warc(count: int) -> list[bytes]:
    return [gzip.compress(record(f"https://x.example/{i}", page(title=f"Page {i}").encode())) for i in range(count)]


def test_a_truncated_gzip_warc_says_where_it_ends(tmp_path: Path) -> None:
    members = packed_warc(4)
    data = b"".join(members)[:-300]
    found = read(put(tmp_path, "a.warc.gz", data))
    assert told(found) == ["article"] * 3 + ["E113"]
    assert rejection(found[-1]).place == f"@{sum(map(len, members[:3]))}"


def test_a_corrupt_member_of_a_warc_is_stepped_over(tmp_path: Path) -> None:
    members = packed_warc(4)
    broken = bytearray(members[1])
    broken[60:90] = os.urandom(30)
    found = read(put(tmp_path, "a.warc.gz", members[0] + bytes(broken) + members[2] + members[3]))
    assert told(found).count("article") == 3
    assert [one for one in told(found) if one != "article"] == ["E113"]


def test_a_plain_warc_that_is_cut_says_where(tmp_path: Path) -> None:
    data = record("https://x.example/0", page().encode()) * 2
    found = read(put(tmp_path, "a.warc", data[:-200]))
    assert told(found) == ["article", "E113"]
    assert rejection(found[1]).place == f"@{len(data) // 2}"


@pytest.mark.parametrize(
    ("charset", "declared"), [("latin-1", ""), ("cp1252", "utf-8"), ("utf-16", ""), ("koi8-r", "koi8-r")]
)
def test_a_wrong_or_missing_charset_garbles_nothing(tmp_path: Path, charset: str, declared: str) -> None:
    words = {"latin-1": "Zürich Überläufer", "koi8-r": "Совет"}.get(charset, "Zürich – Überläufer")
    markup = page(title=words).replace('<meta charset="utf-8">', f'<meta charset="{declared}">' if declared else "")
    [found] = read(put(tmp_path, "a.html", markup.encode(charset)))
    assert article(found).document.title == words


def test_double_mojibake_is_undone(tmp_path: Path) -> None:
    broken = "The café in Zürich’s old town".encode().decode("cp1252", "replace")
    [found] = read(put(tmp_path, "a.txt", TEXT + "\n\n" + broken + " was shut on Monday, officials said."))
    assert "café in Zürich’s old town" in article(found).document.text


def test_a_page_of_50_mb_is_refused_at_once(tmp_path: Path) -> None:
    began = time.monotonic()
    [found] = read(put(tmp_path, "a.html", b"<html><body>" + b"<p>word word</p>" * 3_200_000))
    assert rejection(found).code == "E105"
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "markup",
    ["<div>" * 200_000 + "deep", "<div " + " ".join(f"a{i}=1" for i in range(200_000)) + ">text</div>",
     "<b>" * 100_000, "<table><tr><td>" * 60_000, "<p>a" * 300_000, "<a" * 200_000,
     "<div x='" + "y" * 3_000_000, "<!--" * 100_000, "<script>" * 50_000, "&" * 2_000_000],
    ids=["divs", "attributes", "inline", "tables", "paragraphs", "open tags", "open attribute", "comments", "scripts",
         "entities"],
)  # fmt: skip
def test_markup_that_hangs_extractors_ends(tmp_path: Path, markup: str) -> None:
    began = time.monotonic()
    found = read(put(tmp_path, "a.html", f"<html><body>{markup}"))
    assert len(found) == 1
    assert time.monotonic() - began < 20
    if markup.startswith(("<div>", "<div a0")):
        assert rejection(found[0]).code == "E106"


def test_deep_json_is_a_rejection(tmp_path: Path) -> None:
    lines = ['{"text": ' + "[" * 100_000, json.dumps({"text": TEXT})]
    found = read(put(tmp_path, "a.jsonl", "\n".join(lines)))
    assert told(found) == ["E111", "article"]
    assert rejection(found[0]).place == "L1"


def test_a_zip_bomb_is_refused_and_its_neighbours_are_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", TEXT)
        archive.writestr("b.txt", b"0" * 60_000_000)
        archive.writestr("c.txt", TEXT)
    found = read(tmp_path / "a.zip")
    assert told(found) == ["article", "E114", "article"]
    assert rejection(found[1]).place == "b.txt"


def test_a_zip_whose_directory_lies_about_sizes_is_refused(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b.txt", b"0" * 60_000_000)
    data = packed.getvalue().replace((60_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    [found] = read(put(tmp_path, "a.zip", data))
    assert rejection(found).code == "E114"


def test_archives_inside_archives_end(tmp_path: Path) -> None:
    data = TEXT.encode()
    name = "a.txt"
    for depth in range(8):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(name, data)
        data, name = packed.getvalue(), f"{depth}.zip"
    [found] = read(put(tmp_path, "a.zip", data))
    assert rejection(found).code == "E128"


def test_a_gzip_bomb_ends_at_the_limit(tmp_path: Path) -> None:
    [found] = read(put(tmp_path, "a.txt.gz", gzip.compress(b"0" * 100_000_000)))
    assert rejection(found).code == "E105"


def test_an_xml_bomb_is_no_bomb(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY x{i} "{f"&x{i - 1};" * 10}">' for i in range(1, 20))
    bomb = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x0 "lol">{entities}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        f"<rss><channel><title>&x19;&f;</title><item><guid>1</guid><title>One</title><description>{TEXT} &f; &x19;"
        "</description></item></channel></rss>"
    )
    began = time.monotonic()
    [found] = read(put(tmp_path, "a.rss", bomb))
    assert "root:" not in article(found).document.text
    assert len(article(found).document.text) < 2_000
    assert time.monotonic() - began < 5


def test_nul_bytes_and_direction_marks_are_taken_out(tmp_path: Path) -> None:
    dirty = TEXT.replace("said", "sa\0id").replace("border", "\u202eborder\u202c").replace("ten", "t\u200be\u00adn")
    [found] = read(put(tmp_path, "a.txt", dirty))
    assert article(found).document.text == article(read(put(tmp_path, "b.txt", TEXT))[0]).document.text
    [found] = read(put(tmp_path, "a.html", page().replace("said", "sa\0id").encode()))
    assert STORY[0] in article(found).document.text


@pytest.mark.parametrize("data", [b"", b"   \n\n \t", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n"])
def test_an_empty_file_is_called_so(tmp_path: Path, data: bytes) -> None:
    [found] = read(put(tmp_path, "a.html", data))
    assert rejection(found).code in {"E103", "E108"}


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n" + os.urandom(4000), b"\xff\xd8\xff\xe0" + os.urandom(4000), b"\x7fELF" + os.urandom(4000),
     bytes(range(256)) * 40, b"MZ" + os.urandom(4000)],
    ids=["png", "jpeg", "elf", "noise", "exe"],
)  # fmt: skip
def test_a_binary_named_html_is_refused(tmp_path: Path, data: bytes) -> None:
    [found] = read(put(tmp_path, "a.html", data))
    assert rejection(found).code == "E104"


def test_a_broken_pdf_named_html_is_refused(tmp_path: Path) -> None:
    [found] = read(put(tmp_path, "a.html", b"%PDF-1.7\n" + os.urandom(4000)))
    assert rejection(found).code == "E117"


@pytest.mark.parametrize("name", ["../../etc/passwd.txt", "/etc/passwd.txt", "a/../../b.txt", "C:\\b.txt", "..\\b.txt"])
def test_path_traversal_in_archives_is_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(name, TEXT)
        archive.writestr("fine.txt", TEXT)
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        for one in (name, "fine.txt"):
            info = tarfile.TarInfo(one)
            info.size = len(TEXT.encode())
            tar.addfile(info, io.BytesIO(TEXT.encode()))
    for archive_name in ("a.zip", "a.tar"):
        found = read(tmp_path / archive_name)
        assert sorted(told(found)) == ["E114", "article"], archive_name
    assert {path.name for path in tmp_path.iterdir()} == {"a.zip", "a.tar"}


def test_links_and_devices_in_a_tar_are_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo("x.txt")
            info.type = kind
            info.linkname = "/etc/passwd"
            tar.addfile(info)
    assert told(read(tmp_path / "a.tar")) == ["E114"] * 4


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    put(tmp_path, "secret.txt", TEXT)
    (tmp_path / "in" / "a.txt").symlink_to(tmp_path / "secret.txt")
    put(tmp_path / "in", "b.txt", TEXT)
    assert told(read(tmp_path / "in")) == ["E102", "article"]


def test_duplicate_keys_in_jsonl_name_the_line_and_the_key(tmp_path: Path) -> None:
    lines = [json.dumps({"text": TEXT}), '{"id": 1, "text": "a", "text": "b"}', json.dumps({"text": TEXT + " So."})]
    found = read(put(tmp_path, "a.jsonl", "\n".join(lines)))
    assert told(found) == ["article", "E111", "article"]
    assert rejection(found[1]).place == "L2"
    assert "'text'" in rejection(found[1]).reason


@pytest.mark.parametrize("header", [True, False])
def test_a_broken_parquet_page_costs_its_row_group_only(tmp_path: Path, header: bool) -> None:
    rows = [{"text": f"{TEXT} Number {i} stands here." + str(os.urandom(200))} for i in range(30)]
    path = tmp_path / "a.parquet"
    table = pa.Table.from_pylist(rows)
    pq.write_table(table, path, row_group_size=10, compression="none", use_dictionary=False, write_page_checksum=True)
    column = pq.ParquetFile(path).metadata.row_group(1).column(0)
    data = bytearray(path.read_bytes())
    start = column.data_page_offset + (0 if header else column.total_compressed_size - 200)
    data[start : start + 40] = b"\xff" * 40
    path.write_bytes(data)
    found = read(path)
    assert told(found).count("article") == 20
    bad = [one for one in found if isinstance(one, Rejection)]
    assert len(bad) == 1
    assert "11-20" in bad[0].reason


def test_a_parquet_file_without_its_end_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": [TEXT]}), tmp_path / "a.parquet")
    data = (tmp_path / "a.parquet").read_bytes()
    [found] = read(put(tmp_path, "b.parquet", data[:-100]))
    assert rejection(found).code == "E116"


def test_one_bad_line_among_many_is_the_only_one_lost(tmp_path: Path) -> None:
    short = json.dumps({"text": "The army left the town on Friday, residents said by telephone."})
    lines = [short] * 3_000
    lines[1_776] = short[:-9]
    found = read(put(tmp_path, "a.jsonl", "\n".join(lines)))
    assert len(found) == 3_000
    [bad] = [one for one in found if isinstance(one, Rejection)]
    assert (bad.code, bad.place) == ("E111", "L1777")


def test_a_line_without_end_is_skipped_in_pieces(tmp_path: Path) -> None:
    limits = Limits(row_bytes=50_000)
    lines = [json.dumps({"text": TEXT}), '{"text": "' + "x" * 400_000 + '"}', json.dumps({"text": TEXT + " So."})]
    found = read(put(tmp_path, "a.jsonl", "\n".join(lines)), ReadOptions(limits=limits))
    assert told(found) == ["article", "E127", "article"]


def test_bytes_that_are_no_utf8_in_jsonl_name_the_byte(tmp_path: Path) -> None:
    found = read(put(tmp_path, "a.jsonl", b'{"text": "caf\xe9"}\n' + json.dumps({"text": TEXT}).encode()))
    assert told(found) == ["E111", "article"]


def test_csv_with_unbalanced_quotes_loses_no_more_than_it_must(tmp_path: Path) -> None:
    head = "id,text\n1,The army left the town on Friday and residents came out.\n"
    found = read(put(tmp_path, "a.csv", head + '2,"The army left\n3,The envoy went home on Monday morning.\n'))
    assert told(found)[0] == "article"


def test_truncated_zstd_and_corrupt_gzip_keep_what_stood_before(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps({"text": f"{TEXT} Number {i}. {os.urandom(40).hex()}"}) for i in range(400)).encode()
    found = read(put(tmp_path, "a.jsonl.zst", zstandard.compress(lines)[:-2000]))
    assert told(found).count("article") > 0
    assert told(found)[-1] in {"E119", "E111"}
    found = read(put(tmp_path, "a.jsonl.gz", gzip.compress(lines)[:-2000]))
    assert told(found).count("article") > 100
    assert "E119" in told(found)


def test_a_folder_of_horrors_keeps_its_good_files(tmp_path: Path) -> None:
    put(tmp_path, "0.html", b"")
    put(tmp_path, "1.html", os.urandom(3000))
    put(tmp_path, "2.txt", TEXT)
    put(tmp_path, "3.html", "<div>" * 100_000)
    put(tmp_path, "4.warc.gz", b"\x1f\x8b\x08\x00garbage")
    put(tmp_path, "5.zip", b"PK\x03\x04garbage")
    put(tmp_path, "6.parquet", b"PAR1garbage")
    put(tmp_path, "7.rss", "<rss><channel></wrong>")
    put(tmp_path, "8.html", page().encode())
    put(tmp_path, "9.mbox", b"From x@y Mon Mar  1 10:00:00 2021\nno headers at all")
    found = read(tmp_path)
    assert told(found).count("article") == 2
    for one in found:
        if isinstance(one, Rejection):
            assert one.source.startswith(str(tmp_path))
            assert one.reason


def test_names_of_devices_and_missing_paths_are_rejections(tmp_path: Path) -> None:
    assert told(read("/dev/zero")) == ["E102"]
    assert told(read(tmp_path / "none.txt")) == ["E101"]
    os.mkfifo(tmp_path / "pipe")
    assert told(read(tmp_path / "pipe")) == ["E102"]
