"""Whether the program beside it answers: exit 0 if `/livez` does, 1 if not. For images without a shell."""

from __future__ import annotations

import sys
from http.client import HTTPConnection, HTTPException

PATIENCE_SECONDS = 3.0


def alive(port: int) -> bool:
    """Whether /livez on this port says 200."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if alive(int(sys.argv[1])) else 1)
