"""Writes small OFD files for tests: what is put on a sheet, in millimetres from the top left corner, is what the file holds."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
WIDTH, HEIGHT, SIZE, PITCH = 210.0, 297.0, 5.0, 8.0
LEFT, RIGHT = 30.0, 180.0


def steps(text: str, size: float) -> list[float]:
    """From each character to the next: an em for wide ones, half an em for others."""
    return [size if char > "\u2000" else size / 2 for char in text[:-1]]


class Sheet:
    """The objects of one page or template; `y` is where the next line goes."""

    def __init__(self) -> None:
        self.objects: list[str] = []
        self.y = 40.0

    def raw(self, xml: str) -> Sheet:
        """An object as it stands."""
        self.objects.append(xml)
        return self

    def text(self, x: float, y: float, text: str, size: float = SIZE, delta: str | None = None, attributes: str = "", before: str = "") -> Sheet:
        """Text on the baseline `y`; `before` is what stands before its `TextCode`."""
        delta = " ".join(f"{step:g}" for step in steps(text, size)) if delta is None else delta
        stated = f' DeltaX="{delta}"' if delta else ""
        return self.raw(
            f'<ofd:TextObject Boundary="{x:g} {y - size:g} 100 {size:g}" Font="1" Size="{size:g}" {attributes}>{before}'
            f'<ofd:TextCode X="0" Y="{size:g}"{stated}>{escape(text)}</ofd:TextCode></ofd:TextObject>'
        )

    def paragraph(self, text: str, indent: int = 2) -> Sheet:
        """Wide text in lines that fill the column, the first indented."""
        x = LEFT + indent * SIZE
        while text:
            count = int((RIGHT - x) / SIZE)
            self.text(x, self.y, text[:count])
            text, x = text[count:], LEFT
            self.y += PITCH
        return self

    def line(self, x0: float, y0: float, x1: float, y1: float) -> Sheet:
        """A ruling line."""
        return self.raw(
            f'<ofd:PathObject Boundary="{x0:g} {y0:g} {x1 - x0 + 0.2:g} {y1 - y0 + 0.2:g}" LineWidth="0.2">'
            f"<ofd:AbbreviatedData>M 0 0 L {x1 - x0:g} {y1 - y0:g}</ofd:AbbreviatedData></ofd:PathObject>"
        )

    def table(self, rows: Sequence[Sequence[str]], width: float = 40.0, height: float = 10.0) -> Sheet:
        """A ruled table below what is there."""
        top, bottom = self.y, self.y + height * len(rows)
        for k in range(len(rows) + 1):
            self.line(LEFT, top + k * height, LEFT + width * len(rows[0]), top + k * height)
        for k in range(len(rows[0]) + 1):
            self.line(LEFT + k * width, top, LEFT + k * width, bottom)
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                if text:
                    self.text(LEFT + c * width + 2, top + r * height + 7, text, 4.0)
        self.y = bottom + PITCH
        return self

    def picture(self, x: float, y: float, width: float, height: float) -> Sheet:
        """A picture, of which only the place matters."""
        return self.raw(f'<ofd:ImageObject Boundary="{x:g} {y:g} {width:g} {height:g}" CTM="{width:g} 0 0 {height:g} 0 0" ResourceID="9"/>')

    def xml(self, beside: str = "", size: tuple[float, float] = (WIDTH, HEIGHT), layer: str = "") -> str:
        """The page as a part of a file; `beside` stands beside its content."""
        return (
            f"<ofd:Page {NAMESPACE}><ofd:Area><ofd:PhysicalBox>0 0 {size[0]:g} {size[1]:g}</ofd:PhysicalBox></ofd:Area>{beside}"
            f"<ofd:Content><ofd:Layer ID=\"7\" {layer}>{''.join(self.objects)}</ofd:Layer></ofd:Content></ofd:Page>"
        )


def parts(pages: Sequence[str], common: str = "", beside: str = "", body: str = "", resources: str = "") -> dict[str, str | bytes]:
    """The parts of a file with these pages; `common`, `beside` and `body` are put into the document's common data, the
    document and its entry."""
    listed = "".join(f'<ofd:Page ID="{100 + k}" BaseLoc="Pages/Page_{k}/Content.xml"/>' for k in range(len(pages)))
    found: dict[str, str | bytes] = {
        "OFD.xml": f'<ofd:OFD {NAMESPACE} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>{body}</ofd:DocBody></ofd:OFD>',
        "Doc_0/Document.xml": (
            f"<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
            f"<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>{common}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>{beside}</ofd:Document>"
        ),
        "Doc_0/PublicRes.xml": f'<ofd:Res {NAMESPACE} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="1" FontName="宋体"/></ofd:Fonts>{resources}</ofd:Res>',
    }
    return found | {f"Doc_0/Pages/Page_{k}/Content.xml": page for k, page in enumerate(pages)}


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """The parts as a file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def ofd(*sheets: Sheet) -> bytes:
    """A file with these pages and nothing else."""
    return packed(parts([sheet.xml() for sheet in sheets]))
