import json
from datetime import timedelta
from uuid import UUID

import pytest
from tests.house import raises_aws

from doorward.services.iam.service_last_accessed import _size

ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
UNKNOWN_JOB = "00000000-0000-0000-0000-000000000000"


def document(action, effect="Allow", **more):
    statement = {"Effect": effect, "Action": action, "Resource": "*"} | more
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


TRUST = (
    '{"Version":"2012-10-17","Statement":'
    '{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}'
)
SOME = document(["iam:Get*", "iam:PassRole", "s3:GetObject", "kms:ListKeys"])


@pytest.fixture
def ann(house):
    house.iam.create_user(UserName="ann", Path="/dev/")
    house.iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=SOME)
    return house


def arn(house, what):
    return f"arn:aws:iam::{house.account_id}:{what}"


def generate(house, of, client=None, **more):
    client = client or house.iam
    return client.generate_service_last_accessed_details(Arn=arn(house, of), **more)["JobId"]


def services(house, job, client=None, **more):
    client = client or house.iam
    found = client.get_service_last_accessed_details(JobId=job, **more)
    return {each["ServiceNamespace"]: each for each in found["ServicesLastAccessed"]}


def entities(house, job, namespace, **more):
    asked = {"JobId": job, "ServiceNamespace": namespace} | more
    found = house.iam.get_service_last_accessed_details_with_entities(**asked)
    return {each["EntityInfo"]["Name"]: each for each in found["EntityDetailsList"]}


def test_a_job_is_done_at_once_and_has_an_id_of_36_characters(ann):
    job = generate(ann, "user/dev/ann")
    assert str(UUID(job)) == job
    found = ann.iam.get_service_last_accessed_details(JobId=job)
    assert (found["JobStatus"], found["JobType"]) == ("COMPLETED", "SERVICE_LEVEL")
    assert found["IsTruncated"] is False
    assert found["JobCreationDate"].microsecond % 1000 == 0
    live = ann.house.accounts.get(ann.account_id)
    assert found["JobCreationDate"] == live.account.access_job(job).created
    assert found["JobCompletionDate"] >= found["JobCreationDate"]


def test_services_never_used_are_listed_by_namespace(ann):
    found = services(ann, generate(ann, "user/dev/ann"))
    assert list(found) == ["iam", "kms", "s3"]
    assert found["s3"] == {
        "ServiceName": "Amazon S3",
        "ServiceNamespace": "s3",
        "TotalAuthenticatedEntities": 0,
    }


def test_the_last_access_is_shown_to_the_minute(ann):
    client = ann.user_client("ann")
    client.get_user()
    found = services(ann, generate(ann, "user/dev/ann"))["iam"]
    assert found["TotalAuthenticatedEntities"] == 1
    assert found["LastAuthenticatedEntity"] == arn(ann, "user/dev/ann")
    assert found["LastAuthenticatedRegion"] == "us-east-1"
    assert found["LastAuthenticated"].second == 0
    assert timedelta() <= ann.clock() - found["LastAuthenticated"] < timedelta(minutes=2)


def test_a_refused_call_counts(ann):
    with raises_aws("AccessDenied"):
        ann.user_client("ann").list_users()
    assert services(ann, generate(ann, "user/dev/ann"))["iam"]["TotalAuthenticatedEntities"] == 1


def test_actions_are_those_granted_and_tracked(ann):
    ann.user_client("ann").get_user()
    found = services(ann, generate(ann, "user/dev/ann", Granularity="ACTION_LEVEL"))
    assert "TrackedActionsLastAccessed" not in found["s3"]
    assert found["kms"]["TrackedActionsLastAccessed"] == [{"ActionName": "ListKeys"}]
    actions = {each["ActionName"]: each for each in found["iam"]["TrackedActionsLastAccessed"]}
    assert "PassRole" not in actions
    assert actions["GetRole"] == {"ActionName": "GetRole"}
    used = actions["GetUser"]
    assert used["LastAccessedEntity"] == arn(ann, "user/dev/ann")
    assert used["LastAccessedRegion"] == "us-east-1"
    assert used["LastAccessedTime"] == found["iam"]["LastAuthenticated"]


def test_a_user_without_policies_has_none(house):
    house.iam.create_user(UserName="bob")
    assert services(house, generate(house, "user/bob")) == {}


def test_policies_of_groups_count_and_a_boundary_does_not(ann):
    ann.iam.create_group(GroupName="g")
    ann.iam.put_group_policy(GroupName="g", PolicyName="p", PolicyDocument=document("sqs:*"))
    ann.iam.add_user_to_group(GroupName="g", UserName="ann")
    ann.iam.put_user_permissions_boundary(UserName="ann", PermissionsBoundary=READ_ONLY)
    assert list(services(ann, generate(ann, "user/dev/ann"))) == ["iam", "kms", "s3", "sqs"]
    deny = document("s3:*", effect="Deny")
    ann.iam.put_group_policy(GroupName="g", PolicyName="deny", PolicyDocument=deny)
    assert list(services(ann, generate(ann, "user/dev/ann"))) == ["iam", "kms", "sqs"]


def test_the_picture_stays_whatever_changes(ann):
    job = generate(ann, "user/dev/ann")
    ann.user_client("ann").get_user()
    ann.iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=document("sns:*"))
    found = services(ann, job)
    assert list(found) == ["iam", "kms", "s3"]
    assert found["iam"]["TotalAuthenticatedEntities"] == 0


def test_older_than_the_tracking_period_is_never(ann):
    ann.user_client("ann").get_user()
    ann.clock.advance(days=399)
    assert "LastAuthenticated" in services(ann, generate(ann, "user/dev/ann"))["iam"]
    ann.clock.advance(days=2)
    assert "LastAuthenticated" not in services(ann, generate(ann, "user/dev/ann"))["iam"]


@pytest.fixture
def team(ann):
    """A group with two members, and a role with the same policy."""
    ann.iam.create_policy(PolicyName="shared", PolicyDocument=SOME, Path="/p/")
    shared = arn(ann, "policy/p/shared")
    ann.iam.create_group(GroupName="g")
    ann.iam.attach_group_policy(GroupName="g", PolicyArn=shared)
    ann.iam.create_user(UserName="bob")
    for name in ("ann", "bob"):
        ann.iam.add_user_to_group(GroupName="g", UserName=name)
    ann.iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    ann.iam.attach_role_policy(RoleName="r", PolicyArn=shared)
    return ann


def test_a_group_is_about_its_members(team):
    team.user_client("ann").get_user()
    team.clock.advance(minutes=2)
    team.user_client("bob").get_user()
    job = generate(team, "group/g")
    found = services(team, job)["iam"]
    assert found["TotalAuthenticatedEntities"] == 2
    assert found["LastAuthenticatedEntity"] == arn(team, "user/bob")
    assert list(entities(team, job, "iam")) == ["bob", "ann"]


def test_a_policy_is_about_who_has_it(team):
    session = team.sts.assume_role(RoleArn=arn(team, "role/r"), RoleSessionName="session")[
        "Credentials"
    ]
    team.client_of(session, "iam").get_user(UserName="ann")
    job = generate(team, "policy/p/shared")
    found = services(team, job)["iam"]
    assert found["LastAuthenticatedEntity"] == arn(team, "role/r")
    shown = entities(team, job, "iam")
    assert list(shown) == ["r", "bob", "ann"] or list(shown) == ["r", "ann", "bob"]
    assert shown["r"]["EntityInfo"] == {
        "Arn": arn(team, "role/r"),
        "Name": "r",
        "Type": "ROLE",
        "Id": team.iam.get_role(RoleName="r")["Role"]["RoleId"],
        "Path": "/",
    }
    assert shown["r"]["LastAuthenticated"] == found["LastAuthenticated"]
    assert "LastAuthenticated" not in shown["ann"]
    assert shown["ann"]["EntityInfo"]["Path"] == "/dev/"


def test_a_policy_of_aws_may_be_asked_about(house):
    job = house.iam.generate_service_last_accessed_details(Arn=ADMIN)["JobId"]
    first = house.iam.get_service_last_accessed_details(JobId=job)
    assert len(first["ServicesLastAccessed"]) == 200
    rest = house.iam.get_service_last_accessed_details(
        JobId=job, Marker=first["Marker"], MaxItems=1000
    )
    assert first["IsTruncated"]
    assert not rest["IsTruncated"]
    names = [
        each["ServiceNamespace"] for page in (first, rest) for each in page["ServicesLastAccessed"]
    ]
    assert names == sorted(set(names))
    assert len(names) > 400
    assert "admin" in entities(house, job, "iam")


def test_entities_come_in_pages_that_go_on_in_another_namespace(team):
    job = generate(team, "group/g")
    asked = {"JobId": job, "MaxItems": 1}
    first = team.iam.get_service_last_accessed_details_with_entities(
        **asked, ServiceNamespace="iam"
    )
    second = team.iam.get_service_last_accessed_details_with_entities(
        **asked, ServiceNamespace="s3", Marker=first["Marker"]
    )
    shown = [
        each["EntityInfo"]["Name"] for page in (first, second) for each in page["EntityDetailsList"]
    ]
    assert sorted(shown) == ["ann", "bob"]
    assert not second["IsTruncated"]


def test_who_was_deleted_since_is_left_out(team):
    job = generate(team, "group/g")
    team.iam.remove_user_from_group(GroupName="g", UserName="bob")
    team.iam.delete_user(UserName="bob")
    assert list(entities(team, job, "iam")) == ["ann"]


def test_a_service_that_is_not_granted_has_no_entities(ann):
    job = generate(ann, "user/dev/ann")
    assert entities(ann, job, "sqs") == {}


@pytest.mark.parametrize("namespace", ["S3", "nothing"])
def test_an_unknown_service_is_refused(ann, namespace):
    job = generate(ann, "user/dev/ann")
    message = f"Service namepace {namespace} is either invalid or unsupported."
    with raises_aws("InvalidInput", message):
        entities(ann, job, namespace)


def test_another_key_of_the_same_user_may_read_and_nobody_else(ann):
    ann.iam.attach_user_policy(UserName="ann", PolicyArn=ADMIN)
    one, other = ann.user_client("ann"), ann.user_client("ann")
    job = generate(ann, "user/dev/ann", client=one)
    assert services(ann, job, client=other)
    with raises_aws("NoSuchEntity", f"Job {job} does not exist."):
        services(ann, job)


def test_a_job_of_a_session_is_for_that_very_session(ann):
    ann.iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    ann.iam.attach_role_policy(RoleName="r", PolicyArn=ADMIN)

    def session():
        made = ann.sts.assume_role(RoleArn=arn(ann, "role/r"), RoleSessionName="same")
        return ann.client_of(made["Credentials"], "iam")

    one, other = session(), session()
    job = generate(ann, "user/dev/ann", client=one)
    assert services(ann, job, client=one)
    with raises_aws("NoSuchEntity"):
        services(ann, job, client=other)


@pytest.mark.parametrize("job", [UNKNOWN_JOB, "x" * 36])
def test_an_unknown_job(house, job):
    with raises_aws("NoSuchEntity", f"Job {job} does not exist."):
        services(house, job)
    with raises_aws("NoSuchEntity", f"Job {job} does not exist."):
        entities(house, job, "s3")


def test_markers_are_of_one_job_and_one_operation(ann):
    one, other = generate(ann, "user/dev/ann"), generate(ann, "user/dev/ann")
    marker = ann.iam.get_service_last_accessed_details(JobId=one, MaxItems=1)["Marker"]
    assert list(services(ann, one, Marker=marker)) == ["kms", "s3"]
    message = "The marker passed in the request was invalid."
    with raises_aws("InvalidInput", message):
        services(ann, other, Marker=marker)
    with raises_aws("InvalidInput", message):
        entities(ann, one, "s3", Marker=marker)
    with raises_aws("ValidationError", "Invalid Marker."):
        services(ann, one, Marker="invalid")


def test_an_unknown_granularity(ann):
    message = (
        "1 validation error detected: Value at 'granularity' failed to satisfy constraint: "
        "Member must satisfy enum value set: [SERVICE_LEVEL, ACTION_LEVEL]"
    )
    with raises_aws("ValidationError", message):
        generate(ann, "user/dev/ann", Granularity="service_level")


def test_it_is_for_whoever_may(ann):
    ann.iam.create_user(UserName="bob")
    bob = ann.user_client("bob")
    with raises_aws("AccessDenied"):
        generate(ann, "user/bob", client=bob)
    with raises_aws("AccessDenied"):
        services(ann, UNKNOWN_JOB, client=bob)
    own = document("iam:GenerateServiceLastAccessedDetails", Resource=arn(ann, "user/bob"))
    ann.iam.put_user_policy(UserName="bob", PolicyName="p", PolicyDocument=own)
    assert generate(ann, "user/other/bob", client=bob)
    with raises_aws("AccessDenied"):
        generate(ann, "user/dev/ann", client=bob)


@pytest.mark.parametrize(("most", "value"), [("MOST_JOBS", 2), ("MOST_BYTES", None)])
def test_beyond_so_many_jobs_or_bytes_the_oldest_go(ann, monkeypatch, most, value):
    place = "doorward.services.iam.service_last_accessed"
    monkeypatch.setattr(f"{place}.CHECKED_EVERY", 1)
    jobs = [generate(ann, "user/dev/ann")]
    live = ann.house.accounts.get(ann.account_id)
    monkeypatch.setattr(f"{place}.{most}", value or 2 * _size(live.account.access_job(jobs[0])))
    for _ in range(3):
        ann.clock.advance(seconds=1)
        jobs.append(generate(ann, "user/dev/ann"))
    with raises_aws("NoSuchEntity"):
        services(ann, jobs[0])
    assert [list(services(ann, job)) for job in jobs[1:]] == [["iam", "kms", "s3"]] * 3
