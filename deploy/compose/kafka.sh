#!/bin/bash
# Starts the node; the first time, its folder is formatted with the administrator in it.
set -euo pipefail
password=$(cat /run/secrets/kafka-admin)
/opt/kafka/bin/kafka-storage.sh format --ignore-formatted --cluster-id wijkspoorTryingKafka01 \
    --config /etc/wijkspoor/kafka.properties --add-scram "SCRAM-SHA-512=[name=admin,password=$password]"
exec /opt/kafka/bin/kafka-server-start.sh /etc/wijkspoor/kafka.properties
