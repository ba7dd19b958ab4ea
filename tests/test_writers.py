"""The check as a page, as SARIF, as comments in the report's own .docx, and in English: what a reader of each relies on."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from base64 import b64encode
from collections.abc import Sequence
from html.parser import HTMLParser

import docx
import msgspec
import pytest
from docx.document import Document as Word
from docx.oxml import parse_xml

import extractor
from extractor.model import CHECK_SCHEMA, Check, Finding, Report, Side
from extractor.writers import WRITERS, english, html, sarif
from extractor.writers.docx import mark

TITLE = "云溪县图书馆2020年工作总结"
LINES = (
    TITLE, "一、基本情况", "全年接待读者12.5万人次，馆内设阅览座席362个，其中少儿座席120个、成人座席200个。",
    "与县气象局、县医院、县供电局4家单位签订协议。", "二、大事记", "1月5日，举办新年朗诵会。", "2月31日，举办元宵灯谜会。",
)  # fmt: skip
ROWS = (("项目", "代码", "单位", "数量"), ("阅览室座席数", "85", "个", "326"), ("总流通人次", "35", "人次", "125,310"), ("计算机台数", "46", "台", "68"))


def word(lines: Sequence[str] = LINES, rows: Sequence[Sequence[str]] = ROWS) -> Word:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    document.add_paragraph("2020年基本情况统计表")
    table = document.add_table(len(rows), len(rows[0]))
    for row, words in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = text
    return document


def saved(document: Word) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def checked(data: bytes) -> tuple[Report, Check]:
    report = extractor.extract(extractor.read(data, "云溪 2020.docx"))
    return report, extractor.check(report)


@pytest.fixture(scope="module")
def original() -> bytes:
    return saved(word())


@pytest.fixture(scope="module")
def pair(original: bytes) -> tuple[Report, Check]:
    report, check = checked(original)
    assert {f.verdict for f in check.findings} >= {"conflicts", "agrees"}
    return report, check


def told(check: Check) -> list[Finding]:
    return [finding for finding in check.findings if finding.verdict != "agrees"]


def sides(finding: Finding) -> list[Side]:
    same = (finding.left.start, finding.left.end) == (finding.right.start, finding.right.end)
    return [finding.left] if same else [finding.left, finding.right]


def made(report: Report, *spans: tuple[int, int, int, int]) -> Check:
    """A check of conflicts between spans of the report."""

    def side(start: int, end: int) -> Side:
        return Side(record=None, raw=report.text[start:end], low=None, high=None, start=start, end=end)

    findings = tuple(
        Finding(id=f"finding-{n}", kind="sum", verdict="conflicts", left=side(a, b), right=side(c, d), parts=(), difference=1, rule="sum:<其中>",
                message="<b>不符</b>", fingerprint=f"{n:012}")
        for n, (a, b, c, d) in enumerate(spans, 1)
    )  # fmt: skip
    return Check(schema=CHECK_SCHEMA, source=report.source, findings=findings, summary={"conflicts": len(findings), "missing": 0, "review": 0, "agrees": 0})


class Page(HTMLParser):
    """Ids, links, tags, and the words of every mark by the ends it says it is."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.sources: list[str] = []
        self.language = ""
        self.words: dict[str, str] = {}
        self.text = ""
        self._marks: list[list[str]] = []
        self._article = False
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if tag == "a" else []
        self.sources += [value for name, value in found.items() if name == "src" or (name == "href" and tag != "a")]
        self.language = found["lang"] if tag == "html" else self.language
        self._article = self._article or tag == "article"
        if tag == "mark":
            self._marks.append(found.get("data-ends", "").split())

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self._marks.pop()
        self._article = self._article and tag != "article"

    def handle_data(self, data: str) -> None:
        if self._article:
            self.text += data
        for end in {name for ends in self._marks for name in ends}:
            self.words[end] = self.words.get(end, "") + data


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_the_page_marks_both_ends_and_links_them(pair: tuple[Report, Check]) -> None:
    report, check = pair
    page = Page(html.write([pair]))
    assert page.language == "zh-CN" and not page.sources
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert bare(page.text) == bare(report.text)
    for n, finding in enumerate(check.findings, 1):
        assert f"r1-{n}" in page.ids and f"#r1-{n}" in page.links
        for letter, side in zip("ab", sides(finding), strict=False):
            assert f"#r1-{n}{letter}" in page.links
            assert bare(page.words[f"r1-{n}{letter}"]) == bare(report.text[side.start : side.end])


def test_the_page_says_what_was_found(pair: tuple[Report, Check]) -> None:
    page = html.write([pair]).decode()
    for finding in pair[1].findings:
        assert finding.fingerprint in page and finding.rule in page
    assert f"矛盾{pair[1].summary['conflicts']}处" in page
    script = page.split("<script>")[1].split("</script>")[0]
    assert b64encode(hashlib.sha256(script.encode()).digest()).decode() in page.split("<style>")[0]
    assert "http" not in page.replace("http-equiv", "")


def test_marks_that_overlap_keep_their_words(pair: tuple[Report, Check]) -> None:
    report = pair[0]
    spans = [(0, 9, 5, 14), (0, 9, 2, 4), (3, 3, 8, 40), (0, len(report.text), 6, 7)]
    page = Page(html.write([(report, made(report, *spans))]))
    assert bare(page.text) == bare(report.text)
    for n, (a, b, c, d) in enumerate(spans, 1):
        assert f"r1-{n}a" in page.ids and f"r1-{n}b" in page.ids
        assert bare(page.words.get(f"r1-{n}a", "")) == bare(report.text[a:b])
        assert bare(page.words[f"r1-{n}b"]) == bare(report.text[c:d])


def test_what_looks_like_a_tag_is_text() -> None:
    report, _ = checked(saved(word((TITLE, '<script>alert("1")</script>&amp;'), (("<b>", "2"), ("</td>", "3")))))
    raw = html.write([(report, made(report, (0, 5, 14, 22)))])
    assert b"<script>alert" not in raw and b"<b>\xe4" not in raw
    assert bare(Page(raw).text) == bare(report.text)


def test_several_reports_on_one_page_have_their_own_anchors(pair: tuple[Report, Check]) -> None:
    page = Page(html.write([pair, pair]))
    assert len(page.ids) == len(set(page.ids)) and "r2-1a" in page.ids
    assert html.write([]).startswith(b"<!DOCTYPE html>")


def test_sarif_has_the_structure_that_2_1_0_asks_for(pair: tuple[Report, Check]) -> None:
    report, check = pair
    log = json.loads(sarif.write([pair]))
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert run["tool"]["driver"]["name"] == "extractor" and len(rules) == len(set(rules))
    assert re.fullmatch(r"[a-z]{2}-[A-Z]{2}", run["language"]) and run["columnKind"] == "unicodeCodePoints"
    assert run["artifacts"][0]["hashes"]["sha-256"] == report.source.sha256
    assert len(run["results"]) == len(told(check))
    for result, finding in zip(run["results"], told(check), strict=True):
        assert rules[result["ruleIndex"]] == result["ruleId"] == f"{finding.kind}/{finding.rule}"
        assert result["level"] == {"conflicts": "error", "missing": "warning", "review": "note"}[finding.verdict]
        assert result["message"]["text"] == finding.message
        assert list(result["partialFingerprints"].values()) == [finding.fingerprint]
        places = [*result["locations"], *result.get("relatedLocations", [])]
        assert len(places) == len(sides(finding))
        for place, side in zip(places, sides(finding), strict=True):
            region = place["physicalLocation"]["region"]
            assert (region["charOffset"], region["charLength"]) == (side.start, side.end - side.start)
            assert region["snippet"]["text"] == report.text[side.start : side.end]
            lines = report.text.split("\n")
            assert lines[region["startLine"] - 1][region["startColumn"] - 1 :].startswith(report.text[side.start : side.end].split("\n")[0])
            uri = place["physicalLocation"]["artifactLocation"]["uri"]
            assert re.fullmatch(r"(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+", uri) and uri == run["artifacts"][0]["location"]["uri"]


def test_sarif_of_nothing_is_a_run_without_results(pair: tuple[Report, Check]) -> None:
    assert json.loads(sarif.write([]))["runs"][0]["results"] == []
    assert sarif.uri("a/汉.docx") == "a%2F%E6%B1%89.docx"


def ranges(document: Word) -> dict[int, str]:
    """The words between the range marks of every comment."""
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    going: dict[int, str] = {}
    done: dict[int, str] = {}
    for node in document.element.body.iter():
        if node.tag == w + "commentRangeStart":
            going[int(node.get(w + "id"))] = ""
        elif node.tag == w + "commentRangeEnd":
            done[int(node.get(w + "id"))] = going.pop(int(node.get(w + "id")))
        elif node.tag == w + "t":
            going = {ident: words + (node.text or "") for ident, words in going.items()}
    assert not going
    return done


def test_the_marked_copy_has_a_comment_at_each_end(original: bytes, pair: tuple[Report, Check]) -> None:
    report, check = pair
    copy = mark(original, report, check)
    document = docx.Document(io.BytesIO(copy))
    words = ranges(document)
    expected = sorted((bare(report.text[s.start : s.end]), finding.message) for finding in told(check) for s in sides(finding))
    found = [(bare(words[c.comment_id]), c.text.split("\n")[0].partition("】")[2]) for c in document.comments]
    assert sorted(found) == expected
    assert all(finding.fingerprint in " ".join(c.text for c in document.comments) for finding in told(check))
    assert [p.text for p in document.paragraphs] == [p.text for p in docx.Document(io.BytesIO(original)).paragraphs]
    assert extractor.read(copy).text == report.text
    assert mark(original, report, check) == copy


def test_all_other_parts_are_copied(original: bytes, pair: tuple[Report, Check]) -> None:
    before, after = zipfile.ZipFile(io.BytesIO(original)), zipfile.ZipFile(io.BytesIO(mark(original, *pair)))
    changed = {"word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}
    assert after.namelist()[: len(before.namelist())] == before.namelist()
    assert all(before.read(name) == after.read(name) for name in before.namelist() if name not in changed)


def test_comments_that_are_there_stay() -> None:
    document = word()
    document.add_comment(document.paragraphs[2].runs, "请补充", author="馆长")
    data = saved(document)
    report, check = checked(data)
    comments = list(docx.Document(io.BytesIO(mark(data, report, check))).comments)
    assert (comments[0].author, comments[0].text) == ("馆长", "请补充")
    assert len(comments) == 1 + sum(len(sides(f)) for f in told(check)) == len({c.comment_id for c in comments})


def test_formatting_survives_where_a_run_is_cut() -> None:
    document = word()
    run = document.paragraphs[2].runs[0]
    run.bold = True
    data = saved(document)
    copy = docx.Document(io.BytesIO(mark(data, *checked(data))))
    assert copy.paragraphs[2].text == LINES[2]
    assert all(part.bold for part in copy.paragraphs[2].runs if part.text)
    assert "362个" in [part.text for part in copy.paragraphs[2].runs]


def test_a_cell_that_repeats_is_told_from_its_likes() -> None:
    """The same short words stand in several cells; the comment goes to the one that is meant."""
    rows = (("项目", "数量", "备注"), ("甲", "7", "7"), ("乙", "7", "8"), ("丙", "7", "7"))
    data = saved(word((TITLE,), rows))
    report, _ = checked(data)
    at = report.text.index("8")
    other = report.text.rindex("7")
    document = docx.Document(io.BytesIO(mark(data, report, made(report, (at, at + 1, other, other + 1)))))
    place = [[len(cell._tc.xpath(".//w:commentReference")) for cell in row.cells] for row in document.tables[0].rows]
    assert place == [[0, 0, 0], [0, 0, 0], [0, 0, 1], [0, 0, 1]]


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def with_paragraphs(*bodies: str) -> bytes:
    document = docx.Document()
    for body in bodies:
        space = f'xmlns:w="{W}" xmlns:v="urn:schemas-microsoft-com:vml"'
        document.element.body.insert(len(document.element.body) - 1, parse_xml(f"<w:p {space}>{body}</w:p>"))
    document.add_paragraph("首项内容", style="List Number")
    return saved(document)


def run(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


HIDDEN = "<w:rPr><w:vanish/></w:rPr>"
ODD = with_paragraphs(
    run(TITLE),
    run("全年") + run("看不见的字", HIDDEN) + run("接待读者3万人次") + f'<w:ins w:id="4" w:author="a">{run("，新增")}{run("500册")}</w:ins>',
    run("整段看不见的字", HIDDEN),
    "<w:r><w:t>第一行文字</w:t><w:br/><w:t>第二行文字</w:t></w:r>" + f'<w:hyperlink w:anchor="x">{run("链接文字")}</w:hyperlink>',
    run("框外之前") + f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent><w:p>{run('框内文字')}</w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>" + run("框外之后"),
)


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ("3万人次", "3万人次"), ("新增500册", "，新增500册"), ("一行文字", "一行文字"), ("第二行", "第二行"), ("行文字链接", "行文字链接文字"),
        ("框内文字", "框内文字"), ("之后\n框内", "框内文字框外之后"), ("首项", "首项"), ("1.", "首项内容"),
    ],
)  # fmt: skip
def test_words_are_found_in_all_that_word_wraps_them_in(words: str, marked: str) -> None:
    report = extractor.extract(ODD)
    at = report.text.index(words)
    copy = mark(ODD, report, made(report, (at, at + len(words), at, at + len(words))))
    found = ranges(docx.Document(io.BytesIO(copy)))
    assert list(found.values()) == [marked]
    assert extractor.read(copy).text == report.text


def test_a_strict_document_gets_strict_comments() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(ODD)) as source, zipfile.ZipFile(target, "w") as packed:
        for name in source.namelist():
            packed.writestr(name, source.read(name).replace(W.encode(), STRICT.encode()))
    report = extractor.extract(target.getvalue())
    copy = mark(target.getvalue(), report, made(report, (0, 3, 5, 8)))
    with zipfile.ZipFile(io.BytesIO(copy)) as packed:
        assert packed.read("word/comments.xml").count(b"<w:comment ") == 2
        assert STRICT.encode() in packed.read("word/comments.xml") and W.encode() not in packed.read("word/comments.xml")
        assert b"http://purl.oclc.org/ooxml/officeDocument/relationships/comments" in packed.read("word/_rels/document.xml.rels")
    assert extractor.read(copy).text == report.text


def test_nothing_to_say_changes_nothing(original: bytes, pair: tuple[Report, Check]) -> None:
    copy = mark(original, pair[0], made(pair[0]))
    before, after = zipfile.ZipFile(io.BytesIO(original)), zipfile.ZipFile(io.BytesIO(copy))
    assert {name: before.read(name) for name in before.namelist()} == {name: after.read(name) for name in after.namelist()}


def test_only_a_docx_can_be_marked(pair: tuple[Report, Check]) -> None:
    with pytest.raises(extractor.UnreadableDocument):
        mark(b"%PDF-1.7", *pair)


def test_every_finding_has_one_english_sentence(pair: tuple[Report, Check]) -> None:
    report, check = pair
    translated = english.translated(report, check)
    for finding, new in zip(check.findings, translated.findings, strict=True):
        assert new.message == english.sentence(finding, report)
        assert new.message[0] in "“TIFS" or new.message[0].isupper()
        assert new.message.endswith(".") and "\n" not in new.message
        assert msgspec.structs.replace(new, message=finding.message) == finding


def test_the_english_sentence_quotes_both_ends_and_the_difference(pair: tuple[Report, Check]) -> None:
    report, check = pair
    finding = next(f for f in check.findings if f.kind == "figure_vs_statistic" and f.verdict == "conflicts")
    assert english.sentence(finding, report) == "The text says “362个”, the form (阅览室座席数) says “326” 个, 36 个 apart; please correct one of them."


@pytest.mark.parametrize("form", sorted(WRITERS))
def test_every_writer_takes_what_the_command_line_has(form: str, pair: tuple[Report, Check]) -> None:
    assert WRITERS[form]([pair, pair]) == WRITERS[form]([pair, pair])
