"""What AWS refuses, or what can never work as it is written."""
