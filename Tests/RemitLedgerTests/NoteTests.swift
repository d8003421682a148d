import RemitLedger
import Testing

@Suite("Signed notes and checkpoints")
struct NoteTests {
    /// The example of Go's sumdb/note, whose format C2SP took over: key, secret seed, note.
    static let exampleKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    static let exampleSecret = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
    static let exampleText =
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    static let exampleNote =
        exampleText + "\n\u{2014} PeterNeumann "
        + "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

    @Test("the published example: key, signature to the byte, verification")
    func example() throws {
        let key = try #require(NoteKey(Self.exampleKey))
        #expect(key.description == Self.exampleKey && key.name == "PeterNeumann" && key.kind == .note)
        let note = try #require(SignedNote(Array(Self.exampleNote.utf8)))
        #expect(note.text == Self.exampleText && note.standing(of: key) == .valid)
        #expect(note.bytes == Array(Self.exampleNote.utf8))
        let secret = try #require(Base64.decode(Self.exampleSecret))
        let signer = try SeedSigner(seed: Array(secret.dropFirst()))
        var own = try #require(SignedNote(text: Self.exampleText))
        try own.sign(as: key, by: signer)
        #expect(own.bytes == note.bytes)
        let other = try #require(
            SignedNote(Array(Self.exampleNote.replacingFirst("cryptography", "cryptographY").utf8)))
        #expect(other.standing(of: key) == .invalid)
        let stranger = try #require(
            NoteKey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"))
        #expect(note.standing(of: stranger) == .missing)
    }

    @Test("two more published notes")
    func more() throws {
        let key = try #require(NoteKey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"))
        let signature = "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
        let text = "This is an example message.\n\n\u{2014} example.com/foo \(signature)\n"
        #expect(try #require(SignedNote(Array(text.utf8))).standing(of: key) == .valid)
        // The text may have empty lines: the last one divides.
        let poem =
            "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned \u{E8} subito sera.\n\n"
            + "\u{2014} quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQ"
            + "U0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
        let note = try #require(SignedNote(Array(poem.utf8)))
        #expect(note.text.hasSuffix("sera.\n") && note.lines.map(\.name) == ["quasimodo.example/salvatore"])
    }

    @Test("every part and every mangling of a key is refused")
    func keys() throws {
        let whole = Array(Self.exampleKey.utf8)
        for start in 0...whole.count {
            for end in start...whole.count where start > 0 || end < whole.count {
                #expect(NoteKey(String(decoding: whole[start..<end], as: UTF8.self)) == nil)
            }
        }
        for index in whole.indices {
            var other = whole
            other[index] += 1
            #expect(NoteKey(String(decoding: other, as: UTF8.self)) == nil, "\(index)")
        }
        #expect(LedgerKey(Self.exampleKey) != nil && LedgerKey("03") == nil)
        #expect(LedgerKey(String(repeating: "ab", count: 32)) != nil)
    }

    /// Notes that are none, made from the example.
    static let refused: [(String, String)] = [
        ("no newline at the end", String(exampleNote.dropLast())), ("an empty line at the end", exampleNote + "\n"),
        ("no empty line", exampleNote.replacingFirst("\n\n", "\n")), ("no signature", exampleText + "\n"),
        ("no text at all", "\n"), ("nothing", ""), ("a tab", exampleNote.replacingFirst("you ", "you\t")),
        ("a carriage return", exampleNote.replacingFirst("\n", "\r\n")),
        ("a zero", exampleNote.replacingFirst("you", "\0")),
        ("a hyphen for the dash", exampleNote.replacingFirst("\u{2014}", "-")),
        ("two spaces", exampleNote.replacingFirst("\u{2014} ", "\u{2014}  ")),
        ("no name", exampleNote.replacingFirst("PeterNeumann ", " ")),
        ("a plus in the name", exampleNote.replacingFirst("PeterN", "Peter+N")),
        ("a wide space in the name", exampleNote.replacingFirst("PeterN", "Peter\u{2003}N")),
        ("a delete in the name", exampleNote.replacingFirst("PeterN", "Peter\u{7F}N")),
        ("base64 without padding", exampleNote.replacingFirst("nAM=", "nAM")),
        ("base64 with bits left over", exampleNote.replacingFirst("nAM=", "nAN=")),
        ("base64 of four bytes", exampleText + "\n\u{2014} PeterNeumann x08gow==\n"),
        ("a word more", exampleNote.replacingFirst("nAM=", "nAM= x")),
        ("a line that is no signature", exampleNote + "hello\n"),
    ]

    @Test("notes that are none", arguments: refused.indices)
    func refusals(index: Int) {
        let (name, text) = Self.refused[index]
        #expect(SignedNote(Array(text.utf8)) == nil, "\(name)")
    }

    @Test("limits of notes")
    func limits() throws {
        let line = Self.exampleNote.split(separator: "\n").last.map { "\($0)\n" } ?? ""
        func note(_ count: Int) -> SignedNote? {
            SignedNote(Array((Self.exampleText + "\n" + String(repeating: line, count: count)).utf8))
        }
        #expect(note(64) != nil && note(65) == nil)
        let key = try #require(NoteKey(Self.exampleKey))
        #expect(note(16)?.standing(of: key) == .valid)
        let long = String(repeating: "x", count: 65_536 - Self.exampleNote.utf8.count)
        #expect(SignedNote(Array((long + Self.exampleNote).utf8)) != nil)
        #expect(SignedNote(Array((long + "x" + Self.exampleNote).utf8)) == nil)
        #expect(SignedNote(Array(Self.exampleNote.utf8.dropLast(90)) + [0xFF] + Array("\n".utf8)) == nil)
    }

    // MARK: Checkpoints

    @Test("a checkpoint comes back, and is checked under the key")
    func checkpoint() throws {
        let chain = try SampleChain.of(blocks: 2)
        let signed = try chain.signedCheckpoint(2)
        let read = try #require(SignedCheckpoint(signed.bytes))
        #expect(read.checkpoint == signed.checkpoint && read.checkpoint.size == 2)
        try read.check(.bare(chain.node.publicKey))
        try read.check(.named(Checkpoint.key(chain.genesis, chain.node.publicKey)))
        let foreign = Checkpoint.key(.zero, chain.node.publicKey)
        for (key, fault) in [
            (LedgerKey.bare(chain.sender.publicKey), ProofFaultClass.checkpointKey),
            (.named(foreign), .checkpointKey),
        ] {
            #expect(performing: { try read.check(key) }, throws: { ($0 as? ProofFault)?.faultClass == fault })
        }
    }

    @Test("witnesses are kept, and asked for")
    func witnesses() throws {
        let chain = try SampleChain.of(blocks: 2)
        let own = try chain.signedCheckpoint(2)
        let witness = try #require(
            NoteKey(name: "witness.example/w1", kind: .cosignature, publicKey: chain.sender.publicKey))
        func cosigned(time: UInt64, text: String? = nil) throws -> [UInt8] {
            let message = "cosignature/v1\ntime \(time)\n\(text ?? own.checkpoint.text)"
            let signature = try chain.sender.sign(Array(message.utf8)).bytes
            let bytes = witness.id + (0..<8).map { UInt8(truncatingIfNeeded: time >> UInt64(56 - 8 * $0)) } + signature
            return own.bytes + Array("\u{2014} witness.example/w1 \(Base64.encode(bytes))\n".utf8)
        }
        let good = try #require(SignedCheckpoint(try cosigned(time: 1_679_315_147)))
        #expect(try good.bytes == cosigned(time: 1_679_315_147))
        try good.check(.bare(chain.node.publicKey), witnesses: [witness])
        let falsehoods = [
            own.bytes, try cosigned(time: 1 << 63), try cosigned(time: 1, text: "other\n"),
            try cosigned(time: 5) + cosigned(time: 1, text: "other\n").dropFirst(own.bytes.count),
        ]
        for bytes in falsehoods {
            let note = try #require(SignedCheckpoint(bytes))
            try note.check(.bare(chain.node.publicKey))
            #expect(
                performing: { try note.check(.bare(chain.node.publicKey), witnesses: [witness]) },
                throws: { ($0 as? ProofFault)?.faultClass == .witness })
        }
    }

    /// Notes signed by the node of the sample chain: the text, and whether it is a checkpoint.
    static func checkpointTexts() throws -> [(bytes: [UInt8], isCheckpoint: Bool)] {
        let chain = try SampleChain.of(blocks: 1)
        let key = Checkpoint.key(chain.genesis, chain.node.publicKey)
        let lines = [key.name, "1", Base64.encode([UInt8](repeating: 7, count: 32))]
        let text = lines.joined(separator: "\n") + "\n"
        func sized(_ size: String) -> String { text.replacingFirst("\n1\n", "\n\(size)\n") }
        let good = [text, text + "more\nlines\n", sized("0"), sized("9223372036854775807")]
        let sizes = [
            "01", "", "-1", "+1", "1 ", "9223372036854775808", "\u{661}", "1e3", "99999999999999999999", "00", "0x1",
        ]
        let bad =
            sizes.map(sized) + [
                text + "\n", text + "\nmore\n", text.replacingFirst("remit/", "remit/ "),
                text.replacingFirst("remit/", "remit/\u{301}"), text.replacingFirst("remit/", "remit//"),
                text.replacingFirst(lines[0], String(lines[0].dropLast())),
                text.replacingFirst(lines[0], lines[0].uppercased().replacingFirst("REMIT", "remit")),
                text.replacingFirst(lines[2], Base64.encode([UInt8](repeating: 7, count: 31))),
                text.replacingFirst(lines[2], lines[2] + "="), text.replacingFirst(lines[2], "="), lines[0] + "\n1\n",
                "remit/\n", text.replacingFirst("\n1\n", "\n1\n\n"),
            ]
        return try (good.map { ($0, true) } + bad.map { ($0, false) }).map { text, isCheckpoint in
            var note = try #require(SignedNote(text: text))
            try note.sign(as: key, by: chain.node)
            return (note.bytes, isCheckpoint)
        }
    }

    @Test("texts that are no checkpoint")
    func texts() throws {
        for (bytes, isCheckpoint) in try Self.checkpointTexts() {
            #expect(
                (SignedCheckpoint(bytes) != nil) == isCheckpoint, "\(String(decoding: bytes, as: UTF8.self))")
        }
        let chain = try SampleChain.of(blocks: 1)
        let other = try chain.signedCheckpoint(1).bytes
        #expect(SignedCheckpoint(Array("R".utf8) + other.dropFirst()) == nil)
        #expect(SignedCheckpoint(Array("\n".utf8) + other) == nil)
    }

    @Test("base64 has one text for some bytes")
    func base64() {
        // RFC 4648 §10.
        let vectors = [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ]
        for (plain, text) in vectors {
            #expect(Base64.encode(Array(plain.utf8)) == text && Base64.decode(text) == Array(plain.utf8))
        }
        for text in ["Z", "Zg", "Zg=", "Zh==", "Zm9=", "Zm8", "Zg==Zg==", "====", "Zm9v\n", "Zm-_", "Z=g=", "=Zg="] {
            #expect(Base64.decode(text) == nil, "\(text)")
        }
        var random = SplitMix64(seed: 4648)
        for count in 0..<100 {
            let bytes = random.bytes(count)
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }
}

extension String {
    /// The text with the first occurrence of a part replaced.
    func replacingFirst(_ part: String, _ other: String) -> String {
        let (whole, wanted) = (Array(utf8), Array(part.utf8))
        for start in 0...max(0, whole.count - wanted.count) where whole[start...].starts(with: wanted) {
            let bytes = whole[..<start] + Array(other.utf8) + whole[(start + wanted.count)...]
            return String(decoding: bytes, as: UTF8.self)
        }
        return self
    }
}
