"""One-to-one folding: look-alike characters become one form without moving any offset.

Full-width ASCII, odd spaces, CJK compatibility ideographs and Kangxi radicals (which some PDF
producers emit) fold to their plain forms. Only single-character foldings are taken, so
``len(fold(text)) == len(text)`` always holds. Source of the mappings: Unicode NFKC.
"""

from __future__ import annotations

import re
import unicodedata


def _table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for code in (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00)):
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1 and plain != chr(code):
            table[code] = plain
    for code in (0x00A0, 0x1680, *range(0x2000, 0x200C), 0x202F, 0x205F, 0x3000, 0xFEFF):
        table[code] = " "
    # Punctuation that carries structure in Chinese prose stays as it is: ，：；（）！？ tell list and
    # sentence borders apart from the comma and colon inside numbers and times of day.
    for kept in "，：；（）！？":
        table.pop(ord(kept), None)
    return table


_FOLD = _table()
_ODD = re.compile("[" + re.escape("".join(map(chr, _FOLD))) + "]")


def fold(text: str) -> str:
    """`text` with look-alikes folded; the same length, so offsets into it are offsets into `text`."""
    return text.translate(_FOLD) if _ODD.search(text) else text  # most pieces have none, and searching is much cheaper
