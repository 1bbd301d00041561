"""Makes the archive vectors independently of this project's code: Python 3, cbor2 5.6.5, cryptography 50.0.2; pycose 1.1.0 reads them back.

    pip install cbor2==5.6.5 cryptography==50.0.2 pycose==1.1.0 && python make_vectors.py > vectors.json

The secret key is that of RFC 8032, section 7.1, test 1. It is public: never trust it.
"""
import hashlib
import json

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pycose.keys import OKPKey
from pycose.messages import Sign1Message

KEY = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PURPOSE = b"metersmith device type 1"
PUBLIC = Ed25519PrivateKey.from_private_bytes(KEY).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def cbor(value):
    return cbor2.dumps(value, canonical=True)


def ordered(value):
    """RFC 8949, 4.2.1: keys in the order of their encodings' octets (cbor2's own order is that of RFC 7049: the shorter one first)."""
    if isinstance(value, dict):
        return {key: ordered(value[key]) for key in sorted(value, key=lambda key: cbor2.dumps(key))}
    return [ordered(one) for one in value] if isinstance(value, list) else value


def sign1(contents, purpose=PURPOSE, algorithm=-8, unprotected=None):
    protected = cbor({1: algorithm, 4: hashlib.sha256(PUBLIC).digest()[:8]})
    message = cbor(["Signature1", protected, purpose, contents])
    signature = Ed25519PrivateKey.from_private_bytes(KEY).sign(message)
    return cbor2.dumps(cbor2.CBORTag(18, [protected, unprotected or {}, contents, signature]))


def check_with_pycose(signed):
    message = Sign1Message.decode(signed)
    message.external_aad = PURPOSE
    message.key = OKPKey(crv="ED25519", x=PUBLIC)
    assert message.verify_signature()


# No device type: values that tell encoders apart.
FILES = {
    "manifest": {"format": "metersmith-device-type-1", "id": "a-1", "b": [], "aa": {}, "": None, "é": "ü😀", "~": True},
    "limits": {"numbers": [0, 23, 24, 255, 256, 65535, 65536, 4294967295, 4294967296, 9007199254740991, -1, -24, -25, -9007199254740991]},
    "defaults": {"deep": [[[{"a": [{"b": False}]}]]]},
}

contents = cbor2.dumps(ordered(FILES))
archive = sign1(contents)
check_with_pycose(archive)

print(json.dumps({
    "publicKey": PUBLIC.hex(),
    "files": FILES,
    "contents": contents.hex(),
    "archive": archive.hex(),
    "digest": hashlib.sha256(archive).hexdigest(),
    "refused": {
        "a signature for images": sign1(contents, purpose=b"metersmith image 1").hex(),
        "another algorithm (-19)": sign1(contents, algorithm=-19).hex(),
        "something in the unprotected header": sign1(contents, unprotected={4: b"12345678"}).hex(),
        "a file that is not known": sign1(cbor({"script": {}})).hex(),
        "a file under a number": sign1(cbor({1: {}})).hex(),
        "an array for the map": sign1(cbor([])).hex(),
        "a map whose keys are out of order": sign1(cbor2.dumps({"policy": {}, "limits": {}})).hex(),
        "a fraction": sign1(cbor2.dumps({"limits": {"a": 1.5}})).hex(),
        "octets": sign1(cbor2.dumps({"limits": {"a": b"1"}})).hex(),
        "an integer beyond 2^53": sign1(cbor2.dumps({"limits": {"a": 2**53 + 1}})).hex(),
        "a tag": sign1(cbor2.dumps({"limits": cbor2.CBORTag(0, "2026-01-01T00:00:00Z")})).hex(),
        "a key that is no text": sign1(cbor2.dumps({"limits": {1: 1}})).hex(),
        "nested too deep": sign1(bytes.fromhex("a1666c696d697473" + "81" * 40 + "80")).hex(),
    },
}, indent=2))
