"""Makes the image vectors independently of this project's code: Python 3, cbor2 5.6.5, cryptography 50.0.2; pycose 1.1.0 reads them back.

    pip install cbor2==5.6.5 cryptography==50.0.2 pycose==1.1.0 && python make_vectors.py

The secret keys are those of RFC 8032, section 7.1, tests 1 and 2. They are public: never trust them.
"""
import hashlib
import json

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pycose.keys import OKPKey
from pycose.messages import Sign1Message

KEY_1 = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
KEY_2 = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PURPOSE = b"metersmith image 1"


def sha(octets):
    return hashlib.sha256(octets).digest()


def cbor(value):
    return cbor2.dumps(value, canonical=True)


def public(secret):
    return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def sign1(secret, manifest, algorithm=-8, purpose=PURPOSE, extra=None, key_id=None):
    header = {1: algorithm, 4: key_id or sha(public(secret))[:8], **(extra or {})}
    protected = cbor(header)
    message = cbor(["Signature1", protected, purpose, manifest])
    signature = Ed25519PrivateKey.from_private_bytes(secret).sign(message)
    return cbor(cbor2.CBORTag(18, [protected, {}, manifest, signature]))


def check_with_pycose(secret, signed):
    message = Sign1Message.decode(signed)
    message.external_aad = PURPOSE
    message.key = OKPKey(crv="ED25519", x=public(secret))
    assert message.verify_signature()


def pages_of(payload, size):
    return [payload[at:at + size] for at in range(0, len(payload), size)]


def image(secret, fields, payload, page_size, reviewed=()):
    inventory = {1: b"".join(sha(page) for page in pages_of(payload, page_size))}
    if reviewed:
        inventory[2] = list(reviewed)
    inventory = cbor(inventory)
    manifest = cbor({**fields, 12: len(payload), 13: page_size, 14: sha(inventory)})
    signed = sign1(secret, manifest)
    check_with_pycose(secret, signed)
    return {"manifest": manifest, "signedManifest": signed, "inventory": inventory, "payload": payload, "image": cbor([signed, inventory, payload])}


# Table 6 as reviewed: 4 octets that count, 2 that do not, a half one.
TABLE_6 = bytes.fromhex("544f5541ffff5a")
MASK_RUNS = [4, 255, 2, 0, 1, 240]
MASKED = bytes.fromhex("544f55410000" "50")

program_steps = cbor([
    [1, 6, [2, 0, 4, 255], b"TOU2"],           # table 6: octets 2 to 5
    [1, 54, [3, 255, 1, 15, 60, 0], bytes.fromhex("01020304")],  # table 54, 64 octets: three whole, half of the fourth
    [2, 2048 + 3, bytes.fromhex("0a0b")],      # manufacturer procedure 3
])
program = image(KEY_1, {
    1: 1, 2: "rx-2s", 3: [256, 511], 4: [256, 259], 5: "TOU-2", 6: 7, 7: 12, 8: 1798761600, 9: 1806537600, 10: "utility-north",
}, program_steps, 64, [[6, MASK_RUNS, sha(MASKED)]])

module = bytes.fromhex("0061736d01000000") + bytes([0, 120]) + bytes([1, 0x78]) + bytes(range(118))
firmware = image(KEY_2, {
    1: 2, 2: "rx-2s", 3: [256, 256], 4: [256, 256], 5: "metrology", 6: 512, 7: 3, 9: 4294967295, 11: True,
}, module, 64)

refused = {
    "another algorithm (-19) in the protected header": sign1(KEY_1, program["manifest"], algorithm=-19),
    "a critical header parameter": sign1(KEY_1, program["manifest"], extra={2: [99], 99: 1}),
    "a signature for another purpose": sign1(KEY_1, program["manifest"], purpose=b""),
    "key 2 under the id of key 1": sign1(KEY_2, program["manifest"], key_id=sha(public(KEY_1))[:8]),
}

print(json.dumps({
    "publicKeys": [public(KEY_1).hex(), public(KEY_2).hex()],
    "program": {name: part.hex() for name, part in program.items()},
    "firmware": {name: part.hex() for name, part in firmware.items()},
    "refusedSignedManifests": {name: octets.hex() for name, octets in refused.items()},
}, indent=2))
