"""`doorward enforce mfa`: MFA for every member of a group, and a way for each to get it."""

import argparse
import json
import textwrap
from typing import Any
from urllib.parse import unquote

from doorward.app.cli.places import answer, data_options
from doorward.app.cli.self_service_mfa import MISPRINTS, POLICY, document, text

MOST_VERSIONS = 5


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `enforce`."""
    from doorward.app.cli.endpoint import endpoint_option

    actions = parser.add_subparsers(metavar="WHAT", dest="what", required=True)
    mfa = actions.add_parser("mfa", help="refuse all but setting MFA up, until there is MFA")
    what = mfa.add_mutually_exclusive_group(required=True)
    what.add_argument("--group", metavar="NAME", help="whose members it is for")
    what.add_argument("--print", action="store_true", help="show the policy and change nothing")
    what.add_argument(
        "--explain", action="store_true", help="what is wrong with two well-known ones"
    )
    mfa.add_argument(
        "--inline", action="store_true", help="into the group, not as a policy of its own"
    )
    endpoint_option(mfa)
    data_options(mfa)


def run(args: argparse.Namespace) -> int:
    """Attach it, or show it; attaching it twice is attaching it once."""
    if args.print:
        print(json.dumps(document()) if args.json else text())
        return 0
    if args.explain:
        _explain(args)
        return 0
    from botocore.exceptions import BotoCoreError, ClientError

    from doorward.app.cli.asking_server import client_of, failed_call

    iam = client_of(args, "iam")
    try:
        facts = _enforced(iam, args.group, inline=args.inline)
    except (BotoCoreError, ClientError) as error:
        raise failed_call(error) from None
    answer(args, facts, _words(facts))
    return 0


def _enforced(iam: Any, group: str, *, inline: bool) -> dict[str, Any]:
    # The group first: a group that is not there is an error before anything is made.
    members = _members(iam, group)
    if inline:
        place = f"inline policy {POLICY} of the group {group}"
        changed = _put_inline(iam, group)
    else:
        place, changed = _attach_managed(iam, group)
    without = [name for name in members if not iam.list_mfa_devices(UserName=name)["MFADevices"]]
    return {
        "group": group,
        "policy": place,
        "changed": changed,
        "members": len(members),
        "without_mfa": without,
    }


def _members(iam: Any, group: str) -> list[str]:
    pages = iam.get_paginator("get_group").paginate(GroupName=group)
    return [user["UserName"] for page in pages for user in page["Users"]]


def _put_inline(iam: Any, group: str) -> bool:
    try:
        held = iam.get_group_policy(GroupName=group, PolicyName=POLICY)["PolicyDocument"]
    except iam.exceptions.NoSuchEntityException:
        held = None
    if held is not None and _opened(held) == document():
        return False
    iam.put_group_policy(GroupName=group, PolicyName=POLICY, PolicyDocument=text())
    return True


def _attach_managed(iam: Any, group: str) -> tuple[str, bool]:
    arn, made = _managed(iam)
    pages = iam.get_paginator("list_attached_group_policies").paginate(GroupName=group)
    attached = {each["PolicyArn"] for page in pages for each in page["AttachedPolicies"]}
    if arn not in attached:
        iam.attach_group_policy(GroupName=group, PolicyArn=arn)
    return arn, made or arn not in attached


def _managed(iam: Any) -> tuple[str, bool]:
    """The policy's ARN, and whether it had to be made or changed."""
    pages = iam.get_paginator("list_policies").paginate(Scope="Local")
    found = [each for page in pages for each in page["Policies"] if each["PolicyName"] == POLICY]
    if not found:
        said = "What a user may do before there is MFA; by doorward enforce mfa"
        made = iam.create_policy(PolicyName=POLICY, PolicyDocument=text(), Description=said)
        return made["Policy"]["Arn"], True
    arn, version = found[0]["Arn"], found[0]["DefaultVersionId"]
    held = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    if _opened(held) == document():
        return arn, False
    _make_room(iam, arn)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=text(), SetAsDefault=True)
    return arn, True


def _make_room(iam: Any, arn: str) -> None:
    versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    if len(versions) >= MOST_VERSIONS:
        spare = [each for each in versions if not each["IsDefaultVersion"]]
        oldest = min(spare, key=lambda each: each["CreateDate"])
        iam.delete_policy_version(PolicyArn=arn, VersionId=oldest["VersionId"])


def _opened(held: Any) -> Any:
    """A document as botocore gives it: opened already, or as text where it was no JSON."""
    return json.loads(unquote(held)) if isinstance(held, str) else held


def _words(facts: dict[str, Any]) -> str:
    state = "is in force now" if facts["changed"] else "was in force already"
    members = f"the {facts['members']} member{'s' * (facts['members'] != 1)}"
    lines = [f"{facts['policy']} {state} for {members} of {facts['group']}."]
    if facts["without_mfa"]:
        names = ", ".join(facts["without_mfa"])
        lines += [
            f"Without a device, and refused all but getting one: {names}.",
            "docs/self-service-mfa.md says how each gets one.",
        ]
    return "\n".join(lines)


def _explain(args: argparse.Namespace) -> None:
    from doorward.analysis.validate import findings

    rows = [
        {
            "title": each.title,
            "printed": each.printed,
            "wrong": each.wrong,
            "findings": [
                {"code": one.code, "severity": one.severity.value, "message": one.message}
                for one in findings(each.judged, "identity")
            ],
        }
        for each in MISPRINTS
    ]
    answer(args, rows, "\n\n".join(map(_explained, rows)))


def _explained(row: dict[str, Any]) -> str:
    said = [f"{one['severity']} {one['code']}: {one['message']}" for one in row["findings"]]
    return "\n\n".join(
        [
            f"{row['title']}:",
            textwrap.indent(row["printed"], "  "),
            textwrap.fill(row["wrong"], 100),
            "\n".join(f"- {each}" for each in said),
        ]
    )
