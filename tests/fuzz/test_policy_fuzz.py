"""No text, no mutation of a real policy and no request makes the engine fail, or fail open.

About ten seconds; `DOORWARD_FUZZ=20` makes it twenty times as long. `atheris_policy.py` looks
longer and cleverer.
"""

import json
import os
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fuzz.policies import changed_text, changed_value, examine, from_bytes, real

TIMES = int(os.environ.get("DOORWARD_FUZZ", "1"))
REAL = tuple(real())

chances = st.integers(0, 2**64).map(Random)


def examples(count):
    return settings(max_examples=count * TIMES, deadline=None)


@given(st.text() | st.text('{}[]":,\\*?$ \n0eE-+.truefalsnStatementVrioA'), chances)
@examples(400)
def test_any_text(text, chance):
    examine(text, chance)


@given(chances)
@examples(800)
def test_real_policies_with_a_few_characters_changed(chance):
    examine(changed_text(chance.choice(REAL), chance), chance)


@given(chances)
@examples(800)
def test_real_policies_with_a_value_changed(chance):
    value = changed_value(json.loads(chance.choice(REAL)), chance)
    examine(json.dumps(value), chance)


@given(st.binary(min_size=4, max_size=300))
@examples(200)
def test_any_bytes(data):
    from_bytes(data)
