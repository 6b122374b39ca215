"""The alarm on root activity as stock clients make it: Terraform, and the AWS CLI v1 and v2."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.clients import installs
from tests.clients.conftest import had
from tests.clients.test_terraform import (
    APPLY,
    CONFIGURATION,
    DESTROY,
    NOTHING_TO_DO,
    PLAN,
)

FOLDER = Path(__file__).parents[2] / "examples" / "terraform" / "root-alarm"
PATTERN = (
    '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS'
    ' && $.eventType != "AwsServiceEvent" }'
)


@pytest.fixture
def terraform(server, tmp_path):
    """Run terraform on a copy of the example, with providers of the mirror alone."""
    binary, mirror = had(installs.terraform, optional=True)
    shutil.copytree(FOLDER, tmp_path / "work")
    file = tmp_path / "terraform.tfrc"
    file.write_text(CONFIGURATION.format(mirror=mirror))

    def run(*words, code=0):
        done = subprocess.run(
            [binary, *words],
            cwd=tmp_path / "work",
            env=server.environment()
            | {
                "TF_CLI_CONFIG_FILE": str(file),
                "TF_IN_AUTOMATION": "1",
                "CHECKPOINT_DISABLE": "1",
                "TF_VAR_email": "security@example.com",
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done

    run("init", "-input=false", "-no-color")
    return run


@pytest.mark.practice("S001-28")
def test_terraform_applies_and_keeps_the_example(terraform, boto3, server):
    terraform(*APPLY)
    terraform(*PLAN, code=NOTHING_TO_DO)
    [alarm] = boto3.pages(server.admin, "cloudwatch", "DescribeAlarms", 10, "MetricAlarms")
    assert alarm["AlarmActions"] == [
        json.loads(terraform("output", "-json").stdout)["topic"]["value"]
    ]
    terraform(*DESTROY)
    assert boto3.call(server.admin, "cloudwatch", "DescribeAlarms", {})["MetricAlarms"] == []


@pytest.mark.practice("S001-19", "S001-20")
@pytest.mark.parametrize("version", ["aws_1", "aws_2"])
def test_the_command_line_makes_the_alarm(request, server, version):
    aws = request.getfixturevalue(version)
    topic = aws.call(server.admin, "sns", "CreateTopic", {"Name": "root"})["TopicArn"]
    words = ("--topic-arn", topic, "--protocol", "email")
    endpoint = ("--notification-endpoint", "security@example.com", "--output", "text")
    said = aws.run("sns", "subscribe", *words, *endpoint)
    assert said.stdout.strip() == "pending confirmation", said.stderr
    count = {"metricName": "Root", "metricNamespace": "Security", "metricValue": "1"}
    aws.call(
        server.admin,
        "logs",
        "PutMetricFilter",
        {
            "logGroupName": "doorward/trail",
            "filterName": "root",
            "filterPattern": PATTERN,
            "metricTransformations": [count],
        },
    )
    aws.call(
        server.admin,
        "cloudwatch",
        "PutMetricAlarm",
        {
            "AlarmName": "root",
            "MetricName": "Root",
            "Namespace": "Security",
            "Statistic": "Sum",
            "Period": 300,
            "EvaluationPeriods": 1,
            "Threshold": 1.0,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "AlarmActions": [topic],
        },
    )
    [alarm] = aws.call(server.admin, "cloudwatch", "DescribeAlarms", {})["MetricAlarms"]
    assert (alarm["AlarmName"], alarm["StateValue"]) == ("root", "INSUFFICIENT_DATA")
