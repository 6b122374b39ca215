import json

import pytest

from doorward.services.iam import simulation_documents as documents
from doorward.services.iam.errors import InvalidSimulation

GOOD = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def document(version="2012-10-17", **statement):
    return json.dumps({"Version": version, "Statement": GOOD | statement})


def resource_document(**statement):
    named = {"Principal": "*", "Resource": "arn:aws:s3:::b/*"}
    return document(**named | statement)


UNREADABLE = [
    "{",
    '{"Version":"2099-01-01","Statement":[]}',
    '{"Version":"2012-10-17"}',
    '{"Statement":{"Effect":"Allow","Resource":"*"}}',
    '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"},"Foo":1}',
    document(Condition={"MadeUp": {"a:b": "c"}}),
]


def levels(*texts):
    return [{"ServiceControlPolicyInputList": list(texts)}]


@pytest.mark.parametrize("text", UNREADABLE)
@pytest.mark.parametrize(
    ("read", "sentence"),
    [
        (
            lambda text: documents.identity_policies([document(), text]),
            "Policy input list item 2 has invalid content",
        ),
        (
            lambda text: documents.boundary_policy([text]),
            "Permissions boundary policy input list item 1 has invalid content",
        ),
        (documents.resource_policy, "Resource policy has invalid content"),
        (
            lambda text: documents.organization_levels([*levels(document()), *levels(text)]),
            "Organization policy at index 2 has invalid content",
        ),
    ],
)
def test_what_cannot_be_read_is_named(read, sentence, text):
    with pytest.raises(InvalidSimulation) as refused:
        read(text)
    assert str(refused.value) == sentence


def test_documents_are_cited_by_their_place():
    identity = documents.identity_policies([document(), document("2008-10-17")])
    assert [one.name for one in identity] == ["PolicyInputList.1", "PolicyInputList.2"]
    (boundary,) = documents.boundary_policy([document()])
    assert boundary.name == "PermissionsBoundaryPolicyInputList.1"
    (resource,) = documents.resource_policy(resource_document())
    assert resource.name == "ResourcePolicy"
    ((first, second), (third,)) = documents.organization_levels(
        [*levels(document(), document()), *levels(document())]
    )
    assert [one.name[-4:] for one in (first, second, third)] == [".1.1", ".1.2", ".2.1"]


def test_none_is_none():
    assert documents.identity_policies([]) == ()
    assert documents.boundary_policy([]) is None
    assert documents.resource_policy(None) is None
    assert documents.organization_levels([]) == ()


def test_there_is_one_boundary():
    with pytest.raises(InvalidSimulation) as refused:
        documents.boundary_policy([document(), document()])
    assert str(refused.value) == (
        "The list of Permissions Boundary policies cannot exceed 1 items."
    )


@pytest.mark.parametrize("level", [{}, {"ServiceControlPolicyInputList": []}])
def test_a_level_has_a_policy(level):
    with pytest.raises(InvalidSimulation) as refused:
        documents.organization_levels([level])
    assert str(refused.value) == (
        "Organization policy at index 1 must contain at least one service control policy"
    )


@pytest.mark.parametrize("element", ["Resource", "NotResource"])
def test_a_resource_policy_names_resources_by_arn(element):
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "*",
        element: ["arn:aws:s3:::b", "*"],
    }
    with pytest.raises(InvalidSimulation) as refused:
        documents.resource_policy(json.dumps({"Statement": statement}))
    assert str(refused.value) == "ResourceNames are not in a valid ARN format: *."


def test_a_resource_policy_may_leave_its_resource_unsaid():
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}
    assert documents.resource_policy(json.dumps({"Statement": statement}))
