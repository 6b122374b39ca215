# Mail whenever the root user does anything: the stock AWS provider, pointed at Doorward with
# AWS_ENDPOINT_URL and the keys `doorward env` prints.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {}

variable "email" {
  type        = string
  description = "Who is told; the address must confirm the subscription once."
}

# On AWS this is the log group your trail delivers to; in Doorward it is always there.
variable "log_group" {
  type    = string
  default = "doorward/trail"
}

resource "aws_cloudwatch_log_metric_filter" "root" {
  name           = "RootActivity"
  log_group_name = var.log_group
  pattern        = "{ $.userIdentity.type = \"Root\" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != \"AwsServiceEvent\" }"

  metric_transformation {
    name      = "RootActivity"
    namespace = "Security"
    value     = "1"
  }
}

resource "aws_sns_topic" "security" {
  name = "security"
}

resource "aws_sns_topic_subscription" "email" {
  topic_arn = aws_sns_topic.security.arn
  protocol  = "email"
  endpoint  = var.email
}

resource "aws_cloudwatch_metric_alarm" "root" {
  alarm_name          = "RootActivity"
  alarm_description   = "The root user did something"
  namespace           = aws_cloudwatch_log_metric_filter.root.metric_transformation[0].namespace
  metric_name         = aws_cloudwatch_log_metric_filter.root.metric_transformation[0].name
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.security.arn]
}

output "topic" {
  value = aws_sns_topic.security.arn
}
