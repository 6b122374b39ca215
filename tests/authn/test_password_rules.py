import pytest

from doorward.account.model import PasswordPolicy
from doorward.authn.password_rules import reasons, root_reasons

UPPER = "Password should have at least one uppercase letter"
LOWER = "Password should have at least one lowercase letter"
NUMBER = "Password should have at least one number"
SYMBOL = "Password should have at least one symbol"
TWO_KINDS = (
    f"Password should meet 2 more of the following requirements: {UPPER}, {NUMBER}, {SYMBOL}"
)
ONE_KIND = f"Password should meet 1 more of the following requirements: {UPPER}, {SYMBOL}"
EASY = "Password is among those known from breaches, or is one of them with a little added"
NAMES = ("example", "root@example.com")
ALL = PasswordPolicy(12, symbols=True, numbers=True, uppercase=True, lowercase=True)


def shorter_than(least):
    return f"Password should have a minimum length of {least}"


def said(policy, password, *, refuse_breached=False):
    return reasons(policy, password, NAMES, refuse_breached=refuse_breached)


@pytest.mark.practice("S003-26")
@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("Abcdefg1", ()),
        ("abcdef1!", ()),
        ("ABCDEF1!", ()),
        ("Abcdefg!", ()),
        ("Abcde1!", (shorter_than(8),)),
        ("abcdefg1", (ONE_KIND,)),
        ("abc", (shorter_than(8), TWO_KINDS)),
        ("A1!" + "a" * 125, ()),
        ("A1!" + "a" * 126, ("Password should have a maximum length of 128",)),
    ],
)
def test_awss_default_rules(password, found):
    assert said(None, password) == found


@pytest.mark.parametrize("name", ["Example-Corp1", "Root@Example.com"])
def test_by_default_a_password_is_not_the_accounts_name(name):
    names = (name.lower(),)
    [reason] = reasons(None, name, names, refuse_breached=False)
    assert "name or the email address" in reason
    assert reasons(None, f"{name}!", names, refuse_breached=False) == ()
    assert reasons(PasswordPolicy(), name, names, refuse_breached=False) == ()


@pytest.mark.practice("S003-21")
@pytest.mark.parametrize(
    ("policy", "password", "found"),
    [
        (PasswordPolicy(), "aaaaaa", ()),
        (PasswordPolicy(), "aaaaa", (shorter_than(6),)),
        (PasswordPolicy(128), "a" * 128, ()),
        (PasswordPolicy(128), "a" * 127, (shorter_than(128),)),
        (PasswordPolicy(uppercase=True), "aaaaa1", (UPPER,)),
        (PasswordPolicy(lowercase=True), "AAAAA1", (LOWER,)),
        (PasswordPolicy(numbers=True), "aaaaaa", (NUMBER,)),
        (PasswordPolicy(symbols=True), "aaaaa1", (SYMBOL,)),
        (ALL, "Abcdefghij1!", ()),
        (ALL, "", (shorter_than(12), UPPER, LOWER, NUMBER, SYMBOL)),
        (ALL, "\u00c4\u00e4\u0661\u00a7" * 3, (UPPER, LOWER, NUMBER, SYMBOL)),
    ],
)
def test_the_accounts_own_rules_replace_them(policy, password, found):
    assert said(policy, password) == found


@pytest.mark.parametrize("symbol", "!@#$%^&*()_+-=[]{}|'")
def test_awss_symbols_are_symbols(symbol):
    assert said(PasswordPolicy(symbols=True), "aaaaa" + symbol) == ()


@pytest.mark.parametrize("other", ' "\\/,.:;<>?`~\u00a3\t')
def test_nothing_else_is_one(other):
    assert said(PasswordPolicy(symbols=True), "aaaaa" + other) == (SYMBOL,)


@pytest.mark.parametrize("policy", [None, PasswordPolicy()])
def test_known_passwords_are_refused_where_that_is_asked(policy):
    assert said(policy, "Password123!", refuse_breached=True) == (EASY,)
    assert said(policy, "Password123!") == ()
    assert said(policy, "kX9!dragonfly-7q", refuse_breached=True) == ()


@pytest.mark.practice("S001-06", "M-25")
@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("correct horse battery staple", ()),
        ("kX9!dragonfly-7q", ()),
        ("kX9!dragonfly", (shorter_than(14),)),
        (
            "kdragonflyheron",
            (TWO_KINDS,),
        ),
        ("Aa1!" * 5, ("Password should have at least 6 different characters",)),
        ("Dragon20261234", (EASY,)),
        (
            "my-EXAMPLE-is-secret-1",
            ("Password should not contain the name or the email address of the account",),
        ),
    ],
)
def test_root_is_held_to_more(password, found):
    assert root_reasons(password, NAMES, refuse_breached=True) == found


def test_a_root_without_a_name_may_have_any_letters():
    assert root_reasons("kX9!dragonfly-7q", ("",), refuse_breached=True) == ()


def test_root_may_have_a_known_one_where_nobody_asks():
    assert root_reasons("Dragon20261234", NAMES, refuse_breached=False) == ()
