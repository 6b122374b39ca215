import json

import pytest

from doorward.policy import Attached, Policies, Policy, Principal, Request, decide

ANN = Principal.from_arn("arn:aws:iam::111122223333:user/ann")


def policy(kind="identity", version="2012-10-17", **elements):
    statement = {"Effect": "Allow", "Action": "*", **elements}
    if kind in {"resource", "trust", "rcp", "endpoint"}:
        statement.setdefault("Principal", "*")
    return Policy.parse(json.dumps({"Version": version, "Statement": statement}), kind)


def allows(resource, asked, kind="identity", *, action="x:Y", context=(), **more):
    made = policy(kind, Resource=resource, **more)
    return decided(made, kind, asked, action=action, context=dict(context))


def decided(made, kind, asked, *, action="x:Y", context=None):
    every = Attached(policy("identity", Resource="*"), "all")
    one = (Attached(made, "p"),)
    given = {
        "identity": Policies(identity=one),
        "resource": Policies(resource=one),
        "endpoint": Policies(identity=(every,), endpoint=one),
        "scp": Policies(identity=(every,), scp=(one,)),
    }[kind]
    return decide(Request(ANN, action, asked, "111122223333", context or {}), given).allowed


@pytest.mark.rule("3.2", "3.2/run-on", "3.2/service", "3.2/star-request")
@pytest.mark.parametrize(
    ("pattern", "asked", "result"),
    [
        ("*", "arn:aws:s3:::b/x", True),
        ("*", "*", True),
        ("arn:aws:s3:::*", "*", False),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/x/y:z", True),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::c/x", False),
        ("arn:aws:s3:::b/?", "arn:aws:s3:::b/:", True),
        ("arn:aws:s3:::B", "arn:aws:s3:::b", False),
        ("arn:aws:s3:::f/*/o", "arn:aws:s3:::f/a:b/o", True),
        ("arn:aws:s3:::f/*/o", "arn:aws:s3:::f/a/b/o", True),
        ("arn:aws:s3:::f/*/o", "arn:aws:s3:::f/a/o/child", False),
        ("arn:aws:s3:::name*", "arn:aws:s3:::name:suffix/object", True),
        ("arn:aws:s3:::?", "arn:aws:s3:::\U00010400", False),
        ("arn:aws:s3:::??", "arn:aws:s3:::\U00010400", True),
        # a star that ends a segment runs on
        ("arn:aws:dynamodb:*:table/prod-*", "arn:aws:dynamodb:eu:1:table/prod-x", True),
        ("arn:aws:dynamodb:*:table/prod-*", "arn:aws:dynamodb:eu:1:table/dev-x", False),
        ("arn:aws:s3*", "arn:aws:s3:::b", True),
        ("arn:aws:s3*", "arn:aws:sqs:eu:1:q", False),
        ("arn:*:s3:::b", "arn:aws:s3:::b", True),
        ("arn:aws:sqs:eu-*:1:q", "arn:aws:sqs:eu-west-1:1:q", True),
        # other wildcards stay inside
        ("arn:aws:sqs:e*1:1:q", "arn:aws:sqs:eu-west-1:1:q", True),
        ("arn:aws:sqs:e*1:q", "arn:aws:sqs:eu-west-1:1:q", False),
        ("arn:aws:sqs:eu-west-?:1:q", "arn:aws:sqs:eu-west-1:1:q", True),
        ("arn:aws:sqs:eu-west-1?1:q", "arn:aws:sqs:eu-west-1:1:q", False),
        # the service is text
        ("arn:aws:*:::b", "arn:aws:s3:::b", False),
        ("arn:aws:s?:::b", "arn:aws:s3:::b", False),
        ("**", "*", False),
        ("?", "*", False),
        ("arn:aws:ec2:eu:1:*/*", "arn:aws:ec2:eu:1:instance/i-1", True),
    ],
)
def test_patterns(pattern, asked, result):
    assert allows(pattern, asked) is result


@pytest.mark.rule("3.2/short")
@pytest.mark.parametrize(
    ("pattern", "asked", "kinds"),
    [
        ("arn:aws:sqs", "arn:aws:sqs:eu:1:q", {"identity"}),
        ("arn:aws:sqs:e?", "arn:aws:sqs:eu:1:q", {"identity", "resource", "endpoint"}),
        ("arn:aws:sqs:*", "arn:aws:sqs:eu:1:q", {"identity", "resource", "endpoint", "scp"}),
    ],
)
@pytest.mark.parametrize("kind", ["identity", "resource", "endpoint", "scp"])
def test_short_arns(pattern, asked, kinds, kind):
    assert allows(pattern, asked, kind) is (kind in kinds)


@pytest.mark.rule("3.2/star-request")
def test_listing_buckets_on_every_bucket_is_the_one_exception():
    assert allows("arn:aws:s3:::*", "*", action="s3:ListAllMyBuckets")
    assert not allows("arn:aws:s3:::*", "*", action="s3:GetObject")


@pytest.mark.rule("8.2", "8.3", "8.4", "8.5", "8.5/multi-valued", "8.6")
@pytest.mark.parametrize(
    ("pattern", "asked", "result"),
    [
        ("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/ann/x", True),
        ("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/bob/x", False),
        ("arn:aws:sqs:eu:*:${aws:username}-queue", "arn:aws:sqs:eu:1:ann-queue", True),
        ("arn:aws:s3:::${aws:none, 'shared'}", "arn:aws:s3:::shared", True),
        ("arn:aws:s3:::${aws:none}", "arn:aws:s3:::", False),
        ("arn:aws:s3:::${aws:star}", "arn:aws:s3:::anything", False),
        ("arn:aws:s3:::${aws:star}", "arn:aws:s3:::*", True),
        ("arn:aws:s3:::${*}", "arn:aws:s3:::*", True),
        ("arn:aws:s3:::${*}", "arn:aws:s3:::x", False),
        ("arn:aws:s3:::x${unclosed", "arn:aws:s3:::x${unclosed", True),
        ("arn:aws:s3:${aws:username}::b", "arn:aws:s3:ann::b", False),
        ("arn:aws:s3:${*}::b", "arn:aws:s3:x::b", False),
        ("arn:aws:s3:::${aws:many, 'd'}", "arn:aws:s3:::d", False),
        ("arn:aws:s3:::${aws:username}", "*", False),
    ],
)
def test_variables(pattern, asked, result):
    context = {"aws:UserName": "ann", "aws:star": "*", "aws:many": ("d",)}
    assert allows(pattern, asked, context=context) is result
    assert allows([pattern, "arn:aws:x:::never"], asked, context=context) is result


@pytest.mark.rule("8.1")
def test_the_old_version_has_no_variables():
    pattern, context = "arn:aws:s3:::${aws:username}", {"aws:username": "ann"}
    assert not allows(pattern, "arn:aws:s3:::ann", context=context, version="2008-10-17")
    assert allows(pattern, pattern, context=context, version="2008-10-17")


@pytest.mark.rule("3.2/NotResource")
@pytest.mark.parametrize(
    ("patterns", "asked", "result"),
    [
        (["arn:aws:s3:::b"], "arn:aws:s3:::c", True),
        (["arn:aws:s3:::a", "arn:aws:s3:::b"], "arn:aws:s3:::b", False),
        (["arn:aws:s3:::b"], "*", True),
        (["*"], "arn:aws:s3:::c", False),
    ],
)
def test_not_resource(patterns, asked, result):
    assert decided(policy(NotResource=patterns), "identity", asked) is result


@pytest.mark.rule("3.2/NotResource")
def test_not_resource_with_a_valueless_variable_fails_closed():
    pattern = "arn:aws:s3:::${aws:none}"
    assert not decided(policy(NotResource=pattern), "identity", "arn:aws:s3:::c")
    deny = Attached(policy(Effect="Deny", NotResource=pattern), "deny")
    every = Attached(policy(Resource="*"), "all")
    request = Request(ANN, "x:Y", "arn:aws:s3:::c", "111122223333", {})
    assert decide(request, Policies(identity=(every, deny))).outcome == "ExplicitlyDenied"


def test_hostile_resources_come_to_an_end():
    pattern = "arn:aws:s3:::" + "*a?" * 700 + "b"
    assert not allows(pattern, "arn:aws:s3:::" + "a" * 3000)
