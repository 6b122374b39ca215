"""Alarms at work: follow the trail, count, judge, tell."""
