import json

import pytest

from doorward.services.iam.context_key_names import UnreadableDocument, context_key_names

WHOLE = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def document(version="2012-10-17", **statement):
    return json.dumps({"Version": version, "Statement": WHOLE | statement})


def asking(**blocks):
    return document(Condition=blocks)


# AWS: recorded for GetContextKeysForCustomPolicy, context_keys, 2026-09-11.
@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (document(Resource="arn:aws:s3:::b/${aws:username}"), ("aws:username",)),
        (document(Resource="arn:aws:s3:::b/${aws:username, 'x'}"), ("aws:username",)),
        (document(Resource="arn:aws:s3:::b/${*}/${?}/${$}"), ("*", "?", "$")),
        (document(Resource=["a", "${aws:PrincipalTag/Team}"]), ("aws:PrincipalTag/Team",)),
        (document(NotResource="${aws:PrincipalTag/project}"), ("aws:PrincipalTag/project",)),
        (document("2008-10-17", Resource="arn:aws:s3:::b/${aws:username}"), ()),
        (document(Action="${aws:username}"), ()),
        (document(Principal={"AWS": "${aws:username}"}), ()),
        (asking(Null={"AWS:SourceIp": "false"}), ("AWS:SourceIp",)),
        (asking(StringEquals={"aws:username": "${aws:username}"}), ("aws:username",)),
        (
            asking(StringEquals={"aws:username": "a", "AWS:username": "a"}),
            ("aws:username", "AWS:username"),
        ),
        (asking(NumericEquals={"a:b": "${c:d}"}), ("a:b", "c:d")),
        (asking(NumericEquals={"a:b": "nope"}), ("a:b",)),
        (asking(StringEquals={"${aws:username}": "a"}), ("${aws:username}",)),
        (asking(Bool={"a:b": True}, NumericLessThan={"c:d": [1, 2]}), ("a:b", "c:d")),
        (
            f'{{"Statement":{{"Effect":"Deny","Condition":{{"Bool":{{"a:b":{"1" * 9000}}}}}}}}}',
            ("a:b",),
        ),
        (document(Action="abc"), ()),
        (document(Resource="bad"), ()),
        (document(Resource="${unclosed"), ()),
        (asking(), ()),
        ('{"Statement":[]}', ()),
        ('{"Version":"2012-10-17"}', ()),
        ('{"Id":"x","Statement":{"Effect":"Allow","Action":[],"Resource":[]}}', ()),
        ('{"Statement":{"Effect":"Deny","Condition":{"StringEquals":{"a:b":"c"}}}}', ("a:b",)),
    ],
)
def test_keys_of_a_document(text, keys):
    assert context_key_names(text) == keys


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[" * 100_000,
        "[]",
        '"text"',
        '{"Statement":{"Effect":"Allow","Action":NaN}}',
        '{"Version":"2099-01-01"}',
        '{"Version":{},"Statement":[]}',
        '{"Statement":{"Action":"*","Resource":"*"}}',
        '{"Statement":{"Effect":"allow","Action":"*","Resource":"*"}}',
        '{"Statement":{"Effect":["Allow"],"Action":"*","Resource":"*"}}',
        '{"Statement":[1]}',
        '{"Statement":[],"Foo":"x"}',
        asking(MadeUp={"a:b": "c"}),
        document(Condition=[]),
        asking(StringEquals="a"),
    ],
)
def test_what_is_no_policy_has_no_keys(text):
    with pytest.raises(UnreadableDocument):
        context_key_names(text)
