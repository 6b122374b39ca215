"""Every stock client takes the whole tour."""

import pytest
from tests.clients.tour import TOUR, take


@pytest.mark.parametrize("client", ["boto3", "js", "aws_1", "aws_2"])
def test_the_tour(client, server, request):
    assert take(TOUR, request.getfixturevalue(client), server) == len(TOUR)
