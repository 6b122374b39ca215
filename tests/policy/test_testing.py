import json
import subprocess
import sys

import pytest

from doorward.errors import PolicyError
from doorward.policy import Attached, Outcome, Policies, Policy, Principal
from doorward.policy.testing import Expected, assert_allowed, assert_denied, policies_of, request

ANN = "arn:aws:iam::111122223333:user/ann"
LETTER = "arn:aws:s3:::letters/1.txt"


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action="*", **members):
    return {"Effect": "Allow", "Action": action, "Resource": "*", **members}


def deny(action="*", **members):
    return {"Effect": "Deny", "Action": action, "Resource": "*", **members}


EVERYTHING = document(allow())
READS = document(allow("s3:Get*", Sid="Reads"), deny("s3:GetBucketAcl", Sid="NoAcl"))


@pytest.mark.parametrize(
    "policies",
    [
        READS,
        json.dumps(READS),
        Policy.parse(json.dumps(READS)),
        Policies(identity=(Attached(Policy.parse(json.dumps(READS)), "Readers"),)),
    ],
    ids=["dict", "text", "policy", "policies"],
)
def test_policies_come_in_any_form(policies):
    assert assert_allowed(policies, action="s3:GetObject", resource=LETTER).allowed
    decision = assert_denied(policies, action="s3:PutObject", resource=LETTER)
    assert decision.outcome is Outcome.IMPLICITLY_DENIED


def test_a_failure_says_what_was_expected_and_explains_what_came():
    with pytest.raises(AssertionError) as caught:
        assert_allowed(READS, action="s3:GetBucketAcl", resource=LETTER, principal=ANN)
    assert str(caught.value).startswith(f"expected: allowed\nDENIED: {ANN}  s3:GetBucketAcl  on ")
    assert 'statement "NoAcl"' in str(caught.value)
    with pytest.raises(AssertionError, match=r"expected: denied by NoAcl\nALLOWED: ") as caught:
        assert_denied(READS, action="s3:GetObject", resource=LETTER, because="NoAcl")
    assert 'statement "Reads"' in str(caught.value)


@pytest.mark.parametrize(
    ("explicitly", "because", "holds"),
    [
        (None, None, True),
        (True, None, True),
        (False, None, False),
        (None, "identity", True),
        (None, "scp", False),
        (None, "document", True),
        (True, "NoAcl", True),
        (None, "Reads", False),
    ],
)
def test_the_grounds_of_a_denial_are_asked(explicitly, because, holds):
    def ask():
        assert_denied(READS, action="s3:GetBucketAcl", explicitly=explicitly, because=because)

    if holds:
        ask()
    else:
        with pytest.raises(AssertionError):
            ask()


@pytest.mark.parametrize(("because", "holds"), [("Reads", True), ("document", True), ("x", False)])
def test_the_grounds_of_an_allowance_are_asked(because, holds):
    if holds:
        assert_allowed(READS, action="s3:GetObject", because=because)
    else:
        with pytest.raises(AssertionError, match="expected: allowed by x"):
            assert_allowed(READS, action="s3:GetObject", because=because)


def test_a_managed_policy_is_known_by_its_arn_too():
    arn = "arn:aws:iam::111122223333:policy/Team"
    held = Policies(identity=(Attached(Policy.parse(json.dumps(EVERYTHING)), "Team", arn),))
    for because in ("Team", arn):
        assert_allowed(held, action="s3:GetObject", because=because)


def test_a_layer_without_any_policy_is_named():
    held = policies_of(EVERYTHING)
    limited = Policies(identity=held.identity, scp=((),))
    assert_denied(limited, action="s3:GetObject", because="scp", explicitly=False)


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        (Expected(allowed=True), "allowed"),
        (Expected(allowed=True, because="Team"), "allowed by Team"),
        (Expected(allowed=False, explicitly=True), "explicitly denied"),
        (Expected(allowed=False, explicitly=False, because="scp"), "implicitly denied by scp"),
    ],
)
def test_an_expectation_reads_as_a_sentence(expected, words):
    assert str(expected) == words


@pytest.mark.parametrize(
    ("principal", "allowed"), [(ANN, True), ("arn:aws:iam::444455556666:user/bob", False)]
)
def test_a_policy_on_a_resource_names_its_callers(principal, allowed):
    on_bucket = Policy.parse(json.dumps(document(allow(Principal={"AWS": ANN}))), "resource")
    ask = assert_allowed if allowed else assert_denied
    ask(
        on_bucket,
        action="s3:GetObject",
        resource=LETTER,
        resource_account="111122223333",
        principal=principal,
        because="resource",
    )


def test_a_trust_policy_stands_on_its_role():
    trusted = document({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ANN}})
    role = "arn:aws:iam::111122223333:role/deployer"
    trust = Policy.parse(json.dumps(trusted), "trust")
    assert_allowed(trust, action="sts:AssumeRole", resource=role, principal=ANN, because="trust")


@pytest.mark.parametrize("kind", ["boundary", "scp", "session", "endpoint", "rcp"])
def test_what_grants_nothing_is_not_asked_alone(kind):
    policy = Policy.parse(json.dumps(document(allow(Principal="*"))), kind)
    with pytest.raises(ValueError, match=f"kind {kind} alone grants nothing: give Policies"):
        assert_denied(policy, action="s3:GetObject")


@pytest.mark.parametrize("action", ["s3.GetObject", "s3:*", "s3:", "*", "", "s3:Get Object"])
def test_a_slip_of_the_pen_is_no_denial(action):
    with pytest.raises(ValueError, match="is not an action"):
        assert_denied(READS, action=action)


def test_what_is_no_policy_and_what_is_no_principal_is_said():
    with pytest.raises(PolicyError, match="expected"):
        assert_denied('{"Version": ', action="s3:GetObject")
    with pytest.raises(PolicyError, match="'ann' is not a principal"):
        assert_denied(EVERYTHING, action="s3:GetObject", principal="ann")


@pytest.mark.parametrize(
    ("principal", "resource", "given", "owner"),
    [
        (ANN, LETTER, None, "111122223333"),
        (ANN, "*", None, "111122223333"),
        (ANN, "arn:aws:sqs:us-east-1:444455556666:letters", None, "444455556666"),
        (ANN, LETTER, "444455556666", "444455556666"),
        (None, LETTER, None, ""),
        (Principal.from_arn(ANN), LETTER, None, "111122223333"),
    ],
)
def test_the_owner_of_a_resource_is_guessed_as_people_would(principal, resource, given, owner):
    assert request(principal, "s3:GetObject", resource, given).resource_account == owner


def test_the_context_is_what_is_given():
    own = document(allow(Resource="arn:aws:s3:::letters/${aws:username}/*"))
    letter = "arn:aws:s3:::letters/ann/1.txt"
    assert_denied(own, action="s3:GetObject", resource=letter, principal=ANN)
    assert_allowed(own, action="s3:GetObject", resource=letter, context={"aws:UserName": "ann"})


@pytest.mark.parametrize("module", ["doorward.policy", "doorward.policy.testing"])
def test_nothing_but_the_standard_library_is_imported(module):
    code = (
        "import sys; before = set(sys.modules)\n"
        f"import {module}\n"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30
    )
    assert set(told.stdout.split()) - {"doorward"} <= sys.stdlib_module_names
