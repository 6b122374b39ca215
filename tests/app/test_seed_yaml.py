import pytest

from doorward.app.seed_yaml import BadYaml, read_yaml


def test_scalars_stay_text_and_nothing_is_none():
    value, _ = read_yaml("a: 2012-10-17\nb: 012345678901\nc: yes\nd:\ne: '~'\nf: [1, ~]\n")
    assert value == {
        "a": "2012-10-17",
        "b": "012345678901",
        "c": "yes",
        "d": None,
        "e": "~",
        "f": ["1", None],
    }


def test_every_part_has_its_line():
    _, lines = read_yaml("users:\n  - name: ann\n    tags:\n      a: b\n")
    assert lines["users", 0, "tags", "a"] == 4
    assert lines["users", 0] == 2
    assert lines["users",] == 1


def test_an_empty_text_is_nothing():
    assert read_yaml("# only a comment\n")[0] is None


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: 1\nb: [", 3, "did not find expected node content"),
        ("a: 1\na: 2", 2, "a stands here twice"),
        ("a: &x 1\nb: *x", 1, "anchors and aliases"),
        ("b: *x", 1, "anchors and aliases"),
        ("a: 1\n---\nb: 2", 3, "second document"),
        ("? [a]\n: 1", 1, "a name must be plain text"),
        ("[" * 100 + "]" * 100, 1, "nested deeper"),
        ("\n" * 60 + "a: b: c", 61, "mapping values are not allowed"),
        ("a: \0", 1, "control characters"),
        ("x" * (16 * 1024 * 1024 + 1), 1, "longer than"),
    ],
)
def test_what_is_not_taken_is_named_with_its_line(text, line, reason):
    with pytest.raises(BadYaml, match=reason) as caught:
        read_yaml(text)
    assert caught.value.line == line


def test_a_million_brackets_are_refused_and_not_recursed_into():
    with pytest.raises(BadYaml, match="nested deeper"):
        read_yaml("[" * 1_000_000)
