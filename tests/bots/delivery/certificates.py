"""Certificates with their keys, and a time-stamp server that gives right and wrong stamps."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from asn1crypto.keys import PrivateKeyInfo  # type: ignore[import-untyped]
from asn1crypto.tsp import TimeStampReq  # type: ignore[import-untyped]
from asn1crypto.x509 import Certificate as AsnCertificate  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from tests.world import NOW

PASSWORD = "a password with ü"
ORGANIZATION = "Neighbors of Elm Street"
VALID = dt.timedelta(days=30)


def certificate_of(
    name: str, *, purpose: x509.ObjectIdentifier | None = None
) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    """A key and a certificate for it, valid for thirty days around the tests' time."""
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(NOW - VALID).not_valid_after(NOW + VALID)
        .add_extension(usage, critical=True)
    )  # fmt: skip
    if purpose:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
    return key, builder.sign(key, hashes.SHA256())


def write_certificate(file: Path) -> Path:
    """Write a file as certificate authorities give it."""
    key, certificate = certificate_of(ORGANIZATION)
    sealed = serialization.BestAvailableEncryption(PASSWORD.encode())
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"key", key, certificate, None, sealed))
    return file


def _stamper() -> DummyTimeStamper:
    key, certificate = certificate_of("Time", purpose=ExtendedKeyUsageOID.TIME_STAMPING)
    der = serialization.Encoding.DER
    plain = key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    known = AsnCertificate.load(certificate.public_bytes(der))
    return DummyTimeStamper(known, PrivateKeyInfo.load(plain), fixed_dt=NOW)


@asynccontextmanager
async def time_stamp_server(answer: str) -> AsyncIterator[str]:
    """The address of a server that gives a "stamp", or some other answer."""
    stamper = _stamper()

    async def stamp(request: web.Request) -> web.Response:
        asked = TimeStampReq.load(await request.read())
        if answer == "another document":
            asked["message_imprint"]["hashed_message"] = b"\0" * 32
        if answer == "trouble":
            return web.Response(status=500, text="Internal Server Error")
        given = stamper.request_tsa_response(asked)
        if answer == "refusal":
            given = type(given)({"status": {"status": "rejection", "status_string": ["no"]}})
        body = b"<html>Sign in</html>" if answer == "a page" else given.dump()
        return web.Response(body=body, content_type="application/timestamp-reply")

    application = web.Application()
    application.router.add_post("/", stamp)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()
