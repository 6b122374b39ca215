"""A data directory with a small account, for questions about access."""

from doorward.app.bootstrap import first_start
from doorward.app.house import utc_now
from doorward.app.seed import read_seed
from doorward.store.key_sources import key_source
from doorward.store.rotation import open_sealer
from doorward.store.sqlite import SqliteStore

ACCOUNT = "111122223333"
SEED = """
account: {id: "111122223333"}
users:
- name: ann
  path: /team/
  groups: [Readers]
  inline:
    Letters:
      Version: 2012-10-17
      Statement:
      - {Sid: Own, Effect: Allow, Action: "s3:*", Resource: "arn:aws:s3:::letters/*",
         Condition: {Bool: {"aws:MultiFactorAuthPresent": "true"}}}
- name: bob
groups:
- name: Readers
  policies: ["arn:aws:iam::aws:policy/IAMReadOnlyAccess"]
  inline:
    NoRoles:
      Version: 2012-10-17
      Statement: {Sid: NotRoles, Effect: Deny, Action: "iam:*Role*", Resource: "*"}
roles:
- name: reader
  path: /svc/
  trust:
    Version: 2012-10-17
    Statement: {Effect: Allow, Principal: {AWS: "111122223333"}, Action: sts:AssumeRole}
accounts: [{account: {id: "444455556666"}, users: [{name: carl}]}]
"""


def filled(directory):
    """The directory after its first start; no server has it open."""
    store = SqliteStore(directory)
    first_start(store, open_sealer(store, key_source(directory)), read_seed(SEED), None, utc_now())
    store.close()
    return directory
