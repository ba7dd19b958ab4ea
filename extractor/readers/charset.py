"""Bytes of a web page to text: byte order mark, what the page says of itself, and what Chinese pages really hold.

Names of encodings are looked up in a list of our own: some codecs of Python are no character sets (``zlib``)
or take quadratic time (``punycode``). GB2312 and GBK are read as GB18030, which holds both (GB 18030-2022).
"""

from __future__ import annotations

import codecs
import re

from extractor.model import Diagnostic

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NAMES = {
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "xgbk", "cp936", "936", "windows936", "xcp20936", "gb231280", "csgb2312", "chinese"), "gb18030"),
    **dict.fromkeys(("utf8", "unicode11utf8", "xutf8", "65001", "utf16", "unicode", "utf16le", "utf16be"), "utf-8"),
    **dict.fromkeys(("big5", "xxbig5", "big5hkscs", "cnbig5", "cp950", "950"), "big5hkscs"),
    **dict.fromkeys(("iso88591", "latin1", "usascii", "ascii", "windows1252", "cp1252"), "cp1252"),
    **dict.fromkeys(("shiftjis", "sjis", "xsjis", "windows31j", "ms932"), "cp932"),
    "hzgb2312": "hz", "eucjp": "euc_jp", "iso2022jp": "iso2022_jp", "euckr": "cp949", "ksc56011987": "cp949",
    **{f"windows{number}": f"cp{number}" for number in range(1250, 1259)},
}  # fmt: skip
"""Lower case without punctuation -> codec. A page that calls itself UTF-16 in ASCII letters is none (WHATWG Encoding)."""

_GUESSED = ("utf-8", "gb18030")
_DECLARED = re.compile(rb"""<meta\s[^>]{0,400}?charset\s*=\s*["']?\s*([\w:.-]{1,40})|^\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w:.-]{1,40})""", re.IGNORECASE)
_HEAD = 16_384
"""Where a page may say its encoding; browsers look at the first 1024 bytes, Word's pages say it later."""


def decode(data: bytes, declared: str | None = None) -> tuple[str, list[Diagnostic]]:
    """The text of a page, and a diagnostic where bytes stand for no character.

    In order: byte order mark, `declared` (by whoever sent the page), what the page says, UTF-8, GB18030. The
    first that fits every byte is taken; where none does, the first of them, with U+FFFD for each misfit.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _forced(data[len(bom) :], encoding)
    head = data[:_HEAD]
    if head.count(b"\0") > len(head) // 4:
        return _forced(data, "utf-16-le" if head[1:2] == b"\0" else "utf-16-be")
    said = _DECLARED.search(head)
    names = (declared, (said[1] or said[2]).decode("ascii", "replace") if said else None)
    encodings = [codec for name in names if name and (codec := codec_of(name))]
    # Pages of Chinese systems that were never told otherwise call themselves Latin: that is the last guess.
    latin = [codec for codec in encodings if codec == "cp1252"]
    encodings = [codec for codec in encodings if codec != "cp1252"]
    for encoding in (*encodings, *_GUESSED, *latin):
        try:
            return data.decode(encoding), []
        except UnicodeDecodeError:
            continue
    return _forced(data, (encodings or ["utf-8" if _mostly_utf8(data) else "gb18030"])[0])


def codec_of(name: str) -> str | None:
    """Python's codec for the name of a character set; None for what is none."""
    return _NAMES.get(re.sub(r"[^a-z0-9]", "", name.lower()))


def _forced(data: bytes, encoding: str) -> tuple[str, list[Diagnostic]]:
    text = data.decode(encoding, "replace")
    before = data.count("\ufffd".encode(encoding)) if encoding != "cp1252" else 0
    wrong = text.count("\ufffd") - before
    return text, [misfits(wrong)] if wrong > 0 else []


def misfits(count: int) -> Diagnostic:
    """Bytes that stand for no character."""
    return Diagnostic(level="warning", code="encoding-errors", message=f"bytes that are no characters of the text's encoding were replaced by � ({count})")


def _mostly_utf8(data: bytes) -> bool:
    """Fewer misfits as UTF-8 than as GB18030."""
    head = data[: 1 << 20]
    return head.decode("utf-8", "replace").count("\ufffd") <= head.decode("gb18030", "replace").count("\ufffd")
