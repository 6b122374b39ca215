import re
from pathlib import Path

from doorward.app.signin import (
    enrolment,
    first_step,
    new_password,
    own_passkeys,
    second_factor,
    sessions,
    step_up,
    switch_role,
)
from doorward.app.signin.table import HANDLERS

DOCUMENT = Path(__file__).parents[3] / "docs" / "sign-in.md"
MODULES = (
    enrolment,
    first_step,
    new_password,
    own_passkeys,
    second_factor,
    sessions,
    step_up,
    switch_role,
)


def test_the_page_names_every_address_and_no_other():
    told = set(re.findall(r"`(GET|POST) (/signin/[a-z/-]+)`", DOCUMENT.read_text()))
    assert told == {place for module in MODULES for place in module.HANDLERS}
    assert told <= HANDLERS.keys()
