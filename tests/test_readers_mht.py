"""Web archives: by Word, by browsers, mails; transfer encodings, frames, and broken or hostile ones."""

from __future__ import annotations

import base64
import quopri

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import extractor
from extractor import ExtractorError, UnreadableDocument
from extractor.model import Document

PAGE = "<html><body><p>某市图书馆2020年工作总结</p><p>全年接待读者3万人次=增长。</p></body></html>"
TEXT = "某市图书馆2020年工作总结\n全年接待读者3万人次=增长。"


def part(kind: str, body: bytes, encoding: str = "base64", more: str = "") -> bytes:
    packed = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}.get(encoding, bytes)(body)
    return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n{more}\r\n".encode() + packed


def archive(*parts: bytes, head: str = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="----=_b.1"', boundary: bytes = b"----=_b.1") -> bytes:
    return head.encode() + b"\r\n\r\nThis is a web archive.\r\n" + b"".join(b"\r\n--" + boundary + b"\r\n" + item for item in parts) + b"\r\n--" + boundary + b"--\r\n"


def read(data: bytes) -> Document:
    return extractor.read(data, "a.mht")


def codes(document: Document) -> set[str]:
    return {diagnostic.code for diagnostic in document.diagnostics}


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit", "binary"])
@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gb18030"])
def test_every_transfer_encoding_gives_the_page(encoding: str, charset: str) -> None:
    document = read(archive(part(f'text/html; charset="{charset}"', PAGE.encode("gb18030" if "gb" in charset else charset), encoding)))
    assert document.text == TEXT and document.source.reader == "mht" and not document.diagnostics


def test_line_ends_of_unix_and_a_folded_header() -> None:
    data = archive(part("text/html;\r\n\tcharset=gbk", PAGE.encode("gbk"), "quoted-printable"), head='From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="----=_b.1"')
    assert read(data.replace(b"\r\n", b"\n")).text == read(data).text == TEXT


def test_pictures_and_running_heads_are_passed_over_and_frames_are_told() -> None:
    head = part("text/html", "<p>页眉</p>".encode(), more="Content-Location: file:///C:/a.files/header.htm\r\n")
    page = part("text/html; charset=utf-8", PAGE.encode())
    assert codes(read(archive(part("image/png", b"\x89PNG"), page, head))) == set()
    document = read(archive(page, part("text/html", "<p>框架</p>".encode())))
    assert document.text == TEXT and codes(document) == {"embedded-document"}


def test_a_mail_with_the_page_inside_another_part() -> None:
    inner = archive(part("text/plain; charset=utf-8", "纯文本".encode()), part("text/html; charset=utf-8", PAGE.encode()), head="Content-Type: multipart/alternative; boundary=inner", boundary=b"inner")
    assert read(archive(inner, part("application/pdf", b"%PDF"))).text == TEXT


def test_without_a_page_the_plain_text_is_read() -> None:
    assert read(archive(part("text/plain; charset=gbk", "全年接待读者3万人次。".encode("gbk")))).text == "全年接待读者3万人次。"
    assert read(b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n" + PAGE.encode()).text == TEXT


def test_a_web_archive_named_doc_is_read_as_what_it_is() -> None:
    assert extractor.read(archive(part("text/html; charset=utf-8", PAGE.encode())), "总结.doc").source.reader == "mht"


@pytest.mark.parametrize(
    "data, said",
    [
        (archive(part("image/png", b"x")), "no page of text"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=a\n\nnothing", "no page of text"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\nx\n" * 20_000, "parts"),
        (
            b"".join(f"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b{depth}\n\n--b{depth}\n".encode() for depth in range(50)) + b"\nx",
            "inside each other",
        ),
    ],
    ids=["pictures", "no parts", "too many", "too deep"],
)
def test_archives_without_a_page_or_beyond_a_limit(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableDocument, match=said):
        read(data)


@pytest.mark.parametrize(
    "kind",
    ["text/html; charset=zlib", "text/html; charset*=a'b'%ff", 'text/html; charset="a\0b"', "text/html; charset*0=utf; charset*1=-8", "text/html" + ';"' * 20_000, "text/html; charset=" + "x" * 20_000],
)
def test_strange_headers_do_no_harm(kind: str) -> None:
    assert TEXT in read(archive(part(kind, PAGE.encode()))).text


def test_damaged_base64_is_read_as_far_as_it_goes() -> None:
    body = base64.encodebytes(PAGE.encode()).replace(b"\n", b"!\n")
    whole = b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" + body
    assert read(whole).text == TEXT
    assert read(whole[:-50]).text.startswith("某市图书馆")


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=60, max_value=900), st.binary(max_size=8))
def test_a_cut_or_changed_archive_ends_in_text_or_in_a_message(at: int, inserted: bytes) -> None:
    data = archive(part("text/html; charset=utf-8", PAGE.encode(), "quoted-printable"))
    for broken in (data[:at], data[:at] + inserted + data[at + len(inserted) :]):
        try:
            assert read(broken).text.strip()
        except ExtractorError as error:
            assert error.source == "a.mht"
