"""Who is calling: proofs in, a `Caller` out."""
