"""The command `doorward`: a table of commands, each in a module of its own, imported when asked.

A command module has `arguments(parser)` and `run(args) -> int`. Exit codes: 0 done, 1 the answer
is no (where a command answers a question), 2 an error.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper

from doorward import __version__

COMMANDS = {
    "up": "start Doorward and serve until stopped",
    "env": "print the exports that point AWS clients at a Doorward",
    "profile": "write an AWS profile that leads to a Doorward",
    "status": "show what runs, its settings or its operations",
    "why": "say what was decided about a call, by its request id",
    "can": "say whether a principal may do something, and why",
    "who-can": "list who may do something",
    "what-can": "list what a principal may do",
    "decide": "judge the cases of a file, one a line",
    "check": "say what is wrong with a policy, and how to mend it",
    "reset": "put a `--memory` Doorward back to its first start",
    "export": "write everything into one file",
    "import": "fill an empty data directory from an export",
    "recover": "make a new key for `admin` or a new root password",
    "root": "show what only root may do, or take its lost MFA devices away",
    "enforce": "make MFA the rule for a group",
    "trail": "prove what trails delivered; make a bucket for them",
    "alarm": "list the alarms every account has, and which are on",
    "mfa": "take in the seeds of hardware tokens, or forget a token",
    "keys": "rotate the access keys of a user",
    "scan-secrets": "find access keys in files and in git's history",
    "key": "rotate the master key",
    "offboard": "end all access of a user who leaves",
    "role": "end the sessions of a role",
    "token": "make, list and revoke the tokens other applications call with",
}
RESERVED = {"import": "import_"}
"""Names Python keeps for itself, and their modules."""


class CommandError(Exception):
    """What a person reads when a command cannot go on: what is wrong, then one next step."""

    def __init__(self, what: str, next_step: str = "") -> None:
        super().__init__(f"{what}\n{next_step}" if next_step else what)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    name = words[0] if words else ""
    if name in {"", "-h", "--help", "help"}:
        print(_help())
        return 0 if name else 2
    if name == "--version":
        print(f"doorward {__version__}")
        return 0
    if name not in COMMANDS:
        print(f"doorward: there is no command {name}\nSee `doorward --help`.", file=sys.stderr)
        return 2
    return _run(name, words[1:])


def _run(name: str, words: Sequence[str]) -> int:
    # SPEED: argparse takes longer than Python itself, so the list of commands does without it.
    from argparse import ArgumentParser

    command = import_module(f"doorward.app.cli.{RESERVED.get(name, name.replace('-', '_'))}")
    parser = ArgumentParser(prog=f"doorward {name}", description=command.__doc__)
    command.arguments(parser)
    args = parser.parse_args(words)
    _print_whatever_comes()
    try:
        code: int = command.run(args)
    except CommandError as error:
        print(f"doorward {name}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader went away (`doorward … | head`); closing stdout quietly is all that is left.
        sys.stderr.close()
        return 1
    except Exception:  # noqa: BLE001 - whatever it is, it is no answer, and 1 would be a "no"
        from traceback import print_exc

        print_exc()
        return 2
    return code


def _print_whatever_comes() -> None:
    """Where the terminal has no such letter, its number is shown."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _help() -> str:
    width = max(map(len, COMMANDS)) + 2
    return "\n".join(
        [
            "usage: doorward COMMAND [options]",
            "",
            "AWS IAM, self-hosted: stock AWS clients, exact decisions, every refusal said.",
            "",
            *(f"  {name:{width}}{meaning}" for name, meaning in COMMANDS.items()),
            "",
            "`doorward COMMAND --help` shows the options of a command, --version the version.",
        ]
    )
