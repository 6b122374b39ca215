"""Policies to simulate, and one simulated answer at a time."""

import json

A = "arn:aws:s3:::photos/a"
ANN = "arn:aws:iam::111122223333:user/team/ann"


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def statement(effect="Allow", action="s3:GetObject", resource="*", **more):
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


ALLOW, ALLOW_PUT = document(statement()), document(statement(action="s3:PutObject"))
DENY = document(statement("Deny"))


def entry(kind, *values, key="our:key"):
    return {"ContextKeyName": key, "ContextKeyType": kind, "ContextKeyValues": list(values)}


def result(house, policies=(), action="s3:GetObject", resources=(), **more):
    answer = house.iam.simulate_custom_policy(
        PolicyInputList=list(policies), ActionNames=[action], ResourceArns=list(resources), **more
    )
    (found,) = answer["EvaluationResults"]
    return found


def decision(house, *args, **more):
    return result(house, *args, **more)["EvalDecision"]


def asking(operator, value, key="our:key", effect="Allow"):
    return document(statement(effect, Condition={operator: {key: value}}))


def bucket(principal, effect="Allow", resource="arn:aws:s3:::photos/*"):
    return document(statement(effect, resource=resource, Principal={"AWS": principal}))


def matched(found):
    return sorted(one["SourcePolicyId"] for one in found["MatchedStatements"])


def of_user(house, arn, action="s3:GetObject", **more):
    answer = house.iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=[action], **more)
    (found,) = answer["EvaluationResults"]
    return found
