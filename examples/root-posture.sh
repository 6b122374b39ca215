#!/bin/sh
# How does the root user stand? Stock `aws` calls only, against AWS or a Doorward. They need
# iam:GetAccountSummary, iam:GenerateCredentialReport, iam:GetCredentialReport, cloudtrail:LookupEvents.
# Exit 0: well. 1: something is to be done. 2: it could not be told.
set -u

todo=0

stop() { echo "ERROR it could not be told: $1" >&2; exit 2; }

verdict() { # verdict WANTED FOUND WHAT
    if [ "$1" = "$2" ]; then echo "ok     $3"; else echo "TO DO  $3"; todo=1; fi
}

account=$(aws sts get-caller-identity --query Account --output text) || stop "the caller"
echo "Root of account $account"

summary=$(aws iam get-account-summary --output text --query \
    'SummaryMap.[AccountMFAEnabled, AccountAccessKeysPresent, AccountSigningCertificatesPresent]') ||
    stop "the account summary"
# shellcheck disable=SC2086 - three words
set -- $summary
verdict 1 "$1" "root has MFA"
verdict 0 "$2" "root has no access key"
verdict 0 "$3" "root has no signing certificate"

state=STARTED
while [ "$state" != COMPLETE ]; do
    state=$(aws iam generate-credential-report --query State --output text) || stop "the report"
    [ "$state" = COMPLETE ] || sleep 1
done
root=$(aws iam get-credential-report --query Content --output text | base64 -d |
    grep '^<root_account>,') || stop "the report's first row"
echo "       its password was last used $(echo "$root" | cut -d, -f5)"
echo "       its access key was last used $(echo "$root" | cut -d, -f11)"

calls=$(aws cloudtrail lookup-events --no-paginate --max-results 50 --output text \
    --lookup-attributes AttributeKey=Username,AttributeValue=root \
    --query 'length(Events[?ReadOnly==`"false"`])') || stop "the trail"
verdict 0 "$calls" "root has changed nothing in 90 days (calls seen: $calls, of 50 at most)"

exit $todo
