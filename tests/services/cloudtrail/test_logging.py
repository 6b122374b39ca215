from tests.house import raises_aws


def status(trails):
    answer = trails.get_trail_status(Name="main")
    answer.pop("ResponseMetadata")
    return answer


def test_a_new_trail(trails):
    trails.create_trail(Name="main", S3BucketName="logs")
    assert status(trails) == {
        "IsLogging": False,
        "LatestDeliveryAttemptTime": "",
        "LatestNotificationAttemptTime": "",
        "LatestNotificationAttemptSucceeded": "",
        "LatestDeliveryAttemptSucceeded": "",
        "TimeLoggingStarted": "",
        "TimeLoggingStopped": "",
    }


def test_started_and_stopped(house, trails):
    trails.create_trail(Name="main", S3BucketName="logs")
    trails.start_logging(Name="main")
    trails.start_logging(Name="main")
    assert status(trails)["IsLogging"] is True
    assert status(trails)["TimeLoggingStarted"] != ""
    house.clock.advance(minutes=1)
    trails.stop_logging(Name="main")
    trails.stop_logging(Name="main")
    after = status(trails)
    assert after["IsLogging"] is False
    assert after["StopLoggingTime"] > after["StartLoggingTime"]
    assert after["TimeLoggingStopped"] > after["TimeLoggingStarted"]


def test_in_its_home_region_alone(house, trails):
    trails.create_trail(Name="main", S3BucketName="logs", IsMultiRegionTrail=True)
    elsewhere = house.client("cloudtrail", region="eu-west-1")
    for operation in (elsewhere.start_logging, elsewhere.stop_logging):
        with raises_aws("InvalidHomeRegionException"):
            operation(Name="main")
    assert elsewhere.get_trail_status(Name="main")["IsLogging"] is False
