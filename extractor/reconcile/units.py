"""Which measure words measure the same thing, and how far apart two values may be before their scope is in doubt."""

from __future__ import annotations

from decimal import Decimal

from extractor.model import Figure
from extractor.reconcile.intervals import Interval

FAR = 4
"""Beyond so many times the other value, the two are more likely of different scope than miscounted."""
_DOUBLE = frozenset({"件/套", "套/件", "台/套", "册/件", "件/组"})
_CLASSES = (
    {"次", "场", "期", "个", "讲", "班", "班次", "场次", "项", "节", "批", "批次"}, {"册", "件", "册、件", "件、册", "件、套", "件/套", "套", "册/件", "卷", "张"},
    {"人次", "次"}, {"个", "家", "所", "支", "处", "座", "席", "张"}, {"人", "个", "张", "名"}, {"个", "种", "款"}, {"台", "套", "部"}, {"部", "册、件"},
)  # fmt: skip


def measure(figure: Figure) -> str:
    """The unit in which a figure is added up: 件/套 of a whole are 件 in its parts."""
    return figure.unit.partition("/")[0] if figure.unit in _DOUBLE else figure.unit


def comparable(a: str | None, b: str | None) -> bool:
    """Whether two units measure the same thing: 场 and 次 of an activity do, 种 and 册, 人 and 人次, 册 and 册次 never."""
    return a == b or any(a in units and b in units for units in _CLASSES)


def far(a: Interval, b: Interval) -> bool:
    """Whether one value is more than `FAR` times the other."""
    x = a.low if a.low is not None else a.high
    y = b.low if b.low is not None else b.high
    if not x or not y:
        return x != y
    return max(x / y, y / x) > Decimal(FAR)
