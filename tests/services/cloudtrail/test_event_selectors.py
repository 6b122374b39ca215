import pytest
from tests.house import raises_aws

BOTH = (
    "You can select events by using either EventSelectors or AdvancedEventSelectors, but not both."
)
NUMBER = "Specify a valid number of selectors (1 to 5) for your trail"
ADVANCED_NUMBER = "Specify between 1 and 500 selectors for your trail."
BASIC = {
    "ReadWriteType": "WriteOnly",
    "IncludeManagementEvents": True,
    "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}],
    "ExcludeManagementEventSources": ["kms.amazonaws.com"],
}
MANAGEMENT = {"Field": "eventCategory", "Equals": ["Management"]}


@pytest.fixture
def trail(trails):
    trails.create_trail(Name="main", S3BucketName="logs")
    return trails


def put(trail, **given):
    return trail.put_event_selectors(TrailName="main", **given)


def got(trail):
    answer = trail.get_event_selectors(TrailName="main")
    answer.pop("ResponseMetadata")
    return answer


def advanced(*fields):
    return {"AdvancedEventSelectors": [{"Name": "n", "FieldSelectors": list(fields)}]}


def test_those_of_a_new_trail(house, trail):
    assert got(trail) == {
        "TrailARN": f"arn:aws:cloudtrail:us-east-1:{house.account_id}:trail/main",
        "EventSelectors": [
            {
                "ReadWriteType": "All",
                "IncludeManagementEvents": True,
                "DataResources": [],
                "ExcludeManagementEventSources": [],
            }
        ],
    }


def test_what_is_put_is_shown(trail):
    assert put(trail, EventSelectors=[BASIC])["EventSelectors"] == [BASIC]
    assert got(trail)["EventSelectors"] == [BASIC]
    assert trail.get_trail(Name="main")["Trail"]["HasCustomEventSelectors"] is True


def test_one_kind_replaces_the_other(trail):
    put(trail, EventSelectors=[BASIC])
    given = advanced(MANAGEMENT, {"Field": "readOnly", "Equals": ["true"]})
    put(trail, **given)
    assert got(trail)["AdvancedEventSelectors"] == given["AdvancedEventSelectors"]
    assert "EventSelectors" not in got(trail)
    put(trail, EventSelectors=[BASIC])
    assert "AdvancedEventSelectors" not in got(trail)


def test_every_operator(trail):
    operators = ("Equals", "StartsWith", "EndsWith", "NotEquals", "NotStartsWith", "NotEndsWith")
    field = {"Field": "eventName"} | {name: [name] for name in operators}
    put(trail, **advanced(MANAGEMENT, field))
    assert got(trail)["AdvancedEventSelectors"][0]["FieldSelectors"] == [MANAGEMENT, field]


DATA = {"Field": "eventCategory", "Equals": ["Data"]}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"EventSelectors": [BASIC], **advanced(MANAGEMENT)}, BOTH),
        ({}, NUMBER),
        ({"EventSelectors": []}, NUMBER),
        ({"EventSelectors": [BASIC] * 6}, NUMBER),
        ({"AdvancedEventSelectors": []}, ADVANCED_NUMBER),
        (
            {"EventSelectors": [BASIC | {"ExcludeManagementEventSources": ["iam.amazonaws.com"]}]},
            None,
        ),
        ({"EventSelectors": [BASIC | {"DataResources": [{"Type": "S3"}]}]}, None),
        (
            {
                "EventSelectors": [
                    BASIC | {"DataResources": [{"Type": "AWS::X", "Values": ["a"] * 251}]}
                ]
            },
            None,
        ),
        (advanced({"Field": "readOnly", "Equals": ["true"]}), None),
        (advanced(MANAGEMENT, MANAGEMENT), None),
        (advanced({"Field": "eventCategory", "Equals": ["Management", "Data"]}), None),
        (advanced({"Field": "eventCategory", "Equals": ["Other"]}), None),
        (advanced(MANAGEMENT, {"Field": "noSuchField", "Equals": ["x"]}), None),
        (advanced(MANAGEMENT, {"Field": "resources.type", "Equals": ["x"]}), None),
        (advanced(MANAGEMENT, {"Field": "eventName"}), None),
        (advanced(MANAGEMENT, {"Field": "readOnly", "Equals": ["maybe"]}), None),
        (advanced(MANAGEMENT, {"Field": "readOnly", "NotEquals": ["true"]}), None),
    ],
)
def test_what_is_refused(trail, given, sentence):
    before = got(trail)
    with raises_aws("InvalidEventSelectorsException", sentence):
        put(trail, **given)
    assert got(trail) == before


def test_data_events_may_be_asked_for(trail):
    put(trail, **advanced(DATA, {"Field": "resources.type", "Equals": ["AWS::S3::Object"]}))
    assert got(trail)["AdvancedEventSelectors"][0]["FieldSelectors"][0] == DATA
