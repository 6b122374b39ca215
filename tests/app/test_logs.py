import json
import logging

import pytest

from doorward.app.logs import JsonLines, log_as_json


@pytest.fixture
def root():
    """The root logger, put back afterwards."""
    logger = logging.getLogger()
    handlers, level = logger.handlers[:], logger.level
    yield logger
    logger.handlers[:] = handlers
    logger.setLevel(level)


def line(**given):
    record = logging.makeLogRecord(
        {"name": "doorward.x", "levelname": "ERROR", "msg": "it %s", "args": ("is",), "created": 0}
        | given
    )
    return json.loads(JsonLines().format(record))


def test_a_record_is_one_line_of_json():
    assert line() == {
        "time": "1970-01-01T00:00:00.000+00:00",
        "level": "error",
        "logger": "doorward.x",
        "message": "it is",
    }


def test_the_request_it_is_about_and_what_went_wrong_are_told():
    error = KeyError("a\nb")
    found = line(id="r-1", exc_info=(KeyError, error, None))
    assert found["request_id"] == "r-1"
    assert "KeyError" in found["traceback"]


def test_everything_goes_to_standard_error(root, capsys):
    log_as_json()
    logging.getLogger("anything").info("said\nso")
    out, err = capsys.readouterr()
    assert out == ""
    assert json.loads(err)["message"] == "said\nso"
    assert err.count("\n") == 1
    assert root.handlers
