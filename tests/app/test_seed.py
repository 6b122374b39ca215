import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.app.seed import SeedError, read_seed
from doorward.app.seed_form import SeedForm

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("text", "line", "path", "reason"),
    [
        ("users:\n  - name: ann\n    colour: red\n", 3, "users[0].colour", "unknown field"),
        ("users:\n  - path: /x/\n", 2, "users[0]", "missing required field `name`"),
        ("colour: red\n", 1, "colour", "unknown field"),
        ("\nusers: 1\n", 2, "users", "expected `array`"),
        ("users:\n", 1, "users", "expected `array`, got `null`"),
        ("- 1\n", 1, "", "expected `object`"),
        ("account: {id: 12}\n", 1, "account.id", "regex"),
        ('account: {id: "123456789012\\n"}\n', 1, "account.id", "regex"),
        ("account: {email: nobody}\n", 1, "account.email", "regex"),
        (
            "roles:\n- name: a\n  trust: x\n  max_session_s: 60\n",
            4,
            "roles[0].max_session_s",
            "3600",
        ),
        ("users:\n- name: a\n  inline:\n    p: [1]\n", 3, "users[0].inline", "expected"),
        ("quotas:\n  Nonsense: 1\n", 2, "quotas.Nonsense", "no quota of GetAccountSummary"),
        ("accounts:\n- users: []\n", 2, "accounts[0].account.id", "needs its id"),
        (
            "account: {id: 111122223333}\naccounts:\n- account: {id: 111122223333}\n",
            3,
            "accounts[0].account.id",
            "two accounts",
        ),
        ("organization: {}\n", 1, "organization", "comes with Organizations"),
        ("a: [\n", 2, "", "expected node content"),
        ("users:\n- name: a\n  access_keys: [{id: AB, secret: s}]\n", 3, "", "regex"),
    ],
)
def test_a_fault_is_named_with_path_and_line(text, line, path, reason):
    with pytest.raises(SeedError, match=reason) as caught:
        read_seed(text)
    assert caught.value.line == line
    if path:
        assert caught.value.path == path
    assert f"line {line}" in str(caught.value)


def test_errors_never_quote_a_secret():
    text = "users: [{name: a, access_keys: [{id: AKIAEXAMPLE, secret: 'top secret'}]}]"
    with pytest.raises(SeedError) as caught:
        read_seed(text)
    assert "top" not in str(caught.value)


def test_texts_become_what_their_field_is():
    form = read_seed("admin: false\nroles: [{name: r, trust: '{}', max_session_s: 7200}]").form
    assert form.admin is False
    assert form.roles[0].max_session_s == 7200
    assert read_seed("users: [{name: u, tags: {cost: 42}}]").form.users[0].tags == {"cost": "42"}


def test_an_empty_file_is_a_seed_of_nothing():
    assert read_seed("").form == SeedForm()


def test_the_digest_knows_sense_and_not_spelling():
    first = read_seed("admin: false\nusers: [{name: ann}]\n")
    same = read_seed(
        "# a comment\nusers:\n  - name: 'ann'\nadmin: no-such\n".replace("no-such", "false")
    )
    other = read_seed("admin: false\nusers: [{name: bob}]\n")
    assert first.digest == same.digest
    assert first.digest != other.digest


def test_the_schema_in_the_docs_is_the_one_that_is_checked():
    written = json.loads((ROOT / "docs" / "seed.schema.json").read_text())
    assert written == msgspec.json.schema(SeedForm)


@pytest.mark.parametrize(
    "file", sorted((ROOT / "examples").glob("seed-*.yaml")), ids=lambda f: f.name
)
def test_the_examples_have_the_form(file):
    read_seed(file.read_text())


def test_there_are_examples():
    assert len(list((ROOT / "examples").glob("seed-*.yaml"))) >= 2


WORDS = [
    "users",
    "name",
    "inline",
    ":",
    " ",
    "\n",
    "- ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "'",
    "&a",
    "*a",
    "~",
]


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=2), max_size=30).map("".join))
def test_no_text_does_more_than_be_refused_at_a_line(text):
    assert _line_of_fault(text) != 0


def _line_of_fault(text):
    try:
        return None if isinstance(read_seed(text).form, SeedForm) else 0
    except SeedError as error:
        return error.line
