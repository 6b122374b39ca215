"""A house with a trail, its rounds, and what lies in its bucket afterwards."""

import gzip
import json

from tests.house import TestHouse

from doorward.account.trails import Trail
from doorward.app.config import read_settings
from doorward.app.delivery.course import read_state
from doorward.app.house import House, Plan
from doorward.app.in_process import Clock
from doorward.app.in_process.loop_thread import LoopThread

BUCKET = "logs"


class HouseOnDisk(TestHouse):
    """As `TestHouse`, in a data directory; `admin` is needed where it is not the first start."""

    def __init__(self, directory, admin=None):
        self.clock = Clock()
        settings = read_settings(arguments=["signature.window_s=1000000000"])
        self.house = House(Plan(directory=directory, settings=settings, clock=self.clock))
        self.account_id = self.house.main_account
        self.admin = admin or self.house.first.admin
        self._clients = {}
        self._thread = LoopThread()
        self._loop = self._thread.loop


class Delivering:
    """One house; `round()` delivers what there is."""

    def __init__(self, house=None, **settings):
        self.house = house or TestHouse(**settings)
        self.target = self.house.house.target
        self.bucket = self.target.make(BUCKET)
        self.trail = self.house.cloudtrail

    def start(self, name="main", **given):
        given = {"S3BucketName": BUCKET, "EnableLogFileValidation": True} | given
        made = self.trail.create_trail(Name=name, **given)
        self.trail.start_logging(Name=name)
        return made

    def user(self, name):
        self.house.iam.create_user(UserName=name)

    def round(self, **later):
        """Let time pass, then deliver."""
        self.house.clock.advance(**later)
        self.house.records()
        self.house.run(self.house.house.delivery.round())

    def status(self, name="main"):
        return self.trail.get_trail_status(Name=name)

    def names(self, kind="CloudTrail"):
        return [each.name for each in self.places(kind)]

    def places(self, kind="CloudTrail", bucket=None):
        folder = bucket or self.bucket
        return sorted(each for each in folder.rglob("*.json.gz") if f"_{kind}_" in each.name)

    def records(self, bucket=None):
        """Every delivered record, in the order of the files."""
        files = [read(each) for each in self.places(bucket=bucket)]
        return [record for file in files for record in file["Records"]]

    def digests(self):
        return [read(each) for each in self.places("CloudTrail-Digest")]

    def state(self, name="main"):
        """As the store keeps it."""
        account = self.house.house.accounts.get(self.house.account_id).account
        trail = next(each for each in account.all(Trail) if each.name == name)
        return read_state(self.house.house.store, trail.trail_id)

    def close(self):
        self.house.close()


def read(place):
    return json.loads(gzip.decompress(place.read_bytes()))


def write(place, value):
    """As a forger would: compact JSON, well packed."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
    place.write_bytes(gzip.compress(text, mtime=0))


def event_ids(records):
    return [record["eventID"] for record in records]
