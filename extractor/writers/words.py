"""What a reader of findings sees around them, in Chinese and in English: verdicts, kinds, headings, counts."""

from __future__ import annotations

from typing import Literal

from extractor.model import FindingKind, Report, Struct, Verdict

Lang = Literal["zh", "en"]


class Words(Struct, frozen=True):
    """The words of one language. `tag` is its BCP 47 tag; `{}` is where a number or name goes; `bracket` and `quote`
    are the signs around a verdict and around a passage; `comma` parts the counts, `stop` ends them;
    `scanned` says which pages were read from pictures."""

    tag: str
    verdicts: dict[Verdict, str]
    kinds: dict[FindingKind, str]
    faults: dict[FindingKind, str]
    bracket: str
    quote: str
    count: str
    comma: str
    stop: str
    year: str
    page: str
    title: str
    findings: str
    text: str
    choice: str
    item: str
    other: str
    scanned: str

    def counted(self, summary: dict[str, int]) -> str:
        """How many findings there are of each verdict, gravest first."""
        return self.comma.join(self.count.format(word, summary.get(verdict, 0)) for verdict, word in self.verdicts.items())

    def scans(self, report: Report) -> str | None:
        """That pages were read from pictures, and which; None where none was."""
        runs: list[list[int]] = []
        for number in sorted({scan.page for scan in report.scans}):
            if runs and number == runs[-1][1] + 1:
                runs[-1][1] = number
            else:
                runs.append([number, number])
        pages = self.comma.join(f"{a}" if a == b else f"{a}–{b}" for a, b in runs)
        return self.scanned.format(pages) if runs else None

    def verdict(self, verdict: Verdict) -> str:
        """The verdict in brackets, as it heads a finding."""
        return f"{self.bracket[0]}{self.verdicts[verdict]}{self.bracket[1:]}"

    def head(self, report: Report) -> list[str]:
        """Who reports on which year, as far as the report says."""
        period = report.period and (self.year.format(report.period) if report.period.isdigit() else report.period)
        return [part for part in (report.organization, period) if part]


WORDS: dict[Lang, Words] = {
    "zh": Words(
        tag="zh-CN",
        verdicts={"conflicts": "矛盾", "missing": "缺漏", "review": "待核", "agrees": "相符"},
        kinds={
            "figure_vs_statistic": "正文与统计表", "figure_vs_figure": "数字前后", "sum": "合计", "count": "计数", "event_vs_event": "同一事项",
            "award_vs_award": "获奖", "date_order": "日期", "growth": "增减", "format": "格式",
        },
        faults={
            "figure_vs_statistic": "正文数字与统计表不符", "figure_vs_figure": "正文数字前后不一", "sum": "总数与各部分之和不符", "count": "项数与所列名目不符",
            "event_vs_event": "同一事项日期不一", "award_vs_award": "获奖情况不一或缺漏", "date_order": "日期次序或年份有误", "growth": "增减幅度与数值不符",
            "format": "代码、电话等格式有误",
        },
        bracket="【】", quote="「」", count="{}{}处", comma="，", stop="。", year="{}年度", page="第{}页", title="核对结果", findings="核对结果", text="报告正文",
        choice="显示哪些结果", item="第{}项", other="另一处：", scanned="第{}页由扫描件识别，相符的数字也请核对原件",
    ),
    "en": Words(
        tag="en",
        verdicts={"conflicts": "conflicts", "missing": "missing", "review": "to review", "agrees": "agrees"},
        kinds={
            "figure_vs_statistic": "text and form", "figure_vs_figure": "same figure", "sum": "sum", "count": "count", "event_vs_event": "same event",
            "award_vs_award": "award", "date_order": "dates", "growth": "growth", "format": "format",
        },
        faults={
            "figure_vs_statistic": "a figure in the text differs from the form", "figure_vs_figure": "the same figure is given twice and differs",
            "sum": "the parts do not add up to the total", "count": "another number of items is listed than stated",
            "event_vs_event": "the same event has two dates", "award_vs_award": "an award differs or is missing from the table",
            "date_order": "a date is out of order or of another year", "growth": "a stated change does not follow from the values",
            "format": "a code, telephone number or the like is malformed",
        },
        bracket="[] ", quote="“”", count="{} {}", comma=", ", stop=".", year="{}", page="page {}", title="Check results", findings="Findings", text="Text of the report",
        choice="Which findings are shown", item="finding {}", other="The other place: ",
        scanned="read from a scan: page {}; please compare figures with the original, also those that agree",
    ),
}  # fmt: skip
