"""A PDF of ours under a password: AES-256 as PDF 2.0 has it (ISO 32000-2, 7.6), the same password to open and to own.

Everything random comes from the file's key, which is drawn anew for each file and never used twice. Whoever has the
password can find the key, protect the paper that was issued under it once more, and must get the same bytes: so a
protected file can be held against what was issued to the byte, without trusting anything that stands in it.
"""

import hashlib
import hmac
import re
import secrets
import struct
import unicodedata
from itertools import count

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB
from cryptography.hazmat.primitives.padding import PKCS7

_ALL_ALLOWED = -4
_NO_START = bytes(16)
_XREF = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_TOKEN = re.compile(
    rb"(?P<stream>stream\r?\n)|(?P<text>\((?:[^()\\]|\\.)*\))|(?P<hex><[0-9A-Fa-f\s]*>(?!>))"
    rb"|%[^\r\n]*|<<|>>|/Length (?P<length>\d+)(?!\d| \d+ R)|/[^\s/()<>\[\]%]*|[^\s/()<>\[\]%]+|\s+|[\[\]]",
    re.DOTALL,
)
_ESCAPED = re.compile(rb"\\(?:([0-7]{1,3})|\r?\n|(.))", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_KEPT = re.compile(rb"/(U|UE) <([0-9A-F]{96}|[0-9A-F]{64})>")


def protected(content: bytes, password: str) -> bytes:
    """The PDF under a password. `content` is a file of our own writers. Another key, other bytes, every time."""
    return _under(content, _prepared(password), secrets.token_bytes(32))


def opens(shown: bytes, password: str) -> bool:
    """Whether a file protected here has this password."""
    return _key(shown, _prepared(password)) is not None


def same_under(shown: bytes, password: str, content: bytes) -> bool:
    """Whether a protected file is `content` under the password, to the byte."""
    prepared = _prepared(password)
    key = _key(shown, prepared)
    return key is not None and _under(content, prepared, key) == shown


def _prepared(password: str) -> bytes:
    return unicodedata.normalize("NFKC", password).encode()[:127]


def _key(shown: bytes, password: bytes) -> bytes | None:
    """The file's key, if the password opens it."""
    kept = {name: bytes.fromhex(value.decode()) for name, value in _KEPT.findall(shown[-4096:])}
    user, wrapped = kept.get(b"U", b""), kept.get(b"UE", b"")
    if len(user) != 48 or len(wrapped) != 32:
        return None
    if not hmac.compare_digest(_hardened(password, user[32:40]), user[:32]):
        return None
    opener = Cipher(AES(_hardened(password, user[40:48])), CBC(_NO_START)).decryptor()
    return opener.update(wrapped)


def _under(content: bytes, password: bytes, key: bytes) -> bytes:
    table = _XREF.search(content)
    if table is None:
        raise ValueError("not a PDF of ours: no table of objects at its end")
    begins = int(table[1])
    offsets = [int(line[:10]) for line in content[begins:].split(b"\n") if line.rstrip().endswith(b" n")]
    out, at = bytearray(b"%PDF-2.0" + content[8 : offsets[0]]), {}
    for first, last in zip(offsets, [*offsets[1:], begins], strict=True):
        number = int(content[first : first + 12].split()[0])
        at[number] = len(out)
        out += _object(content[first:last], number, key)
    number = max(at) + 1
    at[number] = len(out)
    out += b"%d 0 obj\n%s\nendobj\n" % (number, _dictionary(password, key))
    return bytes(out + _table(at, len(out), content[begins : table.start()]))


def _object(body: bytes, number: int, key: bytes) -> bytes:
    """One object with its strings and its stream encrypted; all else as it is."""
    out, start, length, order = bytearray(), 0, 0, count()
    while start < len(body):
        token = _TOKEN.match(body, start)
        if token is None:
            raise ValueError(f"not a PDF of ours: object {number}")
        start, kind = token.end(), token.lastgroup
        if kind == "length":
            length = int(token["length"])
            out += b"/Length %d" % (16 + length - length % 16 + 16)
        elif kind == "stream":
            out += token[0] + _sealed(body[start : start + length], key, number, next(order))
            start += length
        elif kind in ("text", "hex"):
            plain = _unescaped(token[0]) if kind == "text" else bytes.fromhex(token[0][1:-1].decode())
            out += b"<%s>" % _sealed(plain, key, number, next(order)).hex().upper().encode()
        else:
            out += token[0]
    return bytes(out)


def _unescaped(written: bytes) -> bytes:
    def plain(found: re.Match[bytes]) -> bytes:
        if found[1] is not None:
            return bytes([int(found[1], 8) & 255])
        return b"" if found[2] is None else _ESCAPES.get(found[2], found[2])

    return _ESCAPED.sub(plain, written[1:-1])


def _drawn(key: bytes, what: bytes, size: int) -> bytes:
    """What has to look random, from the key alone."""
    return hmac.new(key, what, hashlib.sha256).digest()[:size]


def _sealed(plain: bytes, key: bytes, number: int, order: int) -> bytes:
    start = _drawn(key, b"object %d, %d" % (number, order), 16)
    padder, sealer = PKCS7(128).padder(), Cipher(AES(key), CBC(start)).encryptor()
    return start + sealer.update(padder.update(plain) + padder.finalize())


def _dictionary(password: bytes, key: bytes) -> bytes:
    """What a reader needs to open the file with the password (7.6.4.4)."""
    salts = _drawn(key, b"user", 16)
    user = _hardened(password, salts[:8]) + salts
    wrapped = _wrapped(_hardened(password, salts[8:]), key)
    salts = _drawn(key, b"owner", 16)
    owner = _hardened(password, salts[:8], user) + salts
    owned = _wrapped(_hardened(password, salts[8:], user), key)
    said = struct.pack("<i", _ALL_ALLOWED) + b"\xff\xff\xff\xffTadb" + _drawn(key, b"permissions", 4)
    allowed = Cipher(AES(key), ECB()).encryptor().update(said)  # noqa: S305 - one block, as the format asks
    values = {b"O": owner, b"OE": owned, b"U": user, b"UE": wrapped, b"Perms": allowed}
    return (
        b"<< /Filter /Standard /V 5 /R 6 /Length 256 /P %d /EncryptMetadata true /StmF /StdCF /StrF /StdCF"
        b" /CF << /StdCF << /CFM /AESV3 /AuthEvent /DocOpen /Length 32 >> >> %s >>"
        % (
            _ALL_ALLOWED,
            b" ".join(b"/%s <%s>" % (name, value.hex().upper().encode()) for name, value in values.items()),
        )
    )


def _wrapped(by: bytes, key: bytes) -> bytes:
    return Cipher(AES(by), CBC(_NO_START)).encryptor().update(key)


def _hardened(password: bytes, salt: bytes, user: bytes = b"") -> bytes:
    """Algorithm 2.B of the format: what makes guessing passwords slow."""
    k = hashlib.sha256(password + salt + user).digest()
    for turn in count(1):
        e = Cipher(AES(k[:16]), CBC(k[16:32])).encryptor().update((password + k + user) * 64)
        k = (hashlib.sha256, hashlib.sha384, hashlib.sha512)[sum(e[:16]) % 3](e).digest()
        if turn >= 64 and e[-1] <= turn - 32:
            break
    return k[:32]


def _table(at: dict[int, int], begins: int, old: bytes) -> bytes:
    """The table of objects and the trailer, which names the dictionary above; its own strings stay as they are."""
    lines = [b"%010d 00000 n \n" % at[number] for number in sorted(at)]
    size = len(lines) + 1
    trailer = old[old.index(b"trailer") :].rstrip()
    trailer = re.sub(rb"/Size \d+", b"/Size %d /Encrypt %d 0 R" % (size, size - 1), trailer, count=1)
    return b"xref\n0 %d\n0000000000 65535 f \n%s%s\nstartxref\n%d\n%%%%EOF\n" % (size, b"".join(lines), trailer, begins)
