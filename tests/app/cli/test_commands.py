import subprocess
import sys

import pytest

from doorward import __version__
from doorward.app.cli import COMMANDS, CommandError

NESTED = {
    "profile": ["write"],
    "enforce": ["mfa"],
    "key": ["rotate"],
    "mfa": ["import"],
    "keys": ["rotate"],
    "role": ["revoke-sessions"],
    "root": ["reset-mfa"],
    "token": ["list"],
    "trail": ["verify"],
}


def test_help_lists_every_command(run):
    for words in (["--help"], ["-h"], ["help"]):
        ran = run(*words)
        assert ran.code == 0
        assert all(f"  {name} " in ran.out for name in COMMANDS)
    assert run().code == 2
    assert run("--version").out == f"doorward {__version__}\n"


def test_what_is_no_command_is_said(run):
    ran = run("dance")
    assert ran.code == 2
    assert "no command dance" in ran.err
    assert "doorward --help" in ran.err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_takes_json(name):
    code = f"from doorward.app.cli import main; main({[name, *NESTED.get(name, []), '--help']})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "--json" in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_an_unknown_option_ends_with_2(run, name):
    with pytest.raises(SystemExit) as caught:
        run(name, *NESTED.get(name, []), "--no-such-option")
    assert caught.value.code == 2


def test_help_imports_next_to_nothing():
    # SPEED: each of these alone takes longer than a bare Python.
    code = (
        "import sys; before = set(sys.modules); from doorward.app.cli import main; "
        "main(['--help']); print(*(set(sys.modules) - before), sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {line.partition(".")[0] for line in done.stdout.splitlines()}
    heavy = {"argparse", "asyncio", "botocore", "cryptography", "msgspec", "re", "uvicorn", "yaml"}
    assert not loaded & heavy


def test_an_error_is_what_and_then_one_next_step():
    assert str(CommandError("it is broken", "Mend it.")) == "it is broken\nMend it."
    assert str(CommandError("it is broken")) == "it is broken"


def test_what_breaks_is_no_answer(run, monkeypatch):
    from doorward.app.cli import status

    def broken(args):
        raise RuntimeError(f"broken, {args.json}")

    monkeypatch.setattr(status, "run", broken)
    ran = run("status")
    assert ran.code == 2
    assert "RuntimeError: broken, False" in ran.err


@pytest.mark.parametrize(
    "endpoint", ["x", "ftp://x", "http://", "http://a b", "http://[::1", "http://x:99999"]
)
@pytest.mark.parametrize(
    "words",
    [
        ("can", "ann", "s3:GetObject"),
        ("token", "list"),
        ("why", "01a200c4-fc75-7b2d-8785-73ac91d33656"),
        ("status",),
        ("reset",),
    ],
)
def test_an_endpoint_that_is_no_url_is_said(run, words, endpoint):
    ran = run(*words, "--endpoint", endpoint)
    assert ran.code == 2
    assert ran.err == (
        f"doorward {words[0]}: {endpoint} is no URL\nGive --endpoint http://HOST:PORT.\n"
    )


def test_a_terminal_without_the_letter_shows_its_number():
    code = "import sys; from doorward.app.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, "check", "-"],
        input=b'{"Version": "2012-10-17", "Statement": "\xe2\x82\xac"}',
        env={"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert b"\\u20ac" in done.stdout
