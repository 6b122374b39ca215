"""AWS CloudTrail, version 2013-11-01."""
