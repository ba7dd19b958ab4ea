"""Compound files: every stream comes out as it went in, and no chain, size or directory leads astray."""

from __future__ import annotations

import io
import struct

import olefile
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from word_writer import END, FREE, compound, entry

from extractor.readers.compound import Broken, Compound, root_streams

NAMES = st.text(st.characters(min_codepoint=0x41, max_codepoint=0x5A), min_size=1, max_size=20)
STREAMS = st.dictionaries(NAMES, st.binary(max_size=6000), max_size=5)


def patched(data: bytes, at: int, number: int) -> bytes:
    return data[:at] + struct.pack("<I", number) + data[at + 4 :]


def in_directory(data: bytes, name: str, offset: int) -> int:
    """Where a field of the entry with that name is."""
    return data.index(name.encode("utf-16-le")) + offset


def in_table(data: bytes, sector: int) -> int:
    """Where the table of sectors says which one follows `sector`."""
    return (struct.unpack_from("<I", data, 76)[0] + 1) * 512 + 4 * sector


@settings(max_examples=60, deadline=None)
@given(STREAMS, st.sampled_from([9, 12]))
@example({"A": b"", "B": b"x" * 4095, "C": b"y" * 4096}, 9)
def test_streams_come_out_as_they_went_in(streams: dict[str, bytes], shift: int) -> None:
    file = Compound(compound(streams, shift))
    assert {name: file.stream(name) for name in file.names} == streams
    assert file.stream("none") == b""


@settings(max_examples=20, deadline=None)
@given(STREAMS)
def test_another_reader_finds_the_same(streams: dict[str, bytes]) -> None:
    data = compound(streams)
    with olefile.OleFileIO(io.BytesIO(data)) as other:
        found = {path[0]: other.openstream(path).read() for path in other.listdir()}
    file = Compound(data)
    assert {name: file.stream(name) for name in file.names} == found


def test_a_table_that_goes_on_behind_the_header() -> None:
    """The header has place for 109 sectors of the table, seven megabytes."""
    streams = {"A": bytes(range(256)) * 30_000, "B": b"end"}
    file = Compound(compound(streams))
    assert {name: file.stream(name) for name in file.names} == streams


def test_streams_of_embedded_documents_are_not_those_of_the_document() -> None:
    data = compound({"WordDocument": b"outer", "ObjectPool": b""})
    at = in_directory(data, "ObjectPool", 66)
    inner = data[:at] + b"\x01" + data[at + 1 :]
    assert root_streams(inner) == {"WordDocument"}


@pytest.mark.parametrize("size", [0, 100, 511, 512, 600, 1500])
def test_files_that_are_cut_off(size: int) -> None:
    data = compound({"WordDocument": b"x" * 5000})[:size]
    assert root_streams(data) == frozenset()
    with pytest.raises(Broken):
        Compound(data)


def test_a_stream_that_is_cut_off_ends_early() -> None:
    data = compound({"A": b"x" * 9000})
    file = Compound(patched(data, in_table(data, 3), END))
    assert file.stream("A") == b"x" * 4 * 512


def test_a_chain_that_is_a_circle() -> None:
    data = compound({"A": b"x" * 9000})
    with pytest.raises(Broken, match="circle"):
        Compound(patched(data, in_table(data, 3), 0)).stream("A")


@pytest.mark.parametrize("size", [0x7FFFFFFF, 0xFFFFFFFF])
def test_a_size_beyond_the_file(size: int) -> None:
    data = compound({"A": b"x" * 9000})
    with pytest.raises(Broken, match="larger than itself"):
        Compound(patched(data, in_directory(data, "A\0", 120), size)).stream("A")


def test_a_directory_that_is_a_circle() -> None:
    data = compound({"A": b"a", "B": b"b"})
    around = patched(data, in_directory(data, "B\0", 68), 1)
    assert Compound(patched(around, in_directory(data, "B\0", 72), 2)).names == {"A", "B"}


def test_a_long_directory_costs_no_more_than_its_length() -> None:
    """A list of entries, each below the one before: deeper than any stack, and one stream each."""
    count = 20_000
    entries = [entry("Root Entry", 5, FREE, FREE, 1, END, 0)]
    entries += [entry(f"S{at}", 2, FREE, at + 1 if at < count else FREE, FREE, END, 0) for at in range(1, count + 1)]
    data = compound({"D": b"".join(entries)})
    first = struct.unpack_from("<I", data, in_directory(data, "D\0", 116))[0]
    assert len(Compound(patched(data, 48, first)).names) == count


def test_a_list_of_table_sectors_that_is_a_circle() -> None:
    data = compound({"A": bytes(8_000_000)})
    first = struct.unpack_from("<I", data, 68)[0]
    around = patched(patched(data, 72, 0xFFFFFFFF), (first + 2) * 512 - 4, first)
    assert Compound(around).names == {"A"}


def test_sectors_of_an_unknown_size() -> None:
    data = compound({"A": b"a"})
    with pytest.raises(Broken, match="size"):
        Compound(data[:30] + b"\x1f" + data[31:])
