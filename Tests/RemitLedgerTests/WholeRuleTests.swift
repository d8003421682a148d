import RemitLedger
import RemitValues
import Testing

/// Pages that tell a rule whole, or nothing of it, for both verifiers.
extension AgreementTests {
    /// The pages of refusals under a changed text of rules.
    private struct Pages {
        var made: [[UInt8]] = []

        /// The lines of the rules under the text with some changes.
        mutating func rules(_ changes: [(String, String)]) throws -> [String] {
            var text = DecisionSample.text
            for (old, new) in changes {
                let parts = text.split(separator: old, omittingEmptySubsequences: false)
                #expect(parts.count == 2, "\(old)")
                text = parts.joined(separator: new)
            }
            let page = try page(text, DecisionSample.findings)
            let lines = page.split(separator: "\n").filter { $0.hasPrefix("Rule  ") }
            return lines.map { String($0.dropFirst(14)) }
        }

        mutating func page(_ text: String, _ findings: Findings) throws -> String {
            let proof = try SampleChain().receipt(under: text, findings: findings)
            let page = try #require(ReceiptPage(proof, try proof.check(.bare(try SampleChain().node.publicKey)))).text
            made.append(Array(page.utf8))
            return page
        }

        /// Both verifiers find every page sound.
        func hold() throws {
            let key = try SampleChain().node.publicKey
            for page in made {
                #expect(ReceiptPage.isReceipt(page))
                _ = try ReceiptPage.check(page, .bare(key))
            }
            let answers = try SecondVerifier.answers(made.map { (.proof, $0) }, key: key)
            #expect(answers == made.map { _ in "ok" })
        }
    }

    @Test("a rule that its layout runs into its neighbours is told whole")
    func wholeRules() throws {
        var pages = Pages()
        let none = "else \"L-9\" \"None asked\""
        let required = "require days > 0\n    \(none)"
        let action = "action ask(ward: Text(20), days: Integer,\n    cause: private Text(40))\n  opens open {"
        let head = "approval second in open needs 1 of Head"
        for (changes, rule) in [
            (
                [(required, "require days > 3 else \"L-7\" \"No\" \(required) set days to 1\n    + 4")],
                "refusal:requirement, line 22, in action ask: require days > 0 \(none)"
            ),
            ([(required, "set days to 1 require\n days > 0 \(none) become\n open")], nil),
            (
                [("in open { become closed }", "in open { set days to 1\n    + 5 become closed }")],
                "timer:1, line 26: after 3 days past asked in open {"
            ),
            (
                [("{ become closed }", "{ become closed } state more")],
                "timer:1, line 26: after 3 days past asked in open { become closed }"
            ),
            (
                [("Head within 2 days { }", "Head\n  and 1 of Nurse within 2 days { granted { }\n  }")],
                "timer:2, line 27: \(head) and 1 of Nurse within 2 days {"
            ),
            (
                [("Head within 2 days { }", "Head\n  within 2 days { granted { }  }")],
                "timer:2, line 27: \(head) within 2 days { granted { } }"
            ),
            (
                [(action, "action ask in open by (Nurse or Head) {")],
                "refusal:requirement, line 20, in action ask in open by (Nurse or Head): require days > 0 \(none)"
            ),
            (
                [(action, "action ask in open\n  by Nurse {")],
                "refusal:requirement, line 21, in action ask: require days > 0 \(none)"
            ),
            (
                [
                    (none, "else \"L-7\" \"No\""),
                    ("after 3 days past asked in open {", "after 3\n  days in open { require days > 0 \(none)"),
                ], "refusal:requirement, line 27, in after 3 days in open: require days > 0 \(none)"
            ),
        ] as [([(String, String)], String?)] {
            let told = try pages.rules(changes)
            #expect(told.count == 5, "\(changes)")
            if let rule { #expect(told.contains(rule), "\(told)") }
        }
        try pages.hold()
    }

    @Test("a rule whose end its layout leaves open is not told at all")
    func cutRules() throws {
        var pages = Pages()
        let loop = "days > 3\n  for one in lines {"
        for (old, new, clause) in [
            (loop, "sum of a\n    for b in lines > 5 for one in lines {", "check:1"),
            (loop, "sum of a\n    for b in lines > 5 }\nchecks more {\n  for one in lines {", "check:1"),
            (loop, "sum of a\n    for b in lines > 5 let c = 3 for one in lines {", "check:1"),
            (loop, "sum of a\n    for b in lines > 5 let c = 3\n  for one in lines {", "check:1"),
            ("\"None asked\"\n", "\"None asked\" else\n", "refusal:requirement"),
            ("\"None asked\"\n", "\"None asked\" + days\n", "refusal:requirement"),
        ] {
            let told = try pages.rules([(old, new)])
            #expect(told.count == 4 && !told.contains { $0.hasPrefix(clause) }, "\(new): \(told)")
        }
        try pages.hold()
    }

    @Test("a page that was mailed, with other ends of lines, is a receipt")
    func mailedPage() throws {
        var pages = Pages()
        let page = try pages.page(DecisionSample.text, DecisionSample.findings)
        pages.made.append(
            Array(page.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n").utf8))
        try pages.hold()
        #expect(!ReceiptPage.isReceipt(Array("REMIT RECEIPT\rX".utf8)))
        #expect(!ReceiptPage.isReceipt(Array("REMIT RECEIPT".utf8)))
    }

    @Test("characters that cannot be seen are written as their numbers")
    func hiddenCharacters() throws {
        var pages = Pages()
        let hidden: [UInt32] = [
            0x01, 0x7F, 0x9F, 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x200B, 0x200F, 0x2028,
            0x202E,
            0x2060, 0x2065, 0x2066, 0x206F, 0x3164, 0xFEFF, 0xFFA0, 0xFFF9, 0xFFFB, 0x1D173, 0x1D17A, 0xE0000, 0xE0001,
            0xE007F, 0xE00FF, 0xE01F0, 0xE0FFF,
        ]
        // The neighbours of those, and what chooses the form of a character.
        let seen: [UInt32] = [
            0xA0, 0xAC, 0xAE, 0x34E, 0x61B, 0x1161, 0x17B3, 0x200A, 0x2010, 0x2027, 0x202F, 0x205F, 0x2070, 0x3165,
            0xFE0F, 0xFFFC, 0x1D172, 0x1D17B, 0xDFFFF, 0xE0100, 0xE01EF, 0xE1000,
        ]
        func text(_ values: [UInt32]) -> String {
            var text = String.UnicodeScalarView()
            text.append(contentsOf: values.compactMap { Unicode.Scalar($0) })
            return String(text)
        }
        let found = Findings.Finding(
            code: "L-1", severity: .deny, text: text(hidden) + "-" + text(seen), clause: "check:2", line: 3)
        let page = try pages.page(DecisionSample.text, Findings(findings: [found], clauses: ["check:2"]))
        let written = hidden.map { "\\u{\(String($0, radix: 16))}" }.joined() + "-" + text(seen)
        #expect(
            Array(page.utf8).split(separator: 0x0A).contains { line in
                line.elementsEqual("Finding       deny L-1, line 3: \(written) [check:2]".utf8)
            })
        try pages.hold()
    }
}
