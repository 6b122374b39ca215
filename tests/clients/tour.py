"""One walk through an account, as data: every client takes the same steps."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.clients.callers import Caller, Refused
from tests.clients.server import Keys, Server

SETTLE_S = 10  # records of reads and refusals are stored in groups, a moment after the answer


@dataclass(frozen=True, slots=True)
class Step:
    """One call, and what it must give. `<name>` stands for a value kept by an earlier step.

    Attributes:
        call: `service:Operation`.
        params: AWS's own members.
        who: Whose keys sign: `admin`, or a name under which keys were kept.
        expect: Path into the answer -> value.
        keep: Name -> path into the answer.
        keys: Name -> path of an AccessKey or Credentials to sign with later.
        refused: The code, and words that the message must hold.
        eventually: Asked again until it fits, for the trail.
        page: Let the client page through the list by this many, and expect `member` to be this.
    """

    call: str
    params: Mapping[str, Any] = field(default_factory=dict)
    who: str = "admin"
    expect: Mapping[str, Any] = field(default_factory=dict)
    keep: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    refused: tuple[str, str] | None = None
    eventually: bool = False
    page: tuple[int, str, str, list[str]] | None = None


def document(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions: str) -> Mapping[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*"}


def trust(**principal: str) -> str:
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


USER = "arn:aws:iam::<account>:user"
ROLE = "arn:aws:iam::<account>:role"
S3_READ = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
IAM_READ = "arn:aws:iam::aws:policy/IAMReadOnlyAccess"
STAFF = [f"staff-{number}" for number in range(5)]

WHO = (
    Step("sts:GetCallerIdentity", expect={"Account": "<account>", "Arn": f"{USER}/admin"}),
    Step(
        "iam:CreateGroup",
        {"GroupName": "Developers"},
        expect={"Group.Arn": "arn:aws:iam::<account>:group/Developers"},
    ),
    Step("iam:CreateUser", {"UserName": "ann"}, expect={"User.Arn": f"{USER}/ann"}),
    Step("iam:AddUserToGroup", {"GroupName": "Developers", "UserName": "ann"}),
    Step(
        "iam:CreateAccessKey",
        {"UserName": "ann"},
        expect={"AccessKey.Status": "Active"},
        keep={"key": "AccessKey.AccessKeyId"},
        keys={"ann": "AccessKey"},
    ),
    Step("sts:GetCallerIdentity", who="ann", expect={"Arn": f"{USER}/ann"}),
)

PERMISSIONS = (
    Step(
        "iam:GetUser",
        {"UserName": "ann"},
        who="ann",
        refused=(
            "AccessDenied",
            (
                f"User: {USER}/ann is not authorized to perform: iam:GetUser on resource: user ann"
                " because no identity-based policy allows the iam:GetUser action"
            ),
        ),
    ),
    Step(
        "iam:CreatePolicy",
        {"PolicyName": "ReadPeople", "PolicyDocument": document(allow("iam:GetUser"))},
        expect={"Policy.DefaultVersionId": "v1", "Policy.AttachmentCount": 0},
        keep={"policy": "Policy.Arn"},
    ),
    Step("iam:AttachGroupPolicy", {"GroupName": "Developers", "PolicyArn": "<policy>"}),
    Step("iam:GetUser", {"UserName": "ann"}, who="ann", expect={"User.UserName": "ann"}),
    Step(
        "iam:PutUserPolicy",
        {
            "UserName": "ann",
            "PolicyName": "NotThat",
            "PolicyDocument": document(allow("iam:GetUser") | {"Effect": "Deny"}),
        },
    ),
    Step(
        "iam:GetUser",
        {"UserName": "ann"},
        who="ann",
        refused=("AccessDenied", "with an explicit deny in an identity-based policy"),
    ),
    Step("iam:DeleteUserPolicy", {"UserName": "ann", "PolicyName": "NotThat"}),
    Step(
        "iam:DeleteUser",
        {"UserName": "nobody"},
        refused=("NoSuchEntity", "The user with name nobody cannot be found."),
    ),
)

ROLES = (
    Step(
        "iam:CreateRole",
        {
            "RoleName": "MyEC2Role",
            "AssumeRolePolicyDocument": trust(Service="ec2.amazonaws.com"),
        },
        expect={"Role.Arn": f"{ROLE}/MyEC2Role"},
    ),
    Step("iam:AttachRolePolicy", {"RoleName": "MyEC2Role", "PolicyArn": S3_READ}),
    Step(
        "iam:GetRole",
        {"RoleName": "MyEC2Role"},
        expect={"Role.RoleName": "MyEC2Role", "Role.MaxSessionDuration": 3600},
    ),
    Step(
        "sts:AssumeRole",
        {"RoleArn": f"{ROLE}/MyEC2Role", "RoleSessionName": "Session1"},
        who="ann",
        refused=("AccessDenied", f"User: {USER}/ann is not authorized to perform: sts:AssumeRole"),
    ),
    Step(
        "iam:CreateRole",
        {"RoleName": "Reader", "AssumeRolePolicyDocument": trust(AWS=f"{USER}/ann")},
    ),
    Step("iam:AttachRolePolicy", {"RoleName": "Reader", "PolicyArn": IAM_READ}),
    Step(
        "sts:AssumeRole",
        {"RoleArn": f"{ROLE}/Reader", "RoleSessionName": "Session1"},
        who="ann",
        expect={"AssumedRoleUser.Arn": "arn:aws:sts::<account>:assumed-role/Reader/Session1"},
        keys={"session": "Credentials"},
    ),
    Step(
        "sts:GetCallerIdentity",
        who="session",
        expect={"Arn": "arn:aws:sts::<account>:assumed-role/Reader/Session1"},
    ),
    Step("iam:GetRole", {"RoleName": "Reader"}, who="session", expect={"Role.Path": "/"}),
    Step(
        "iam:DeleteRole",
        {"RoleName": "Reader"},
        who="session",
        refused=("AccessDenied", "because no identity-based policy allows the iam:DeleteRole"),
    ),
)

TAGS = (
    Step(
        "iam:TagUser",
        {
            "UserName": "ann",
            "Tags": [{"Key": "team", "Value": "blue"}, {"Key": "floor", "Value": "2"}],
        },
    ),
    Step("iam:UntagUser", {"UserName": "ann", "TagKeys": ["floor"]}),
    Step(
        "iam:ListUserTags",
        {"UserName": "ann"},
        expect={"Tags": [{"Key": "team", "Value": "blue"}]},
    ),
)

PAGES = (
    *(Step("iam:CreateUser", {"UserName": name}) for name in STAFF),
    Step("iam:ListUsers", page=(3, "Users", "UserName", ["admin", "ann", *STAFF])),
    *(Step("iam:DeleteUser", {"UserName": name}) for name in STAFF),
)


WITH_MFA = allow("iam:DeleteUser") | {
    "Sid": "Mfa",
    "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
}
MFA = {
    "ContextKeyName": "aws:MultiFactorAuthPresent",
    "ContextKeyType": "boolean",
    "ContextKeyValues": ["true"],
}
QUESTION = {"ActionNames": ["iam:DeleteUser"], "ResourceArns": [f"{USER}/ann"]}
FIRST = "EvaluationResults.0"

QUESTIONS = (
    Step(
        "iam:SimulateCustomPolicy",
        {"PolicyInputList": [document(WITH_MFA)], **QUESTION},
        expect={
            f"{FIRST}.EvalDecision": "implicitDeny",
            f"{FIRST}.MissingContextValues": ["aws:MultiFactorAuthPresent"],
        },
    ),
    Step(
        "iam:SimulateCustomPolicy",
        {"PolicyInputList": [document(WITH_MFA)], "ContextEntries": [MFA], **QUESTION},
        expect={
            f"{FIRST}.EvalDecision": "allowed",
            f"{FIRST}.MatchedStatements.0.SourcePolicyId": "PolicyInputList.1",
            f"{FIRST}.MatchedStatements.0.StartPosition": {"Line": 1, "Column": 41},
        },
    ),
    Step(
        "iam:SimulatePrincipalPolicy",
        {"PolicySourceArn": f"{USER}/ann", **QUESTION},
        expect={f"{FIRST}.EvalDecision": "implicitDeny", f"{FIRST}.MatchedStatements": []},
    ),
    Step(
        "iam:SimulatePrincipalPolicy",
        {
            "PolicySourceArn": f"{USER}/ann",
            "PolicyInputList": [document(WITH_MFA)],
            "PermissionsBoundaryPolicyInputList": [document(allow("s3:*"))],
            "ContextEntries": [MFA],
            **QUESTION,
        },
        expect={
            f"{FIRST}.EvalDecision": "implicitDeny",
            f"{FIRST}.PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": False},
        },
    ),
    Step(
        "iam:GetContextKeysForCustomPolicy",
        {"PolicyInputList": [document(WITH_MFA)]},
        expect={"ContextKeyNames": ["aws:MultiFactorAuthPresent"]},
    ),
    Step(
        "iam:GetContextKeysForPrincipalPolicy",
        {"PolicySourceArn": f"{USER}/ann", "PolicyInputList": [document(WITH_MFA)]},
        expect={"ContextKeyNames": ["aws:MultiFactorAuthPresent"]},
    ),
    Step(
        "iam:SimulateCustomPolicy",
        {"PolicyInputList": ["{"], **QUESTION},
        refused=("InvalidInput", "Policy input list item 1 has invalid content"),
    ),
)


def looked_up(attribute: str, value: str, **expect: str) -> Step:
    return Step(
        "cloudtrail:LookupEvents",
        {"LookupAttributes": [{"AttributeKey": attribute, "AttributeValue": value}]},
        expect={f"Events.0.{name}": wanted for name, wanted in expect.items()},
        eventually=True,
    )


TRAIL = (
    looked_up("EventName", "CreateRole", Username="admin", EventSource="iam.amazonaws.com"),
    looked_up("AccessKeyId", "<key>", EventName="AssumeRole", Username="ann"),
    looked_up("EventName", "DeleteRole", Username="Session1"),
)

CLEANUP = (
    Step(
        "iam:DeleteUser",
        {"UserName": "ann"},
        refused=("DeleteConflict", "must delete access keys first"),
    ),
    Step("iam:DeleteAccessKey", {"UserName": "ann", "AccessKeyId": "<key>"}),
    Step(
        "sts:GetCallerIdentity",
        who="ann",
        refused=("InvalidClientTokenId", "The security token included in the request is invalid"),
    ),
    Step(
        "iam:DeleteUser",
        {"UserName": "ann"},
        refused=("DeleteConflict", "must remove users from group first"),
    ),
    Step("iam:RemoveUserFromGroup", {"GroupName": "Developers", "UserName": "ann"}),
    Step("iam:DeleteUser", {"UserName": "ann"}),
    Step("iam:DeletePolicy", {"PolicyArn": "<policy>"}, refused=("DeleteConflict", "attached")),
    Step("iam:DetachGroupPolicy", {"GroupName": "Developers", "PolicyArn": "<policy>"}),
    Step("iam:DeletePolicy", {"PolicyArn": "<policy>"}),
    Step("iam:DeleteGroup", {"GroupName": "Developers"}),
    Step("iam:DeleteRole", {"RoleName": "Reader"}, refused=("DeleteConflict", "detach")),
    Step("iam:DetachRolePolicy", {"RoleName": "Reader", "PolicyArn": IAM_READ}),
    Step("iam:DetachRolePolicy", {"RoleName": "MyEC2Role", "PolicyArn": S3_READ}),
    Step("iam:DeleteRole", {"RoleName": "Reader"}),
    Step("iam:DeleteRole", {"RoleName": "MyEC2Role"}),
    Step("iam:ListUsers", page=(3, "Users", "UserName", ["admin"])),
)

TOUR = WHO + PERMISSIONS + ROLES + TAGS + PAGES + QUESTIONS + TRAIL + CLEANUP


def take(steps: tuple[Step, ...], caller: Caller, server: Server) -> int:
    """Take every step in order; how many were taken."""
    kept: dict[str, str] = {"account": server.account}
    signers = {"admin": server.admin}
    for step in steps:
        _take(step, caller, kept, signers)
    return len(steps)


def _take(step: Step, caller: Caller, kept: dict[str, str], signers: dict[str, Keys]) -> None:
    service, _, operation = step.call.partition(":")
    keys, params = signers[step.who], filled(step.params, kept)
    if step.page:
        size, member, name, wanted = step.page
        found = caller.pages(keys, service, operation, size, member)
        assert [item[name] for item in found] == wanted
        return
    give_up = time.monotonic() + SETTLE_S
    while True:
        try:
            answer = caller.call(keys, service, operation, params)
        except Refused as refused:
            _check_refusal(step, refused, kept)
            return
        assert step.refused is None, f"{step.call} {params} was allowed"
        wrong = _differences(step, answer, kept)
        if not wrong:
            break
        assert step.eventually, f"{step.call}: {wrong}"
        assert time.monotonic() < give_up, f"{step.call}: {wrong}"
    kept.update({name: at(answer, path) for name, path in step.keep.items()})
    signers.update({name: _keys(at(answer, path)) for name, path in step.keys.items()})


def _check_refusal(step: Step, refused: Refused, kept: Mapping[str, str]) -> None:
    assert step.refused, f"{step.call} was refused: {refused}"
    code, words = step.refused
    assert refused.code == code, refused
    assert filled(words, kept) in refused.message


def _differences(step: Step, answer: Any, kept: Mapping[str, str]) -> list[str]:
    wanted = {path: filled(value, kept) for path, value in step.expect.items()}
    found = {path: at(answer, path) for path in wanted}
    return [f"{p} is {found[p]!r}, not {wanted[p]!r}" for p in wanted if found[p] != wanted[p]]


def filled(value: Any, kept: Mapping[str, str]) -> Any:
    """The value with every `<name>` in it replaced."""
    match value:
        case str():
            return re.sub(r"<(\w+)>", lambda found: kept[found[1]], value)
        case Mapping():
            return {name: filled(item, kept) for name, item in value.items()}
        case list():
            return [filled(item, kept) for item in value]
        case _:
            return value


def at(answer: Any, path: str) -> Any:
    """The value at a dotted path; None where there is none."""
    for part in path.split("."):
        if isinstance(answer, list):
            answer = answer[int(part)] if int(part) < len(answer) else None
        else:
            answer = (answer or {}).get(part)
    return answer


def _keys(found: Mapping[str, str]) -> Keys:
    return Keys(found["AccessKeyId"], found["SecretAccessKey"], found.get("SessionToken"))
