"""What stands around the text of a web page: navigation, breadcrumbs, tools for sharing, related links, the foot.

It is set aside only where it is sure: it must lie before the first or behind the last prose of the page, and
consist of links, or be a line that every such page has, or be marked as navigation or foot by the page. Prose is
never set aside otherwise, and nothing is where what the page marks so is more than the rest.
"""

from __future__ import annotations

import re

from extractor.model import Diagnostic
from extractor.readers.blocks import RawParagraph, RawTable
from extractor.readers.html_text import Item

_LINKED = 0.6
"""Share of a line's characters in links from which it is one of links; what parts links does not count."""
_LINKED_TABLE = 0.9
"""The same of a table: lists of media reports link their titles."""
_BETWEEN_LINKS = re.compile(r"[\[(（]?(?:\d{2,4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?[\])）]?|[|｜>»＞/·•\s]")
_PROSE = 30
_SENTENCE = re.compile("[。；！]")
_ATTACHMENT = re.compile(r"^\s*(?:附件|附表|附录|附\s*[:：])|\.(?:docx?|xlsx?|pdf|wps|et|zip|rar|rtf|ofd)\b", re.IGNORECASE)
_ANNOUNCES = re.compile(r"^\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|附|目录)|[:：]\s*$|媒体|报道|一览")
_EVERYWHERE = re.compile(
    r"^(?:您|你)?(?:现在|当前|目前)?(?:所在|所处)?的?位置\s*(?:[:：>是]|$)"
    r"|^(?:首页|网站首页)\s*[>»＞/→]"
    r"|^【?\s*(?:分享(?:到|至)?|扫一扫|收藏|打印|关闭|返回顶部|上一[篇条页]|下一[篇条页]|相关(?:链接|阅读|新闻|文章|信息)|友情链接|网站地图)"
    r"|(?:浏览|点击|阅读|访问)(?:次数|数|量)\s*[:：]|(?:字体|字号)\s*[:：]?\s*[\[【(（]?\s*[大小]|打印.{0,6}关闭"
    r"|ICP备\s*\d|公网安备|网站标识码|版权所有|copyright|技术支持\s*[:：]|您是第.{0,12}访",
    re.IGNORECASE,
)
_SHORT = 150
"""Characters of the longest line that one of these words makes one of the page."""
_QUOTED = 200


def text_of_page(items: list[Item]) -> tuple[list[Item], list[Diagnostic]]:
    """The items that are the page's text, and a diagnostic with what was set aside."""
    known = _known(items)
    prose = [at for at, item in enumerate(items) if not known[at] and not item.chrome and _is_prose(item)]
    if not prose:
        return items, []
    aside = {at for at, item in enumerate(items) if (known[at] or item.chrome) and not prose[0] < at < prose[-1]}
    kept = [item for at, item in enumerate(items) if at not in aside]
    marked = sum(items[at].size for at in aside if not known[at])
    if not aside or marked > sum(item.size for item in kept):
        return items, []
    words = " / ".join(_text(items[at]) for at in sorted(aside))
    message = f"what stands around the text of the web page was set aside ({len(aside)} lines): {words[:_QUOTED]}{'…' if len(words) > _QUOTED else ''}"
    return kept, [Diagnostic(level="info", code="page-chrome", message=message)]


def _known(items: list[Item]) -> list[bool]:
    """Which items are of links, or of every page. Links that a heading of the report announces are part of it."""
    found = []
    announced = False
    for item in items:
        of_page, of_links = _is_of_every_page(item), _is_of_links(item)
        found.append(of_page or (of_links and not announced))
        if of_page or not of_links:
            announced = not of_page and isinstance(item.block, RawParagraph) and (item.block.level is not None or _ANNOUNCES.search(item.block.text) is not None)
    return found


def _is_of_links(item: Item) -> bool:
    size = item.size
    if isinstance(item.block, RawParagraph):
        if item.block.level is not None or _ATTACHMENT.search(item.block.text):
            return False
        size = len(_BETWEEN_LINKS.sub("", item.block.text)) if item.linked else size
        return item.linked > 0 and item.linked >= _LINKED * size
    return item.linked > 0 and item.linked >= _LINKED_TABLE * size


def _is_of_every_page(item: Item) -> bool:
    return isinstance(item.block, RawParagraph) and item.size <= _SHORT and _EVERYWHERE.search(item.block.text) is not None


def _is_prose(item: Item) -> bool:
    if isinstance(item.block, RawTable):
        return item.linked < 0.5 * item.size
    return item.size >= _PROSE and _SENTENCE.search(item.block.text) is not None


def _text(item: Item) -> str:
    if isinstance(item.block, RawParagraph):
        return item.block.text[:_QUOTED]
    return " ".join(cell.text for cell in item.block.cells)[:_QUOTED]
