"""The three families of errors that may cross a border: AWS's, a policy's, a proof's."""

from collections.abc import Mapping
from typing import Any, ClassVar


class AwsError(Exception):
    """What an AWS client sees: a code, a sentence, and members of the error's shape.

    Status and fault come from the service's model when the error is rendered; `status` is set
    only where the model does not know the code (authentication and protocol errors).
    """

    code: ClassVar[str] = "InternalFailure"
    status: ClassVar[int | None] = None

    def __init__(self, message: str, /, **members: Any) -> None:
        super().__init__(message)
        self.message = message
        self.members: Mapping[str, Any] = members


class PolicyError(Exception):
    """A document is not valid; says where and why.

    Attributes:
        path: Where in the document, as in `Statement[0].Condition.StringEquals`.
        line: From 1; 0 when the place is not known.
        column: From 1, in characters; 0 when the place is not known.
        reason: One clause without a full stop, as in `expected ',' before "Principal"`.
        fault: A stable word for the kind of fault, as in `no-action`; empty when it has none.
        value: The text at fault, as written; empty where it is no text.
    """

    def __init__(
        self,
        reason: str,
        *,
        path: str = "",
        line: int = 0,
        column: int = 0,
        fault: str = "",
        value: str = "",
    ) -> None:
        where = f"line {line}, column {column}: " if line else ""
        super().__init__(f"{where}{reason}")
        self.reason = reason
        self.path = path
        self.line = line
        self.column = column
        self.fault = fault
        self.value = value


class NotAuthentic(Exception):
    """A proof failed. The caller gets AWS's code and sentence; the reason goes to the trail.

    Attributes:
        code: The query protocol's code, as in `SignatureDoesNotMatch`.
        message: AWS's own sentence.
        reason: What really failed, for the trail only; never a secret.
        access_key_id: The key the caller claimed, where one was readable.
    """

    def __init__(
        self, code: str, message: str, *, reason: str = "", access_key_id: str | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.reason = reason or message
        self.access_key_id = access_key_id
