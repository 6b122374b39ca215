import asyncio

import pytest

from doorward.app.cork import Corked


class Transport:
    def __init__(self):
        self.written = []
        self.closed = False

    def write(self, data):
        self.written.append(data)

    def close(self):
        self.closed = True

    def is_closing(self):
        return self.closed

    def get_extra_info(self, name):
        return f"extra {name}"


@pytest.fixture
def transport():
    return Transport()


def in_a_loop(work):
    async def run():
        await work(asyncio.get_running_loop())

    asyncio.run(run())


def test_what_is_written_in_one_turn_is_one_write(transport):
    async def work(loop):
        corked = Corked(transport, loop)
        corked.write(b"head ")
        corked.write(b"body")
        assert transport.written == []
        await asyncio.sleep(0)
        corked.write(b"next")
        await asyncio.sleep(0)

    in_a_loop(work)
    assert transport.written == [b"head body", b"next"]


def test_closing_writes_what_waits_once(transport):
    async def work(loop):
        corked = Corked(transport, loop)
        corked.write(b"last")
        corked.close()
        await asyncio.sleep(0)

    in_a_loop(work)
    assert transport.written == [b"last"]
    assert transport.closed


def test_nothing_is_written_to_a_connection_that_is_gone(transport):
    async def work(loop):
        corked = Corked(transport, loop)
        corked.write(b"late")
        transport.closed = True
        await asyncio.sleep(0)

    in_a_loop(work)
    assert transport.written == []


def test_all_else_passes_through(transport):
    assert Corked(transport, None).get_extra_info("peername") == "extra peername"
