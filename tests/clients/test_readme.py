"""What the README shows is what happens."""

import pytest
from tests.clients import installs
from tests.clients.conftest import had
from tests.clients.readme_tour import README, answers, blocks, masked


@pytest.fixture(scope="module")
def told_and_answered():
    """Every command of the tour: as the README tells it, and as it was answered just now."""
    had(installs.aws_cli_1)
    sessions = blocks(README.read_text())
    told = [one for session in sessions for one in session]
    said = [answer for session in answers(sessions) for answer in session]
    return list(zip(told, said, strict=True))


def test_the_tour_is_real(told_and_answered):
    assert len(told_and_answered) > 10
    for told, answered in told_and_answered:
        assert told.answer == answered, told.command


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://127.0.0.1:33445/", "http://127.0.0.1:4599/"),
        ("arn:aws:iam::123456789012:user/ann", "arn:aws:iam::111122223333:user/ann"),
        ("AKIAZQNIMSVMGMC6AWGQ", "AKIAIOSFODNN7EXAMPLE"),
        ("line 3, column 17", "line 3, column 17"),
        ("iam:ListUsers", "iam:ListUsers"),
    ],
)
def test_masks_hide_what_differs_and_nothing_else(text, shown):
    assert masked(text) == f"{shown}\n"
