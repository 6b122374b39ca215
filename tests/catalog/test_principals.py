import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.catalog.principals import is_service_principal, is_web_identity_provider


@pytest.mark.parametrize(
    "name",
    [
        "ec2.amazonaws.com",
        "lambda.amazonaws.com",
        "ecs-tasks.amazonaws.com",
        "edgelambda.amazonaws.com",
        "rolesanywhere.amazonaws.com",
        "ops.apigateway.amazonaws.com",
        "logs.eu-west-1.amazonaws.com",
        "us-east-1.elasticache-snapshot.amazonaws.com",
        "states.us-gov-west-1.amazonaws.com",
        "ec2.amazonaws.com.cn",
        "lambda.cn-north-1.amazonaws.com.cn",
        "s3.amazonaws.eu",
        "ec2.c2s.ic.gov",
        "alexa-appkit.amazon.com",
        "autoscaling.amazonaws.com",
        "sms-voice.amazonaws.com",
    ],
)
def test_services(name):
    assert is_service_principal(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "*",
        "ec2",
        "not-a-service",
        "not-a-service.amazonaws.com",
        "EC2.amazonaws.com",
        ".amazonaws.com",
        "amazonaws.com",
        "us-east-1.amazonaws.com",
        "ec2.amazonaws.com.evil.example",
        "ec2.amazon.com",
        "ec2.us-east-1.us-east-1.amazonaws.com",
        "evil.ec2.amazonaws.com",
        "ec2.amazonaws.com ",
        "ec2.amazonaws.com\n",
        "alexa-appkit.amazon.com.amazonaws.com.cn.example",
    ],
)
def test_others(name):
    assert not is_service_principal(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("accounts.google.com", True),
        ("graph.facebook.com", True),
        ("www.amazon.com", True),
        ("cognito-identity.amazonaws.com", True),
        ("token.actions.githubusercontent.com", False),
        ("", False),
    ],
)
def test_web_identity_providers(name, expected):
    assert is_web_identity_provider(name) is expected


@given(st.text())
def test_nothing_outside_amazons_domains_is_a_service(name):
    assert not is_service_principal(name + ".example.com")
