"""What a record of a call leaves out, wherever it stands.

Members the service's own model marks as sensitive are left out besides; these are the ones it
does not mark. CloudTrail keeps session tokens; Doorward does not, because a log is read by many.
`Endpoint` and `Token` are those of SNS: a webhook's address is all that guards it.
"""

SECRETS = frozenset(
    {
        "AuthenticationCode",
        "AuthenticationCode1",
        "AuthenticationCode2",
        "Base32StringSeed",
        "DecodedMessage",
        "Endpoint",
        "NewPassword",
        "OldPassword",
        "Password",
        "PrivateKey",
        "QRCodePNG",
        "SAMLAssertion",
        "SecretAccessKey",
        "ServiceCredentialSecret",
        "ServicePassword",
        "SessionToken",
        "Token",
        "TokenCode",
        "TradeInToken",
        "WebIdentityToken",
        "logEvents",
    }
)
# AWS: CloudTrail hides what SNS is given to tell (its guide, "Logging ... using AWS CloudTrail").
TOLD = frozenset({"Message", "MessageAttributes", "Subject", "logEventMessages"})
"""Parameters that are people's words, not about the call; a result may have members so named."""
