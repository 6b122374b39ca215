import json

import pytest

from doorward.policy import Attached, Policies, Policy, Principal, Request, decide
from doorward.policy.shortlist import union

ANN = Principal.from_arn("arn:aws:iam::111122223333:user/ann")


def statements(count, effect="Allow", pattern="arn:aws:s3:::bucket-{}/*"):
    return [
        {"Sid": f"S{n}", "Effect": effect, "Action": "s3:*", "Resource": pattern.format(n)}
        for n in range(count)
    ]


def policy(*rows):
    return Policy.parse(json.dumps({"Version": "2012-10-17", "Statement": list(rows)}))


def decided(resource, *policies):
    request = Request(ANN, "s3:GetObject", resource, "111122223333", {"aws:username": "ann"})
    return decide(request, Policies(identity=tuple(Attached(one, "p") for one in policies)))


@pytest.mark.parametrize(
    "pattern",
    [
        "arn:aws:s3:::bucket-{}/*",
        "arn:aws:s3:::bucket-{}",
        "arn:aws:s3:::*-{}",
        "arn:aws:s3:::{}x*",
    ],
)
@pytest.mark.parametrize("wanted", [0, 7, 99, 499])
def test_among_many_statements_the_right_one_is_found(pattern, wanted):
    resource = pattern.format(wanted).replace("*", "y")
    decision = decided(resource, policy(*statements(500, pattern=pattern)))
    assert decision.statement.sid == f"S{wanted}"
    assert not decided(pattern.format("no").replace("*", "y"), policy(*statements(500))).allowed


def test_many_lengths_of_beginnings_are_cut_to_steps():
    rows = [
        {"Effect": "Allow", "Action": "*", "Resource": f"arn:aws:s3:::{'b' * n}/*"}
        for n in range(1, 60)
    ]
    assert decided(f"arn:aws:s3:::{'b' * 33}/x", policy(*rows)).statement.index == 32
    assert not decided("arn:aws:s3:::c/x", policy(*rows)).allowed


@pytest.mark.parametrize(
    "odd",
    [
        {"Resource": "*"},
        {"NotResource": "arn:aws:s3:::x"},
        {"Resource": "arn:aws:s3:::${aws:username}"},
        {"Resource": "arn:aws:s3"},
        {"Resource": "*:*:s3:*:*:*"},
        {"Resource": "?rn:aws:s3:::ann"},
    ],
)
def test_statements_without_a_fixed_beginning_are_found_too(odd):
    rows = [*statements(40), {"Sid": "Odd", "Effect": "Deny", "Action": "*", **odd}]
    rows += statements(40, "Deny", "arn:aws:s3:::other-{}")
    assert decided("arn:aws:s3:::ann", policy(*rows)).statement.sid == "Odd"


def test_listing_buckets_is_found_among_many():
    rows = [*statements(40), *statements(1, pattern="arn:aws:s3:::*")]
    rows[-1]["Sid"] = "All"
    request = Request(ANN, "s3:ListAllMyBuckets", "*", "111122223333", {})
    decision = decide(request, Policies(identity=(Attached(policy(*rows), "p"),)))
    assert decision.statement.sid == "All"


def test_ten_thousand_statements_on_one_principal():
    many = [policy(*statements(500, pattern=f"arn:aws:s3:::b{n}-{{}}")) for n in range(20)]
    decision = decided("arn:aws:s3:::b19-499", *many)
    assert (decision.allowed, decision.statement.sid) == (True, "S499")


def test_what_is_remembered_has_a_bound():
    rows = [
        {"Effect": "Allow", "Action": [f"s3:Act{n}", "s3:A*"], "Resource": "*"} for n in range(300)
    ]
    made = union((policy(*rows),))
    for number in range(5000):
        made.shortlist(f"s3:Act{number}")
        assert len(made.made) <= 4096
        assert sum(one.size for one in made.shared.values()) <= 65_536
    assert made.shortlist("s3:Act4999") is made.shortlist("s3:Act4999")


def test_actions_that_match_the_same_patterns_share_a_shortlist():
    rows = [
        {"Effect": "Allow", "Action": ["s3:Get*", "sqs:Get*"], "Resource": "*"},
        {"Effect": "Allow", "Action": "s3:GetOne", "Resource": "*"},
        {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"},
        {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"},
    ]
    made = union((policy(*rows),))
    assert made.shortlist("s3:GetTwo") is made.shortlist("s3:getthree")
    found = {
        action: sorted(
            rule.statement.index
            for pile in (made.shortlist(action).allows, made.shortlist(action).denies)
            for _, rule, _ in pile.entries
        )
        for action in ("s3:GetOne", "s3:GetTwo", "sqs:GetOne", "sqs:PutOne", "sns:GetOne")
    }
    assert found == {
        "s3:GetOne": [0, 1],
        "s3:GetTwo": [0],
        "sqs:GetOne": [0, 2, 3],
        "sqs:PutOne": [2, 3],
        "sns:GetOne": [3],
    }


def test_the_same_policies_share_their_union():
    one, two = policy(*statements(1)), policy(*statements(2))
    assert union((one, two)) is union((one, two))
    assert union((one, two)) is not union((two, one))


def test_a_rule_far_from_a_request_may_be_asked_all_the_same():
    made = union((policy(*statements(40)),)).shortlist("s3:GetObject").allows
    request = Request(ANN, "s3:GetObject", "arn:aws:s3:::bucket-7/x", "111122223333")
    applying = [rule.statement.sid for applies, rule, _ in made.entries if applies(request)]
    assert applying == ["S7"]
    assert [rule.statement.sid for _, rule, _ in made.near(request.resource)] == ["S7"]
