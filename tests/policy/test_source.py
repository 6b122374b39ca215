import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from doorward.errors import PolicyError
from doorward.policy.source import (
    DEEPEST,
    Members,
    Number,
    line_ends,
    lines_of,
    place,
    read,
    statement_spans,
)


def plain(node):
    if isinstance(node.value, Members):
        return {member.name: plain(member.node) for member in node.value}
    if isinstance(node.value, tuple):
        return [plain(one) for one in node.value]
    return float(node.value) if isinstance(node.value, Number) else node.value


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6).map(float) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(json_values, st.booleans(), st.sampled_from([None, 1]))
def test_it_reads_what_the_standard_library_writes(value, ascii_only, indent):
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    assert plain(read(text)) == value


@given(st.text('{}[]",:0e-. \\ut', max_size=12))
def test_it_accepts_what_the_standard_library_accepts(text):
    try:
        json.loads(text, object_pairs_hook=_unique)
    except ValueError:
        with pytest.raises(PolicyError):
            read(text)
    else:
        read(text)


def _unique(pairs):
    if len(dict(pairs)) != len(pairs):
        raise ValueError("twice")
    return dict(pairs)


@pytest.mark.parametrize(
    ("text", "reason", "line", "column"),
    [
        ("", "expected a value before the end of the document", 1, 1),
        ('{"a": 1\n "b": 2}', "expected ',' before \"b\"", 2, 2),
        ('{"a": 1', "expected ',' or '}' before the end of the document", 1, 8),
        ('{"a" 1}', "expected ':' before 1", 1, 6),
        ('{"a": 1,}', "expected a name in double quotes before }", 1, 9),
        ("{a: 1}", "expected a name in double quotes before a", 1, 2),
        ("[1,]", "expected a value before ]", 1, 4),
        ("[1 2]", "expected ',' before 2", 1, 4),
        ("[1]]", "expected the end of the document before ]", 1, 4),
        ("\u00a0{}", "expected a value before U+00A0", 1, 1),
        ("[01]", "expected a value before 01", 1, 2),
        ("[NaN]", "expected a value before NaN", 1, 2),
        ('["a\n"]', "a string that is not closed, or holds a character JSON forbids", 1, 2),
        ('{"a": 1, "a": 2}', '"a" stands twice in one object', 1, 10),
        ("[" * 40, f"nested deeper than {DEEPEST} levels", 1, DEEPEST + 1),
        ("[" + "x" * 50, "expected a value before " + "x" * 40 + "…", 1, 2),
    ],
)
def test_faults_are_pointed_at(text, reason, line, column):
    with pytest.raises(PolicyError) as caught:
        read(text)
    assert (caught.value.reason, caught.value.line, caught.value.column) == (reason, line, column)


def test_the_nesting_that_is_allowed():
    assert read("[" * DEEPEST + "]" * DEEPEST)


def test_a_single_statement_starts_after_its_own_brace():
    text = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'
    (span,) = statement_spans(text)
    assert (span.line, span.column, span.end_line, span.end_column) == (1, 38, 1, 83)


def test_listed_statements_start_after_the_token_before_them():
    first, second = statement_spans('{"Statement": [\n  {"a": 1},\n  {"b": 2}\n]}')
    assert first == (1, 16, 2, 3, 2, 11)
    assert second == (2, 11, 3, 3, 3, 11)


@pytest.mark.parametrize("text", ["[]", "{}", '{"Statement": 1}', '{"Statement": []}'])
def test_documents_without_statements(text):
    assert statement_spans(text) == ()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_counts_once(end):
    assert place(f"a{end}b{end}cd", len(f"a{end}b{end}c")) == (3, 2)


@given(st.text("a\r\n", max_size=20), st.integers(0, 20))
def test_a_place_is_the_end_of_the_lines_before_it(text, offset):
    offset = min(offset, len(text))
    assume(text[max(offset - 1, 0) : offset + 1] != "\r\n")
    lines = lines_of(text[:offset])
    assert place(text, offset) == (len(lines), len(lines[-1]) + 1)


def test_many_places_read_the_document_once():
    text = "x\n" * 9
    before = line_ends.cache_info().misses
    assert [place(text, offset)[0] for offset in range(0, 18, 2)] == list(range(1, 10))
    assert line_ends.cache_info().misses <= before + 1
