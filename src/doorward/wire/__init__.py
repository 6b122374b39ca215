"""HTTP to parameters and results to HTTP, as botocore's models say."""
