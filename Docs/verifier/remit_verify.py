#!/usr/bin/env python3
"""A second verifier for Remit: exported chains, snapshots and tails, checkpoints, proofs and receipts.

Written from Docs/format.md alone; section numbers in the comments are those of that page. It needs Python 3.8 and, for
speed, the package `cryptography`; without it the signatures are checked by the arithmetic below, which is slow.

    remit_verify.py chain claims.chain --key KEY [--genesis DIGEST]
    remit_verify.py chain claims.snapshot later.tail --key KEY [--checkpoint claims.checkpoint]
    remit_verify.py proof claim-17.receipt --key KEY [--witness KEY]...

Ends with 0 where all is well, 1 where something is wrong (the class of the first fault is printed), 2 for a command
line that is not right, 4 for a file that cannot be read.
"""

import argparse
import base64
import binascii
import hashlib
import os
import re
import sys

VERSION = 1
ZERO = bytes(32)


class Malformed(Exception):
    """Bytes that are not what they should be."""


class Fault(Exception):
    """The first thing that is wrong: its class, and for chains the block."""

    def __init__(self, name, height=None, detail=""):
        super().__init__(name)
        self.name = name
        self.height = height
        self.detail = detail

    def __str__(self):
        text = self.name if self.height is None else "%s %d" % (self.name, self.height)
        return text + (": " + self.detail if self.detail else "")


# ---------------------------------------------------------------------------------------------------------------------
# 1. Encoding

DEPTH = 64


class Tag:
    """A tagged item."""

    __slots__ = ("number", "content")

    def __init__(self, number, content):
        self.number = number
        self.content = content


def decode(data):
    """The one item that the bytes are."""
    item, end = decode_item(data, 0, 0)
    if end != len(data):
        raise Malformed("bytes after the item")
    return item


def decode_head(data, at):
    if at >= len(data):
        raise Malformed("truncated")
    initial = data[at]
    major, info = initial >> 5, initial & 31
    at += 1
    if info < 24:
        return major, info, at
    if info > 27 or major == 7:
        raise Malformed("an initial byte outside the profile")
    width = 1 << (info - 24)
    if len(data) - at < width:
        raise Malformed("truncated")
    number = int.from_bytes(data[at:at + width], "big")
    if number < (24 if width == 1 else 1 << (4 * width)):
        raise Malformed("not the shortest form")
    return major, number, at + width


def decode_item(data, at, depth):
    if depth > DEPTH:
        raise Malformed("nested too deeply")
    major, number, at = decode_head(data, at)
    if major == 0:
        return number, at
    if major == 1:
        return -1 - number, at
    if major == 2 or major == 3:
        if number > len(data) - at:
            raise Malformed("truncated")
        raw = bytes(data[at:at + number])
        if major == 2:
            return raw, at + number
        try:
            return raw.decode("utf-8"), at + number
        except UnicodeDecodeError:
            raise Malformed("text is not UTF-8")
    if major == 4:
        if number > len(data) - at:
            raise Malformed("truncated")
        items = []
        for _ in range(number):
            item, at = decode_item(data, at, depth + 1)
            items.append(item)
        return items, at
    if major == 5:
        if number > (len(data) - at) // 2:
            raise Malformed("truncated")
        entries = {}
        last = None
        for _ in range(number):
            kind, value, at = decode_head(data, at)
            if kind > 1 or value >= 1 << 63:
                raise Malformed("a map key that is no 64-bit integer")
            order = (kind, value)
            if last is not None and order <= last:
                raise Malformed("map keys out of order")
            last = order
            item, at = decode_item(data, at, depth + 1)
            entries[value if kind == 0 else -1 - value] = item
        return entries, at
    if major == 6:
        content, at = decode_item(data, at, depth + 1)
        return Tag(number, content), at
    if number == 20:
        return False, at
    if number == 21:
        return True, at
    if number == 22:
        return None, at
    raise Malformed("a simple value outside the profile")


def encode_head(major, number):
    if number < 24:
        return bytes([major << 5 | number])
    for info, width in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << (8 * width):
            return bytes([major << 5 | info]) + number.to_bytes(width, "big")
    raise Malformed("a number beyond 64 bits")


def encode(item):
    """The bytes of an item that was decoded."""
    if item is None:
        return b"\xf6"
    if item is True:
        return b"\xf5"
    if item is False:
        return b"\xf4"
    if isinstance(item, int):
        return encode_head(0, item) if item >= 0 else encode_head(1, -1 - item)
    if isinstance(item, bytes):
        return encode_head(2, len(item)) + item
    if isinstance(item, str):
        raw = item.encode("utf-8")
        return encode_head(3, len(raw)) + raw
    if isinstance(item, list):
        return encode_head(4, len(item)) + b"".join(map(encode, item))
    if isinstance(item, dict):
        return encode_head(5, len(item)) + b"".join(encode(key) + encode(value) for key, value in item.items())
    return encode_head(6, item.number) + encode(item.content)


def is_int(item, low, high):
    return type(item) is int and low <= item <= high


# ---------------------------------------------------------------------------------------------------------------------
# 2. Values

I64 = (-(1 << 63), (1 << 63) - 1)
FIRST_DAY, LAST_DAY = -719162, 2932896
CURRENCIES = set(
    """AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP
    CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR
    ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT
    MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
    SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND
    VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG""".split())


def check_value(item):
    """Refuses an item that is not the encoding of a value."""
    if item is None or isinstance(item, (bool, str)):
        return
    if isinstance(item, int):
        if not is_int(item, *I64):
            raise Malformed("an integer beyond 64 bits")
        return
    if isinstance(item, list):
        for member in item:
            check_value(member)
        return
    if isinstance(item, Tag):
        check_tagged(item.number, item.content)
        return
    raise Malformed("a byte string or map is no value")


def check_tagged(number, content):
    if number == 4:
        ok = check_decimal(content)
    elif number == 100:
        ok = is_int(content, FIRST_DAY, LAST_DAY)
    elif number == 1:
        ok = is_int(content, FIRST_DAY * 86400, (LAST_DAY + 1) * 86400 - 1)
    elif number == 21000:
        ok = (is_list(content, 2) and isinstance(content[0], str) and content[0] in CURRENCIES
              and is_int(content[1], *I64))
    elif number == 21001:
        ok = is_int(content, *I64)
    elif number == 21002:
        ok = is_list(content, 2) and is_int(content[0], 0, I64[1]) and is_int(content[1], 0, 7)
    elif number in (21003, 21007, 21008, 21010):
        ok = isinstance(content, str)
    elif number in (21011, 21012):
        ok = isinstance(content, bytes) and len(content) == 32
    elif number == 21004:
        ok = isinstance(content, list)
        check_value(content if ok else None)
    elif number == 21005:
        ok = isinstance(content, list) and ascends([encode(member) for member in content])
        check_value(content if ok else None)
    elif number == 21006:
        ok = isinstance(content, list) and all(is_list(pair, 2) for pair in content)
        if ok:
            for pair in content:
                check_value(pair)
            ok = ascends([encode(pair[0]) for pair in content])
    elif number == 21009:
        ok = (is_list(content, 3) and isinstance(content[0], bytes) and len(content[0]) == 32
              and isinstance(content[1], str) and is_int(content[2], 0, I64[1]))
    else:
        ok = False
    if not ok:
        raise Malformed("tag %d with a content that is no value" % number)


def check_decimal(content):
    if not is_list(content, 2) or not is_int(content[0], -18, 0):
        return False
    exponent, item = content
    if isinstance(item, Tag):
        if item.number not in (2, 3) or not isinstance(item.content, bytes):
            return False
        if not 9 <= len(item.content) <= 16 or item.content[0] == 0:
            return False
        coefficient = int.from_bytes(item.content, "big")
        if item.number == 3:
            coefficient = -1 - coefficient
    elif type(item) is int:
        coefficient = item
    else:
        return False
    if abs(coefficient) >= 10 ** 38:
        return False
    return exponent == 0 or coefficient % 10 != 0


def is_list(item, count):
    return isinstance(item, list) and len(item) == count


def ascends(keys):
    return all(left < right for left, right in zip(keys, keys[1:]))


# ---------------------------------------------------------------------------------------------------------------------
# 3. Hashes

def sha(data):
    return hashlib.sha256(data).digest()


def labelled(label, data):
    return label.encode("ascii") + b"\0" + data


def digest(label, data):
    return sha(labelled(label, data))


EMPTY = sha(b"")


def merkle_root(leaves):
    """RFC 6962 over leaf data."""
    hashes = [sha(b"\0" + leaf) for leaf in leaves]
    if not hashes:
        return EMPTY

    def subtree(low, high):
        if high - low == 1:
            return hashes[low]
        half = 1
        while half * 2 < high - low:
            half *= 2
        return sha(b"\1" + subtree(low, low + half) + subtree(low + half, high))

    return subtree(0, len(hashes))


def inclusion_root(leaf, index, size, path):
    """RFC 9162, 2.1.3.2; None where the path has another length than index and size ask for."""
    if index >= size:
        return None
    first, last, value = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if first & 1 or first == last:
            value = sha(b"\1" + sibling + value)
            while not first & 1 and first:
                first >>= 1
                last >>= 1
        else:
            value = sha(b"\1" + value + sibling)
        first >>= 1
        last >>= 1
    return value if last == 0 else None


def is_consistent(old_size, old_root, new_size, new_root, path):
    """RFC 9162, 2.1.4.2."""
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return not path and old_root == new_root
    path = list(path)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    first, last = old_size - 1, new_size - 1
    while first & 1:
        first >>= 1
        last >>= 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            old = sha(b"\1" + sibling + old)
            new = sha(b"\1" + sibling + new)
            while not first & 1 and first:
                first >>= 1
                last >>= 1
        else:
            new = sha(b"\1" + new + sibling)
        first >>= 1
        last >>= 1
    return last == 0 and old == old_root and new == new_root


def varint(bit):
    return bytes([bit]) if bit < 128 else bytes([bit & 127 | 128, 1])


def leaf_hash(key, value):
    return sha(b"\0\x20" + key + b"\x20" + value)


def inner_hash(bit, left, right):
    return sha(b"\1" + varint(bit) + left + right)


def bit_of(key, bit):
    return key[bit >> 3] >> (7 - (bit & 7)) & 1


def space_key(space):
    return digest("remit/v1/state/space", space.encode("utf-8"))[:16]


def row_key(space, item):
    return space_key(space) + digest("remit/v1/state/item", item)[:16]


def row_value(value):
    return digest("remit/v1/state/value", value)


class Trie:
    """The state trie, with the hashes of subtrees kept until something below them changes.

    A node is a leaf [hash, key] or an inner node [hash or None, bit, left, right, some key below].
    """

    def __init__(self):
        self.top = None

    def root(self):
        return EMPTY if self.top is None else self.hash(self.top)

    def hash(self, node):
        if node[0] is None:
            node[0] = inner_hash(node[1], self.hash(node[2]), self.hash(node[3]))
        return node[0]

    def set(self, key, value):
        leaf = [leaf_hash(key, value), key]
        self.top = leaf if self.top is None else self.insert(self.top, key, leaf)

    def insert(self, node, key, leaf):
        other = node[1] if len(node) == 2 else node[4]
        bit = first_difference(key, other)
        if len(node) == 2 and bit == 256:
            return leaf
        if len(node) == 2 or bit < node[1]:
            pair = (node, leaf) if bit_of(key, bit) else (leaf, node)
            return [None, bit, pair[0], pair[1], key]
        side = 3 if bit_of(key, node[1]) else 2
        node[side] = self.insert(node[side], key, leaf)
        node[0] = None
        return node

    def remove(self, key):
        if self.top is not None:
            self.top = self.without(self.top, key)

    def without(self, node, key):
        if len(node) == 2:
            return None if node[1] == key else node
        side = 3 if bit_of(key, node[1]) else 2
        below = self.without(node[side], key)
        if below is None:
            return node[5 - side]
        if below is not node[side] or below[0] is None:
            node[0] = None
        node[side] = below
        # The key kept as an example may be the one that went; any other one below has the same bits before `bit`.
        if node[4] == key:
            node[4] = below[1] if len(below) == 2 else below[4]
        return node


def first_difference(left, right):
    return 256 - (int.from_bytes(left, "big") ^ int.from_bytes(right, "big")).bit_length()


def trie_root(pairs):
    """The trie over keys with value digests; None where a key is repeated."""
    trie = Trie()
    if len({key for key, _ in pairs}) != len(pairs):
        return None
    for key, value in pairs:
        trie.set(key, value)
    return trie.root()


def read_path(data):
    """The steps of a path, lowest first; None where the bytes are none."""
    steps = []
    at = 0
    while at < len(data):
        bit = data[at]
        at += 1
        if bit >= 128:
            if data[at:at + 1] != b"\1":
                return None
            at += 1
        sibling = data[at:at + 32]
        if len(sibling) != 32 or (steps and bit >= steps[-1][0]):
            return None
        steps.append((bit, sibling))
        at += 32
    return steps


def path_root(value, key, steps):
    for bit, sibling in steps:
        value = inner_hash(bit, sibling, value) if bit_of(key, bit) else inner_hash(bit, value, sibling)
    return value


# ---------------------------------------------------------------------------------------------------------------------
# 4. Signatures

P = 2 ** 255 - 19
L = 2 ** 252 + 27742317777372353535851937790883648493
SMALL_ORDER = {
    b"\1" + bytes(31), b"\xec" + b"\xff" * 30 + b"\x7f", bytes(32),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
}


def is_usable(point):
    y = point[:31] + bytes([point[31] & 127])
    return int.from_bytes(y, "little") < P and y not in SMALL_ORDER


def is_signed(key, message, signature):
    """The pinned rule: refusals first, then the equation without the cofactor."""
    if len(key) != 32 or len(signature) != 64 or not is_usable(key) or not is_usable(signature[:32]):
        return False
    if int.from_bytes(signature[32:], "little") >= L:
        return False
    return equation(key, message, signature)


D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT % P
    if x * x % P != square or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def add(a, b):
    ta = (a[1] - a[0]) * (b[1] - b[0]) % P
    tb = (a[1] + a[0]) * (b[1] + b[0]) % P
    tc = 2 * a[3] * b[3] * D % P
    td = 2 * a[2] * b[2] % P
    e, f, g, h = tb - ta, td - tc, td + tc, tb + ta
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def own_equation(key, message, signature):
    """[S]B - [k]A has the encoding R."""
    raw = int.from_bytes(key, "little")
    y = raw & ((1 << 255) - 1)
    x = recover_x(y, raw >> 255)
    if x is None:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    minus = (P - x, y, 1, (P - x) * y % P)
    point = add(multiply(int.from_bytes(signature[32:], "little"), BASE), multiply(k, minus))
    inverse = pow(point[2], P - 2, P)
    encoded = point[1] * inverse % P | (point[0] * inverse % P & 1) << 255
    return encoded.to_bytes(32, "little") == signature[:32]


def library_equation(key, message, signature):
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


# Holds with the cofactor and not without: a library that accepts it cannot be used (section 4).
COFACTOR_ONLY = (
    bytes.fromhex("cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d"),
    bytes.fromhex("e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c"),
    bytes.fromhex("160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed512"
                  "5ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09"))

equation = own_equation
try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    if not library_equation(*COFACTOR_ONLY):
        equation = library_equation
except ImportError:
    pass


# ---------------------------------------------------------------------------------------------------------------------
# 5. Structures

def fields_of(item, required, optional=()):
    """The fields of a map that has all the required ones and no unknown ones."""
    if not isinstance(item, dict):
        raise Malformed("not a map")
    for key in required:
        if key not in item:
            raise Malformed("field %d is missing" % key)
    for key in item:
        if key not in required and key not in optional:
            raise Malformed("field %d is unknown" % key)
    return item


def expect(condition, what):
    if not condition:
        raise Malformed(what)


def need_digest(item):
    expect(isinstance(item, bytes) and len(item) == 32, "not a digest")
    return item


def need_bytes(item, length=None):
    expect(isinstance(item, bytes) and (length is None or len(item) == length), "not a byte string of that length")
    return item


def need_text(item):
    expect(isinstance(item, str), "not text")
    return item


def need_unsigned(item):
    expect(is_int(item, 0, (1 << 64) - 1), "not an unsigned integer")
    return item


def need_signed(item):
    expect(is_int(item, *I64), "not a 64-bit integer")
    return item


def need_list(item, count=None):
    expect(isinstance(item, list) and (count is None or len(item) == count), "not an array of that length")
    return item


class Header:
    def __init__(self, raw):
        item = fields_of(decode(raw), range(1, 12))
        expect(need_unsigned(item[1]) == VERSION, "another version")
        self.raw = raw
        self.genesis = need_digest(item[2])
        self.height = need_unsigned(item[3])
        self.previous = need_digest(item[4])
        self.time = need_signed(item[5])
        self.transaction_root = need_digest(item[6])
        self.transaction_count = need_unsigned(item[7])
        self.receipt_root = need_digest(item[8])
        self.state_root = need_digest(item[9])
        self.rules_root = need_digest(item[10])
        self.key_set_root = need_digest(item[11])
        self.digest = digest("remit/v1/header", raw)


class SignedHeader:
    def __init__(self, raw):
        item = fields_of(decode(raw), (1, 2))
        body, self.signature = need_bytes(item[1]), need_bytes(item[2], 64)
        self.header = Header(body)

    def is_signed_by(self, key):
        return is_signed(key, labelled("remit/v1/header/sign", self.header.raw), self.signature)


class Transaction:
    def __init__(self, raw):
        item = fields_of(decode(raw), (1, 2))
        self.body, self.signature = need_bytes(item[1]), need_bytes(item[2], 64)
        body = fields_of(decode(self.body), (1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12), (8,))
        expect(need_unsigned(body[1]) == VERSION, "another version")
        self.genesis = need_digest(body[2])
        self.sender = need_bytes(body[3], 32)
        self.organisation = need_text(body[4])
        need_unsigned(body[5])
        self.expiry = need_unsigned(body[6])
        self.contract = need_digest(body[7])
        self.case = need_text(body[8]) if 8 in body else None
        need_unsigned(body[9])
        self.call = need_text(body[10])
        self.arguments = need_list(body[11])
        for argument in self.arguments:
            check_value(argument)
        need_digest(body[12])
        self.digest = digest("remit/v1/transaction", self.body + self.signature)

    def is_signed(self):
        return is_signed(self.sender, labelled("remit/v1/transaction/sign", self.body), self.signature)


class Receipt:
    def __init__(self, raw):
        item = fields_of(decode(raw), range(1, 9), (9,))
        self.transaction = need_digest(item[1])
        self.outcome = need_list(item[2])
        expect(len(self.outcome) > 0 and is_int(self.outcome[0], 0, 2), "not an outcome")
        expect(len(self.outcome) == (1, 3, 2)[self.outcome[0]], "not an outcome")
        for text in self.outcome[1:]:
            need_text(text)
        for text in need_list(item[3]):
            need_text(text)
        self.changes = []
        for change in need_list(item[4]):
            space, row, value = need_list(change, 3)
            need_text(space), need_bytes(row)
            expect(value is None or isinstance(value, bytes), "not a state change")
            key = (space.encode("utf-8"), row)
            expect(not self.changes or self.changes[-1][0] < key, "changes out of order")
            self.changes.append((key, space, row, value))
        for posting in need_list(item[5]):
            need_list(posting, 5)
            for text in posting[:4]:
                need_text(text)
            need_signed(posting[4])
        for notice in need_list(item[6]):
            for text in need_list(notice, 2):
                need_text(text)
        self.postings, self.notices, self.rounds = item[5], item[6], item[3]
        self.cost = need_unsigned(item[7])
        self.findings = need_digest(item[8])
        self.case = need_text(item[9]) if 9 in item else None
        self.digest = digest("remit/v1/receipt", raw)


class Findings:
    def __init__(self, raw):
        item = fields_of(decode(raw), (1, 2))
        self.findings = []
        for found in need_list(item[1]):
            fields_of(found, (1, 2, 3, 4), (5, 6))
            for key in (1, 3, 4):
                need_text(found[key])
            expect(is_int(found[2], 0, 2), "not a severity")
            if 5 in found:
                need_signed(found[5])
            if 6 in found:
                need_text(found[6])
            self.findings.append(found)
        self.clauses = [need_text(text) for text in need_list(item[2])]
        self.digest = digest("remit/v1/findings", raw)


class Rules:
    """The row of a contract."""

    def __init__(self, raw):
        item = decode(raw)
        check_value(item)
        expect(isinstance(item, Tag) and item.number == 21004 and len(item.content) >= 6, "not the row of a contract")
        members = item.content
        self.name = need_text(members[0])
        self.version = need_signed(members[1])
        self.source = members[5]
        self.contract = digest("remit/v1/contract", need_text(members[5]).encode("utf-8"))


def read(kind, raw, name, height=None):
    try:
        return kind(raw)
    except Malformed as problem:
        raise Fault(name, height, str(problem))


# ---------------------------------------------------------------------------------------------------------------------
# 6. Verification of a chain

KEY_SET = {"organisation", "person", "key", "grant", "node"}


class Chain:
    """Verifies blocks in order; raises the first fault. A checkpoint that was kept must be one of the chain."""

    def __init__(self, node_key, genesis, kept=None):
        self.node_key = node_key
        self.expected = genesis
        self.kept = kept
        self.headers = []
        self.genesis = None
        self.previous = None
        self.count = 0
        self.transactions = 0
        self.state, self.rules, self.key_set = Trie(), Trie(), Trie()

    def fault(self, condition, name, detail=""):
        if condition:
            raise Fault(name, self.count, detail)

    def check(self, signed_bytes, transaction_bytes, receipt_bytes):
        height = self.count
        signed = read(SignedHeader, signed_bytes, "header", height)
        header = signed.header
        genesis = ZERO if height == 0 else self.genesis
        self.fault(header.genesis != genesis, "genesis")
        self.fault(height == 0 and header.digest != self.expected, "genesis")
        self.fault(header.height != height, "height")
        self.fault(header.previous != (self.previous.digest if self.previous else ZERO), "previous")
        self.fault(self.previous is not None and header.time < self.previous.time, "time")
        self.fault(not signed.is_signed_by(self.node_key), "header-signature")

        digests = []
        for raw in transaction_bytes:
            transaction = read(Transaction, raw, "transaction", height)
            self.fault(transaction.genesis != genesis, "transaction-genesis")
            self.fault(transaction.expiry < height, "expired")
            self.fault(not transaction.is_signed(), "transaction-signature")
            digests.append(transaction.digest)
        self.fault(len(digests) != header.transaction_count, "transaction-count")
        self.fault(merkle_root(digests) != header.transaction_root, "transaction-root")

        deadlines = len(receipt_bytes) - len(digests)
        self.fault(deadlines < 0, "receipt-count")
        receipts = []
        for position, raw in enumerate(receipt_bytes):
            receipt = read(Receipt, raw, "receipt", height)
            owner = ZERO if position < deadlines else digests[position - deadlines]
            self.fault(receipt.transaction != owner, "receipt-transaction")
            receipts.append(receipt.digest)
            self.apply(receipt.changes)
        self.fault(merkle_root(receipts) != header.receipt_root, "receipt-root")

        self.check_roots(header)
        self.check_kept(header)
        self.genesis = self.genesis or header.digest
        self.previous = header
        self.count += 1
        self.transactions += len(digests)

    def check_roots(self, header):
        self.fault(self.state.root() != header.state_root, "state-root")
        self.fault(self.rules.root() != header.rules_root, "rules-root")
        self.fault(self.key_set.root() != header.key_set_root, "key-set-root")

    def check_kept(self, header):
        if self.kept is None or self.count >= self.kept.size:
            return
        self.headers.append(header.raw)
        if len(self.headers) == self.kept.size:
            self.fault(merkle_root(self.headers) != self.kept.root, "checkpoint", "another one than was kept")
            self.headers = []

    def finish(self):
        """Nothing follows: the checkpoint that was kept covers no more blocks than there were."""
        if self.kept is not None:
            self.fault(self.count < self.kept.size, "checkpoint", "it covers %d blocks" % self.kept.size)
            if self.kept.size == 0 and self.kept.root != EMPTY:
                raise Fault("checkpoint", 0, "another one than was kept")

    def apply(self, changes):
        for _, space, item, value in changes:
            family = space.split("/", 1)[0]
            tries = [self.state]
            if family == "contract":
                tries.append(self.rules)
            elif family in KEY_SET:
                tries.append(self.key_set)
            key = row_key(space, item)
            for trie in tries:
                if value is None:
                    trie.remove(key)
                else:
                    trie.set(key, row_value(value))


# ---------------------------------------------------------------------------------------------------------------------
# 7. An exported chain

CHAIN, TAIL, SNAPSHOT = b"remit chain 1\n", b"remit tail 1\n", b"remit snapshot 1\n"


def mark_of(data):
    """The mark with which a file begins; None for any other beginning."""
    for mark in (CHAIN, TAIL, SNAPSHOT):
        if data[:len(mark)] == mark:
            return mark
    return None


def records(data, mark, height):
    """The kinds and items of the records of a file; `height` gives the block for faults."""
    if data[:len(mark)] != mark:
        raise Fault("file", height(), "another mark")
    at = len(mark)
    while at < len(data):
        if len(data) - at < 5:
            raise Fault("file", height(), "bytes that are no record")
        kind = data[at]
        length = int.from_bytes(data[at + 1:at + 5], "big")
        if kind not in (1, 2, 3) or length > len(data) - at - 5:
            raise Fault("file", height(), "not a record")
        raw = data[at + 5:at + 5 + length]
        at += 5 + length
        try:
            item = decode(raw)
        except Malformed as problem:
            raise Fault("file", height(), str(problem))
        yield kind, item


def check_chain_record(kind, item, is_tail):
    if kind == 1:
        fields_of(item, (1, 2, 3) if is_tail else (1, 2))
        need_bytes(item[1], 32), need_digest(item[2])
        if is_tail:
            need_unsigned(item[3])
    elif kind == 2:
        fields_of(item, (1, 2, 3))
        need_bytes(item[1])
        for part in need_list(item[2]) + need_list(item[3]):
            need_bytes(part)
    else:
        fields_of(item, (1, 2))
        need_unsigned(item[1]), need_digest(item[2])


def check_chain(data, node_key=None, genesis=None, kept=None):
    """Verifies an exported chain; gives what it holds, or raises the first fault."""
    if genesis is None and kept is not None:
        genesis = kept.genesis
    chain, ended = None, False

    def height():
        return chain.count if chain else 0

    for kind, item in records(data, CHAIN, height):
        try:
            check_chain_record(kind, item, False)
        except Malformed as problem:
            raise Fault("file", height(), str(problem))
        if ended or (kind == 1) != (chain is None):
            raise Fault("file", height(), "a record out of place")
        if kind == 1:
            if node_key is not None and node_key != item[1]:
                raise Fault("node-key", height())
            if genesis is not None and genesis != item[2]:
                raise Fault("genesis", height())
            chain = Chain(item[1], item[2], kept)
        elif kind == 2:
            chain.check(item[1], item[2], item[3])
        else:
            ended = True
            if item[1] != chain.count or chain.count == 0 or item[2] != chain.previous.digest:
                raise Fault("end", height())
    if not ended:
        raise Fault("file", height(), "no end")
    return chain


# 7.1 Tails

def check_tail(data, chain):
    """Verifies the blocks of a tail, or of a whole chain, that come after what `chain` has verified."""
    mark = mark_of(data) if mark_of(data) == CHAIN else TAIL
    place, last, ended = None, None, False

    def height():
        return chain.count if place is None else place

    for kind, item in records(data, mark, height):
        try:
            check_chain_record(kind, item, mark == TAIL)
        except Malformed as problem:
            raise Fault("file", height(), str(problem))
        if ended or (kind == 1) != (place is None):
            raise Fault("file", height(), "a record out of place")
        if kind == 1:
            if chain.node_key != item[1]:
                raise Fault("node-key", height())
            if chain.genesis != item[2]:
                raise Fault("genesis", height())
            first = item[3] if mark == TAIL else 0
            if first > chain.count:
                raise Fault("gap", height())
            place = first
        elif kind == 2:
            if place == chain.count:
                chain.check(item[1], item[2], item[3])
                last = chain.previous.digest
            else:
                last = read(SignedHeader, item[1], "header", place).header.digest
                if place == chain.count - 1 and last != chain.previous.digest:
                    raise Fault("previous", place)
            place += 1
        else:
            ended = True
            if item[1] != place or last is None or item[2] != last:
                raise Fault("end", height())
    if not ended:
        raise Fault("file", height(), "no end")
    return chain


# 7.2 Snapshots

def check_snapshot(data, node_key=None, genesis=None, kept=None):
    """Verifies a snapshot; gives a chain that goes on after its block, or raises the first fault."""
    chain, header, count, last, ended = None, None, 0, None, False

    def height():
        return header.height if header else 0

    for kind, item in records(data, SNAPSHOT, height):
        try:
            if kind == 1:
                fields_of(item, (1, 2, 3, 4, 5))
                need_bytes(item[1], 32), need_digest(item[2]), need_bytes(item[3]), need_bytes(item[4])
                for part in need_list(item[5]):
                    need_digest(part)
            elif kind == 2:
                fields_of(item, (1,))
                expect(len(need_list(item[1])) > 0, "no rows")
                before = None
                for row in item[1]:
                    space, name, value = need_list(row, 3)
                    place = (need_text(space).encode("utf-8"), need_bytes(name))
                    need_bytes(value)
                    expect(before is None or before < place, "rows out of order")
                    before = place
            else:
                fields_of(item, (1, 2))
                need_unsigned(item[1]), need_digest(item[2])
        except Malformed as problem:
            raise Fault("file", height(), str(problem))
        if ended or (kind == 1) != (header is None):
            raise Fault("file", height(), "a record out of place")
        if kind == 1:
            header = check_snapshot_preamble(item, node_key, genesis, kept)
            chain = Chain(item[1], item[2])
        elif kind == 2:
            rows = [((row[0].encode("utf-8"), row[1]), row[0], row[1], row[2]) for row in item[1]]
            if last is not None and last >= rows[0][0]:
                raise Fault("file", height(), "rows out of order")
            last = rows[-1][0]
            count += len(rows)
            chain.apply(rows)
        else:
            ended = True
            if item[1] != count or item[2] != header.digest:
                raise Fault("end", height())
            chain.count = height()
            chain.check_roots(header)
            chain.genesis, chain.previous = chain.expected, header
            chain.count = height() + 1
    if not ended:
        raise Fault("file", height(), "no end")
    return chain


def check_snapshot_preamble(item, node_key, genesis, kept):
    """The header of the snapshot, once the steps 1 to 5 have held."""
    if node_key is not None and node_key != item[1]:
        raise Fault("node-key", 0)
    if genesis is not None and genesis != item[2]:
        raise Fault("genesis", 0)
    checkpoint = read(Checkpoint, item[3], "checkpoint", 0)
    if checkpoint.genesis != item[2]:
        raise Fault("genesis", 0)
    standing = checkpoint.standing(NoteKey(checkpoint.origin, 1, item[1]))
    if standing is None:
        raise Fault("checkpoint-key", 0)
    if not standing:
        raise Fault("checkpoint-signature", 0)
    if kept is not None and (kept.size, kept.root) != (checkpoint.size, checkpoint.root):
        raise Fault("checkpoint", 0, "another one than was kept")
    signed = read(SignedHeader, item[4], "header", 0)
    header = signed.header
    own = header.digest if header.height == 0 else header.genesis
    if own != item[2] or (header.height == 0 and header.genesis != ZERO):
        raise Fault("genesis", 0)
    if header.height != checkpoint.size - 1:
        raise Fault("height", 0)
    if inclusion_root(sha(b"\0" + header.raw), header.height, checkpoint.size, item[5]) != checkpoint.root:
        raise Fault("log", 0)
    if not signed.is_signed_by(item[1]):
        raise Fault("header-signature", 0)
    return header


def check_files(files, node_key=None, genesis=None, kept=None):
    """A chain or a snapshot, then tails; any file may also be a whole chain."""
    if mark_of(files[0]) == SNAPSHOT:
        chain = check_snapshot(files[0], node_key, genesis, kept)
    else:
        chain = check_chain(files[0], node_key, genesis, kept)
    for data in files[1:]:
        check_tail(data, chain)
    chain.finish()
    return chain


# ---------------------------------------------------------------------------------------------------------------------
# 9. Checkpoints

NO_NAME = set(range(0x21)) | {0x2B} | set(range(0x7F, 0xA1)) | {0x1680} | set(range(0x2000, 0x200B)) | {
    0x2028, 0x2029, 0x202F, 0x205F, 0x3000}
DASH = "\u2014".encode("utf-8")


def is_name(text):
    return text != "" and not any(ord(character) in NO_NAME for character in text)


def from_base64(raw):
    """The bytes of strict base64; None for anything else."""
    try:
        data = base64.b64decode(raw, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data) == bytes(raw) else None


def from_hex(text, length):
    """The bytes of lower-case hexadecimal digits; None for anything else."""
    if len(text) != 2 * length or any(character not in "0123456789abcdef" for character in text):
        return None
    return bytes.fromhex(text)


class NoteKey:
    def __init__(self, name, kind, key):
        self.name, self.kind, self.key = name, kind, key
        self.id = sha(name.encode("utf-8") + b"\n" + bytes([kind]) + key)[:4]

    @staticmethod
    def read(text):
        parts = text.split("+", 2)
        if len(parts) != 3 or not is_name(parts[0]):
            return None
        raw = from_base64(parts[2].encode("utf-8"))
        if raw is None or len(raw) != 33 or raw[0] not in (1, 4):
            return None
        key = NoteKey(parts[0], raw[0], raw[1:])
        return key if key.id.hex() == parts[1] else None

    def is_valid(self, text, signature):
        if self.kind == 1:
            return is_signed(self.key, text, signature)
        if len(signature) != 72:
            return False
        time = int.from_bytes(signature[:8], "big")
        message = b"cosignature/v1\ntime %d\n" % time + text
        return time < 1 << 63 and is_signed(self.key, message, signature[8:])


class Checkpoint:
    def __init__(self, raw):
        expect(len(raw) <= 65536 and raw[-1:] == b"\n", "not a note")
        expect(all(byte >= 0x20 or byte == 0x0A for byte in raw), "a control character")
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed("not UTF-8")
        gap = raw.rfind(b"\n\n")
        expect(gap >= 0, "no empty line")
        self.text = raw[:gap + 1]
        rows = raw[gap + 2:].split(b"\n")[:-1]
        expect(1 <= len(rows) <= 64, "not 1 to 64 signatures")
        self.lines = []
        for row in rows:
            parts = row.split(b" ")
            expect(len(parts) == 3 and parts[0] == DASH, "not a signature line")
            name = parts[1].decode("utf-8")
            data = from_base64(parts[2])
            expect(is_name(name) and data is not None and len(data) >= 5, "not a signature line")
            self.lines.append((name, data[:4], data[4:]))
        lines = self.text.split(b"\n")
        expect(len(lines) >= 4 and lines[-1] == b"" and b"" not in lines[:-1], "not three lines")
        self.origin = lines[0].decode("utf-8")
        expect(self.origin.startswith("remit/"), "another origin")
        self.genesis = from_hex(self.origin[6:], 32)
        expect(self.genesis is not None, "another origin")
        size = lines[1]
        expect(len(size) <= 19 and all(0x30 <= digit <= 0x39 for digit in size), "not a size")
        expect(size == b"0" or size[:1] != b"0", "not a size")
        self.size = int(size)
        expect(self.size < 1 << 63, "not a size")
        self.root = from_base64(lines[2])
        expect(self.root is not None and len(self.root) == 32, "not a root")

    def standing(self, key):
        """None where the key did not sign, else whether all that is in its name is valid."""
        own = [signature for name, number, signature in self.lines if name == key.name and number == key.id]
        return all(key.is_valid(self.text, signature) for signature in own) if own else None


def check_checkpoint(raw, key, witnesses):
    """`key` is 32 bytes or a NoteKey."""
    checkpoint = read(Checkpoint, raw, "checkpoint")
    own = key if isinstance(key, NoteKey) else NoteKey(checkpoint.origin, 1, key)
    if own.name != checkpoint.origin:
        raise Fault("checkpoint-key", None, "the key of another log")
    standing = checkpoint.standing(own)
    if standing is None:
        raise Fault("checkpoint-key")
    if not standing:
        raise Fault("checkpoint-signature")
    for witness in witnesses:
        if not checkpoint.standing(witness):
            raise Fault("witness", None, witness.name)
    return checkpoint


# ---------------------------------------------------------------------------------------------------------------------
# 10. Proof files

KINDS = {
    1: ((1, 2, 3, 4, 5, 6, 7, 8), ()),
    2: ((1, 2, 3, 4, 5, 13), (17,)),
    3: ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 17), (16,)),
    4: ((1, 2, 3, 14, 15), ()),
    5: ((1, 2, 3, 4, 5, 7, 9, 10, 11, 12, 17), (13, 16)),
    6: ((1, 2, 3, 4, 5, 13, 18), ()),
}
VERSIONS = {3: (1, 2), 5: (2,)}
DECISION = (4, 5, 6, 7, 8, 9, 10, 11, 12)


class Proof:
    def __init__(self, raw):
        item = decode(raw)
        expect(isinstance(item, dict) and is_int(item.get(2), 1, 6), "not a kind of proof")
        self.item = fields_of(item, *KINDS[item[2]])
        self.kind = item[2]
        self.layout = need_unsigned(item[1])
        expect(self.layout in VERSIONS.get(self.kind, (VERSION,)), "another version")
        self.check_parts(item)
        for part in need_list(item.get(18, [])):
            expect(isinstance(part, dict), "not a decision")
            fields_of(part, DECISION if 6 in part else [key for key in DECISION if key not in (6, 8)])
            self.check_parts(part)
        if 13 in item and self.kind != 5:
            self.check_claim(item[13])
        elif 13 in item:
            after, earlier = need_list(item[13], 2)
            self.check_claim(after)
            self.check_parts(fields_of(earlier, (4, 5, 13)))
            self.check_claim(earlier[13])
        if 16 in item:
            for part in need_list(item[16], 2):
                need_bytes(part)
        self.openings = [Opening(part) for part in need_list(item.get(17, []))]
        expect(self.kind in (3, 5) or 17 not in item or self.openings, "no openings, and a field for them")
        expect(ascends([opening.encoded_path for opening in self.openings]), "openings out of order")

    @staticmethod
    def check_parts(item):
        for key in (3, 4, 6, 9, 12, 14):
            if key in item:
                need_bytes(item[key])
        for key in (7, 10):
            if key in item:
                need_unsigned(item[key])
        for key in (5, 8, 11, 15):
            if key in item:
                for value in need_list(item[key]):
                    need_digest(value)

    @staticmethod
    def check_rows(rows):
        for row in need_list(rows):
            for part in need_list(row, 2):
                need_bytes(part)
        expect(ascends([row[0] for row in rows]), "rows out of order")

    @staticmethod
    def check_pattern(pattern):
        if isinstance(pattern, bytes):
            return
        expect(need_list(pattern) and pattern[-1] != [], "not a pattern")
        for part in pattern:
            expect(len(need_list(part)) <= 1, "not a pattern")
            for value in part:
                check_value(value)

    @staticmethod
    def check_claim(claim):
        expect(isinstance(claim, list) and len(claim) >= 4 and is_int(claim[0], 0, 3), "not a claim")
        expect(len(claim) == (5, 4, 4, 6)[claim[0]], "not a claim")
        need_text(claim[1]), need_bytes(claim[-1])
        if claim[0] < 2:
            need_bytes(claim[2])
        if claim[0] == 0:
            need_bytes(claim[3])
        if claim[0] == 2:
            Proof.check_rows(claim[2])
        if claim[0] == 3:
            Proof.check_pattern(claim[2])
            Proof.check_rows(claim[3])
            Proof.check_rows(claim[4])
            for _, value in claim[4]:
                need_digest(value)


def matches(pattern, item):
    """Whether a pattern means an item."""
    if isinstance(pattern, bytes):
        return item.startswith(pattern)
    try:
        members = value_of(item)
    except Malformed:
        return False
    if not isinstance(members, list) or len(members) < len(pattern):
        return False
    return all(not wanted or encode(wanted[0]) == encode(found) for wanted, found in zip(pattern, members))


def holds(claim, root):
    """Whether a claim is true under a state root."""
    kind, space, proof = claim[0], claim[1], claim[-1]
    if kind == 0:
        steps = read_path(proof)
        key = row_key(space, claim[2])
        return steps is not None and path_root(leaf_hash(key, row_value(claim[3])), key, steps) == root
    if kind == 1:
        key = row_key(space, claim[2])
        return ends_elsewhere(proof, key, root, lambda other: other != key)
    prefix = space_key(space)
    key = prefix + b"\0" + b"\xff" * 15
    leaves = [(row_key(space, item), row_value(value)) for item, value in claim[2 if kind == 2 else 3]]
    if kind == 3:
        meant = [matches(claim[2], item) for item, _ in claim[3] + claim[4]]
        if meant != [True] * len(claim[3]) + [False] * len(claim[4]):
            return False
        leaves += [(row_key(space, item), value) for item, value in claim[4]]
    if not leaves:
        return ends_elsewhere(proof, key, root, lambda other: other[:16] != prefix)
    steps = read_path(proof)
    if steps is None or any(bit >= 128 for bit, _ in steps):
        return False
    foot = trie_root(leaves)
    return foot is not None and path_root(foot, key, steps) == root


def ends_elsewhere(proof, key, root, shows):
    if root == EMPTY:
        return proof == b""
    if len(proof) < 66 or proof[0] != 0x20 or proof[33] != 0x20:
        return False
    other, value, steps = proof[1:33], proof[34:66], read_path(proof[66:])
    if steps is None or not shows(other) or any(bit_of(other, bit) != bit_of(key, bit) for bit, _ in steps):
        return False
    return path_root(leaf_hash(other, value), other, steps) == root


class Proven:
    """What a proof has shown."""

    def __init__(self, checkpoint):
        self.checkpoint = checkpoint
        self.header = self.transaction = self.receipt = self.findings = self.rules = self.claim = self.older = None
        self.position = self.due_position = self.contract = self.decisions = None
        self.disclosed, self.undisclosed = [], []


def check_proof(raw, key, witnesses=()):
    return check_decoded(read(Proof, raw, "file"), key, witnesses)


def check_decoded(proof, key, witnesses):
    item = proof.item
    facts = Proven(check_checkpoint(item[3], key, witnesses))
    checkpoint = facts.checkpoint
    if proof.kind == 4:
        older = check_checkpoint(item[14], key, ())
        if older.genesis != checkpoint.genesis:
            raise Fault("origin")
        if not is_consistent(older.size, older.root, checkpoint.size, checkpoint.root, item[15]):
            raise Fault("consistency")
        facts.older = older
        return facts
    header = facts.header = check_header(item, checkpoint)
    if proof.kind in (2, 6):
        if not holds(item[13], header.state_root):
            raise Fault("state")
        facts.claim = item[13]
        if proof.kind == 6:
            check_decisions(item[18], facts)
        else:
            check_openings(proof.openings, facts)
        return facts
    if proof.kind == 5:
        check_due(item, header, facts)
    else:
        check_transaction(item, header, facts)
    if proof.kind == 3:
        check_receipt(item, header, facts)
    if proof.kind != 1:
        check_openings(proof.openings, facts)
    return facts


def check_header(item, checkpoint):
    header = read(Header, item[4], "header")
    if header.height == 0:
        if header.genesis != ZERO or header.digest != checkpoint.genesis:
            raise Fault("origin")
    elif header.genesis != checkpoint.genesis:
        raise Fault("origin")
    leaf = sha(b"\0" + item[4])
    if inclusion_root(leaf, header.height, checkpoint.size, item[5]) != checkpoint.root:
        raise Fault("log")
    return header


def check_transaction(item, header, facts):
    transaction = facts.transaction = read(Transaction, item[6], "transaction")
    if transaction.genesis != header.genesis:
        raise Fault("transaction-genesis")
    if not transaction.is_signed():
        raise Fault("transaction-signature")
    position = facts.position = item[7]
    leaf = sha(b"\0" + transaction.digest)
    if inclusion_root(leaf, position, header.transaction_count, item[8]) != header.transaction_root:
        raise Fault("transaction-path")


def check_receipt(item, header, facts, with_rules=True):
    transaction = facts.transaction
    receipt = facts.receipt = read(Receipt, item[9], "receipt")
    if receipt.transaction != transaction.digest:
        raise Fault("receipt-transaction")
    index = item[10] - header.transaction_count + facts.position
    leaf = sha(b"\0" + receipt.digest)
    if item[10] < header.transaction_count or inclusion_root(leaf, index, item[10], item[11]) != header.receipt_root:
        raise Fault("receipt-path")
    check_findings(item, facts)
    if not with_rules:
        return
    if 16 not in item:
        if transaction.contract != ZERO and receipt.outcome[0] != 1:
            raise Fault("contract", None, "left out")
        return
    check_rules(item, transaction.contract, header, facts)


def check_findings(item, facts):
    facts.findings = read(Findings, item[12], "findings")
    if facts.findings.digest != facts.receipt.findings:
        raise Fault("findings")


def check_rules(item, contract, header, facts):
    if 16 not in item:
        raise Fault("contract", None, "left out")
    rules = read(Rules, item[16][0], "contract")
    claim = [0, "contract", contract, item[16][0], item[16][1]]
    if contract == ZERO or rules.contract != contract or not holds(claim, header.rules_root):
        raise Fault("contract")
    facts.rules = rules


def check_due(item, header, facts, with_rules=True):
    """The receipt of what a contract did by itself."""
    receipt = facts.receipt = read(Receipt, item[9], "receipt")
    if receipt.transaction != ZERO:
        raise Fault("receipt-transaction")
    position = facts.due_position = item[7]
    leaf = sha(b"\0" + receipt.digest)
    if (item[10] - header.transaction_count <= position
            or inclusion_root(leaf, position, item[10], item[11]) != header.receipt_root):
        raise Fault("receipt-path")
    check_findings(item, facts)
    if not with_rules:
        return
    clause = facts.findings.clauses[0].split(":") if facts.findings.clauses else []
    written = case_row_of(receipt)
    facts.contract = written[2].contract if written else contract_taking_over(receipt, clause)
    if facts.contract is not None:
        if 13 in item:
            raise Fault("state")
    elif 13 not in item and 16 in item and receipt.case is None and len(clause) == 3 and clause[0] == "migration":
        rules = read(Rules, item[16][0], "contract")
        if "%s/%d" % (rules.name, rules.version) != clause[1]:
            raise Fault("contract")
        facts.contract = rules.contract
    elif 13 in item:
        after, part = item[13]
        earlier = check_header(part, facts.checkpoint)
        facts.contract = contract_followed(after, receipt, header)
        if (len(clause) != 2 or clause[0] != "timer" or earlier.height + 1 != header.height or facts.contract is None
                or contract_followed(part[13], receipt, earlier) != facts.contract):
            raise Fault("state")
    if facts.contract is not None:
        check_rules(item, facts.contract, header, facts)
    elif 16 in item:
        raise Fault("contract")


def contract_taking_over(receipt, clause):
    """The contract that takes over with a receipt of what fell due."""
    written = [value for _, space, _, value in receipt.changes if space == "contract/current"]
    if receipt.case is not None or len(clause) != 2 or clause[0] != "version" or len(written) != 1:
        return None
    try:
        text = value_of(written[0]) if written[0] is not None else None
    except Malformed:
        return None
    return from_hex(text, 32) if isinstance(text, str) else None


def contract_followed(claim, receipt, header):
    """The contract that the case of a receipt follows, as its row after a block says."""
    if claim[0] != 0 or receipt.case is None or case_of_row(claim[1], claim[2]) != receipt.case:
        return None
    row = CaseRow.read(claim[3])
    return row.contract if row and holds(claim, header.state_root) else None


def check_decisions(parts, facts):
    """That these are all the decisions that made a case what the claim says."""
    claim = facts.claim
    last = CaseRow.read(claim[3]) if claim[0] == 0 else None
    if claim[0] > 1 or case_of_row(claim[1], claim[2]) is None or (claim[0] == 0 and last is None):
        raise Fault("decisions")
    facts.decisions, before, value = [], (), None
    for part in parts:
        decision = Proven(facts.checkpoint)
        header = decision.header = check_header(part, facts.checkpoint)
        if 6 in part:
            check_transaction(part, header, decision)
            check_receipt(part, header, decision, with_rules=False)
        else:
            check_due(part, header, decision, with_rules=False)
        written = case_row_of(decision.receipt)
        place = (header.height, 1 if 6 in part else 0, part[7])
        if (written is None or written[:2] != (claim[1], claim[2]) or decision.receipt.outcome[0] != 0
                or written[2].revision != len(facts.decisions) + 1 or header.height > facts.header.height
                or place <= before):
            raise Fault("decisions")
        before, value, decision.row = place, written[3], written[2]
        facts.decisions.append(decision)
    if (last.revision if last else 0) != len(facts.decisions) or value != (claim[3] if last else None):
        raise Fault("decisions")


class CaseRow:
    """The row of a case, as far as its members have a meaning here."""

    @classmethod
    def read(cls, raw):
        try:
            item = value_of(raw)
        except Malformed:
            return None
        members = item.content if isinstance(item, Tag) and item.number == 21004 else []
        if len(members) < 6 or not isinstance(members[0], str) or type(members[3]) is not int:
            return None
        row = cls()
        row.contract = from_hex(members[0], 32)
        for place, number in ((2, 21003), (4, 21004)):
            if not isinstance(members[place], Tag) or members[place].number != number:
                return None
        row.state, row.revision, row.fields = members[2].content, members[3], members[4].content
        return row if row.contract else None


def case_of_row(space, item):
    """The case whose state a row is; None for any other row."""
    family, slash, rest = space.partition("/")
    return case_reference(rest) if family == "case" and slash and item == b"state" else None


def case_row_of(receipt):
    """Space, item, row and value of the case that a receipt touched, where it wrote it."""
    for _, space, item, value in receipt.changes:
        if value is not None and receipt.case is not None and case_of_row(space, item) == receipt.case:
            row = CaseRow.read(value)
            if row:
                return space, item, row, value
    return None


# ---------------------------------------------------------------------------------------------------------------------
# 16. Private values

def holds_sealed(item):
    """Whether a value holds a commitment or keyed digest."""
    if isinstance(item, list):
        return any(map(holds_sealed, item))
    if isinstance(item, Tag):
        return item.number in (21011, 21012) or holds_sealed(item.content)
    return False


class Opening:
    def __init__(self, item):
        self.path, self.salt, self.value = need_list(item, 3)
        check_value(self.path)
        expect(isinstance(self.path, list) and len(self.path) >= 2, "not a path")
        need_bytes(self.salt, 32)
        check_value(self.value)
        expect(not holds_sealed(self.value), "a value that is not open itself")
        self.encoded_path = encode(self.path)
        self.commitment = digest("remit/v1/private/value", self.encoded_path + self.salt + encode(self.value))


class Place:
    """Where a commitment stands: the beginning of a path, and the steps from there.

    A step is a position, and whether it leads to a member of a record.
    """

    def __init__(self, owner, steps, commitment):
        self.owner, self.steps, self.commitment = owner, steps, commitment

    def is_meant_by(self, path):
        start = len(self.owner)
        if len(path) != start + len(self.steps) or encode(path[:start]) != encode(self.owner):
            return False
        return all(isinstance(part, str) if is_member else type(part) is int and part == position
                   for part, (position, is_member) in zip(path[start:], self.steps))

    def words(self):
        way = ".".join(str(position + 1) for position, _ in self.steps)
        return ("argument " if self.owner[0] == "argument" else "field ") + way + owner_text(self.owner)


def owner_text(owner):
    if owner[0] == "case":
        return " of " + owner[1]
    return " of %s/%s %s" % (owner[1], owner[2], value_text(owner[3])) if owner[0] == "register" else ""


def path_text(path):
    """The place of a path that was found to mean one."""
    start = {"argument": 1, "case": 2, "register": 4}[path[0]]
    way = ".".join(part if isinstance(part, str) else str(part + 1) for part in path[start:])
    return ("argument " if start == 1 else "") + way + owner_text(path[:start])


def gather(item, owner, steps, found):
    if isinstance(item, Tag) and item.number == 21011:
        found.append(Place(owner, steps, item.content))
        return
    is_record = isinstance(item, Tag) and item.number == 21004
    members = item.content if is_record else item if isinstance(item, list) else []
    for position, member in enumerate(members):
        gather(member, owner, steps + [(position, is_record)], found)


def value_of(raw):
    """The value that bytes encode; raises Malformed where they encode none."""
    item = decode(raw)
    check_value(item)
    return item


def case_reference(rest):
    """The reference of a case from what its space has behind `case/`; None where it is not one."""
    name, slash, number = rest.rpartition("/")
    if not slash or len(number) < 10 or any(digit not in "0123456789" for digit in number):
        return None
    if len(number) > 10 and number[0] == "0":
        return None
    return name + "/" + (number.lstrip("0") or "0")


def places_in_row(space, item, raw):
    family, slash, rest = space.partition("/")
    try:
        value = value_of(raw)
        if not slash or not isinstance(value, Tag) or value.number != 21004:
            return []
        if family == "case" and item == b"state":
            reference = case_reference(rest)
            members = value.content
            if reference is None or len(members) < 6 or not isinstance(members[4], Tag) or members[4].number != 21004:
                return []
            owner, value = ["case", reference], members[4]
        elif family == "register":
            contract, slash, register = rest.partition("/")
            keys = value_of(item)
            if not slash or not isinstance(keys, list):
                return []
            owner = ["register", contract, register, keys]
        else:
            return []
    except Malformed:
        return []
    found = []
    gather(value, owner, [], found)
    return found


def places_of(facts):
    if facts.receipt:
        found = []
        if facts.transaction:
            gather(facts.transaction.arguments, ["argument"], [], found)
        rows = [(space, item, value) for _, space, item, value in facts.receipt.changes if value is not None]
    else:
        found = []
        kind, space = facts.claim[0], facts.claim[1]
        rows = [(space, facts.claim[2], facts.claim[3])] if kind == 0 else []
        if kind > 1:
            rows = [(space, item, value) for item, value in facts.claim[kind]]
    for row in rows:
        found += places_in_row(*row)
    return found


def check_openings(openings, facts):
    places = places_of(facts)
    standing = {}
    for place in places:
        standing.setdefault(place.commitment, []).append(place)
    opened = set()
    for opening in openings:
        if not any(place.is_meant_by(opening.path) for place in standing.get(opening.commitment, [])):
            raise Fault("opening")
        opened.add(opening.commitment)
    facts.disclosed = openings
    facts.undisclosed = [place for place in places if place.commitment not in opened]


# ---------------------------------------------------------------------------------------------------------------------
# 11. Receipts for people

TITLES = b"REMIT RECEIPT\n", b"REMIT RECEIPT\r\n"
OPENING, CLOSING = b"-----BEGIN REMIT PROOF-----", b"-----END REMIT PROOF-----"
ENDING_OF_DUE = """
Anybody who has the ledger's public key can check this page, without the ledger:
  remit check-proof FILE --key KEY
It proves that the contract decided so by itself when its time had come, under these
rules. It does not prove that there was no later decision: ask for a newer checkpoint.

"""
ENDING = """
Anybody who has the ledger's public key can check this page, without the ledger:
  remit check-proof FILE --key KEY
It proves that the chain holds this transaction with this outcome, decided under these
rules. It does not prove that there was no later one: ask for a newer checkpoint.

"""


def check_page(raw, key, witnesses=()):
    plain = raw.replace(b"\r\n", b"\n")
    try:
        plain.decode("utf-8")
    except UnicodeDecodeError:
        raise Fault("file", None, "not UTF-8")
    lines = plain.split(b"\n")
    if OPENING not in lines:
        raise Fault("file", None, "no proof")
    first = lines.index(OPENING)
    if CLOSING not in lines[first:]:
        raise Fault("file", None, "no whole proof")
    data = from_base64(b"".join(lines[first + 1:lines.index(CLOSING, first)]))
    if data is None:
        raise Fault("file", None, "not base64")
    proof = read(Proof, data, "file")
    facts = check_decoded(proof, key, witnesses)
    if proof.kind not in (3, 5) or page(data, facts, proof.layout) != plain:
        raise Fault("text")
    return facts


def page(data, facts, layout):
    """The page that follows from a proof."""
    receipt = facts.receipt
    lines = heading(facts)
    lines.append(("Outcome", outcome_text(receipt.outcome)))
    lines.append(("Decided by", ", ".join(facts.findings.clauses)))
    source = RulesText(facts.rules.source) if facts.rules else None
    if layout > 1 and source:
        clauses = facts.findings.clauses + [found[4] for found in facts.findings.findings]
        for clause in dict.fromkeys(clauses):
            rule = source.rule(clause, receipt.outcome, facts.transaction.call if facts.transaction else None)
            lines += [("Rule", rule)] if rule else []
    lines += [("Finding", finding_text(found, layout)) for found in facts.findings.findings]
    if layout > 1:
        lines += effects(receipt, facts, source)
    lines += disclosure(facts, "Disclosed", "Private")
    lines.append(("Cost", "%d steps" % receipt.cost))
    lines.append(("Checkpoint", "%d blocks, root %s" % (facts.checkpoint.size, facts.checkpoint.root.hex())))
    text = "REMIT RECEIPT\n\n"
    text += "".join(label.ljust(14) + plain_text(value) + "\n" for label, value in lines if value)
    text += ENDING if facts.transaction else ENDING_OF_DUE
    armour = base64.b64encode(data)
    rows = [OPENING] + [armour[at:at + 64] for at in range(0, len(armour), 64)] + [CLOSING]
    return text.encode("utf-8") + b"".join(row + b"\n" for row in rows)


def heading(facts):
    """What was decided, when, for whom, and under which rules."""
    header, transaction, receipt = facts.header, facts.transaction, facts.receipt
    chain = ("Chain", facts.checkpoint.genesis.hex())
    if transaction:
        case = receipt.case if receipt.case is not None else transaction.case
        lines = [
            ("Transaction", transaction.digest.hex()), chain,
            ("Block", "%d, transaction %d of %d" % (header.height, facts.position + 1, header.transaction_count)),
            ("Time", time_text(header.time)), ("Signed by", transaction.sender.hex()),
            ("Acting for", transaction.organisation), ("Call", transaction.call), ("Case", case or ""),
        ]
        contract = transaction.contract
    else:
        clause = facts.findings.clauses[0] if facts.findings.clauses else ""
        lines = [
            chain, ("Block", "%d, number %d of what fell due" % (header.height, facts.due_position + 1)),
            ("Time", time_text(header.time)), ("Fell due", due_text(clause, receipt.case is not None)),
            ("Case", receipt.case or ""),
        ]
        contract = facts.contract
    if contract is None:
        lines.append(("Rules", "not shown"))
    elif contract == ZERO:
        lines.append(("Rules", "those of the ledger itself"))
    else:
        rules = facts.rules
        lines.append(("Rules", "%s, version %d" % (rules.name, rules.version) if rules else "not on this chain"))
        lines.append(("Rules digest", contract.hex()))
    return lines


def due_text(clause, has_case):
    """What fell due, as the first clause tells it."""
    parts = clause.split(":")
    if len(parts) == 2 and parts[0] == "timer" and has_case:
        return "a deadline"
    if len(parts) == 2 and parts[0] == "migration" and has_case:
        return "a migration from version " + parts[1]
    if len(parts) == 2 and parts[0] == "version" and not has_case:
        return parts[1] + " takes over"
    if len(parts) == 3 and parts[0] == "migration" and not has_case:
        return "%s takes over among cases %s" % (parts[1], parts[2])
    return "what the clause says"


def effects(receipt, facts, source):
    """What the decision did, and on what."""
    lines = []
    written = case_row_of(receipt)
    if written:
        lines.append(("State", "%s, revision %d" % (written[2].state, written[2].revision)))
    for fund, debit, credit, currency, units in receipt.postings:
        amount = pointed(units, DIGITS.get(currency, 2))
        lines.append(("Posting", "%s: debit %s, credit %s, %s %s" % (fund, debit, credit, amount, currency)))
    lines += [("Round", name + ", which nobody can fill") for name in receipt.rounds]
    lines += [("Notice", "to %s: %s" % (to, text)) for to, text in receipt.notices]
    if facts.transaction:
        arguments = facts.transaction.arguments
        names = source.argument_names(facts.transaction.call, len(arguments)) if source else None
        lines += [("Argument", text) for text in named_values(arguments, names)]
    if written:
        fields = written[2].fields
        lines += [("Field", text) for text in named_values(fields, source.field_names(len(fields)) if source else None)]
    return lines


def named_values(values, names):
    """Values under their names, or their positions from 1; without those that are private as a whole."""
    lines = []
    for place, value in enumerate(values):
        if not (isinstance(value, Tag) and value.number == 21011):
            text = value_text(value)
            text = text[:1000] + "\u2026" if len(text) > 1000 else text
            lines.append("%s: %s" % (names[place] if names else place + 1, text))
    return lines


class RulesText:
    """The text of a contract in words, texts and signs, without its grammar; no tokens if it is not regular."""

    TOKEN = re.compile(rb'//[^\n]*|"(?:[^"\\\n]|\\[^\n])*"|[0-9A-Za-z_\x80-\xff]+|[][{}(),:.|=+*/<>%-]')
    CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)")
    HIDDEN = re.compile("[\x85\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]")
    DECLARATIONS = frozenset(
        b"contract library role enum record calendar fund register parameter table case unique state final checks "
        b"function action approval after entering invariant migrate given scenario".split())
    HEADS = frozenset(
        b"action after approval checks contract entering function invariant library migrate register".split())
    OPENERS = frozenset(
        b"about accept action add after and any approval become by calendar checks contract deny else "
        b"entering enters enum every except final for from function fund given gives holds if implies in "
        b"invariant is let library match migrate needs not note notify of on opens optional or otherwise "
        b"parameter passing past pay pend per private record refuse register release remove require reserve "
        b"return reveal role run scenario set share starts state table then to transfer unique until use "
        b"when where within".split())
    NAMED = (b"action", b"approval", b"checks", b"entering")
    UNNAMED = (b"after", b"migrate")
    REFUSING = {"requirement": b"require", "refused": b"refuse", "missing": b"let", "funds": b"reserve",
                "unique": b"unique"}
    STATEMENTS = frozenset(b"add become match notify pay refuse release remove return run set transfer".split())
    FOLLOWERS = STATEMENTS | {b"for", b"if", b"let", b"require", b"reserve", b"state"}
    SEVERITIES = (b"deny", b"pend", b"note")

    def __init__(self, source):
        # Tokens are bytes; beside each stand its line from 0, its depth, and whether it begins its line.
        self.tokens, self.lines, self.depths, self.starts, self.margins, self.spans = [], [], [], [], [], []
        self.declarations, self.checks = [], []
        if not self.tokenise(source.encode("utf-8")) or not self.is_regular():
            self.tokens, self.declarations, self.checks = [], [], []
            return
        self.declarations = [
            (word, start, self.declarations[at + 1][1] if at + 1 < len(self.declarations) else len(self.tokens))
            for at, (word, start) in enumerate(self.declarations)]

    def tokenise(self, source):
        """Tell the tokens apart; False where the bytes could be read in more than one way."""
        if self.CONTROLS.search(source):
            return False
        at, line, depth, starts, line_start = 0, 0, 0, True, 0
        while at < len(source):
            if source[at] in b" \t\r\n":
                if source[at] == 10:
                    line, starts, line_start = line + 1, True, at + 1
                at += 1
                continue
            found = self.TOKEN.match(source, at)
            if not found or (source[at] not in b'/"' and self.HIDDEN.search(found.group().decode("utf-8"))):
                return False
            if not found.group().startswith(b"//"):
                self.tokens.append(found.group())
                self.lines.append(line)
                self.depths.append(depth)
                self.starts.append(starts)
                self.margins.append(at == line_start)
                self.spans.append(found.span())
                depth += {b"{": 1, b"}": -1}.get(found.group(), 0)
                starts = False
                if depth < 0:
                    return False
            at = found.end()
        return depth == 0

    def is_regular(self):
        for at, token in enumerate(self.tokens):
            outside, margin = self.depths[at] == 0, self.margins[at]
            if outside and margin and not self.is_word(at) and token != b"{":
                return False
            if not self.is_word(at):
                continue
            if outside and margin:
                if token not in self.DECLARATIONS or (at > 0 and not self.is_complete(at - 1)):
                    return False
                self.declarations.append((token, at))
            elif outside:
                behind = self.token(at + 1)
                if (token in self.HEADS or (token == b"case" and behind in (b"{", b"about"))
                        or (token == b"unique" and behind == b"by")):
                    return False
            if token in self.SEVERITIES:
                among = bool(self.declarations) and self.declarations[-1][0] == b"checks"
                if self.is_text(at + 1) != among:
                    return False
                if among:
                    if outside or not self.starts[at] or self.starts[at + 1]:
                        return False
                    self.checks.append(at)
        return True

    def token(self, at):
        return self.tokens[at] if 0 <= at < len(self.tokens) else b""

    def is_text(self, at):
        return self.token(at)[:1] == b'"'

    def is_word(self, at):
        first = self.token(at)[:1]
        return first.isalpha() or first == b"_" or first >= b"\x80"

    def is_complete(self, at):
        """Whether something may end with a token, so that no name can follow it."""
        token = self.tokens[at]
        if self.is_word(at):
            return token not in self.OPENERS
        return self.is_text(at) or token[:1].isdigit() or token in (b")", b"]", b"}", b"%")

    def first(self, sign, start, end):
        """The first place of a sign from a place on; the end if there is none."""
        while start < end and self.tokens[start] != sign:
            start += 1
        return start

    def line_end(self, at):
        at += 1
        while at < len(self.tokens) and not self.starts[at]:
            at += 1
        return at

    def written(self, start, end):
        out = b""
        for at in range(start, end):
            blank = b" " if at > start and self.spans[at - 1][1] < self.spans[at][0] else b""
            out += blank + self.tokens[at]
        return out.decode("utf-8")

    def rule(self, clause, outcome, call):
        """The rule that a clause means, as a receipt tells it, or None."""
        kind, colon, rest = clause.partition(":")
        if not colon or ":" in rest:
            return None
        place, number = None, 0
        if 0 < len(rest) <= 9 and rest[0] != "0" and all(digit in "0123456789" for digit in rest):
            number = int(rest)
        if kind == "check" and 0 < number <= len(self.checks):
            place = self.check(self.checks[number - 1])
        elif kind == "timer" and number:
            timers = [found for found in self.declarations if found[0] in (b"after", b"approval")]
            place = self.head(timers[number - 1]) if number <= len(timers) else None
        elif kind == "migration" and number:
            place = self.migration(rest.encode())
        elif kind == "refusal" and rest in self.REFUSING:
            place = self.refusal(rest, outcome, call)
        if not place:
            return None
        return "%s, line %d%s: %s" % (clause, self.lines[place[0]] + 1, self.section(place[0]), self.written(*place))

    def is_item_word(self, at):
        return self.token(at) in self.SEVERITIES or self.token(at) == b"let"

    def is_next_item(self, at):
        return self.starts[at] and (self.tokens[at] in (b"}", b"for") or self.is_item_word(at))

    def check(self, start):
        end, count = start + 1, len(self.tokens)
        while end < count and not self.is_next_item(end):
            if self.tokens[end] in (b"{", b"}") or self.is_item_word(end):
                return None
            end += 1
        if end == count or not self.is_complete(end - 1):
            return None
        if self.tokens[end] == b"for":
            at = end + 1
            while at < count and self.tokens[at] != b"{":
                if self.tokens[at] in (b"}", b"for") or self.is_item_word(at):
                    return None
                at += 1
            if at == count:
                return None
        return start, end

    def head(self, declaration):
        _, start, end = declaration
        brace = self.first(b"{", start, end)
        for at in range(brace, end):
            if self.tokens[at] == b"}" and self.depths[at] == self.depths[brace] + 1:
                return start, (at if self.lines[at] == self.lines[brace] else brace) + 1
        return None

    def migration(self, version):
        found = []
        for declaration in self.declarations:
            if declaration[0] == b"migrate":
                number = self.token(declaration[1] + 2)
                if (self.token(declaration[1] + 1) != b"from" or len(number) > 9 or not number.isdigit()
                        or number[:1] == b"0"):
                    return None
                found += [declaration] if number == version else []
        return self.head(found[0]) if len(found) == 1 else None

    def section(self, at):
        for word, start, end in reversed(self.declarations):
            if start <= at:
                brace = self.first(b"{", start, end)
                if start == at or brace == end or word not in self.NAMED + self.UNNAMED:
                    return ""
                is_long = self.token(start + 2) == b"(" or self.lines[brace] > self.lines[start]
                return ", in " + self.written(start, start + 2 if word in self.NAMED and is_long else brace)
        return ""

    def is_site(self, at):
        return self.tokens[at] in (b"else", b"refuse") and self.is_text(at + 1)

    def refusal(self, reason, outcome, call):
        if self.is_of_engine(reason, outcome):
            return None
        found = []
        for word, start, end in self.declarations:
            if word not in (b"action", b"after", b"approval", b"entering", b"migrate", b"unique"):
                continue
            if word == b"action" and (call is None or self.token(start + 1) != call.encode("utf-8")):
                continue
            for site in range(start, end):
                if self.is_site(site) and self.says(site, reason, outcome):
                    begins = self.statement(site, word, start)
                    if begins is None or self.tokens[begins] == self.REFUSING[reason]:
                        found.append((site, begins))
        if len(found) != 1 or found[0][1] is None:
            return None
        last = found[0][0] + 1
        last += 1 if self.is_text(last + 1) else 0
        last += 2 if self.token(last + 1) == b"per" and self.is_text(last + 2) else 0
        place = found[0][1], last + 1
        is_one = sum(self.is_site(at) for at in range(*place)) == 1
        is_end = self.depths[last] == 0 or self.token(last + 1) == b"}" or self.token(last + 1) in self.FOLLOWERS
        return place if is_one and is_end else None

    @staticmethod
    def is_of_engine(reason, outcome):
        """Whether no rule need have said so: the words are those of a refusal without one."""
        if outcome[0] == 0:
            return True
        code, told = (outcome[1], outcome[2]) if outcome[0] == 1 else outcome[-1].partition(": ")[::2]
        if code != reason or reason == "refused":
            return False
        return (reason != "requirement" or told.startswith("a check could not be evaluated: ")
                or told == "the migration does not concern this case")

    def parts(self, at):
        """What a text literal says, in parts between which values are filled in."""
        parts, place, text, is_filled = [b""], 0, self.tokens[at][1:-1], False
        while place < len(text):
            byte = text[place:place + 1]
            if byte == b"\\":
                place += 1
                byte = text[place:place + 1]
                parts[-1] += b"\n" if byte == b"n" else byte
            elif byte == b"{":
                is_filled = True
                parts.append(b"")
            elif byte == b"}" and is_filled:
                is_filled = False
            elif not is_filled:
                parts[-1] += b" " if byte == b"\t" else byte
            place += 1
        return parts

    def says(self, site, reason, outcome):
        """Whether a refusal can have had the words of an outcome."""
        has_code = self.is_text(site + 2)
        code = b"".join(self.parts(site + 1)) if has_code else reason.encode()
        parts = self.parts(site + 2 if has_code else site + 1)
        if outcome[0] == 0:
            return False
        told = outcome[-1].encode("utf-8")
        if outcome[0] == 1:
            if outcome[1].encode("utf-8") != code:
                return False
        elif told.startswith(code + b": "):
            told = told[len(code) + 2:]
        else:
            return False
        if reason == "missing":
            return True
        if len(parts) == 1:
            return told == parts[0]
        return len(told) >= len(parts[0]) + len(parts[-1]) and told.startswith(parts[0]) and told.endswith(parts[-1])

    def statement(self, site, section, start):
        """Where the statement begins that refuses, or None."""
        if self.tokens[site] == b"refuse":
            return site if self.is_statement(site) else None
        if self.depths[site] == 0:
            return start if section == b"unique" else None
        for at in range(site - 1, start, -1):
            token = self.tokens[at]
            if token in (b"{", b"}") or token in self.STATEMENTS:
                return None
            if token in (b"let", b"require", b"reserve"):
                return at if self.is_statement(at) else None
        return None

    def is_statement(self, at):
        return at > 0 and (self.tokens[at - 1] == b"{" or self.is_complete(at - 1))

    def field_names(self, count):
        found = [place for place in self.declarations if place[0] == b"case"]
        if len(found) != 1:
            return None
        _, start, last = found[0]
        at, end = self.first(b"{", start, last) + 1, self.first(b"}", start, last)
        if end == last:
            return None
        names = []
        while at < end:
            behind = self.line_end(at)
            if not self.starts[at] or behind > end:
                return None
            names.append(self.name(at, behind))
            at = behind
        return self.decoded(names, count) if self.starts[end] else None

    def name(self, start, end):
        """The name before the colon of a field or input; None where that could hide another."""
        if end - start < 3 or not self.is_word(start) or self.tokens[start + 1] != b":":
            return None
        depth = 0
        for token in self.tokens[start + 2:end]:
            depth += {b"(": 1, b"[": 1, b")": -1, b"]": -1}.get(token, 0)
            if depth < 0 or token in (b":", b"{"):
                return None
        return self.tokens[start] if depth == 0 else None

    @staticmethod
    def decoded(names, count):
        if names is None or None in names or len(names) != count:
            return None
        return [name.decode("utf-8") for name in names]

    def argument_names(self, call, count):
        found = [place for place in self.declarations
                 if place[0] == b"action" and self.token(place[1] + 1) == call.encode("utf-8")]
        if len(found) != 1:
            return None
        _, start, last = found[0]
        end = self.first(b"{", start, last)
        if end == last:
            return None
        at, inputs = start + 2, []
        if self.tokens[at] == b"(":
            inputs, at = self.inputs(at + 1, end)
            if inputs is None:
                return None
        entered = self.entered(at, end)
        return None if entered is None else self.decoded(entered + inputs, count)

    def inputs(self, start, end):
        """The names of inputs between brackets, and where the brackets have been closed."""
        if self.tokens[start] == b")":
            return [], start + 1
        names, first, depth = [], start, 0
        for at in range(start, end):
            token = self.tokens[at]
            if depth == 0 and token in (b")", b"]", b","):
                names.append(self.name(first, at))
                first = at + 1
                if token == b"]":
                    return None, at
                if token == b")":
                    return names, first
            depth += {b"(": 1, b"[": 1, b")": -1, b"]": -1}.get(token, 0)
        return None, end

    def entered(self, start, end):
        """The fields that the head of an action enters, or None."""
        words = [at for at in range(start, end) if self.tokens[at] == b"enters"]
        if not words:
            return []
        at = words[0]
        if len(words) > 1 or not self.is_complete(at - 1) or not self.is_word(at + 1):
            return None
        names = [self.tokens[at + 1]]
        at += 2
        while self.token(at) == b",":
            if not self.is_word(at + 1):
                return None
            names.append(self.tokens[at + 1])
            at += 2
        return names


def disclosure(facts, shown, hidden):
    lines = [(shown, "%s: %s" % (path_text(opening.path), value_text(opening.value))) for opening in facts.disclosed]
    return lines + [(hidden, place.words() + ", not disclosed") for place in facts.undisclosed]


UNITS = ("minute", "hour", "day", "week", "month", "year", "working day", "working hour")
DIGITS = dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0)
DIGITS.update(dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3))


def value_text(item):
    """The text of a value on a receipt."""
    if item is None:
        return "absent"
    if isinstance(item, bool):
        return "yes" if item else "no"
    if isinstance(item, int):
        return str(item)
    if isinstance(item, str):
        return '"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(item, list):
        return "[" + ", ".join(map(value_text, item)) + "]"
    number, content = item.number, item.content
    if number == 4:
        coefficient = content[1]
        if isinstance(coefficient, Tag):
            magnitude = int.from_bytes(coefficient.content, "big")
            coefficient = magnitude if coefficient.number == 2 else -1 - magnitude
        return pointed(coefficient, -content[0])
    if number == 21000:
        return pointed(content[1], DIGITS.get(content[0], 2)) + " " + content[0]
    if number == 100:
        return time_text(content * 86400)[:10]
    if number == 1:
        return time_text(content)
    if number == 21001:
        return counted(content, "second")
    if number == 21002:
        return counted(content[0], UNITS[content[1]])
    if number == 21004:
        return "(" + ", ".join(map(value_text, content)) + ")"
    if number == 21005:
        return "{" + ", ".join(map(value_text, content)) + "}"
    if number == 21006:
        return "{" + ", ".join("%s: %s" % (value_text(key), value_text(value)) for key, value in content) + "}"
    if number == 21009:
        return "document %s, %s, %d bytes" % (content[0].hex(), content[1], content[2])
    return "private " + content.hex() if number in (21011, 21012) else content


def counted(count, unit):
    return "%d %s%s" % (count, unit, "" if count == 1 else "s")


def pointed(number, places):
    digits = str(abs(number)).rjust(places + 1, "0")
    text = digits[:-places] + "." + digits[-places:] if places else digits
    return "-" + text if number < 0 else text


def outcome_text(outcome):
    if outcome[0] == 0:
        return "done"
    if outcome[0] == 2:
        return "stalled: " + outcome[1]
    return "refused %s: %s" % (outcome[1], outcome[2]) if outcome[1] else "refused: " + outcome[2]


def finding_text(found, layout):
    line = ", line %d" % (found[5] + (0 if layout > 1 else 1)) if 5 in found else ""
    source = " (%s)" % found[6] if 6 in found else ""
    return "%s %s%s: %s%s [%s]" % (("note", "pend", "deny")[found[2]], found[1], line, found[3], source, found[4])


def time_text(seconds):
    days, rest = divmod(seconds, 86400)
    if not FIRST_DAY <= days <= LAST_DAY:
        return "second %d" % seconds
    # Days are counted from the first of March of year 0, so that a leap day ends its year.
    era, day = divmod(days + 719468, 146097)
    year = (day - day // 1460 + day // 36524 - day // 146096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153
    day -= (153 * month + 2) // 5
    year += 400 * era + (1 if month >= 10 else 0)
    month = month + 3 if month < 10 else month - 9
    return "%04d-%02d-%02dT%02d:%02d:%02dZ" % (year, month, day + 1, rest // 3600, rest // 60 % 60, rest % 60)


HIDDEN = re.compile(
    "[\0-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]")


def plain_text(text):
    return HIDDEN.sub(lambda found: "\\u{%x}" % ord(found.group()), text)


def check_any(raw, key, witnesses=()):
    """A receipt, a checkpoint or a proof file, told apart by how it begins."""
    if raw.startswith(TITLES):
        return check_page(raw, key, witnesses)
    if raw.startswith(b"remit/"):
        return Proven(check_checkpoint(raw, key, witnesses))
    return check_proof(raw, key, witnesses)


# ---------------------------------------------------------------------------------------------------------------------
# The command line

def read_key(text):
    return from_hex(text, 32) or (lambda key: key if key and key.kind == 1 else None)(NoteKey.read(text))


def parts_of(raw):
    parts, at = [], 0
    while at < len(raw):
        length = int.from_bytes(raw[at:at + 4], "big")
        parts.append(raw[at + 4:at + 4 + length])
        at += 4 + length
    return parts


def batch(data, key, witnesses):
    """Many things at once, for comparison with another verifier: a byte for the kind, four bytes of length, the bytes.

    Kinds: `c` exported chain, `n` snapshot and tails (each with four bytes of length before it), `p` proof, receipt or
    checkpoint, `b` item of the profile, `v` value, `s` signature (key, signature, message), `o` opening (commitment,
    opening). Prints a line for each: `ok`, or the class of the first fault and for chains the block.
    """
    at, out = 0, []
    while at < len(data):
        kind, length = data[at:at + 1], int.from_bytes(data[at + 1:at + 5], "big")
        raw = data[at + 5:at + 5 + length]
        at += 5 + length
        try:
            if kind == b"c":
                check_chain(raw, key)
            elif kind == b"n":
                check_files(parts_of(raw), key)
            elif kind == b"p":
                check_any(raw, key, witnesses)
            elif kind == b"o":
                expect(Opening(decode(raw[32:])).commitment == raw[:32], "of another commitment")
            elif kind == b"s":
                expect(is_signed(raw[:32], raw[96:], raw[32:96]), "not signed")
            else:
                item = decode(raw)
                if kind == b"v":
                    check_value(item)
                expect(encode(item) == raw, "another encoding")
            out.append("ok")
        except Malformed:
            out.append("refused")
        except Fault as fault:
            out.append(fault.name if fault.height is None else "%s %d" % (fault.name, fault.height))
    sys.stdout.write("".join(line + "\n" for line in out))


def describe(facts):
    lines = ["chain       " + facts.checkpoint.genesis.hex()]
    if facts.header:
        lines.append("block       %d, %s" % (facts.header.height, time_text(facts.header.time)))
    if facts.transaction:
        lines.append("transaction " + facts.transaction.digest.hex())
    if facts.receipt:
        lines.append("outcome     " + plain_text(outcome_text(facts.receipt.outcome)))
        lines.append("decided by  " + plain_text(", ".join(facts.findings.clauses)))
    if facts.rules:
        lines.append("rules       %s, version %d" % (plain_text(facts.rules.name), facts.rules.version))
    if facts.claim:
        kind, space = facts.claim[0], plain_text(facts.claim[1])
        if facts.decisions is not None:
            lines.append("decisions   %s, all %d that changed it" % (space, len(facts.decisions)))
        elif kind == 2:
            lines.append("space       %s, all %d records" % (space, len(facts.claim[2])))
        elif kind == 3:
            lines.append("space       %s, all %d records of %d that the pattern means"
                         % (space, len(facts.claim[3]), len(facts.claim[3]) + len(facts.claim[4])))
        else:
            lines.append("%s %s %r" % (("row        ", "no row     ")[kind], space, facts.claim[2]))
    lines += [label + plain_text(value) for label, value in disclosure(facts, "disclosed   ", "private     ")]
    if facts.older:
        lines.append("begins with the %d blocks of the older checkpoint" % facts.older.size)
    lines.append("checkpoint  %d blocks, root %s" % (facts.checkpoint.size, facts.checkpoint.root.hex()))
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description="A second verifier for Remit.")
    parser.add_argument("what", choices=("chain", "proof", "batch"))
    parser.add_argument("file", nargs="+", help="of a chain: the chain or a snapshot, then tails in order")
    parser.add_argument("--key", help="the ledger's public key, as 64 digits or name+id+base64")
    parser.add_argument("--genesis", help="the digest of block 0's header, where it is known")
    parser.add_argument("--checkpoint", help="a file: the checkpoint of the snapshot, or of the chain's beginning")
    parser.add_argument("--witness", action="append", default=[], help="a witness that must have signed")
    parser.add_argument("--own-arithmetic", action="store_true", help="do not use the package cryptography")
    options = parser.parse_args()
    if options.own_arithmetic:
        global equation
        equation = own_equation
    key = read_key(options.key) if options.key else None
    genesis = from_hex(options.genesis, 32) if options.genesis else None
    witnesses = [NoteKey.read(text) for text in options.witness]
    if options.key and key is None or options.genesis and genesis is None or None in witnesses:
        parser.error("a key or digest cannot be read")
    if key is None and options.what != "chain":
        parser.error("--key is needed: it must come from somewhere else than the file")
    if options.what != "proof" and isinstance(key, NoteKey):
        key = key.key
    if options.what != "chain" and (options.checkpoint or options.genesis):
        parser.error("--checkpoint and --genesis are for a chain: nothing else is compared with them")
    if options.what == "chain" and witnesses:
        parser.error("--witness is for a checkpoint, a proof or a receipt")
    if options.what != "chain" and len(options.file) > 1:
        parser.error("one file is enough")
    files = []
    for name in options.file + ([options.checkpoint] if options.checkpoint else []):
        try:
            with open(name, "rb") as file:
                files.append(file.read())
        except OSError as problem:
            print("cannot read %s: %s" % (name, problem), file=sys.stderr)
            return 4
    kept_bytes = files.pop() if options.checkpoint else None
    data = files[0]
    if options.what == "batch":
        batch(data, key, witnesses)
        return 0
    try:
        if options.what == "chain":
            kept = read(Checkpoint, kept_bytes, "checkpoint") if kept_bytes is not None else None
            chain = check_files(files, key, genesis, kept)
            if mark_of(data) == SNAPSHOT:
                print("the snapshot and what follows are sound, up to block %d" % (chain.count - 1))
            else:
                print("sound: %d blocks, %d transactions" % (chain.count, chain.transactions))
            print("genesis %s\nhead    %s" % (chain.genesis.hex(), chain.previous.digest.hex()))
            if key is None:
                print("node key %s, as the file itself names it" % chain.node_key.hex())
        else:
            facts = check_any(data, key, witnesses)
            print("the proof holds\n" + describe(facts))
    except Fault as fault:
        print("refused: %s" % fault)
        return 1
    return 0


if __name__ == "__main__":
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has gone, such as head. What was not read is not said, so this is no success.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 4
    sys.exit(status)
