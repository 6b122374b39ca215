import json

import pytest
from tests.house import raises_aws

TRUST = (
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow",'
    '"Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}'
)
KINDS = ("user", "group", "role")


def document(action="s3:Get", size=0):
    text = (
        '{"Version":"2012-10-17","Statement":{"Effect":"Allow",'
        f'"Action":"{action}","Resource":"*"}}}}'
    )
    return text.replace(action, action + "x" * (size - len(text)))


class Holder:
    """One user, group or role, and the same calls on each."""

    def __init__(self, iam, kind):
        self.iam, self.kind = iam, kind
        self.key = f"{kind.capitalize()}Name"
        more = {"AssumeRolePolicyDocument": TRUST} if kind == "role" else {}
        getattr(iam, f"create_{kind}")(**{self.key: "Ann"}, **more)

    def put(self, name, text, to="Ann"):
        call = getattr(self.iam, f"put_{self.kind}_policy")
        call(**{self.key: to}, PolicyName=name, PolicyDocument=text)

    def get(self, name, of="Ann"):
        return getattr(self.iam, f"get_{self.kind}_policy")(**{self.key: of}, PolicyName=name)

    def delete(self, name, of="Ann"):
        getattr(self.iam, f"delete_{self.kind}_policy")(**{self.key: of}, PolicyName=name)

    def listed(self, of="Ann", **more):
        return getattr(self.iam, f"list_{self.kind}_policies")(**{self.key: of}, **more)


@pytest.fixture(params=KINDS)
def holder(request, house):
    return Holder(house.iam, request.param)


def test_a_policy_is_returned_as_it_was_put(holder):
    holder.put("Mine", document())
    answer = holder.get("Mine", of="ANN")
    del answer["ResponseMetadata"]
    assert answer == {
        holder.key: "Ann",
        "PolicyName": "Mine",
        "PolicyDocument": json.loads(document()),
    }


def test_names_differ_whatever_their_case(holder):
    holder.put("MixedName", document("s3:One"))
    holder.put("MIXEDNAME", document("s3:Two"))
    assert holder.listed()["PolicyNames"] == ["MixedName"]
    answer = holder.get("mixedname")
    assert answer["PolicyName"] == "mixedname"
    assert answer["PolicyDocument"]["Statement"]["Action"] == "s3:Two"
    holder.delete("mixedNAME")
    assert holder.listed()["PolicyNames"] == []


def test_names_are_listed_in_pages_ordered_whatever_their_case(holder):
    for name in ("b", "C", "a"):
        holder.put(name, document())
    first = holder.listed(MaxItems=2)
    assert (first["PolicyNames"], first["IsTruncated"]) == (["a", "b"], True)
    assert holder.listed(Marker=first["Marker"])["PolicyNames"] == ["C"]


@pytest.mark.parametrize("call", ["get", "delete"])
def test_a_policy_that_is_not_there_is_named(holder, call):
    message = f"The {holder.kind} policy with name none cannot be found."
    with raises_aws("NoSuchEntity", message):
        getattr(holder, call)("none")


def test_the_holder_must_be_there(holder):
    message = f"The {holder.kind} with name nobody cannot be found."
    for call in (
        lambda: holder.put("p", document(), to="nobody"),
        lambda: holder.get("p", of="nobody"),
        lambda: holder.delete("p", of="nobody"),
        lambda: holder.listed(of="nobody"),
    ):
        with raises_aws("NoSuchEntity", message):
            call()


@pytest.mark.rule("10/inline")
@pytest.mark.parametrize(("kind", "most"), [("user", 2048), ("group", 5120), ("role", 10240)])
def test_the_policies_of_one_holder_are_measured_together(house, kind, most):
    holder = Holder(house.iam, kind)
    holder.put("half", document(size=most // 2))
    holder.put("rest", document(size=most // 2).replace(":{", ":\r\n\t {"))
    message = f"Maximum policy size of {most} bytes exceeded for {kind} Ann"
    with raises_aws("LimitExceeded", message):
        holder.put("more", document())
    with raises_aws("LimitExceeded", message):
        holder.put("REST", document(size=most // 2 + 1))
    assert holder.listed()["PolicyNames"] == ["half", "rest"]
    holder.put("rest", document(size=most // 2))


def test_a_malformed_document_changes_nothing(holder):
    with raises_aws("MalformedPolicyDocument"):
        holder.put("p", "{}")
    assert holder.listed()["PolicyNames"] == []


def test_an_old_version_may_stand_inline(holder):
    holder.put("old", document().replace("2012-10-17", "2008-10-17"))
    assert holder.get("old")["PolicyDocument"]["Version"] == "2008-10-17"


def test_a_policy_decides_at_once(house):
    holder = Holder(house.iam, "user")
    ann = house.user_client("Ann")
    with raises_aws("AccessDenied"):
        ann.list_users()
    holder.put("p", document("iam:ListUsers"))
    assert ann.list_users()["Users"]
    holder.delete("p")
    with raises_aws("AccessDenied"):
        ann.list_users()


def test_the_other_policies_stay(holder):
    for name in ("a", "b"):
        holder.put(name, document(f"s3:{name}"))
    assert holder.get("b")["PolicyDocument"]["Statement"]["Action"] == "s3:b"
    holder.delete("b")
    assert holder.listed()["PolicyNames"] == ["a"]


@pytest.mark.parametrize("call", ["put_role_policy", "delete_role_policy"])
def test_a_role_linked_to_a_service_keeps_its_policies(house, call):
    name = "AWSServiceRoleForAutoScaling"
    house.iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")
    more = {"PolicyDocument": document()} if call.startswith("put") else {}
    with raises_aws("UnmodifiableEntity"):
        getattr(house.iam, call)(RoleName=name, PolicyName="p", **more)
