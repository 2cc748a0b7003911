"""Publishes as Cloudify's agents do: pika, their declarations, their properties. One JSON object a line on stdin."""

import json
import os
import sys

import pika

DECLARATIONS = {
    "cloudify-monitoring": dict(exchange_type="topic", durable=False, auto_delete=True),
    "cloudify-logs": dict(exchange_type="fanout", durable=True, auto_delete=False),
    "cloudify-events": dict(exchange_type="fanout", durable=True, auto_delete=False),
    "cloudify-events-topic": dict(exchange_type="topic", durable=True, auto_delete=False),
}

parameters = pika.ConnectionParameters(
    host="127.0.0.1",
    port=int(os.environ["AMQP_PORT"]),
    virtual_host=os.environ["AMQP_VHOST"],
    credentials=pika.PlainCredentials(os.environ["AMQP_USER"], os.environ["AMQP_PASSWORD"]),
)
connection = pika.BlockingConnection(parameters)
metrics = connection.channel()
confirmed = connection.channel()
confirmed.confirm_delivery()
for name, arguments in DECLARATIONS.items():
    confirmed.exchange_declare(exchange=name, **arguments)

for line in sys.stdin:
    message = json.loads(line)
    exchange, key, body = message["exchange"], message["key"], json.dumps(message["body"])
    if exchange == "cloudify-monitoring":
        metrics.basic_publish(exchange=exchange, routing_key=key, body=body)
    else:
        persistent = pika.BasicProperties(delivery_mode=2)
        confirmed.basic_publish(exchange=exchange, routing_key=key, body=body, properties=persistent)

# A refused publish closes its channel; this is where it would be seen.
metrics.exchange_declare(exchange="cloudify-monitoring", **DECLARATIONS["cloudify-monitoring"])
connection.close()
