"""The font table of an RTF file, and which characters the bytes of a font stand for.

Source: Rich Text Format Specification 1.9.1, "Font Table" (charsets) and "Code Page Support".
"""

from __future__ import annotations

import msgspec

from extractor.readers.symbols import is_picture_font

_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "big5hkscs", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437",
    255: "cp850",
}  # fmt: skip
_CODE_PAGES = {
    437: "cp437", 850: "cp850", 852: "cp852", 866: "cp866", 874: "cp874", 932: "cp932", 936: "gb18030", 949: "cp949",
    950: "big5hkscs", 1361: "johab", 10000: "mac_roman", 10008: "gb18030", 54936: "gb18030", 65001: "utf-8",
    **{number: f"cp{number}" for number in range(1250, 1259)},
}  # fmt: skip
_SYMBOLS = 2
_MAX_FONT = 65_535
_LATIN = "cp1252"
_WIDE = ("gb18030", "big5hkscs", "cp932", "cp949", "utf-8")


class Font(msgspec.Struct):
    charset: int = 0
    code_page: int = 0
    name: str = ""

    @property
    def is_picture(self) -> bool:
        """Whether its letters are signs."""
        return self.charset == _SYMBOLS or is_picture_font(self.name)


class Fonts:
    """The fonts by number, while the table is read and afterwards."""

    def __init__(self) -> None:
        self._fonts: dict[int, Font] = {}
        self._open = Font()
        self.default = 0
        self.code_page: str | None = None
        """The codec of ``\\ansicpg``; None where the file does not say."""

    def open(self, number: int) -> None:
        """Begins the entry of a font."""
        self._open = Font()
        if 0 <= number <= _MAX_FONT:
            self._fonts[number] = self._open

    def describe(self, word: str, number: int) -> None:
        """A control word inside an entry."""
        if word == "fcharset":
            self._open.charset = number
        elif word == "cpg":
            self._open.code_page = number

    def name(self, text: str) -> None:
        """A piece of a font's name, which ends with a semicolon."""
        if len(self._open.name) < 100:
            self._open.name += text.rstrip(";").strip()

    def get(self, number: int) -> Font | None:
        """The font of that number, None where the table lacks it."""
        return self._fonts.get(self.default if number < 0 else number)

    def set_code_page(self, number: int) -> None:
        self.code_page = _CODE_PAGES.get(number, self.code_page)

    def decode(self, data: bytes, number: int) -> str:
        """The text of bytes in a font; U+FFFD for bytes that are none.

        A font of the charset "ANSI" should hold Western text, but programs that know nothing of fonts write
        Chinese with it: such bytes are read in the code page of the file (GB18030 where it does not say) if they
        all fit and are pairs of high bytes as Chinese mostly is, else as Western text.
        """
        if data.isascii():
            return data.decode("ascii")
        font = self.get(number)
        codec = None
        if font is not None:
            codec = _CODE_PAGES.get(font.code_page) or _CHARSETS.get(font.charset)
        if codec is not None:
            return data.decode(codec, "replace")
        usual = self.code_page or "gb18030"
        western = font is not None and font.charset == 0 and usual in _WIDE
        try:
            text = data.decode(usual)
        except UnicodeDecodeError:
            return data.decode(_LATIN if western or not self.code_page else usual, "replace")
        return data.decode(_LATIN, "replace") if western and not _mostly_high(text, usual) else text


def _mostly_high(text: str, codec: str) -> bool:
    """Whether most characters beyond ASCII consist of high bytes only: a letter with an accent before a plain one does not."""
    wide = [char.encode(codec) for char in text if char > "\x7f"]
    return sum(min(char) > 0x7F for char in wide) > len(wide) / 2
