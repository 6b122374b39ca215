import pytest

from doorward.app.cli.asking_again import question_of

ANN = "arn:aws:iam::111122223333:user/ann"


def an_event(message, **more):
    return {
        "userIdentity": {"type": "IAMUser", "arn": ANN},
        "sourceIPAddress": "10.0.0.1",
        "userAgent": "test/1",
        "awsRegion": "us-east-1",
        "errorCode": "AccessDenied",
        "errorMessage": message,
        **more,
    }


def refused(resource, tail):
    return f"User: {ANN} is not authorized to perform: iam:DeleteRole on resource: {resource}{tail}"


TAILS = [
    " because no identity-based policy allows the iam:DeleteRole action",
    " with an explicit deny in an identity-based policy: arn:aws:iam::aws:policy/X (more). Go to x",
    ". Go to http://127.0.0.1:4599/console/why/1 for complete details",
    "",
]


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize(
    ("shown", "asked"),
    [
        ("*", "*"),
        ("arn:aws:iam::111122223333:role/", "arn:aws:iam::111122223333:role/"),
        ("arn:aws:s3:::a.b/c", "arn:aws:s3:::a.b/c"),
        ("role reader", "role/reader"),
        ("user a.b", "user/a.b"),
        ("group g", "group/g"),
        ("policy arn:aws:iam::aws:policy/X", "arn:aws:iam::aws:policy/X"),
    ],
)
def test_a_refusal_tells_what_was_asked(shown, asked, tail):
    question = question_of(an_event(refused(shown, tail)))
    assert question == {
        "principal": ANN,
        "action": "iam:DeleteRole",
        "resource": asked,
        "context": {
            "aws:SourceIp": "10.0.0.1",
            "aws:UserAgent": "test/1",
            "aws:RequestedRegion": "us-east-1",
        },
        "explain": True,
    }


@pytest.mark.parametrize(
    "event",
    [
        an_event(None),
        an_event("Not authorized to perform sts:AssumeRoleWithSAML"),
        an_event(refused("policy path /x", "")),
        an_event(refused("policy new", " because")),
        an_event(refused("*", ""), userIdentity={"type": "Unknown"}),
    ],
)
def test_other_records_do_not(event):
    assert question_of(event) is None


def test_the_context_is_what_every_record_holds():
    attributes = {"mfaAuthenticated": "false"}
    event = an_event(
        refused("*", ""),
        userIdentity={"arn": ANN, "sessionContext": {"attributes": attributes}},
        sourceIPAddress="ec2.amazonaws.com",
    )
    del event["userAgent"]
    assert question_of(event)["context"] == {
        "aws:RequestedRegion": "us-east-1",
        "aws:MultiFactorAuthPresent": "false",
    }
