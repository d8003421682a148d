#!/usr/bin/env python3
"""Makes torsion.txt: signatures whose key and commitment have components of small order, on which libraries disagree.

With A = aB + T and R = rB + U, where T and U are of small order, S = r + ka makes the equation with the cofactor hold
always, and the one without it just where U + kT is the neutral point. Messages are chosen so that for every T and U
both cases are met where they can be. A line is: key, signature, message, and `ok` or `refused` by the pinned rule.
"""

import hashlib
import os
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../../Docs/verifier"))
import remit_verify as verify  # noqa: E402


def encode(point, shift=0):
    inverse = pow(point[2], verify.P - 2, verify.P)
    x, y = point[0] * inverse % verify.P, point[1] * inverse % verify.P
    return (y + shift * verify.P | (x & 1) << 255).to_bytes(32, "little")


def torsion():
    """The eight points whose order divides 8: multiples of one of order 8."""
    y = int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little")
    x = verify.recover_x(y, 0)
    generator = (x, y, 1, x * y % verify.P)
    return [verify.multiply(number, generator) for number in range(8)]


def scalar(*words):
    return int.from_bytes(hashlib.sha512(" ".join(map(str, words)).encode()).digest(), "little") % verify.L


def main():
    points = torsion()
    lines = []
    for t in range(8):
        for u in range(8):
            a, r = scalar("a", t, u), scalar("r", t, u)
            key = encode(verify.add(verify.multiply(a, verify.BASE), points[t]))
            commitment = encode(verify.add(verify.multiply(r, verify.BASE), points[u]))
            wanted = {True, False}
            for number in range(64):
                message = b"remit %d" % number
                k = int.from_bytes(hashlib.sha512(commitment + key + message).digest(), "little") % verify.L
                holds = (u + k * t) % 8 == 0
                if holds not in wanted:
                    continue
                wanted.discard(holds)
                signature = commitment + ((r + k * a) % verify.L).to_bytes(32, "little")
                assert verify.own_equation(key, message, signature) == holds
                lines.append((key, signature, message, holds))
    # Keys and commitments of small order alone, in every encoding: the equation holds and the rule refuses.
    for number, point in enumerate(points):
        for shift in (0, 1):
            y = int.from_bytes(encode(point), "little") & (1 << 255) - 1
            if shift and y >= 19:
                continue
            for sign in (0, 128):
                weak = bytearray(encode(point, shift))
                weak[31] = weak[31] & 127 | sign
                weak = bytes(weak)
                a = scalar("b", number)
                key = encode(verify.multiply(a, verify.BASE))
                k = int.from_bytes(hashlib.sha512(weak + key + b"R").digest(), "little") % verify.L
                lines.append((key, weak + (k * a % verify.L).to_bytes(32, "little"), b"R", False))
                r = scalar("c", number)
                commitment = encode(verify.multiply(r, verify.BASE))
                lines.append((weak, commitment + r.to_bytes(32, "little"), b"A", False))
    with open(os.path.join(HERE, "torsion.txt"), "w") as file:
        for key, signature, message, holds in lines:
            assert verify.is_signed(key, message, signature) == holds
            file.write("%s %s %s %s\n" % (key.hex(), signature.hex(), message.hex(), "ok" if holds else "refused"))
    print("%d signatures, %d valid" % (len(lines), sum(line[3] for line in lines)))


if __name__ == "__main__":
    main()
