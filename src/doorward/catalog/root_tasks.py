"""What only the root user may do, and what is said to be root's alone and is not.

Data, with the page each row was read on: AWS shortens this list every year.
"""

from dataclasses import dataclass

_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html"
_CLOSING = "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-closing.html"
_SUPPORT = "https://docs.aws.amazon.com/awssupport/latest/user/security-support-plans.html"
_ORGANIZATIONS = (
    "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html"
)
_CONTROL_TOWER = (
    "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscontroltower.html"
)
_TAX = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awstaxsettings.html"
_READ = "2026-11"


@dataclass(frozen=True, slots=True)
class RootTask:
    """A task of the root user.

    Attributes:
        task: What is done.
        actions: The IAM actions that are this task and nothing else, where AWS has any.
        besides: Who may do it besides root, in AWS's own words for them; empty: nobody.
        source: The page that says so.
        read: Year and month the page was read in.
    """

    task: str
    actions: tuple[str, ...]
    besides: str
    source: str = _GUIDE
    read: str = _READ


@dataclass(frozen=True, slots=True)
class SaidToBeRoots:
    """A task that older lists give to root alone.

    Attributes:
        task: What is done.
        actions: What a user or role must be allowed to do it.
    """

    task: str
    actions: tuple[str, ...]
    source: str
    read: str = _READ


ROOT_TASKS = (
    RootTask("Change root's e-mail address, password or MFA devices", (), ""),
    RootTask("Make, deactivate or delete root's access keys", (), ""),
    RootTask(
        "Close the account",
        ("account:CloseAccount",),
        "the organization's management account, for its members: organizations:CloseAccount",
        _CLOSING,
    ),
    RootTask("Give an administrator back the permissions it took from itself", (), ""),
    RootTask(
        "Open the billing pages to IAM users and roles", ("billing:UpdateIAMAccessPreference",), ""
    ),
    RootTask("View certain tax invoices", (), ""),
    RootTask("Register as a seller in the Reserved Instance Marketplace", (), ""),
    RootTask("Sign up for AWS GovCloud (US), and ask for its root access keys", (), ""),
    RootTask("Switch MFA delete on for an S3 bucket", (), ""),
    RootTask(
        "Edit or delete the policy of an S3 bucket that denies everybody",
        (),
        "the organization's management account: sts:AssumeRoot with S3UnlockBucketPolicy",
    ),
    RootTask(
        "Edit or delete the policy of an SQS queue that denies everybody",
        (),
        "the organization's management account: sts:AssumeRoot with SQSUnlockQueuePolicy",
    ),
    RootTask("Ask AWS Support to recover a KMS key that nobody can manage", (), ""),
)

SAID_TO_BE_ROOTS = (
    SaidToBeRoots("Change the support plan", ("supportplans:StartSupportPlanUpdate",), _SUPPORT),
    SaidToBeRoots("Change tax settings", ("tax:PutTaxRegistration",), _TAX),
    SaidToBeRoots(
        "Make or delete an organization",
        ("organizations:CreateOrganization", "organizations:DeleteOrganization"),
        _ORGANIZATIONS,
    ),
    SaidToBeRoots(
        "Set Control Tower up or take it down",
        ("controltower:CreateLandingZone", "controltower:DeleteLandingZone"),
        _CONTROL_TOWER,
    ),
)
