import re

from doorward.app.signin.table import HANDLERS


def test_the_page_is_served_and_calls_what_there_is(house, browser):
    answer = house.run(browser.sent("GET", "/console/sign-in?next=%2Fv1%2Fauthorize"))
    assert answer.status == 200
    called = set(re.findall(r"send\('([^']+)'", answer.body.decode()))
    assert called == {"/signin/root", "/signin/user", "/signin/mfa", "/signin/enrol/skip"}
    assert all(("POST", path) in HANDLERS for path in called)


def test_what_the_address_says_stands_nowhere_in_the_page(house, browser):
    answer = house.run(browser.sent("GET", "/console/sign-in?next=javascript:alert(1)"))
    assert b"alert(1)" not in answer.body


def test_no_other_page_frames_it_or_runs_in_it(house, browser):
    headers = dict(house.run(browser.sent("GET", "/console/sign-in")).headers)
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "'unsafe-inline'" not in headers["content-security-policy"]
