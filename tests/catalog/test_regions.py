import pytest

from doorward.catalog.regions import is_well_formed, known_regions, partition_of, partitions


@pytest.mark.parametrize(
    "region",
    ["us-east-1", "ap-southeast-27", "us-gov-west-1", "cn-north-1", "us-isob-east-1", "zz-east-1"],
)
def test_well_formed(region):
    assert is_well_formed(region)


@pytest.mark.parametrize(
    "region",
    [
        "",
        "us-east",
        "us-east-",
        "us-east-0",
        "us-east-1a",
        "US-EAST-1",
        "us-east-1\n",
        "aws-global",
        "local",
        "../us-east-1",
        "us-east-100",
    ],
)
def test_not_well_formed(region):
    assert not is_well_formed(region)


def test_all_known_regions_are_well_formed_and_in_their_partition():
    assert {"us-east-1", "eusc-de-east-1", "us-iso-west-1"} <= set(known_regions())
    for partition in partitions():
        for region in partition.regions:
            assert is_well_formed(region)
            assert partition_of(region) == partition


@pytest.mark.parametrize(
    ("region", "name", "suffix"),
    [
        ("eu-west-9", "aws", "amazonaws.com"),
        ("us-gov-east-1", "aws-us-gov", "amazonaws.com"),
        ("cn-south-1", "aws-cn", "amazonaws.com.cn"),
        ("us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov"),
    ],
)
def test_partitions(region, name, suffix):
    partition = partition_of(region)
    assert (partition.name, partition.dns_suffix) == (name, suffix)


def test_no_partition():
    assert partition_of("zz-east-1") is None
