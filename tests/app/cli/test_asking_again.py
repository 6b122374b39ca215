import pytest

from doorward.app.cli.asking_again import question_of

ANN = "arn:aws:iam::111122223333:user/ann"
ROLE = "arn:aws:iam::111122223333:role/svc/reader"
ASKED = {"Action": "iam:PassRole", "Resource": ROLE, "Account": "111122223333"}


def an_event(**more):
    return {
        "userIdentity": {"type": "IAMUser", "arn": ANN},
        "sourceIPAddress": "10.0.0.1",
        "userAgent": "test/1",
        "awsRegion": "us-east-1",
        "additionalEventData": {"Decision": "denied", "Question": ASKED},
        **more,
    }


def test_a_refusal_tells_what_was_asked():
    assert question_of(an_event()) == {
        "principal": ANN,
        "action": "iam:PassRole",
        "resource": ROLE,
        "resource_account": "111122223333",
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
        an_event(additionalEventData=None),
        an_event(additionalEventData={"Reason": "the signature differs"}),
        an_event(userIdentity={"type": "Unknown"}),
    ],
)
def test_other_records_do_not(event):
    assert question_of(event) is None


def test_the_context_is_what_every_record_holds():
    attributes = {"mfaAuthenticated": "false"}
    event = an_event(
        userIdentity={"arn": ANN, "sessionContext": {"attributes": attributes}},
        sourceIPAddress="ec2.amazonaws.com",
    )
    del event["userAgent"]
    assert question_of(event)["context"] == {
        "aws:RequestedRegion": "us-east-1",
        "aws:MultiFactorAuthPresent": "false",
    }
