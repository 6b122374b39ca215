"""Doorward: AWS IAM, self-hosted, and the auditor for the AWS accounts you already have."""

__version__ = "0.1.0"
