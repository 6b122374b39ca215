"""`doorward status`: what runs, which settings hold, which operations there are."""

import argparse
from pathlib import Path
from typing import Any

from doorward.app.cli.places import CREDENTIALS, answer, data_of, data_options


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `status`."""
    from doorward.app.cli.endpoint import endpoint_option

    what = parser.add_mutually_exclusive_group()
    what.add_argument("--operations", action="store_true", help="AWS's operations: have, not yet")
    what.add_argument("--settings", action="store_true", help="the settings in force, and why")
    endpoint_option(parser)
    data_options(parser)


def run(args: argparse.Namespace) -> int:
    """Show it; without an option, exit 0 means that a server is ready and 1 that none is."""
    if args.operations:
        return _operations(args)
    if args.settings:
        return _settings(args)
    return _running(args)


def _running(args: argparse.Namespace) -> int:
    from doorward.app.cli.endpoint import endpoint_of, fetched
    from doorward.app.cli.profiles import read_profile

    directory = data_of(args)
    profile = read_profile(directory / CREDENTIALS)
    known = profile if profile and not args.endpoint else None
    endpoint = known.endpoint if known else endpoint_of(args)
    reply = fetched(endpoint, "/ready", authority=known.authority if known else None)
    facts: dict[str, Any] = {
        "endpoint": endpoint,
        "data": str(directory),
        "state": "stopped" if reply is None else str(reply[1].get("status", "unknown")),
    }
    facts |= _of_directory(directory)
    # Of a server elsewhere no directory here can tell.
    here = facts["account"] and not args.endpoint
    facts |= _of_settings(directory) if here else dict.fromkeys(("mail", "alarms"))
    answer(args, facts, _words(facts))
    return 0 if facts["state"] == "ready" else 1


def _words(facts: dict[str, Any]) -> str:
    plain = ("endpoint", "data", "state", "account", "mail", "alarms")
    shown = [f"{name:10}{facts[name] or '-'}" for name in plain]
    return "\n".join([*shown, *(f"WARNING   {each}" for each in facts["warnings"])])


def _of_directory(directory: Path) -> dict[str, Any]:
    """The main account of the data directory, where there is one, and what is unsafe in it."""
    from doorward.app.cli.root_warnings import warnings_of
    from doorward.app.stopped import main_account
    from doorward.store import open_read_only
    from doorward.store.errors import StoreFailure

    try:
        store = open_read_only(directory)
        try:
            found = {"account": main_account(store), "warnings": warnings_of(directory, store)}
        finally:
            store.close()
    except StoreFailure:
        return {"account": None, "warnings": []}
    return found


def _of_settings(directory: Path) -> dict[str, Any]:
    """Where mail goes and how many alarms are on, as `status --settings` and `alarm list` say."""
    from doorward.app.cli.opening import settings_in
    from doorward.app.config import words
    from doorward.trail.alarms_built_in import BUILT_IN, chosen

    settings = settings_in(directory, [])
    on = chosen(words(settings["alarms.built_in"]), root_activity=settings["alarms.root_activity"])
    return {
        "mail": settings["mail.host"] or None,
        "alarms": f"{len(on)} of {len(BUILT_IN)} built in",
    }


def _operations(args: argparse.Namespace) -> int:
    from doorward.catalog.models import SERVED, service
    from doorward.services.registry import operations

    table: list[dict[str, Any]] = []
    for name in SERVED:
        have = operations(name)
        table += [
            {"service": name, "operation": each, "have": model.function_name in have}
            for each, model in sorted(service(name).operations.items())
        ]
    answer(args, table, _coverage(table))
    return 0


def _coverage(table: list[dict[str, Any]]) -> str:
    lines = [
        f"{'have' if row['have'] else 'not yet':9}{row['service']:18}{row['operation']}"
        for row in table
    ]
    for name in dict.fromkeys(row["service"] for row in table):
        rows = [row["have"] for row in table if row["service"] == name]
        lines.append(f"{name}: {sum(rows)} of {len(rows)}")
    return "\n".join(lines)


def _settings(args: argparse.Namespace) -> int:
    from doorward.app.cli.opening import settings_in
    from doorward.app.config import SETTINGS

    settings = settings_in(data_of(args), [])
    table = [
        {
            "name": each.name,
            "value": "set" if each.secret and settings[each.name] else settings[each.name],
            "source": settings.sources[each.name],
            "meaning": each.meaning,
        }
        for each in SETTINGS
    ]
    words = [
        f"{row['name']:28}{row['value']!s:12}{row['source']:16}{row['meaning']}" for row in table
    ]
    answer(args, table, "\n".join(words))
    return 0
