import shutil
from pathlib import Path

import pytest

from doorward.app.pytest_plugin import collect

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[3]
ALLOW = "{Effect: Allow, Action: 's3:*', Resource: '*'}"
FILE = f"""
policies:
  All: {{Version: 2012-10-17, Statement: {ALLOW}}}
principals:
  ann: {{identity: [All]}}
cases:
"""


@pytest.fixture
def run(pytester):
    """The outcome of a file of policy tests, in a project that is strict in all things."""
    pytester.makeini("[pytest]\naddopts = --strict-markers\nfilterwarnings = error\n")

    def run(cases, head=FILE, *arguments):
        (pytester.path / "a.policytest.yaml").write_text(head + cases)
        return pytester.runpytest_inprocess(*arguments)

    return run


def case(**members):
    given = {"principal": "ann", "action": "s3:GetObject", "expect": "allowed"} | members
    return "- {" + ", ".join(f"{name}: {value}" for name, value in given.items()) + "}\n"


def test_the_examples_pass(pytester):
    shutil.copytree(ROOT / "examples", pytester.path / "examples")
    result = pytester.runpytest_inprocess("examples", "-v")
    result.assert_outcomes(passed=16)
    result.stdout.fnmatch_lines(
        ["examples/policy-tests/letters.policytest.yaml::ann writes her own letters PASSED*"]
    )


def test_a_case_is_an_item_with_its_name_and_place(run):
    cases = case(name="'it is so'") + case(expect="denied") + case(principal="null")
    result = run(cases, FILE, "-v")
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(
        [
            "a.policytest.yaml::it is so PASSED*",
            "a.policytest.yaml::ann s3:GetObject [*] denied FAILED*",
            "a.policytest.yaml::anonymous s3:GetObject [*] allowed FAILED*",
            "*a.policytest.yaml:8: ann s3:GetObject [*] denied",
            "expected: denied",
            "ALLOWED: arn:aws:iam::111122223333:user/ann  s3:GetObject  on [*]",
            "  allowed by identity-based policy All, statement 0 *",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_policy_may_be_its_json(run):
    text = '{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}'
    head = f"policies:\n  All: '{text}'\nprincipals:\n  ann: {{identity: [All]}}\ncases:\n"
    run(case(), head).assert_outcomes(passed=1)


def test_cases_are_chosen_as_other_tests_are(run):
    result = run(case(name="first") + case(name="second"), FILE, "-k", "second")
    result.assert_outcomes(passed=1, deselected=1)


@pytest.mark.parametrize(
    ("cases", "told"),
    [
        ("- {principal: ann, action: 's3:GetObject'}\n", "line 7, cases?0?: object missing*"),
        (case(name="a") + case(name="a"), "line 8, cases?1?.name: two cases are named 'a'"),
        (case() + case(), "line 8, cases?1?.name: two cases are named 'ann s3:GetObject*"),
        ("- a: [\n", "line 8: while parsing*"),
    ],
)
def test_a_file_without_the_form_stops_the_run(run, cases, told):
    result = run(cases)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*a.policytest.yaml: {told}"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_file_that_is_no_text_stops_the_run(run, pytester):
    (pytester.path / "b.policytest.yml").write_bytes(b"\xff")
    run(case()).assert_outcomes(errors=1)


MALFORMED = FILE.replace("All: {Version: 2012-10-17", "All: {Version: 2013-10-17")
NO_FILE = FILE.replace("cases:", "  ann3: {identity: [Other]}\ncases:").replace(
    "policies:", "policies:\n  Other: {file: none.json}"
)


@pytest.mark.parametrize(
    ("cases", "head", "told"),
    [
        (case(principal="ann2"), FILE, "line 7, cases?0?.principal: there is no principal ann2"),
        (case(action="s3:GetObjects"), FILE, "s3 has no action GetObjects"),
        (case(action="s3"), FILE, "'s3' is not an action*"),
        (
            case(resource_policy="Nix"),
            FILE,
            "line 7, cases?0?.resource_policy: there is no policy Nix",
        ),
        (case(), FILE.replace("[All]", "[Al]"), "line 5, principals.ann.identity: there is no *Al"),
        (case(), FILE.replace("[All]", "[], arn: ann"), "'ann' is not a principal"),
        (case(), MALFORMED, "line 5, principals.ann.identity: All: *Version is 2012-10-17 or*"),
        (case(principal="ann3"), NO_FILE, "line 3, policies.Other.file: *No such file*none.json'"),
        (case(), "account: none.yaml\ncases:\n", "line 1, account: none.yaml: *No such file*"),
        (case(), "account: a.policytest.yaml\ncases:\n", "line 1, account: a.policytest.yaml: *"),
    ],
)
def test_what_a_case_lacks_is_told_in_a_line(run, cases, head, told):
    result = run(cases, head)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*a.policytest.yaml:*: ann*", told])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_what_nobody_foresaw_has_its_traceback(run, monkeypatch):
    monkeypatch.setattr(collect, "check_case", lambda *_: 1 / 0)
    result = run(case())
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*ZeroDivisionError*"])


def test_an_account_is_that_of_its_seed(run, pytester):
    (pytester.path / "seed.yaml").write_text("users: [{name: ann}]\n")
    account = "policies:\n  Open: {Version: 2012-10-17, Statement: {Effect: Allow, Action: '*',"
    account += " Resource: '*', Principal: '*'}}\naccount: seed.yaml\ncases:\n"
    cases = (
        case(principal="user/ann", expect="denied")
        + case(principal="user/ann", resource_policy="Open", by="resource")
        + case(principal="user/bob", expect="denied")
        + case(principal="root", by="root")
    )
    result = run(cases, account)
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["there is no arn:aws:iam::111122223333:user/bob"])


USER = "arn:aws:iam::111122223333:user/ann"
SESSION = "arn:aws:sts::111122223333:assumed-role/courier/monday"
ROLE = "arn:aws:iam::111122223333:role/courier"
FEDERATED = "arn:aws:sts::111122223333:federated-user/ann"
ROOT_USER = "arn:aws:iam::111122223333:root"


@pytest.mark.parametrize(
    ("arn", "key", "value"),
    [
        (USER, "aws:username", "ann"),
        (USER, "aws:PrincipalArn", USER),
        (USER, "aws:PrincipalType", "User"),
        (SESSION, "aws:PrincipalArn", ROLE),
        (SESSION, "aws:PrincipalType", "AssumedRole"),
        (ROLE, "aws:PrincipalArn", ROLE),
        (SESSION, "aws:PrincipalAccount", "111122223333"),
        (ROOT_USER, "aws:PrincipalType", "Account"),
        (FEDERATED, "aws:ResourceAccount", "444455556666"),
        (USER, "aws:PrincipalTag/team", "post"),
        (USER, "aws:SecureTransport", "true"),
    ],
)
def test_keys_follow_from_who_asks_and_yield_to_what_is_given(run, arn, key, value):
    head = f"""
policies:
  All: {{Version: 2012-10-17, Statement: {ALLOW}}}
  Bucket:
    Version: 2012-10-17
    Statement:
      Effect: Allow
      Principal: "*"
      Action: "s3:*"
      Resource: "*"
      Condition: {{StringEquals: {{"{key}": "{value}"}}}}
principals:
  ann: {{identity: [All], session: [All], arn: "{arn}", context: {{"aws:principaltag/TEAM": post}}}}
cases:
"""
    asked = {"resource_policy": "Bucket", "resource_account": "'444455556666'"}
    asked["context"] = "{'AWS:securetransport': 'true'}"
    other = "{'AWS:securetransport': 'true', '" + key.upper() + "': other}"
    if "secure" in key.lower():
        other = "{'AWS:securetransport': other}"
    cases = case(**asked) + case(**asked | {"context": other, "expect": "denied"})
    run(cases, head).assert_outcomes(passed=2)


def test_a_trust_policy_says_who_assumes(run):
    head = FILE.replace(
        "'s3:*', Resource: '*'",
        "'sts:AssumeRole', Principal: {Service: lambda.amazonaws.com},"
        " Condition: {Bool: {'aws:PrincipalIsAWSService': 'true'}}",
    )
    cases = case(
        principal="lambda.amazonaws.com",
        action="sts:AssumeRole",
        resource="arn:aws:iam::111122223333:role/worker",
        resource_policy="All",
        by="trust",
    )
    run(cases, head).assert_outcomes(passed=1)
