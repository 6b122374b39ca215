import pytest
from tests.house import raises_aws

DOCUMENT = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'
TRUST = (
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow",'
    '"Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}'
)
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
SUPPORT = "arn:aws:iam::aws:policy/job-function/SupportUser"
KINDS = ("user", "group", "role")


class Holder:
    """One user, group or role, and the same calls on each."""

    def __init__(self, iam, kind):
        self.iam, self.kind = iam, kind
        self.key = f"{kind.capitalize()}Name"
        more = {"AssumeRolePolicyDocument": TRUST} if kind == "role" else {}
        getattr(iam, f"create_{kind}")(**{self.key: "Ann"}, **more)

    def attach(self, arn, name="Ann"):
        getattr(self.iam, f"attach_{self.kind}_policy")(**{self.key: name}, PolicyArn=arn)

    def detach(self, arn, name="Ann"):
        getattr(self.iam, f"detach_{self.kind}_policy")(**{self.key: name}, PolicyArn=arn)

    def listed(self, name="Ann", **more):
        call = getattr(self.iam, f"list_attached_{self.kind}_policies")
        return call(**{self.key: name}, **more)


@pytest.fixture(params=KINDS)
def holder(request, house):
    return Holder(house.iam, request.param)


def create(iam, name, path="/"):
    made = iam.create_policy(PolicyName=name, Path=path, PolicyDocument=DOCUMENT)
    return made["Policy"]["Arn"]


def names(answer):
    return [policy["PolicyName"] for policy in answer["AttachedPolicies"]]


def test_a_policy_is_attached_once_and_detached(holder):
    holder.attach(READ_ONLY)
    holder.attach(READ_ONLY, name="ANN")
    expected = [{"PolicyName": "ReadOnlyAccess", "PolicyArn": READ_ONLY}]
    assert holder.listed()["AttachedPolicies"] == expected
    holder.detach(READ_ONLY, name="ANN")
    assert holder.listed()["AttachedPolicies"] == []


def test_attached_policies_are_listed_by_name_and_path_in_pages(holder):
    for arn in (create(holder.iam, "zed", "/a/b/"), SUPPORT, READ_ONLY):
        holder.attach(arn)
    first = holder.listed(MaxItems=2)
    assert names(first) == ["ReadOnlyAccess", "SupportUser"]
    assert names(holder.listed(Marker=first["Marker"])) == ["zed"]
    assert names(holder.listed(PathPrefix="/job-function/")) == ["SupportUser"]
    assert names(holder.listed(PathPrefix="/a/")) == ["zed"]


def test_what_is_not_attached_is_not_detached(holder):
    with raises_aws("NoSuchEntity", f"Policy {READ_ONLY} was not found."):
        holder.detach(READ_ONLY)


@pytest.mark.parametrize(
    ("arn", "code", "message"),
    [
        (
            "arn:aws:iam::aws:policy/NoSuch",
            "NoSuchEntity",
            "Policy {} does not exist or is not attachable.",
        ),
        (
            "arn:aws:iam::aws:policy/AWSOpsWorks_FullAccess",
            "NoSuchEntity",
            "Policy {} does not exist or is not attachable.",
        ),
        (
            "arn:aws:iam::aws:policy/aws-service-role/AmazonECSServiceRolePolicy",
            "PolicyNotAttachable",
            "Cannot attach a Service Role Policy to a Customer Role.",
        ),
        ("arn:aws:iam::aws:user/not-a-policy", "InvalidInput", "ARN {} is not valid."),
        ("not-an-arn-but-long-enough", "ValidationError", "ARN {} is not valid."),
    ],
)
def test_what_cannot_be_attached(holder, arn, code, message):
    with raises_aws(code, message.format(arn)):
        holder.attach(arn)


def test_a_malformed_arn_is_not_detached_either(holder):
    arn = "arn:aws:iam::aws:user/not-a-policy"
    with raises_aws("InvalidInput", f"ARN {arn} is not valid."):
        holder.detach(arn)


def test_the_holder_must_be_there(holder):
    message = f"The {holder.kind} with name nobody cannot be found."
    for call in (holder.attach, holder.detach):
        with raises_aws("NoSuchEntity", message):
            call(READ_ONLY, name="nobody")
    with raises_aws("NoSuchEntity", message):
        holder.listed(name="nobody")


@pytest.mark.rule("10/attached")
@pytest.mark.parametrize(("kind", "most"), [("user", 10), ("group", 10), ("role", 20)])
def test_quotas(house, kind, most):
    holder = Holder(house.iam, kind)
    for number in range(most):
        holder.attach(create(house.iam, f"p{number}"))
    message = f"Cannot exceed quota for PoliciesPer{kind.capitalize()}: {most}"
    with raises_aws("LimitExceeded", message):
        holder.attach(READ_ONLY)
    holder.attach(f"arn:aws:iam::{house.account_id}:policy/p0")


@pytest.mark.parametrize("call", ["attach", "detach"])
def test_conditions_may_ask_which_policy(house, call):
    holder = Holder(house.iam, "group")
    holder.attach(SUPPORT)
    house.iam.create_user(UserName="bob")
    house.iam.put_user_policy(
        UserName="bob",
        PolicyName="only",
        PolicyDocument=(
            f'{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"iam:*",'
            f'"Resource":"*","Condition":{{"ArnEquals":{{"iam:PolicyARN":"{SUPPORT}"}}}}}}}}'
        ),
    )
    holder.iam = house.user_client("bob")
    getattr(holder, call)(SUPPORT)
    with raises_aws("AccessDenied"):
        getattr(holder, call)(READ_ONLY)


def test_conditions_may_ask_for_the_boundary_of_the_user_acted_on(house):
    house.iam.create_user(UserName="bound", PermissionsBoundary=READ_ONLY)
    house.iam.create_user(UserName="free")
    house.iam.create_user(UserName="bob")
    house.iam.put_user_policy(
        UserName="bob",
        PolicyName="only",
        PolicyDocument=(
            '{"Version":"2012-10-17","Statement":{"Effect":"Allow",'
            '"Action":"iam:AttachUserPolicy","Resource":"*","Condition":'
            f'{{"StringEquals":{{"iam:PermissionsBoundary":"{READ_ONLY}"}}}}}}}}'
        ),
    )
    bob = house.user_client("bob")
    bob.attach_user_policy(UserName="bound", PolicyArn=SUPPORT)
    for name in ("free", "nobody"):
        with raises_aws("AccessDenied"):
            bob.attach_user_policy(UserName=name, PolicyArn=SUPPORT)


@pytest.mark.parametrize("call", ["attach_role_policy", "detach_role_policy"])
def test_a_role_linked_to_a_service_keeps_its_attachments(house, call):
    name = "AWSServiceRoleForAutoScaling"
    house.iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")
    message = (
        f"Cannot perform the operation on the protected role '{name}' - this role is only "
        "modifiable by AWS"
    )
    with raises_aws("UnmodifiableEntity", message):
        getattr(house.iam, call)(RoleName=name, PolicyArn=READ_ONLY)
