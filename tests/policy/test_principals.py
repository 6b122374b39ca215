import pytest

from doorward.errors import PolicyError
from doorward.policy import Principal, PrincipalKind
from doorward.policy.principals import ACCOUNT, DIRECT, ENTITY, NOBODY, Named

A = "111122223333"
ROOT = f"arn:aws:iam::{A}:root"
ANN = f"arn:aws:iam::{A}:user/staff/ann"
ROLE = f"arn:aws:iam::{A}:role/data/etl"
SESSION = f"arn:aws:sts::{A}:assumed-role/etl/run"
FEDERATED = f"arn:aws:sts::{A}:federated-user/carol"
IDP = f"arn:aws:iam::{A}:saml-provider/corp"

user = Principal.from_arn(ANN)
known_user = Principal(PrincipalKind.USER, ANN, A, entity_id="AIDAANN")
role = Principal.from_arn(ROLE)
session = Principal.from_arn(SESSION)
known_session = Principal(PrincipalKind.SESSION, SESSION, A, ROLE, "AROAETL")
federated = Principal(PrincipalKind.FEDERATED_USER, FEDERATED, A, ANN, "AIDAANN")
root = Principal.from_arn(ROOT)
service = Principal.from_arn("lambda.amazonaws.com")
anonymous = Principal.from_arn(None)
saml = Principal(PrincipalKind.SAML, "", A, provider=IDP)


@pytest.mark.parametrize(
    ("text", "kind", "account", "entity"),
    [
        (ANN, "user", A, None),
        (ROLE, "role", A, ROLE),
        (SESSION, "session", A, f"arn:aws:iam::{A}:role/etl"),
        (FEDERATED, "federated_user", A, None),
        (ROOT, "root", A, None),
        (f"arn:aws:sts::{A}:assumed-root", "assumed_root", A, None),
        ("lambda.amazonaws.com", "service", "", None),
        (None, "anonymous", "", None),
    ],
)
def test_callers_from_their_arns(text, kind, account, entity):
    caller = Principal.from_arn(text)
    assert (caller.kind, caller.account, caller.entity_arn) == (kind, account, entity)
    assert caller.arn == (text or "")


@pytest.mark.parametrize(
    "text", ["", "ann", f"arn:aws:iam::{A}:group/g", "arn:aws:s3:::b", "a:b.c"]
)
def test_what_is_no_caller(text):
    with pytest.raises(PolicyError, match="is not a principal"):
        Principal.from_arn(text)


@pytest.mark.rule(
    "3.4/star",
    "3.4/account",
    "3.4/user",
    "3.4/role",
    "3.4/session",
    "3.4/federated",
    "3.4/service",
    "3.4/provider",
    "3.4/what-if",
    "3.4/ids",
)
@pytest.mark.parametrize(
    ("names", "caller", "level"),
    [
        ({"*": ("*",)}, anonymous, DIRECT),
        ({"*": ("*",)}, saml, DIRECT),
        ({"AWS": ("*",)}, anonymous, DIRECT),
        ({"AWS": ("*",)}, service, DIRECT),
        ({"AWS": ("*",)}, saml, NOBODY),
        ({"AWS": ("*",)}, user, DIRECT),
        ({"AWS": (ROOT,)}, user, ACCOUNT),
        ({"AWS": (A,)}, user, ACCOUNT),
        ({"AWS": (A,)}, session, ACCOUNT),
        ({"AWS": (A,)}, root, ACCOUNT),
        ({"AWS": (A,)}, saml, NOBODY),
        ({"AWS": (A,)}, anonymous, NOBODY),
        ({"AWS": ("999988887777",)}, user, NOBODY),
        ({"AWS": (ANN,)}, user, DIRECT),
        ({"AWS": (ANN.upper(),)}, user, NOBODY),
        ({"AWS": (ANN, A)}, user, DIRECT | ACCOUNT),
        ({"AWS": ("AIDAANN",)}, known_user, DIRECT),
        ({"AWS": ("AIDAANN",)}, user, NOBODY),
        ({"AWS": (ROLE,)}, session, ENTITY),
        ({"AWS": (ROLE,)}, role, ENTITY),
        ({"AWS": (f"arn:aws:iam::{A}:role/etl",)}, known_session, ENTITY),
        ({"AWS": ("arn:aws:iam::999988887777:role/etl",)}, session, NOBODY),
        ({"AWS": ("AROAETL",)}, known_session, ENTITY),
        ({"AWS": (SESSION,)}, session, DIRECT),
        ({"AWS": (f"{SESSION}2",)}, session, NOBODY),
        ({"AWS": (FEDERATED,)}, federated, DIRECT),
        ({"AWS": (ANN,)}, federated, ENTITY),
        ({"AWS": ("AIDAANN",)}, federated, ENTITY),
        ({"Service": ("Lambda.amazonaws.com",)}, service, DIRECT),
        ({"Service": ("s3.amazonaws.com",)}, service, NOBODY),
        ({"Federated": (IDP,)}, saml, DIRECT),
        ({"Federated": ("x",)}, saml, NOBODY),
        ({"Federated": (IDP,)}, user, NOBODY),
        ({"CanonicalUser": ("0a",)}, user, NOBODY),
    ],
)
def test_how_closely_an_element_names_a_caller(names, caller, level):
    assert Named.of(names).level(caller) == level


@pytest.mark.rule("3.4/NotPrincipal")
@pytest.mark.parametrize(
    ("names", "caller", "exempt"),
    [
        ({"*": ("*",)}, user, True),
        ({"AWS": ("*",)}, anonymous, True),
        ({"AWS": (ANN,)}, user, True),
        ({"AWS": (ROOT,)}, user, False),
        ({"AWS": (ROOT,)}, root, True),
        ({"AWS": (ANN,)}, root, False),
        ({"AWS": (ROLE,)}, session, True),
        ({"AWS": (SESSION,)}, session, True),
        ({"AWS": (ANN,)}, federated, False),
        ({"AWS": (FEDERATED,)}, federated, True),
        ({"Service": ("lambda.amazonaws.com",)}, service, True),
        ({"Federated": (IDP,)}, saml, True),
        ({"AWS": (ANN,)}, anonymous, False),
    ],
)
def test_whom_not_principal_leaves_out(names, caller, exempt):
    assert Named.of(names).exempts(caller) is exempt
