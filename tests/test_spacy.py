"""The spaCy component: spans over tokens, what they say, DocBin out and in, a report's records and back."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import extractor

spacy = pytest.importorskip("spacy", reason="spaCy is not installed (extra: spacy)")

from spacy.tokens import DocBin  # noqa: E402

from extractor import spacy as component  # noqa: E402

ROOT = Path(__file__).parent.parent
TEXT = "3月5日，接待到馆读者30.9万余人次；新增图书10666册，12,345人次 借阅。2021年共办 Summer reading 活动近百场。"
CORPUS = sorted((ROOT / "corpus").glob("*/*.txt"))


@pytest.fixture(scope="module")
def nlp() -> object:
    return component.blank(year=2021)


def said(doc: object) -> list[tuple[object, ...]]:
    amounts = [(s._.raw, s.label_, s._.value, s._.low, s._.high, s._.hedge, s._.unit) for s in doc.spans["quantities"]]  # type: ignore[attr-defined]
    return amounts + [(s._.raw, s.label_, s._.edtf, tuple(s._.inferred)) for s in doc.spans["dates"]]  # type: ignore[attr-defined]


def test_a_span_says_what_the_recognisers_say(nlp: object) -> None:
    assert said(nlp(TEXT)) == [  # type: ignore[operator]
        ("30.9万余人次", "人次", 309000, 309000, 310000, "over", "人次"),
        ("10666册", "册", 10666, 10666, 10666, "exact", "册"),
        ("12,345人次", "人次", 12345, 12345, 12345, "exact", "人次"),
        ("近百场", "场", 100, 90, 100, "under", "场"),
        ("3月5日", "DATE", "2021-03-05", ("year",)),
        ("2021年", "DATE", "2021", ()),
    ]


def test_tokens_keep_numbers_and_words_whole(nlp: object) -> None:
    tokens = [token.text for token in nlp(TEXT)]  # type: ignore[operator]
    assert {"30.9", "10666", "12,345", "2021", "Summer", "reading"} <= set(tokens)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("1,234册", ["1,234", "册"]), ("1,2345", ["1", ",", "2345"]), ("3.15万", ["3.15", "万"]), ("１８６．４万", ["１８６", "．", "４", "万"]),
        ("a  b", ["a", " ", "b"]), ("\n3 册", ["\n", "3", "册"]), ("", []),
    ],
)  # fmt: skip
def test_tokens(nlp: object, text: str, tokens: list[str]) -> None:
    assert [token.text for token in nlp(text)] == tokens  # type: ignore[operator]


@given(st.text(st.sampled_from("3月5日 ,.册１万a\n\t　，"), max_size=30) | st.text(max_size=30))
def test_no_character_is_lost(text: str) -> None:
    assert component.Tokenizer(spacy.blank("zh").vocab)(text).text == text


def test_the_default_segmenter_gives_the_same_mentions(nlp: object) -> None:
    other = spacy.blank("zh")
    other.add_pipe("extractor", config={"year": 2021})
    assert said(other(TEXT)) == said(nlp(TEXT))  # type: ignore[operator]


def test_a_coarser_tokenizer_widens_the_span_only() -> None:
    other = spacy.blank("xx")
    other.add_pipe("extractor")
    doc = other("新增10666册图书。")
    (span,) = doc.spans["quantities"]
    assert "10666册" in span.text and span.text != "10666册"
    assert (span._.raw, span._.start_char, span._.end_char) == ("10666册", 2, 8)


def test_the_number_of_a_date_is_no_quantity(nlp: object) -> None:
    doc = nlp("2021年3月5日至8日")  # type: ignore[operator]
    assert len(doc.spans["quantities"]) == 0 and len(doc.spans["dates"]) == 1


def test_the_year_is_an_option() -> None:
    found = {year: component.blank(year=year)("3月5日") for year in (None, 2019)}
    assert [doc.spans["dates"][0]._.edtf for doc in found.values()] == ["XXXX-03-05", "2019-03-05"]


def test_a_folder_of_rules_is_an_option(tmp_path: Path) -> None:
    (tmp_path / "units.toml").write_text('[[unit]]\nid = "u"\nforms = ["钵"]\nexamples = ["3钵"]\n', "utf-8")
    doc = component.blank(rules=str(tmp_path))("3钵")
    assert [span.label_ for span in doc.spans["quantities"]] == ["钵"]
    with pytest.raises(extractor.RuleError):
        component.blank(rules=str(tmp_path / "none"))


def test_a_doc_bin_brings_everything_back(nlp: object) -> None:
    docs = [nlp(TEXT), nlp("次日闭馆，无数字"), nlp(TEXT[5:])]  # type: ignore[operator]
    data = DocBin(store_user_data=True, docs=docs).to_bytes()
    back = list(DocBin().from_bytes(data).get_docs(spacy.blank("zh").vocab))
    assert [said(doc) for doc in back] == [said(doc) for doc in docs]


def test_a_pipeline_is_saved_and_loaded(nlp: object, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path)  # type: ignore[attr-defined]
    assert said(spacy.load(tmp_path)(TEXT)) == said(nlp(TEXT))  # type: ignore[operator]


@pytest.mark.skipif(not CORPUS, reason="no report in corpus/")
def test_a_report_becomes_a_doc_and_comes_back(nlp: object) -> None:
    report = extractor.extract(CORPUS[0])
    doc = component.to_doc(report)
    assert doc.text == report.text
    expected = {kind: [(r.id, r.start, r.end) for r in getattr(report, kind)] for kind in component.RECORDS}
    assert component.offsets(doc) == expected and expected["events"] and expected["figures"]
    assert [(s._.raw, s._.low, s._.high, s.label_) for s in doc.spans["figures"]] == [(f.raw, f.low, f.high, f.unit) for f in report.figures]
    data = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    (back,) = DocBin().from_bytes(data).get_docs(spacy.blank("zh").vocab)
    assert component.offsets(back) == expected
    assert component.offsets(component.to_doc(report, spacy.blank("zh"))) == expected


def test_no_import_is_needed(tmp_path: Path) -> None:
    """The entry points of pyproject.toml, as an installed package declares them, are all that spaCy needs."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
    folder = tmp_path / "extractor-0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: extractor\nVersion: 0\n")
    (folder / "entry_points.txt").write_text("".join(f"[{g}]\n" + "".join(f"{k} = {v}\n" for k, v in e.items()) for g, e in groups.items()))
    code = (
        f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT)!r}]\n"
        "import spacy; nlp = spacy.blank('zh', config={'nlp': {'tokenizer': {'@tokenizers': 'extractor.zh.v1'}}})\n"
        "nlp.add_pipe('extractor'); doc = nlp('3册'); print([s._.value for s in doc.spans['quantities']], len(doc))"
    )
    assert run(code, tmp_path).stdout.split() == ["[3]", "2"]


def test_without_spacy_the_message_names_the_extra(tmp_path: Path) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.modules['spacy'] = None\n"
        "import extractor\ntry:\n    import extractor.spacy\nexcept extractor.ExtractorError as error:\n    print(error)"
    )
    assert "pip install 'extractor[spacy]'" in run(code, tmp_path).stdout


def test_the_package_itself_does_not_import_spacy(tmp_path: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nimport extractor; extractor.find_dates('2021年'); print('spacy' in sys.modules)"
    assert run(code, tmp_path).stdout.strip() == "False"


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=folder, check=True)
