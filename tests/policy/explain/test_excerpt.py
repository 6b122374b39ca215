import json

import pytest
from tests.policy.explain.made import allow, asked, attached, deny, document

from doorward.policy.explain.excerpt import MOST_LINES, WIDEST, excerpt


def shown(statement, indent=None, request=None):
    held = attached(json.dumps(document(statement), indent=indent))
    return excerpt(held.policy.statements[0], request or asked())


def test_a_short_statement_stands_as_it_is():
    assert shown(allow()) == ['{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}']
    assert shown(allow(), indent=1)[1:3] == [
        '   5 |    "Effect": "Allow",',
        '   6 |    "Action": "s3:GetObject",',
    ]


@pytest.mark.parametrize("indent", [None, 1])
def test_of_long_lists_what_fits_the_request_is_shown(indent):
    many = [f"s3:X{at}" for at in range(40)]
    buckets = [f"arn:aws:s3:::bucket-{at}/*" for at in range(30)]
    statement = allow([*many, "S3:get*", "ec2:*"], [*buckets, "arn:aws:s3:::b/?"])
    read = json.loads("\n".join(shown(statement, indent)))
    assert read["Action"] == ["S3:get*", "… 41 more"]
    assert read["Resource"] == ["arn:aws:s3:::b/?", "… 30 more"]


@pytest.mark.parametrize("element", ["NotAction", "NotResource", "Resource"])
def test_where_none_fits_the_first_are_shown(element):
    values = [f"s3:X{at}" if element == "NotAction" else f"arn:aws:s3:::x{at}" for at in range(40)]
    statement = {**deny(), element: values}
    statement.pop(element.removeprefix("Not") if element.startswith("Not") else "", None)
    read = json.loads("\n".join(shown(statement)))
    assert read[element] == [*values[:5], "… 35 more"]


@pytest.mark.parametrize("indent", [None, 1])
def test_what_stays_long_is_cut(indent):
    wants = {"StringEquals": {"aws:username": [f"u{at}" for at in range(40)]}}
    lines = shown(allow(Condition=wants, Sid="S" * 300), indent)
    assert len(lines) == MOST_LINES + 1
    assert "more lines" in lines[-1]
    assert max(map(len, lines)) <= WIDEST
    assert lines[0].startswith("{" if indent is None else "   4 | ")


def test_letters_are_shown_as_letters():
    assert "ü" in "\n".join(shown(allow(resource=[f"arn:aws:s3:::ü{at}/*" for at in range(30)])))
