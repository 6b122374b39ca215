"""A second evaluator, slow and obvious, written from AWS's pages: documents in, one word out.

It shares no code with the engine and knows no index, no cache and no compiled form. Of the engine
it reads the value `Principal` only.
"""

import base64
import ipaddress
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

ALLOWED, IMPLICIT, EXPLICIT = "Allowed", "ImplicitlyDenied", "ExplicitlyDenied"
NAMING = {"resource", "trust", "rcp", "endpoint"}
OUTSIDE = {"service", "anonymous", "saml", "web_identity"}
ROOTS = {"root", "assumed_root"}


def word(asked, given):
    """The decision on `asked` (principal, action, resource, owner, context).

    `given` holds lists of documents: identity, resource, boundary, session, endpoint (`None`: there
    is none), and levels of them: scp, rcp.
    """
    asked = {**asked, "context": {key.lower(): value for key, value in asked["context"].items()}}
    asked["bounded"] = given["boundary"] is not None
    kind = asked["principal"].kind
    if always_allowed(asked):
        return ALLOWED
    if any(effects(asked, one, name)["Deny"] for one, name in read(given, kind)):
        return EXPLICIT
    for level in () if kind in OUTSIDE else given["scp"]:
        if not effects(asked, level, "scp")["Allow"]:
            return IMPLICIT
    if given["endpoint"] is not None and not effects(asked, given["endpoint"], "endpoint")["Allow"]:
        return IMPLICIT
    return ALLOWED if granted(asked, given) else IMPLICIT


def always_allowed(asked):
    kind, action = asked["principal"].kind, asked["action"].lower()
    if action == "sts:getcalleridentity":
        return kind not in {"service", "anonymous"}
    return (
        action == "sts:getsessiontoken"
        and kind in {"user", "root"}
        and "aws:tokenissuetime" not in asked["context"]
    )


def read(given, kind):
    """Every list of documents that may deny."""
    yield from ((level, "rcp") for level in given["rcp"])
    for name in ("endpoint", "resource"):
        yield given[name] or (), name
    if kind not in OUTSIDE:
        yield from ((level, "scp") for level in given["scp"])
        for name in ("boundary", "session", "identity"):
            yield given[name] or (), name


def effects(asked, documents, kind):
    """The levels at which statements that apply name the caller, by effect."""
    found = {"Allow": set(), "Deny": set()}
    for document in documents:
        statements = document["Statement"]
        for one in [statements] if isinstance(statements, dict) else statements:
            levels = applies(asked, one, document.get("Version", "2008-10-17"), kind)
            found[one["Effect"]] |= levels
    return found


def granted(asked, given):  # noqa: PLR0911 - the pseudo-code has as many
    """The grant, in the words of the specification's pseudo-code."""
    caller = asked["principal"]
    named = effects(asked, given["resource"] or (), "resource")["Allow"]
    same = caller.account == asked["owner"]
    if caller.kind in OUTSIDE:
        return "direct" in named
    if caller.kind in ROOTS:
        return (same and not self_guarding(asked)) or bool(named)
    ceilings = [given["boundary"], given["session"]]
    if given["session"] is None and caller.kind == "federated_user":
        ceilings[1] = ()
    limited = any(one is not None and not effects(asked, one, "")["Allow"] for one in ceilings)
    identity = bool(effects(asked, given["identity"], "identity")["Allow"])
    if not same:
        return bool(named) and identity and not limited
    if "direct" in named:
        return True
    if limited:
        return False
    if "entity" in named:
        return True
    return identity and (not self_guarding(asked) or "account" in named)


def self_guarding(asked):
    action, resource = asked["action"].lower(), asked["resource"]
    if action.startswith("kms:"):
        return re.match(r"arn:[^:]*:kms:[^:]*:[^:]*:key/", resource) is not None
    trusts = action.startswith("sts:assumerole")
    trusts = trusts or action in {"sts:tagsession", "sts:setsourceidentity"}
    return trusts and re.match(r"arn:[^:]*:iam::[^:]*:role/", resource) is not None


def applies(asked, one, version, kind):
    """How the statement names the caller, empty where it does not apply."""
    deny = one["Effect"] == "Deny"
    levels = names_caller(asked, one, kind, deny=deny)
    if not levels or not on_action(asked, one) or not on_resource(asked, one, version, kind, deny):
        return set()
    for operator, keys in one.get("Condition", {}).items():
        for key, values in keys.items():
            if not holds(asked["context"], operator, key, listed(values), version, deny=deny):
                return set()
    return levels


def listed(value):
    return value if isinstance(value, list) else [value]


# --- who


def names_caller(asked, one, kind, *, deny):
    if kind not in NAMING:
        return {"direct"}
    caller = asked["principal"]
    if "Principal" in one:
        return levels_of(caller, one["Principal"])
    if deny and kind == "resource" and asked["bounded"]:
        return {"direct"}
    return set() if exempt(caller, one["NotPrincipal"]) else {"direct"}


def levels_of(caller, element):
    if element == "*":
        return {"direct"}
    found = set()
    for kind, values in element.items():
        for value in listed(values):
            found |= level_of(caller, kind, value)
    return found


def level_of(caller, kind, value):  # noqa: PLR0911 - a table, row by row
    if kind == "Service":
        hit = caller.kind == "service" and caller.arn.lower() == value.lower()
        return {"direct"} if hit else set()
    if kind == "Federated":
        hit = caller.kind in {"saml", "web_identity"} and caller.provider == value
        return {"direct"} if hit else set()
    if kind != "AWS" or caller.kind in {"saml", "web_identity"}:
        return set()
    if value == "*":
        return {"direct"}
    if caller.kind in {"service", "anonymous"}:
        return set()
    if value in {caller.account, f"arn:aws:iam::{caller.account}:root"}:
        return {"account"}
    if caller.kind in {"session", "role"} and plain(value) == plain(caller.entity_arn):
        return {"entity"}
    if caller.kind == "federated_user" and value == caller.entity_arn:
        return {"entity"}
    return {"direct"} if value == caller.arn and caller.kind != "role" else set()


def plain(role):
    """A role's ARN without its path."""
    return re.sub(r":role/.*/", ":role/", role)


def exempt(caller, element):
    """Listed itself, or through its role; an account exempts its root user only."""
    if element != "*" and "*" in listed(element.get("AWS", [])):
        return True
    if caller.kind in ROOTS:
        return bool(levels_of(caller, element))
    if caller.kind in {"session", "role"}:
        return bool(levels_of(caller, element) - {"account"})
    return "direct" in levels_of(caller, element)


# --- on what


def on_action(asked, one):
    hit = any(action_like(pattern, asked["action"]) for pattern in listed_of(one, "Action"))
    return hit if "Action" in one else not hit


def listed_of(one, name):
    return listed(one[name] if name in one else one.get(f"Not{name}", []))


def action_like(pattern, action):
    pattern, action = pattern.lower(), action.lower()
    if pattern == "*":
        return True
    service, colon, name = pattern.partition(":")
    own, _, asked = action.partition(":")
    blank = any(char.isspace() for char in pattern)
    return bool(colon) and not blank and service == own and fits(wild(name), asked)


def on_resource(asked, one, version, kind, deny):
    if "Resource" not in one and "NotResource" not in one:
        return True
    found = [resource_like(asked, one, version, kind) for one in listed_of(one, "Resource")]
    if "Resource" in one:
        return True in found
    return deny if None in found else True not in found


def resource_like(asked, pattern, version, kind):
    """Whether one pattern matches; `None` where a variable in it has no value."""
    resource = asked["resource"]
    if pattern == "*":
        return True
    if pattern == "arn:aws:s3:::*" and resource == "*":
        return asked["action"].lower() == "s3:listallmybuckets"
    tokens = resource_tokens(pattern, version, asked["context"])
    if tokens is None:
        return None
    colons = sum(token == ("is", ":") for token in tokens)
    forms = [tokens]
    if colons < 5 and fills(pattern, kind):
        forms.append(tokens + [("is", ":"), ("any", "")] * (5 - colons))
    return resource != "*" and any(fits(form, resource) for form in forms)


def fills(pattern, kind):
    if kind in {"identity", "session", "boundary", ""}:
        return True
    return kind in {"resource", "endpoint"} and ("*" in pattern or "?" in pattern)


def resource_tokens(pattern, version, context):
    """A pattern as tokens; `None` where a variable in it has no value."""
    tokens, segment = [], 0
    cut = pieces(pattern, version)
    for number, piece in enumerate(cut, 1):
        if segment == 5:
            text = filled(piece, context) if is_variable(piece, version) else wild(piece)
            if text is None:
                return None
            tokens += text
        elif is_variable(piece, version):
            tokens += literal(piece)
        else:
            head, segment = in_segments(piece, segment, final=number == len(cut))
            tokens += head
    return tokens


def in_segments(piece, segment, *, final):
    tokens = []
    for at, char in enumerate(piece):
        if segment == 5:
            return tokens + wild(piece[at:]), segment
        after = piece[at + 1 : at + 2]
        last = final and not after
        tokens.append(head_token(char, segment, last=last, ends=last or after == ":"))
        segment += char == ":"
    return tokens, segment


def pieces(text, version):
    """Text cut at its variables."""
    cut = re.split(r"(\$\{[^}]*\})", text) if version == "2012-10-17" else [text]
    return [piece for piece in cut if piece]


def is_variable(piece, version):
    return version == "2012-10-17" and piece.startswith("${") and piece.endswith("}")


def head_token(char, segment, *, last, ends):
    """Before the fifth colon: the service is text, a star at a segment's end may run on."""
    if char == "*" and (last or (ends and segment != 2)):
        return ("any", "")
    if segment == 2 or char not in "*?":
        return ("is", char)
    return ("inside", "") if char == "*" else ("one inside", "")


def filled(piece, context):
    """A variable's value or an escape's character as plain text; `None` where there is none."""
    body = piece[2:-1]
    if body in {"*", "?", "$"}:
        return literal(body)
    form = re.fullmatch(r"(.*?), '(.*)'", body, re.DOTALL)
    value = context.get((form[1] if form else body).lower())
    if value is None and form:
        value = form[2]
    return literal(value) if isinstance(value, str) else None


def wild(text):
    kinds = {"*": ("any", ""), "?": ("one", "")}
    return [kinds.get(unit, ("is", unit)) for unit in utf16(text)]


def literal(text):
    return [("is", unit) for unit in utf16(text)]


def utf16(text):
    raw = text.encode("utf-16-le", "surrogatepass")
    return [raw[at : at + 2].decode("utf-16-le", "surrogatepass") for at in range(0, len(raw), 2)]


def fits(tokens, text):
    """Follow every position the tokens read so far may have reached."""
    units = utf16(text)
    places = {0}
    for kind, unit in tokens:
        reached = set()
        for place in places:
            at = place
            if kind in {"any", "inside"}:
                reached.add(at)
                while at < len(units) and (kind == "any" or units[at] != ":"):
                    at += 1
                    reached.add(at)
            elif at < len(units) and takes(kind, unit, units[at]):
                reached.add(at + 1)
        places = reached
    return len(units) in places


def takes(kind, unit, char):
    return char == unit if kind == "is" else kind == "one" or char != ":"


# --- when


def holds(context, operator, key, values, version, *, deny):
    """One operator and key, as it counts in a statement of this effect."""
    name, value = operator.lower(), context.get(key.lower())
    sets, name = name.split(":") if ":" in name else ("", name)
    if name == "null" and not sets:
        return (value in (None, (), [])) in {one.lower() == "true" for one in map(text_of, values)}
    if_exists, name = name.endswith("ifexists"), name.removesuffix("ifexists")
    negated = NEGATIONS.get(name)
    compare = COMPARE.get(negated or name)
    if compare is None or sets not in {"", "forallvalues", "foranyvalue"} or (name == "null"):
        return deny
    tokens = [operand(name, text_of(one), version, context) for one in values]

    def passes(one):
        found = among(compare, one, tokens)
        if found == "unsure":
            raise Unsure
        return False if found is None else found is not bool(negated)

    try:
        return judged(value, sets, passes, missing=if_exists or bool(negated))
    except Unsure:
        return deny


class Unsure(Exception):  # noqa: N818 - a verdict
    """The policy's own ARN is none."""


def judged(value, sets, passes, *, missing):
    if sets:
        each = [value] if isinstance(value, str) else list(value or ())
        hits = (passes(one) for one in each)
        return all(hits) if sets == "forallvalues" else any(hits)
    if value is None or (not isinstance(value, str) and not value):
        return missing
    return passes(value) if isinstance(value, str) else False


def text_of(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


VARIED = ("string", "arn", "bool")
WILD = ("stringlike", "stringnotlike", "arn")


def operand(name, text, version, context):
    """A policy value as tokens, or as text; `None` where a variable in it has no value."""
    if not name.startswith(VARIED):
        version = "2008-10-17"
    tokens = []
    for piece in pieces(text, version):
        found = wild(piece) if name.startswith(WILD) else literal(piece)
        if is_variable(piece, version):
            found = filled(piece, context)
        if found is None:
            return None
        tokens += found
    return tokens if name.startswith(WILD) else joined(unit for _, unit in tokens)


def joined(units):
    raw = b"".join(unit.encode("utf-16-le", "surrogatepass") for unit in units)
    return raw.decode("utf-16-le", "surrogatepass")


def among(compare, value, wanted):
    """True, False, or what a comparison says that cannot be made; the first answer ends it."""
    if compare is arn_like and not value.startswith("arn:"):
        return None
    for one in wanted:
        found = False if one is None else compare(value, one)
        if found is not False:
            return found
    return False


def number(text):
    plain = re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?", text)
    return Decimal(text) if plain else None


def date(text):
    """Milliseconds since 1970 of epoch seconds, a year, a day, or a full instant."""
    if re.fullmatch(r"[+-]?[0-9]+", text) and len(text) != 4:
        return int(text) * 1000
    try:
        found = datetime.fromisoformat(f"{text}-01-01" if len(text) == 4 else text)
    except ValueError:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return (found - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def ordered(read, test):
    def compare(value, wanted):
        left, right = read(value), read(wanted)
        return left is not None and right is not None and test(left, right)

    return compare


def ip(value, wanted):
    """Whether the address is in the network; `None` where the request's is no address."""
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return None
    address = getattr(address, "ipv4_mapped", None) or address
    try:
        network = ipaddress.ip_network(wanted, strict=":" in wanted)
    except ValueError:
        return False
    return address.version == network.version and address in network


def arn_like(value, tokens):
    if tokens == [("any", "")]:
        return True
    rows = [[]]
    for token in tokens:
        if token == ("is", ":") and len(rows) < 6:
            rows.append([])
        else:
            rows[-1].append(token)
    is_arn = fits(rows[0], "arn") and (len(rows) > 1 or len(rows[0]) > 3)
    if not is_arn and all(kind == "is" for kind, _ in rows[0]):
        return "unsure"
    fields = value.split(":", 5)
    if len(fields) < 6 or len(rows) < 6:
        return False
    return all(fits(row, field) for row, field in zip(rows, fields, strict=True))


def binary(value, wanted):
    try:
        return base64.b64encode(base64.b64decode(wanted, validate=True)).decode() == value
    except ValueError:
        return False


COMPARE = {
    "stringequals": lambda value, wanted: value == wanted,
    "stringequalsignorecase": lambda value, wanted: value.lower() == wanted.lower(),
    "stringlike": lambda value, tokens: fits(tokens, value),
    "arnlike": arn_like,
    "arnequals": arn_like,
    "bool": lambda value, wanted: (value.lower() == "true") is (wanted.lower() == "true"),
    "ipaddress": ip,
    "binaryequals": binary,
}
for _type, _read in (("numeric", number), ("date", date)):
    COMPARE[f"{_type}equals"] = ordered(_read, lambda left, right: left == right)
    COMPARE[f"{_type}lessthan"] = ordered(_read, lambda left, right: left < right)
    COMPARE[f"{_type}lessthanequals"] = ordered(_read, lambda left, right: left <= right)
    COMPARE[f"{_type}greaterthan"] = ordered(_read, lambda left, right: left > right)
    COMPARE[f"{_type}greaterthanequals"] = ordered(_read, lambda left, right: left >= right)

NEGATIONS = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
    "notipaddress": "ipaddress",
    "arnnotlike": "arnlike",
    "arnnotequals": "arnequals",
}
