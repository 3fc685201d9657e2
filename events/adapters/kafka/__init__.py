"""The log's full publication on Kafka: the topics, who may do what, and the clients' way in."""
