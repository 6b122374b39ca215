# ruff: noqa: E501 - the sentences are AWS's
import time
from datetime import UTC, datetime

import pytest

from doorward.catalog.models import SERVED, Shape, service
from doorward.errors import AwsError
from doorward.wire.constraints import NOT_NULL
from doorward.wire.patterns import matcher
from doorward.wire.route import Route
from doorward.wire.validate import validate
from doorward.wire.violations import Violation, sentence_of


def refusal(name, operation, params):
    model = service(name)
    with pytest.raises(AwsError) as caught:
        validate(Route(model, model.operations[operation]), params)
    return caught.value


def passes(name, operation, params):
    model = service(name)
    validate(Route(model, model.operations[operation]), params)
    return True


@pytest.mark.parametrize(
    ("name", "operation", "params", "message"),
    [
        (
            "iam",
            "ListUsers",
            {"max_items": 1001},
            (
                "1 validation error detected: Value at 'maxItems' failed to satisfy constraint: "
                "Member must have value less than or equal to 1000"
            ),
        ),
        (
            "iam",
            "GenerateServiceLastAccessedDetails",
            {"arn": "arn:aws:iam::111122223333:user/ann", "granularity": "action_level"},
            (
                "1 validation error detected: Value at 'granularity' failed to satisfy constraint: "
                "Member must satisfy enum value set: [SERVICE_LEVEL, ACTION_LEVEL]"
            ),
        ),
        (
            "iam",
            "SetSecurityTokenServicePreferences",
            {"global_endpoint_token_version": "V1Token"},
            (
                "1 validation error detected: Value at 'globalEndpointTokenVersion' failed to satisfy "
                "constraint: Member must satisfy enum value set: [v2Token, v1Token]"
            ),
        ),
        (
            "iam",
            "GetAccountAuthorizationDetails",
            {"filter": ("user",)},
            (
                "1 validation error detected: Value at 'filter' failed to satisfy constraint: Member "
                "must satisfy constraint: [Member must satisfy enum value set: [LocalManagedPolicy, "
                "User, AWSManagedPolicy, Role, Group]]"
            ),
        ),
        (
            "iam",
            "ListPoliciesGrantingServiceAccess",
            {"arn": "arn:aws:iam::111122223333:user/ann", "service_namespaces": ("s3",) * 201},
            (
                "1 validation error detected: Value at 'serviceNamespaces' failed to satisfy "
                "constraint: Member must have length less than or equal to 200"
            ),
        ),
        (
            "iam",
            "UpdateAccountPasswordPolicy",
            {
                "minimum_password_length": 129,
                "max_password_age": 1096,
                "password_reuse_prevention": 25,
            },
            (
                "3 validation errors detected: Value at 'minimumPasswordLength' failed to satisfy "
                "constraint: Member must have value less than or equal to 128; Value at "
                "'passwordReusePrevention' failed to satisfy constraint: Member must have value less "
                "than or equal to 24; Value at 'maxPasswordAge' failed to satisfy constraint: Member "
                "must have value less than or equal to 1095"
            ),
        ),
        (
            "iam",
            "TagUser",
            {"user_name": "ann", "tags": ({},)},
            (
                "2 validation errors detected: Value at 'tags.1.member.value' failed to satisfy "
                "constraint: Member must not be null; Value at 'tags.1.member.key' failed to satisfy "
                "constraint: Member must not be null"
            ),
        ),
        (
            "iam",
            "TagUser",
            {"user_name": "ann", "tags": (None, {"Key": "a", "Value": ""})},
            (
                "1 validation error detected: Value at 'tags.1.member' failed to satisfy constraint: "
                "Member must not be null"
            ),
        ),
        (
            "iam",
            "GetContextKeysForCustomPolicy",
            {"policy_input_list": ("\x7f",)},
            (
                "1 validation error detected: Value at 'policyInputList' failed to satisfy constraint: "
                "Member must satisfy constraint: [Member must have length less than or equal to "
                "131072, Member must have length greater than or equal to 1, Member must satisfy "
                "regular expression pattern: "
                r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]+]"
            ),
        ),
        (
            "sts",
            "GetWebIdentityToken",
            {"audience": ("a",), "signing_algorithm": "none"},
            (
                "1 validation error detected: Value 'none' at 'signingAlgorithm' failed to satisfy "
                "constraint: Member must have length greater than or equal to 5"
            ),
        ),
        (
            "sts",
            "GetWebIdentityToken",
            {"signing_algorithm": "RS256"},
            (
                "1 validation error detected: Value null at 'audience' failed to satisfy constraint: "
                "Member must not be null"
            ),
        ),
        (
            "sts",
            "AssumeRoot",
            {
                "target_principal": "1" * 12,
                "task_policy_arn": {"arn": "a" * 20},
                "duration_seconds": 901,
            },
            (
                "1 validation error detected: Value '901' at 'durationSeconds' failed to satisfy "
                "constraint: Member must have value less than or equal to 900"
            ),
        ),
        (
            "sts",
            "AssumeRoot",
            {"target_principal": "1" * 12},
            (
                "1 validation error detected: Value null at 'taskPolicyArn' failed to satisfy "
                "constraint: Member must not be null"
            ),
        ),
        (
            "sts",
            "AssumeRole",
            {
                "role_arn": "arn:aws:iam::111122223333:role/r",
                "role_session_name": "ann",
                "transitive_tag_keys": (None, "é!"),
            },
            (
                "1 validation error detected: Value '[null, é!]' at 'transitiveTagKeys' failed to "
                "satisfy constraint: Member must satisfy constraint: [Member must have length less "
                "than or equal to 128, Member must have length greater than or equal to 1, Member "
                r"must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]+, "
                "Member must not be null]"
            ),
        ),
        (
            "sts",
            "AssumeRoleWithWebIdentity",
            {
                "role_arn": "arn:aws:iam::111122223333:role/r",
                "role_session_name": "ann",
                "web_identity_token": "abc",
            },
            (
                "1 validation error detected: Value at 'webIdentityToken' failed to satisfy "
                "constraint: Member must have length greater than or equal to 4"
            ),
        ),
        (
            "iam",
            "PutAccountProperties",
            {"properties": {"1": "true"}},
            (
                "1 validation error detected: Value at 'properties' failed to satisfy constraint: "
                "Map keys must satisfy constraint: [Member must have length less than or equal to "
                "50, Member must have length greater than or equal to 1, Member must satisfy regular "
                "expression pattern: ^[A-Za-z][A-Za-z0-9/_-]*$]"
            ),
        ),
        (
            "iam",
            "ListPoliciesGrantingServiceAccess",
            {"arn": "arn:aws:iam::111122223333:user/ann", "service_namespaces": ("s3:GetObject",)},
            (
                "1 validation error detected: Value at 'serviceNamespaces' failed to satisfy "
                "constraint: Member must satisfy constraint: [Member must have length less than or "
                "equal to 64, Member must have length greater than or equal to 1, Member must "
                r"satisfy regular expression pattern: [\w-]*, Member must not be null]"
            ),
        ),
        (
            "iam",
            "ListUsers",
            {"marker": ""},
            (
                "The specified value for marker is invalid. It must contain only printable ASCII "
                "characters."
            ),
        ),
        (
            "iam",
            "ListUsers",
            {"marker": "", "max_items": 0},
            (
                "3 validation errors detected: Value at 'maxItems' failed to satisfy constraint: "
                "Member must have value greater than or equal to 1; Value at 'marker' failed to "
                "satisfy constraint: Member must have length greater than or equal to 1; Value at "
                "'marker' failed to satisfy constraint: Member must satisfy regular expression "
                r"pattern: [\u0020-\u00FF]+"
            ),
        ),
    ],
)
def test_sentences(name, operation, params, message):
    error = refusal(name, operation, params)
    assert (error.code, error.message) == ("ValidationError", message)


def test_no_more_than_ten_are_listed():
    message = refusal("iam", "TagUser", {"user_name": "ann", "tags": ({},) * 50}).message
    assert message.startswith("10 validation errors detected: Value at 'tags.1.member.value'")
    assert message.count("Member must not be null") == 10


def test_values_are_shown_as_java_shows_them():
    value = ({"A": True, "B": False}, [None, 1], datetime(2026, 9, 11, tzinfo=UTC))
    shown = sentence_of([Violation("a", value, NOT_NULL)], names_values=True)
    assert "Value '[{A=true, B=false}, [null, 1], 2026-09-11T00:00:00Z]' at 'a'" in shown


def test_json_services_say_exception():
    error = refusal("cloudtrail", "GetTrail", {})
    assert error.code == "ValidationException"
    assert "Value null at 'name'" in error.message


@pytest.mark.parametrize(
    ("operation", "params", "reason"),
    [
        ("CancelHandshake", {}, "INPUT_REQUIRED:HANDSHAKE_ID"),
        ("CancelHandshake", {"handshake_id": ""}, "INVALID_PATTERN:HANDSHAKE_ID"),
        ("ListRoots", {"max_results": 21}, "MAX_VALUE_EXCEEDED:MAX_RESULTS"),
        ("ListRoots", {"max_results": 0}, "MIN_VALUE_EXCEEDED:MAX_RESULTS"),
        (
            "TagResource",
            {
                "resource_id": "r-abcd",
                "tags": ({"Key": "a", "Value": ""}, {"Key": "k" * 129, "Value": ""}),
            },
            "MAX_LENGTH_EXCEEDED:TAGS_2_MEMBER_KEY",
        ),
        (
            "TagResource",
            {"resource_id": "r-abcd", "tags": ({"Key": "a"},)},
            "INPUT_REQUIRED:TAGS_1_MEMBER_VALUE",
        ),
        ("TagResource", {"resource_id": "r-abcd"}, "INPUT_REQUIRED:TAGS"),
    ],
)
def test_organizations_give_a_reason(operation, params, reason):
    error = refusal("organizations", operation, params)
    assert error.code == "InvalidInputException"
    assert error.members == {"Reason": reason}


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("a" * 64, True),
        ("a" * 65, False),
        ("", False),
        ("a b", False),
        ("é", False),
        ("ann\n", False),
        ("a+b=c,d.e@f-g_h", True),
    ],
)
def test_user_names(name, good):
    params = {"user_name": name}
    assert passes("iam", "CreateUser", params) if good else refusal("iam", "CreateUser", params)


@pytest.mark.parametrize(
    ("path", "good"),
    [
        ("/", True),
        ("/a//b/", True),
        ("//", False),
        ("/team", False),
        ("team/", False),
        ("/a b/", False),
        ("/\x7f/", False),
        ("/é/", False),
        ("/\n/", False),
    ],
)
def test_paths(path, good):
    params = {"user_name": "ann", "path": path}
    assert passes("iam", "CreateUser", params) if good else refusal("iam", "CreateUser", params)


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ("", True),
        ("äß漢字 ٣ a_.:/=+-@", True),
        ("\u2028\u00a0", True),
        ("emoji 😀", False),
        ("e\u0301", False),
        ("\ue000", False),
        ("a;b", False),
        ("a\n", False),
        ("v" * 256, True),
        ("é" * 257, False),
    ],
)
def test_tag_values(value, good):
    params = {"user_name": "ann", "tags": ({"Key": "k", "Value": value},)}
    assert passes("iam", "TagUser", params) if good else refusal("iam", "TagUser", params)


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        (r"\w+", "é", False),
        (r"\d+", "٣", False),
        (r".*", "a\u2028b", False),
        (r"(?s).*", "a\nb", True),
        (r"[\s\S]*", "a\nb", True),
        (r"[a-z\d-_]+", "a-9_", True),
        (r"[a-z\d-_]+", "A", False),
        (r"[[a]+", "[a", True),
        (r"[\u0020-\uD7FF\uD800\uDC00-\uDBFF\uDFFF]*", "a\U0001f600", True),
        (r"\p{L}+(?:\.\p{L}+){0,2}", "é.漢", True),
        (r"\p{L}+(?:\.\p{L}+){0,2}", "é.3", False),
        ("[\\p{L}\u3000]+", "a\u3000", True),
        ("[\\p{L}\u3000]+", "a\u2003", False),
        (r"^v[0-9]$", "v1", True),
        (r"^v[0-9]$", "v1\n", False),
        (r"[\u0009\u000A]+", "\t\n", True),
    ],
)
def test_javas_patterns(pattern, text, matches):
    assert matcher(pattern)(text) is matches


def shapes_of(shape, seen):
    if shape is None or shape in seen:
        return
    seen.add(shape)
    parts = list(shape.members.values())
    if shape.type == "list":
        parts.append(shape.member)
    if shape.type == "map":
        parts += (shape.key, shape.value)
    for part in parts:
        shapes_of(part, seen)


def patterns():
    seen: set[Shape] = set()
    for name in SERVED:
        for operation in service(name).operations.values():
            shapes_of(operation.input, seen)
    return sorted({shape.pattern for shape in seen if shape.pattern})


def test_every_pattern_is_tried_in_linear_time():
    texts = [
        unit * 20_000 for unit in ("a", ":", "/", "a.", "-", "arn:aws:", "é", "0", "@a.", "\\", " ")
    ]
    texts += [text[:2000] + "!\n" for text in texts]
    slowest = 0.0
    for pattern in patterns():
        test = matcher(pattern)
        for text in texts:
            start = time.process_time()
            test(text)
            slowest = max(slowest, time.process_time() - start)
    assert slowest < 0.2
