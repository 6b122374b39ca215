"""The target the settings name."""

from pathlib import Path

from doorward.app.config import Settings, words
from doorward.app.delivery.folder import FolderTarget
from doorward.app.delivery.s3 import S3Target
from doorward.app.delivery.target import Target

DIRECTORY = "trail"
"""The folder of a data directory where buckets lie, unless the settings say otherwise."""


def target_of(settings: Settings, directory: Path | None) -> Target:
    """Where trails deliver to; listed buckets are made where buckets are folders."""
    if settings["trail.s3_endpoint"]:
        return S3Target(
            settings["trail.s3_endpoint"],
            settings["trail.s3_region"],
            settings["trail.s3_access_key_id"],
            settings["trail.s3_secret_access_key"],
        )
    target = FolderTarget(buckets_directory(settings, directory))
    for bucket in words(settings["trail.buckets"]):
        target.make(bucket)
    return target


def buckets_directory(settings: Settings, directory: Path | None) -> Path | None:
    """The folder of the buckets; None in memory, where nothing else is said."""
    if settings["trail.directory"]:
        return Path(settings["trail.directory"])
    return directory / DIRECTORY if directory else None
