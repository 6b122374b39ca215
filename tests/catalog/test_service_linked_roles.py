import pytest

from doorward.catalog.managed_policies import get
from doorward.catalog.pack import rows
from doorward.catalog.principals import is_service_principal
from doorward.catalog.service_linked_roles import service_linked_role

ALL = [f"{stem}.amazonaws.com" for stem in rows("reference", "service_linked_roles")]


@pytest.mark.parametrize(
    ("service", "role_name", "policy", "suffix_allowed"),
    [
        ("ecs", "AWSServiceRoleForECS", "AmazonECSServiceRolePolicy", False),
        ("rds", "AWSServiceRoleForRDS", "AmazonRDSServiceRolePolicy", False),
        (
            "elasticloadbalancing",
            "AWSServiceRoleForElasticLoadBalancing",
            "AWSElasticLoadBalancingServiceRolePolicy",
            False,
        ),
        ("autoscaling", "AWSServiceRoleForAutoScaling", "AutoScalingServiceRolePolicy", True),
        ("connect", "AWSServiceRoleForAmazonConnect", "AmazonConnectServiceLinkedRolePolicy", True),
        ("lexv2", "AWSServiceRoleForLexV2Bots", "AmazonLexV2BotPolicy", True),
        (
            "organizations",
            "AWSServiceRoleForOrganizations",
            "AWSOrganizationsServiceTrustPolicy",
            False,
        ),
        (
            "role-manager.iam",
            "AWSServiceRoleForIAMRoleManager",
            "AWSIAMRoleManagerServiceRolePolicy",
            False,
        ),
    ],
)
def test_roles(service, role_name, policy, suffix_allowed):
    role = service_linked_role(f"{service}.amazonaws.com")
    assert role.principal == f"{service}.amazonaws.com"
    assert role.role_name == role_name
    assert role.policy_arn == f"arn:aws:iam::aws:policy/aws-service-role/{policy}"
    assert role.suffix_allowed is suffix_allowed


def test_a_role_no_source_names_is_named_by_rule():
    role = service_linked_role("restore-testing.backup.amazonaws.com")
    assert role.role_name == "AWSServiceRoleForBackupRestoreTesting"
    assert role.policy_arn is None
    assert not role.suffix_allowed


@pytest.mark.parametrize(
    "principal", ["", "ecs", "ecs.example.com", "ECS.amazonaws.com", "nope.amazonaws.com"]
)
def test_services_without_one(principal):
    assert service_linked_role(principal) is None


@pytest.mark.parametrize("principal", ALL)
def test_every_row_names_what_exists(principal):
    role = service_linked_role(principal)
    assert is_service_principal(principal)
    assert role.role_name.startswith("AWSServiceRoleFor")
    assert role.policy_arn is None or get(role.policy_arn) is not None


def test_no_two_services_share_a_role():
    names = [service_linked_role(principal).role_name for principal in ALL]
    assert len(names) == len(set(names))
