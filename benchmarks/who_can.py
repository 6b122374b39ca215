"""Who can, over a large account: all principals at once, and one after the other.

    python benchmarks/who_can.py [PRINCIPALS]

The account is made up, the same each time: six users for four roles, 300 managed policies (100 of
them AWS's own), 60 groups, inline policies with `${aws:username}`, roles with documents of their
own, boundaries on a tenth, conditions on MFA and tags.
"""

import gc
import json
import random
import resource
import statistics
import sys
import time
from datetime import UTC, datetime
from functools import partial

from doorward.account.account import Account
from doorward.account.model import (
    Group,
    InlinePolicy,
    ManagedPolicy,
    PolicyVersion,
    Profile,
    Role,
    Tag,
    User,
)
from doorward.analysis.question import Question
from doorward.analysis.what_can import what_can
from doorward.analysis.who_can import who_can
from doorward.analysis.who_can_index import index_of
from doorward.catalog import managed_policies
from doorward.catalog.actions import actions_of
from doorward.policy import Outcome

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ID = "123456789012"
IAM = f"arn:aws:iam::{ID}"
TEAMS = ("red", "blue", "green", "black", "white")
SERVICES = [
    *("s3", "ec2", "dynamodb", "sqs", "sns", "kms", "lambda"),
    *("logs", "iam", "cloudwatch", "ecr", "ssm", "rds", "states"),
]
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
TAGGED = {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}
QUESTIONS = (
    ("s3:GetObject", "arn:aws:s3:::data-7/x"),
    ("dynamodb:PutItem", f"arn:aws:dynamodb:us-east-1:{ID}:table/t7"),
    ("iam:CreateAccessKey", f"{IAM}:user/user7"),
    ("kms:Decrypt", f"arn:aws:kms:us-east-1:{ID}:key/7"),
    ("ec2:TerminateInstances", f"arn:aws:ec2:us-east-1:{ID}:instance/i-7"),
    ("sts:AssumeRole", f"{IAM}:role/role7"),
    ("own:Thing", "*"),
)


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def statement(chance, effect="Allow"):
    service = chance.choice(SERVICES)
    names = [name.partition(":")[2] for name in actions_of(service)]
    one = chance.choice(names)
    patterns = [f"{service}:{one}", f"{service}:{one[:4]}*", f"{service}:*"]
    actions = chance.choices(patterns, (6, 3, 1), k=chance.randint(1, 6))
    where = f"arn:aws:{service}:*:{ID}:{chance.choice(TEAMS)}-{chance.randint(0, 50)}*"
    made = {
        "Effect": effect,
        "Action": actions,
        "Resource": chance.choice(["*", where, [where, f"{where}/*"]]),
    }
    if chance.random() < 0.15:
        made["Condition"] = chance.choice((MFA, TAGGED))
    return made


def customer_policy(chance, number):
    body = [statement(chance) for _ in range(chance.randint(1, 8))]
    if chance.random() < 0.1:
        body.append(statement(chance, "Deny"))
    return ManagedPolicy(
        name=f"policy{number}",
        policy_id=f"ANPA{number}",
        created=NOW,
        updated=NOW,
        versions=(PolicyVersion("v1", document(*body), NOW),),
    )


SELF = document(
    {
        "Effect": "Allow",
        "Action": ["iam:*AccessKey*", "iam:*MFADevice*", "iam:ChangePassword", "iam:GetUser"],
        "Resource": f"{IAM}:user/${{aws:username}}",
    },
    {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": "arn:aws:s3:::home/${aws:username}/*",
    },
)
TRUST = document({"Effect": "Allow", "Principal": {"AWS": ID}, "Action": "sts:AssumeRole"})


def own_document(number):
    return document(
        {
            "Effect": "Allow",
            "Action": ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
            "Resource": f"arn:aws:dynamodb:us-east-1:{ID}:table/t{number}",
        },
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": f"arn:aws:logs:*:{ID}:log-group:/aws/lambda/f{number}:*",
        },
        {"Effect": "Allow", "Action": "s3:Get*", "Resource": f"arn:aws:s3:::data-{number}/*"},
    )


def an_account(principals):
    chance = random.Random(7)
    customer = [customer_policy(chance, number) for number in range(200)]
    awss = chance.sample(managed_policies.all_arns(), 98)
    common = [f"arn:aws:iam::aws:policy/{name}" for name in ("ReadOnlyAccess", "PowerUserAccess")]
    arns = [f"{IAM}:policy/{one.name}" for one in customer] + awss + common
    groups = [
        Group(
            name=f"group{number}",
            group_id=f"AGPA{number}",
            created=NOW,
            attached=tuple(chance.sample(arns, chance.randint(1, 5))),
        )
        for number in range(60)
    ]
    users = [
        User(
            name=f"user{number}",
            user_id=f"AIDA{number}",
            created=NOW,
            groups=tuple(f"group{one}" for one in chance.sample(range(60), chance.randint(1, 3))),
            inline=(InlinePolicy("self", SELF),) if chance.random() < 0.3 else (),
            attached=tuple(chance.sample(arns, chance.choice((0, 0, 0, 1, 2)))),
            boundary=chance.choice(arns[:20]) if chance.random() < 0.1 else None,
            tags=(Tag("team", chance.choice(TEAMS)),),
        )
        for number in range(principals * 6 // 10)
    ]
    roles = [
        Role(
            name=f"role{number}",
            role_id=f"AROA{number}",
            created=NOW,
            trust=TRUST,
            inline=(InlinePolicy("own", own_document(number)),) if chance.random() < 0.6 else (),
            attached=tuple(chance.sample(arns, chance.randint(0, 3))),
            boundary=chance.choice(arns[:20]) if chance.random() < 0.1 else None,
            tags=(Tag("team", chance.choice(TEAMS)),),
        )
        for number in range(principals * 4 // 10)
    ]
    profile = Profile(id=ID, email="root@example.com", created=NOW)
    return Account.of(ID, [profile, *customer, *groups, *users, *roles])


def rss_mib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed_ms(ask, times=1):
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken)


def measured(principals):
    """One account for each way of asking, so that none profits from what the other made."""
    account, other = an_account(principals), an_account(principals)
    gc.collect()
    before = rss_mib()
    index_ms = timed_ms(lambda: index_of(account))
    size = rss_mib() - before
    holders = index_of(other).holders
    gc.collect()
    gc.freeze()  # as the server does
    print(f"{principals:,} principals in {len(index_of(account).kin):,} classes")
    print(f"index: {index_ms / 1000:.2f} s, {size:.0f} MiB\n")
    print("| question | allowed | first ms | again ms | one by one, first ms | again ms |")
    print("|---|--:|--:|--:|--:|--:|")
    for action, target in QUESTIONS:
        row(account, other, holders, action, target)
    print()
    for who in ("user/user2", "root"):
        ask = partial(what_can, account, f"{IAM}:{who}")
        ask()
        print(f"what can {who}: {timed_ms(ask, 5):.0f} ms")
    print(f"peak RSS {rss_mib():.0f} MiB")


def row(account, other, holders, action, target):
    def at_once():
        return who_can(account, action, target, root=True)

    def one_by_one():
        question = Question.of(other, action, target)
        return [question.decide(holder) for holder in holders]

    times = [timed_ms(at_once), timed_ms(at_once, 7), timed_ms(one_by_one), timed_ms(one_by_one, 3)]
    answers = [(one.decision.outcome, one.decision.layer) for one in at_once()]
    assert answers == [(one.outcome, one.layer) for one in one_by_one()]
    allowed = sum(outcome is Outcome.ALLOWED for outcome, _ in answers)
    shown = " | ".join(f"{each:.0f}" for each in times)
    print(f"| {action} | {allowed:,} | {shown} |", flush=True)


if __name__ == "__main__":
    measured(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
