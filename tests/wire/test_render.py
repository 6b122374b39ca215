from datetime import UTC, datetime

import pytest

from doorward.catalog.models import service
from doorward.wire.render import render
from doorward.wire.route import Route
from doorward.wire.xml import escaped

MOMENT = datetime(2026, 9, 11, 10, 0, 0, 36000, tzinfo=UTC)


def to(name, operation):
    model = service(name)
    return Route(model, model.operations[operation])


def test_the_query_protocols_answer():
    user = {
        "Arn": "arn:aws:iam::111122223333:user/ann",
        "CreateDate": MOMENT,
        "UserName": "ann",
        "Path": "/",
        "UserId": "AIDA",
        "PasswordLastUsed": None,
        "Tags": [],
    }
    response = render(to("iam", "GetUser"), {"User": user}, "the-id")
    assert response.status == 200
    assert response.headers == (("x-amzn-RequestId", "the-id"), ("Content-Type", "text/xml"))
    assert response.body.decode() == (
        '<GetUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetUserResult><User>'
        "<Path>/</Path><UserName>ann</UserName><UserId>AIDA</UserId>"
        "<Arn>arn:aws:iam::111122223333:user/ann</Arn>"
        "<CreateDate>2026-09-11T10:00:00Z</CreateDate><Tags/></User></GetUserResult>"
        "<ResponseMetadata><RequestId>the-id</RequestId></ResponseMetadata></GetUserResponse>"
    )


def test_an_operation_without_a_result():
    response = render(to("iam", "DeleteUser"), {}, "the-id")
    assert response.body.decode() == (
        '<DeleteUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">'
        "<ResponseMetadata><RequestId>the-id</RequestId></ResponseMetadata></DeleteUserResponse>"
    )


def test_maps_booleans_and_numbers_in_xml():
    body = render(to("iam", "GetAccountSummary"), {"SummaryMap": {"Users": 3}}, "id").body
    assert b"<SummaryMap><entry><key>Users</key><value>3</value></entry></SummaryMap>" in body
    result = {"Users": (), "IsTruncated": False}
    body = render(to("iam", "ListUsers"), result, "id").body
    assert b"<Users/><IsTruncated>false</IsTruncated>" in body


@pytest.mark.parametrize(
    ("text", "xml"),
    [
        ("a&b<c>\"d'", "a&amp;b&lt;c&gt;&quot;d'"),
        ("a\r\n\tb", "a&#xD;\n\tb"),
        ("\x00\x1f\ufffe\ud800", "\ufffd\ufffd\ufffd\ufffd"),
        ("é漢\U0001f600\x7f", "é漢\U0001f600\x7f"),
    ],
)
def test_text_in_xml(text, xml):
    assert escaped(text) == xml


def test_the_json_protocols_answer():
    response = render(
        to("organizations", "DescribeAccount"),
        {"Account": {"JoinedTimestamp": MOMENT, "Id": "1", "Email": None}},
        "the-id",
    )
    assert response.body == b'{"Account":{"Id":"1","JoinedTimestamp":1789120800.036}}'
    assert response.headers[1] == ("Content-Type", "application/x-amz-json-1.1")
    assert render(to("organizations", "LeaveOrganization"), {}, "id").body == b"{}"


def test_rest_json_answers_with_the_models_status_and_times():
    response = render(
        to("rolesanywhere", "CreateTrustAnchor"), {"trustAnchor": {"createdAt": MOMENT}}, "id"
    )
    assert response.status == 201
    assert response.body == b'{"trustAnchor":{"createdAt":"2026-09-11T10:00:00Z"}}'
    assert response.headers[1] == ("Content-Type", "application/json")
    assert render(to("accessanalyzer", "DeleteAnalyzer"), {}, "id").body == b""
    assert render(to("signin", "CreateOAuth2Token"), {}, "id").body == b""


def test_text_that_utf_8_cannot_carry_is_replaced():
    result = {"Account": {"Id": "a\ud800"}}
    body = render(to("organizations", "DescribeAccount"), result, "id").body
    assert body.decode() == '{"Account":{"Id":"a\ufffd"}}'


@pytest.mark.parametrize(
    ("name", "operation", "result"),
    [
        ("iam", "GetUser", {"Nope": 1}),
        ("iam", "GetUser", {"User": {"user_name": "ann"}}),
        ("iam", "GetUser", {"User": "ann"}),
        ("iam", "GetUser", {"User": {"UserName": 1}}),
        ("iam", "GetUser", {"User": {"CreateDate": "2026"}}),
        ("iam", "DeleteUser", {"User": {}}),
        ("iam", "ListUsers", {"Users": "ann"}),
        ("iam", "ListUsers", {"IsTruncated": "true"}),
        ("iam", "ListUsers", {"Users": [None]}),
        ("iam", "GetAccountSummary", {"SummaryMap": []}),
        ("iam", "GetAccountSummary", {"SummaryMap": {"Users": "3"}}),
        ("iam", "GetAccountSummary", {"SummaryMap": {"Users": True}}),
        ("iam", "GetCredentialReport", {"Content": "text"}),
        ("organizations", "DescribeAccount", {"Account": {"Nope": 1}}),
        ("organizations", "DescribeAccount", {"Account": {"Id": 1}}),
        ("organizations", "DescribeAccount", {"Account": []}),
        ("organizations", "ListRoots", {"Roots": "r"}),
        ("organizations", "LeaveOrganization", {"Nope": 1}),
        ("cloudtrail", "GetTrail", {"Trail": {"IsMultiRegionTrail": 1}}),
        ("cloudtrail", "GetQueryResults", {"QueryStatistics": {"ResultsCount": True}}),
    ],
)
def test_a_result_of_another_shape_is_a_bug(name, operation, result):
    with pytest.raises(TypeError):
        render(to(name, operation), result, "id")
