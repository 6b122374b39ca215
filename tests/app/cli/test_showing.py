import io
import json
import sys
from types import SimpleNamespace

import pytest

from doorward.app.cli import showing
from doorward.app.cli.showing_access import access_text, put_command


class Terminal(io.StringIO):
    def isatty(self):
        return True


def shown(monkeypatch, stream, **args):
    monkeypatch.setattr(sys, "stdout", stream)
    showing.show(SimpleNamespace(**{"json": False} | args), {"a": 1}, "DENIED: x\n[1] met: y")
    return stream.getvalue()


def test_off_a_terminal_there_is_no_colour(monkeypatch):
    assert shown(monkeypatch, io.StringIO()) == "DENIED: x\n[1] met: y\n"


def test_on_a_terminal_there_is_unless_it_is_not_wanted(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    coloured = shown(monkeypatch, Terminal())
    assert "\x1b[1;31mDENIED: x\x1b[0m\n" in coloured
    assert "[1] met: y\n" in coloured
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in shown(monkeypatch, Terminal())


def test_no_name_or_value_steers_a_terminal():
    assert showing.safe("a\tb\n\x1b[31mc\x9b31m\u202ed é…") == "a b\n·[31mc·31m·d é…"


def test_as_json_there_is_none_either(monkeypatch):
    assert json.loads(shown(monkeypatch, Terminal(), json=True)) == {"a": 1}


@pytest.mark.parametrize(
    ("line", "style"),
    [
        ("ALLOWED: x", "bold green"),
        ("    not met: x", "red"),
        ("  met: x", "green"),
        ("     aws iam put-user-policy", "cyan"),
        ("awsome", ""),
    ],
)
def test_a_line_looks_as_it_begins(line, style):
    assert showing.style_of(line) == style


def an_explanation(principal, layer="identity", **more):
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "it's"}
    return {
        "principal": principal,
        "allowed": False,
        "layer": layer,
        "action": "s3:GetObject",
        "resource": "*",
        "resource_account": "1",
        "changes": [{"layer": layer, "add": statement}],
        "missing_context_keys": [],
        "steps": [],
        **more,
    }


@pytest.mark.parametrize(
    ("principal", "start"),
    [
        ("arn:aws:iam::1:user/p/ann", "aws iam put-user-policy --user-name ann "),
        ("arn:aws:iam::1:role/p/r", "aws iam put-role-policy --role-name r "),
        ("arn:aws:sts::1:assumed-role/r/work", "aws iam put-role-policy --role-name r "),
        ("arn:aws:iam::1:root", ""),
        ("arn:aws:sts::1:federated-user/x", ""),
        (None, ""),
    ],
)
def test_the_command_puts_an_inline_policy_where_the_principal_has_them(principal, start):
    command = put_command(an_explanation(principal))
    assert command.startswith(start)
    assert bool(command) == bool(start)


def test_the_command_is_ready_for_a_shell():
    import shlex

    words = shlex.split(put_command(an_explanation("arn:aws:iam::1:user/ann")))
    document = json.loads(words[-1])
    assert document["Statement"][0]["Resource"] == "it's"
    assert words[words.index("--policy-name") + 1] == "Allow-s3-GetObject"


def test_the_command_replaces_no_policy_the_caller_has():
    import shlex

    held = [{"name": "allow-s3-GetObject"}, {"name": "Allow-s3-GetObject-2"}, {"name": "Other"}]
    steps = [{"layer": "identity", "policies": held}]
    words = shlex.split(put_command(an_explanation("arn:aws:iam::1:user/ann", steps=steps)))
    assert words[words.index("--policy-name") + 1] == "Allow-s3-GetObject-3"


@pytest.mark.parametrize(
    "changes",
    [
        None,
        [],
        [{"layer": "boundary", "add": {"Effect": "Allow"}}],
        [{"layer": "identity", "add": None}],
    ],
)
def test_other_changes_have_no_command(changes):
    assert put_command(an_explanation("arn:aws:iam::1:user/ann", changes=changes)) == ""


def a_statement(number, **more):
    return {
        "policy": "p",
        "sid": None,
        "index": number,
        "effect": "Allow",
        "line": None,
        "applies": False,
        "failed": {"element": "Resource"},
        "conditions": [],
        **more,
    }


def test_long_lists_are_cut():
    steps = [
        {
            "layer": "scp",
            "level": 2,
            "verdict": "ImplicitlyDenied",
            "policies": [{"name": name} for name in "abcde"],
            "statements": [a_statement(number) for number in range(6)],
        }
    ]
    missing = [f"aws:k{number}" for number in range(8)]
    explanation = an_explanation(None, steps=steps, missing_context_keys=missing)
    text = access_text({"text": "DENIED", "explanation": explanation}, step_by_step=True)
    assert (
        "service control policy, level 2 from the root: does not allow  (a, b, c and 2 more)"
        in text
    )
    assert text.count("its Resource does not match") == 4
    assert "… 2 more statements on this action" in text
    assert "aws:k5 and 2 more; -c" in text


def test_what_applies_comes_first():
    applying = a_statement(5, applies=True, failed=None, line=3, sid="Mine", effect="Deny")
    steps = [
        {
            "layer": "identity",
            "level": None,
            "verdict": "ExplicitlyDenied",
            "policies": [],
            "statements": [a_statement(0), applying],
        }
    ]
    text = access_text(
        {"text": "DENIED", "explanation": an_explanation(None, steps=steps)}, step_by_step=True
    )
    assert (
        'identity-based policy: denies  (none)\n    Deny "Mine" of p at line 3: applies\n' in text
    )
