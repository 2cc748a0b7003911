"""Sends log records as GELF with graypy; what to send is one JSON object on standard input."""

import json
import logging
import sys

import graypy

order = json.load(sys.stdin)
handlers = {
    "udp": lambda: graypy.GELFUDPHandler("127.0.0.1", order["port"]),
    "tcp": lambda: graypy.GELFTCPHandler("127.0.0.1", order["port"]),
}
logger = logging.getLogger("shop")
logger.setLevel(logging.DEBUG)
logger.addHandler(handlers[order["transport"]]())
for message in order["messages"]:
    logger.error(message, extra={"order_id": 42})
logging.shutdown()
