"""Characters of the picture fonts (Symbol, Wingdings) that carry meaning in a report: signs and tick boxes.

Source: the code charts of the fonts, as in Unicode's mapping tables for Symbol and Wingdings.
"""

from __future__ import annotations

_SYMBOL = {
    0x44: "Δ", 0x53: "Σ", 0x57: "Ω", 0x61: "α", 0x62: "β", 0x67: "γ", 0x6C: "λ", 0x6D: "μ", 0x70: "π", 0x73: "σ",
    0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB3: "≥",
    0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xD0: "∠", 0xD6: "√", 0xD7: "·",
}  # fmt: skip
_WINGDINGS = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x75: "◆", 0x76: "❖", 0x9F: "•", 0xA1: "○", 0xA7: "▪",
    0xA8: "□", 0xAB: "★", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒",
    0xFE: "☑", **{0x81 + at: char for at, char in enumerate("①②③④⑤⑥⑦⑧⑨⑩")},
}  # fmt: skip
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "□"}
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "wingdings 3": {}, "webdings": {}}


def is_picture_font(font: str) -> bool:
    """True for fonts whose characters are signs, whatever their code says."""
    return font.lower() in _FONTS


def symbol(font: str, code: str) -> str | None:
    """The plain character for a w:sym of that font and hexadecimal code; None if there is none."""
    try:
        point = int(code, 16)
    except ValueError:
        return None
    private = 0xF000 <= point <= 0xF0FF
    table = _FONTS.get(font.lower())
    if table is None:
        table = _SYMBOL if private else None
    if table is not None and (private or point < 0x100):
        return table.get(point & 0xFF)
    return chr(point) if 0x20 <= point < 0xD800 or 0xF900 <= point <= 0xFFFD else None
