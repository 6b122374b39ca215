"""Condition operators and the blocks made of them."""

# The operator modules enter their comparisons into the table when they are imported.
from doorward.policy.conditions import (
    arns,
    binary,
    bool_null,
    dates,
    ips,
    numeric,
    strings,
)
from doorward.policy.conditions.block import compile_condition, named
from doorward.policy.conditions.table import OPERATORS

__all__ = [
    "OPERATORS",
    "arns",
    "binary",
    "bool_null",
    "compile_condition",
    "dates",
    "ips",
    "named",
    "numeric",
    "strings",
]
