"""Trails delivered: files of records and their digests, into folders or an S3-compatible server."""
