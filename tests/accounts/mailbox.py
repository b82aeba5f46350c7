"""A mail server on the loopback that keeps what it is sent."""

import email.policy
import socket
from email.message import EmailMessage
from email.parser import BytesParser
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller


class Mailbox:
    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"smtp://127.0.0.1:{port}"
        self._server = Controller(self, hostname="127.0.0.1", port=port)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        parser = BytesParser(policy=email.policy.default)
        self.messages.append(parser.parsebytes(envelope.content))  # type: ignore[arg-type]
        return "250 taken"

    def __enter__(self) -> "Mailbox":
        self._server.start()
        return self

    def __exit__(self, _kind: type | None, _error: Exception | None, _trace: TracebackType | None) -> None:
        self._server.stop(no_assert=True)
