# What a team keeps of IAM in Terraform.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

provider "aws" {}

variable "team" {
  type    = string
  default = "blue"
}

variable "leaving" {
  type    = bool
  default = false
}

data "aws_caller_identity" "me" {}

data "aws_iam_policy_document" "reading" {
  statement {
    actions   = ["iam:List*", "iam:Get*"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "people" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = [aws_iam_user.ann.arn]
    }
    condition {
      test     = "NumericLessThan"
      variable = "aws:MultiFactorAuthAge"
      values   = ["3600"]
    }
  }
}

resource "aws_iam_account_alias" "name" {
  account_alias = "doorward-terraform"
}

resource "aws_iam_user" "ann" {
  name = "ann"
  path = "/people/"
  tags = { team = var.team }
}

resource "aws_iam_user" "bob" {
  name                 = "bob"
  permissions_boundary = aws_iam_policy.reading.arn
  force_destroy        = var.leaving
}

resource "aws_iam_access_key" "ann" {
  user = aws_iam_user.ann.name
}

resource "aws_iam_group" "developers" {
  name = "Developers"
}

resource "aws_iam_group_membership" "developers" {
  name  = "developers"
  group = aws_iam_group.developers.name
  users = [aws_iam_user.ann.name]
}

resource "aws_iam_group" "readers" {
  name = "Readers"
  path = "/people/"
}

resource "aws_iam_user_group_membership" "bob" {
  user   = aws_iam_user.bob.name
  groups = [aws_iam_group.readers.name]
}

resource "aws_iam_policy" "reading" {
  name        = "ReadPeople"
  description = "Lists what the account holds."
  policy      = data.aws_iam_policy_document.reading.json
  tags        = { team = var.team }
}

resource "aws_iam_group_policy_attachment" "developers" {
  group      = aws_iam_group.developers.name
  policy_arn = aws_iam_policy.reading.arn
}

resource "aws_iam_group_policy" "own" {
  name   = "own"
  group  = aws_iam_group.developers.name
  policy = data.aws_iam_policy_document.reading.json
}

resource "aws_iam_user_policy_attachment" "bob" {
  user       = aws_iam_user.bob.name
  policy_arn = "arn:aws:iam::aws:policy/IAMUserChangePassword"
}

resource "aws_iam_user_policy" "own" {
  name   = "own"
  user   = aws_iam_user.bob.name
  policy = data.aws_iam_policy_document.reading.json
}

resource "aws_iam_role" "machine" {
  name                 = "MyEC2Role"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = 7200
  tags                 = { team = var.team }
}

resource "aws_iam_role" "people" {
  name               = "Reader"
  description        = "Assumed by people, ${var.team}"
  assume_role_policy = data.aws_iam_policy_document.people.json
}

resource "aws_iam_role_policy_attachment" "machine" {
  role       = aws_iam_role.machine.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
}

resource "aws_iam_role_policy" "own" {
  name   = "own"
  role   = aws_iam_role.people.name
  policy = data.aws_iam_policy_document.reading.json
}

resource "aws_iam_instance_profile" "machine" {
  name = "machine"
  role = aws_iam_role.machine.name
  tags = { team = var.team }
}

resource "aws_iam_openid_connect_provider" "ci" {
  url             = "https://token.actions.githubusercontent.com"
  client_id_list  = ["sts.amazonaws.com"]
  thumbprint_list = ["6938fd4d98bab03faadb97b34396831e3780aea1"]
}

output "account" {
  value = data.aws_caller_identity.me.account_id
}
