"""The command `doorward`: a table of commands, each in a module of its own, imported when asked.

A command module has `arguments(parser)` and `run(args) -> int`. Exit codes: 0 done, 1 the answer
is no (where a command answers a question), 2 an error.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from doorward import __version__

COMMANDS = {
    "up": "start Doorward and serve until stopped",
    "env": "print the exports that point AWS clients at a Doorward",
    "profile": "write an AWS profile that leads to a Doorward",
    "status": "show what runs, its settings or its operations",
    "reset": "put a `--memory` Doorward back to its first start",
    "export": "write everything into one file",
    "import": "fill an empty data directory from an export",
    "recover": "make a new key for `admin` or a new root password",
    "key": "rotate the master key",
    "offboard": "end all access of a user who leaves",
    "role": "end the sessions of a role",
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
    parser = _parser(words[0] if words else "")
    args = parser.parse_args(words)
    if not args.command:
        parser.print_help()
        return 2
    command = import_module(_module(args.command))
    try:
        code: int = command.run(args)
    except CommandError as error:
        print(f"doorward {args.command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader went away (`doorward … | head`); closing stdout quietly is all that is left.
        sys.stderr.close()
        return 1
    return code


def _parser(asked: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="doorward",
        description="AWS IAM, self-hosted: stock AWS clients, exact decisions, every refusal said.",
        epilog="Run `doorward COMMAND --help` for the options of a command.",
    )
    parser.add_argument("--version", action="version", version=f"doorward {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", dest="command")
    for name, meaning in COMMANDS.items():
        command = commands.add_parser(name, help=meaning, description=meaning)
        if name == asked:
            # SPEED: only the module of the command asked for is imported.
            import_module(_module(name)).arguments(command)
    return parser


def _module(command: str) -> str:
    return f"doorward.app.cli.{RESERVED.get(command, command.replace('-', '_'))}"
