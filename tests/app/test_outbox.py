import pytest

from doorward.app.outbox import opened_post, sealed_post
from doorward.store.errors import SealBroken
from doorward.store.sealed import MasterKeys, Sealer

SEALER = Sealer(MasterKeys.fresh())
BODY = {"to": "root@example.com", "text": "https://…/token"}


def test_a_post_opens_again_and_shows_nothing_meanwhile():
    post = sealed_post(SEALER, "mail", BODY, 7)
    assert (post.kind, post.due, post.tries) == ("mail", 7, 0)
    assert b"token" not in post.body
    assert opened_post(SEALER, post) == BODY


def test_the_same_cause_gives_the_same_post():
    assert sealed_post(SEALER, "mail", BODY, 0, "cause").id == "cause"
    assert sealed_post(SEALER, "mail", BODY, 0).id != sealed_post(SEALER, "mail", BODY, 0).id


def test_a_body_moved_to_another_post_does_not_open():
    post = sealed_post(SEALER, "mail", BODY, 0)
    with pytest.raises(SealBroken):
        opened_post(SEALER, post._replace(id="other"))
