"""A passkey in software: makes the answers a telephone would make, so that the server's checking is the real one."""

import hashlib
import json
import secrets
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Authenticator:
    """Holds one key of one site. Attestation is "none", the algorithm ES256."""

    def __init__(self, origin: str = "http://127.0.0.1:8000") -> None:
        self.origin = origin
        self.flags = PRESENT | VERIFIED
        self.count = 0
        self.id = secrets.token_bytes(32)
        self.handle = b""
        self._key = ec.generate_private_key(ec.SECP256R1())

    def create(self, question: str) -> str:
        """Answers navigator.credentials.create()."""
        options = json.loads(question)
        self.handle = base64url_to_bytes(options["user"]["id"])
        point = self._key.public_key().public_numbers()
        public = encode_cbor(
            {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        )
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        data = self._data(options["rp"]["id"], ATTESTED) + attested
        response = {
            "clientDataJSON": self._client_data("webauthn.create", options["challenge"]),
            "attestationObject": encode_cbor({"fmt": "none", "attStmt": {}, "authData": data}),
        }
        return self._answer(response, {"transports": ["internal"]})

    def get(self, question: str) -> str:
        """Answers navigator.credentials.get(): signs the challenge, and counts."""
        options = json.loads(question)
        self.count += 1
        data = self._data(options["rpId"])
        client = self._client_data("webauthn.get", options["challenge"])
        signed = data + hashlib.sha256(client).digest()
        response = {
            "clientDataJSON": client,
            "authenticatorData": data,
            "signature": self._key.sign(signed, ec.ECDSA(hashes.SHA256())),
            "userHandle": self.handle,
        }
        return self._answer(response, {})

    def _data(self, site: str, more: int = 0) -> bytes:
        return hashlib.sha256(site.encode()).digest() + struct.pack(">BI", self.flags | more, self.count)

    def _client_data(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _answer(self, response: dict[str, bytes], more: dict[str, object]) -> str:
        given = {name: bytes_to_base64url(value) for name, value in response.items()}
        name = bytes_to_base64url(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": given | more})
