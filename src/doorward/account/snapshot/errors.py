"""What is wrong with a snapshot."""


class SnapshotError(Exception):
    """A page cannot be read, or the pages do not make up an account.

    Attributes:
        page: Counted from 1; 0 where no single page is at fault.
        path: Where on the page, as in `$.UserDetailList[3].Arn`; may be empty.
        reason: One clause without a full stop.
    """

    def __init__(self, reason: str, *, page: int = 0, path: str = "") -> None:
        where = f"page {page}{f', {path}' if path else ''}: " if page else ""
        super().__init__(f"{where}{reason}")
        self.reason = reason
        self.page = page
        self.path = path
