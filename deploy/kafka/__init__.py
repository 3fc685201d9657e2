"""Kafka on this machine, and the topics' set-up."""
