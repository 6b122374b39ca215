from dataclasses import replace

import pytest
from tests.app.asking import admin_of, new_key
from tests.store.postgres import postgres_cluster

from doorward.app import pipeline
from doorward.services.registry import operations

__all__ = ["postgres_cluster"]


@pytest.fixture
def admin(house):
    return admin_of(house)


@pytest.fixture
def ann(house):
    """A user without permissions."""
    return new_key(house, "ann")


@pytest.fixture
def instead(monkeypatch):
    """Put another function, or other properties, in an operation's place."""

    def put(service, name, **changes):
        ours = dict(operations(service))
        ours[name] = replace(ours[name], **changes)
        monkeypatch.setattr(
            pipeline, "operations", lambda asked: ours if asked == service else operations(asked)
        )

    return put
