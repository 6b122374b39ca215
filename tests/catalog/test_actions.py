import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.catalog.actions import action, actions_of, exists, service_prefixes

ALL = [name for prefix in service_prefixes() for name in actions_of(prefix)]


@pytest.mark.parametrize("name", ["iam:CreateUser", "IAM:createuser", "iam:CREATEUSER"])
def test_an_action_is_found_whatever_its_case(name):
    fact = action(name)
    assert fact is not None
    assert fact.name == "iam:CreateUser"
    assert fact.access_level == "Write"
    assert [(use.name, use.required) for use in fact.resource_types] == [("user", True)]
    assert fact.condition_keys == (
        "aws:RequestTag/${TagKey}",
        "aws:TagKeys",
        "iam:PermissionsBoundary",
    )


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("iam:GetUser", "Read"),
        ("iam:ListUsers", "List"),
        ("iam:TagUser", "Tagging"),
        ("iam:PutUserPolicy", "Permissions management"),
        ("s3:PutObject", "Write"),
    ],
)
def test_access_levels_have_aws_five_names(name, level):
    assert action(name).access_level == level


@pytest.mark.parametrize(
    "name", ["", ":", "iam", "iam:", "iam:*", "iam:Create", "nope:CreateUser", "CreateUser"]
)
def test_what_is_no_action_is_not_found(name):
    assert action(name) is None
    assert not exists(name)


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("iam:CreateUser", ()),
        ("lambda:CreateFunction", ("iam:PassRole", "lambda:PassCapacityProvider")),
    ],
)
def test_dependent_actions_are_named(name, others):
    assert action(name).dependent_actions == others


def test_all_actions_of_all_services_exist():
    assert len(ALL) == len(set(ALL)) == 22321
    assert "iam:CreateUser" in actions_of("IAM")
    assert actions_of("no-such-service") == ()
    assert {"iam", "sts", "s3", "organizations"} <= set(service_prefixes())
    assert list(service_prefixes()) == sorted(service_prefixes())


@given(st.sampled_from(ALL), st.randoms())
def test_case_never_matters(name, random):
    other = "".join(random.choice([c.lower(), c.upper()]) for c in name)
    assert action(other) == action(name) is not None


@given(st.text(max_size=40))
def test_any_text_is_answered(name):
    fact = action(name)
    assert fact is None or fact.name.lower() == name.lower()


def test_one_look_up_reads_one_service():
    program = (
        "from doorward.catalog import actions, pack\n"
        "actions.action('iam:CreateUser')\n"
        "print(pack._parsed.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert done.stdout.strip() == b"1"
