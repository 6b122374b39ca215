"""CloudTrail's errors; AWS's exact sentences live here and only here.

Recorded are those of trails, buckets and selectors (organization_admission, owned_s3_delivery), and
the codes of look-ups. What AWS's clients know of names is as they know it; the rest is our own.
"""

from typing import Self

from doorward.errors import AwsError


class InvalidLookupAttributes(AwsError):
    """400: more than one attribute, or one that cannot be."""

    code = "InvalidLookupAttributesException"

    @classmethod
    def several(cls) -> Self:
        return cls("You can specify only one lookup attribute.")

    @classmethod
    def attribute(cls, name: str, value: str) -> Self:
        return cls(f"The lookup attribute {name} cannot have the value {value}.")


class InvalidTimeRange(AwsError):
    """400: the time range is empty or lies ahead."""

    code = "InvalidTimeRangeException"

    @classmethod
    def reversed(cls) -> Self:
        return cls("The start time must not be after the end time.")

    @classmethod
    def ahead(cls) -> Self:
        return cls("The start time must not be in the future.")


class InvalidMaxResults(AwsError):
    """400: not 1 to 50."""

    code = "InvalidMaxResultsException"

    @classmethod
    def outside(cls, least: int, most: int) -> Self:
        return cls(f"The number of results must be between {least} and {most}.")


class InvalidNextToken(AwsError):
    """400: a token that is not ours, of another query, or too old."""

    code = "InvalidNextTokenException"

    @classmethod
    def not_valid(cls) -> Self:
        return cls("The token is not valid, has expired, or belongs to another query.")


class InvalidEventCategory(AwsError):
    """400: a category there is not."""

    code = "InvalidEventCategoryException"

    @classmethod
    def unknown(cls, name: str) -> Self:
        return cls(f"The event category {name} is not valid.")


class TrailNotFound(AwsError):
    """400: no trail of that name."""

    code = "TrailNotFoundException"

    @classmethod
    def named(cls, name: str, account: str) -> Self:
        return cls(f"Unknown trail: {name} for the user: {account}")


class TrailAlreadyExists(AwsError):
    """400: the name is taken."""

    code = "TrailAlreadyExistsException"

    @classmethod
    def named(cls, name: str, account: str) -> Self:
        return cls(f"Trail {name} already exists for customer: {account}")


class InvalidTrailName(AwsError):
    """400: a name no trail can have."""

    code = "InvalidTrailNameException"

    @classmethod
    def short(cls, least: int, length: int) -> Self:
        return cls(
            f"Trail name too short. Minimum allowed length: {least} characters. "
            f"Specified name length: {length} characters."
        )

    @classmethod
    def long(cls, most: int, length: int) -> Self:
        return cls(
            f"Trail name too long. Maximum allowed length: {most} characters. "
            f"Specified name length: {length} characters."
        )

    @classmethod
    def characters(cls) -> Self:
        return cls(
            "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, "
            "periods (.), hyphens (-), and underscores (_)."
        )

    @classmethod
    def start(cls) -> Self:
        return cls("Trail name must starts with a letter or number.")

    @classmethod
    def end(cls) -> Self:
        return cls("Trail name must ends with a letter or number.")

    @classmethod
    def adjacent(cls) -> Self:
        return cls("Trail name cannot have adjacent periods, hyphens or underscores.")

    @classmethod
    def address(cls) -> Self:
        return cls("Trail name cannot be in IP address format.")


class InvalidArn(AwsError):
    """400: not the ARN of a trail of this account."""

    code = "CloudTrailARNInvalidException"

    @classmethod
    def of(cls, arn: str) -> Self:
        return cls(f"Invalid ARN: {arn}. A trail's is arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME")


class InvalidHomeRegion(AwsError):
    """400: a trail is changed in its home region alone."""

    code = "InvalidHomeRegionException"

    @classmethod
    def is_elsewhere(cls, arn: str, home: str) -> Self:
        return cls(f"The trail {arn} can only be changed in its home region, {home}.")


class MaximumNumberOfTrailsExceeded(AwsError):
    """403: five in a region."""

    code = "MaximumNumberOfTrailsExceededException"

    @classmethod
    def in_region(cls, account: str, most: int, region: str) -> Self:
        return cls(f"User: {account} already has {most} trails in {region}.")


class BucketDoesNotExist(AwsError):
    """404: no such bucket."""

    code = "S3BucketDoesNotExistException"

    @classmethod
    def named(cls, bucket: str) -> Self:
        return cls(f"S3 bucket {bucket} does not exist!")


class InsufficientBucketPolicy(AwsError):
    """403: the bucket is there and may not be written to."""

    code = "InsufficientS3BucketPolicyException"

    @classmethod
    def of(cls, bucket: str) -> Self:
        return cls(f"Incorrect S3 bucket policy is detected for bucket: {bucket}")


class InvalidBucketName(AwsError):
    """400: a name no bucket can have."""

    code = "InvalidS3BucketNameException"

    @classmethod
    def of(cls, bucket: str) -> Self:
        return cls(f"Bucket name {bucket} is invalid")


class InvalidPrefix(AwsError):
    """400: a prefix no object can have here."""

    code = "InvalidS3PrefixException"

    @classmethod
    def of(cls, prefix: str) -> Self:
        return cls(f"S3 prefix {prefix} is invalid")


class InsufficientTopicPolicy(AwsError):
    """403: the topic is not there, or does not let us publish."""

    code = "InsufficientSnsTopicPolicyException"

    @classmethod
    def no_topic(cls) -> Self:
        return cls("SNS Topic does not exist or the topic policy is incorrect!")


class KmsKeyNotFound(AwsError):
    """400: there are no KMS keys here."""

    code = "KmsKeyNotFoundException"

    @classmethod
    def of(cls, key: str) -> Self:
        return cls(f"KMS key {key} was not found.")


class InvalidLogGroup(AwsError):
    """400: not the ARN of a log group, or half of a pair."""

    code = "InvalidCloudWatchLogsLogGroupArnException"

    @classmethod
    def of(cls, arn: str) -> Self:
        return cls(f"CloudWatch Logs log group ARN {arn!r} is invalid.")


class InvalidLogRole(AwsError):
    """400: not the ARN of a role of this account, or half of a pair."""

    code = "InvalidCloudWatchLogsRoleArnException"

    @classmethod
    def of(cls, arn: str) -> Self:
        return cls(f"CloudWatch Logs role ARN {arn!r} is invalid.")


class InvalidParameterCombination(AwsError):
    """400: parameters that contradict each other."""

    code = "InvalidParameterCombinationException"

    @classmethod
    def regional(cls) -> Self:
        return cls("Multi-Region trail must include global service events.")


class OrganizationsNotInUse(AwsError):
    """404: there is no organization."""

    code = "OrganizationsNotInUseException"

    @classmethod
    def here(cls) -> Self:
        return cls("Your account is not a member of an organization.")


class InvalidEventSelectors(AwsError):
    """400: selectors that select nothing AWS knows."""

    code = "InvalidEventSelectorsException"

    @classmethod
    def both(cls) -> Self:
        return cls(
            "You can select events by using either EventSelectors or AdvancedEventSelectors, "
            "but not both."
        )

    @classmethod
    def number(cls, most: int) -> Self:
        return cls(f"Specify a valid number of selectors (1 to {most}) for your trail")

    @classmethod
    def advanced_number(cls, most: int) -> Self:
        return cls(f"Specify between 1 and {most} selectors for your trail.")

    @classmethod
    def value(cls, member: str, value: str) -> Self:
        return cls(f"The value {value} of {member} is not valid in an event selector.")

    @classmethod
    def category(cls) -> Self:
        return cls("Each advanced event selector needs eventCategory with one Equals value.")


class ResourceNotFound(AwsError):
    """400: nothing with that ARN."""

    code = "ResourceNotFoundException"

    @classmethod
    def of(cls, arn: str) -> Self:
        return cls(f"The resource {arn} was not found.")


class InvalidTag(AwsError):
    """400: a tag that cannot be."""

    code = "InvalidTagParameterException"

    @classmethod
    def repeated(cls) -> Self:
        return cls("Tag keys must be unique.")

    @classmethod
    def reserved(cls) -> Self:
        return cls("Tag keys cannot begin with aws:.")


class TagsLimitExceeded(AwsError):
    """400: more tags than a trail takes."""

    code = "TagsLimitExceededException"

    @classmethod
    def most(cls, most: int) -> Self:
        return cls(f"A trail cannot have more than {most} tags.")
