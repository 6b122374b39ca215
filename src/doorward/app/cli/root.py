"""`doorward root`: what only the root user may do, and a way back in when its MFA is lost."""

import argparse
from dataclasses import asdict
from typing import Any


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `root`."""
    from doorward.app.cli.orders import order_options

    actions = parser.add_subparsers(metavar="ACTION", dest="action", required=True)
    tasks = actions.add_parser("tasks", help="what only root may do, with sources")
    tasks.add_argument("--json", action="store_true", help="answer with one line of JSON")
    reset = actions.add_parser("reset-mfa", help="take all MFA devices from root")
    order_options(reset)


def run(args: argparse.Namespace) -> int:
    """Show the table, or take the devices away."""
    from doorward.app.cli.places import answer

    if args.action == "tasks":
        answer(args, _facts(), "\n".join(_lines()))
        return 0
    from doorward.app.cli.orders import carried_out

    facts = carried_out(args, "reset-root-mfa")
    answer(args, facts, "\n".join(f"- {each}" for each in facts["done"]))
    return 0


def _facts() -> dict[str, Any]:
    from doorward.catalog.root_tasks import ROOT_TASKS, SAID_TO_BE_ROOTS

    return {
        "root_only": [asdict(each) for each in ROOT_TASKS],
        "not_root_only": [asdict(each) for each in SAID_TO_BE_ROOTS],
    }


def _lines() -> list[str]:
    facts = _facts()
    lines = ["Only root:"]
    for row in facts["root_only"]:
        lines += [f"- {row['task']}", *_more("actions", ", ".join(row["actions"]))]
        lines += _more("besides root", row["besides"])
    lines += ["", "Said to be root's alone, and allowed by a policy:"]
    for row in facts["not_root_only"]:
        lines += [f"- {row['task']}", *_more("actions", ", ".join(row["actions"]))]
    rows = [*facts["root_only"], *facts["not_root_only"]]
    sources = dict.fromkeys(f"  {row['source']} (read {row['read']})" for row in rows)
    return [*lines, "", "Sources:", *sources]


def _more(name: str, value: str) -> list[str]:
    return [f"    {name}: {value}"] if value else []
