import RemitLanguage
import RemitValues
import Testing

/// The picture of a diagnostic, on sources that are made for it.
@Suite struct RenderingTests {
    private let code = DiagnosticCode.tableGap

    /// A diagnostic that marks parts of a text, found by their words.
    private func picture(
        _ text: String, _ primary: String, _ words: String = "", labels: [(String, String)] = [], notes: [String] = [],
        help: String? = nil, styled: @escaping DiagnosticText.Styling = { text, _ in text }
    ) -> String {
        let source = SourceText(name: "a.remit", text)
        let diagnostic = Diagnostic(
            code, "a message", at: Label(span(of: primary, in: text), words),
            labels: labels.map { Label(span(of: $0.0, in: text), $0.1) }, notes: notes, help: help)
        return DiagnosticText(source, styled: styled).text(of: diagnostic)
    }

    private func span(of part: String, in text: String) -> Span {
        let whole = Array(text.utf8)
        let wanted = Array(part.utf8)
        for start in 0...(whole.count - wanted.count) where whole[start...].starts(with: wanted) {
            return Span(start, start + wanted.count)
        }
        return Span(whole.count, whole.count)
    }

    @Test func oneLine() {
        #expect(
            picture("first\nlet due = 3\n", "due", "named here", notes: ["a fact"], help: "do this") == """
                error[R4001]: a message
                 --> a.remit:2:5
                  |
                2 | let due = 3
                  |     ^^^ named here
                  |
                  = note: a fact
                  = help: do this

                """)
    }

    @Test func wideCharactersTakeTwoColumns() {
        #expect(
            picture("set 金额 to 数量", "数量", "here", labels: [("金额", "there")]) == """
                error[R4001]: a message
                 --> a.remit:1:11
                  |
                1 | set 金额 to 数量
                  |     ----    ^^^^ here
                  |     |
                  |     there

                """)
    }

    @Test func tabsGoOnToTheNextStop() {
        #expect(
            picture("a\tb\tc", "c", "here") == """
                error[R4001]: a message
                 --> a.remit:1:5
                  |
                1 | a   b   c
                  |         ^ here

                """)
    }

    @Test func combiningMarksTakeNone() {
        #expect(
            picture("e\u{301}te\u{301} = x", "x", "here") == """
                error[R4001]: a message
                 --> a.remit:1:9
                  |
                1 | e\u{301}te\u{301} = x
                  |       ^ here

                """)
    }

    @Test func severalLines() {
        #expect(
            picture(
                "table a {\n  | b |\n  | c |\n  | d |\n}\nrole x\n", "table a {\n  | b |\n  | c |\n  | d |\n}",
                "all of it") == """
                    error[R4001]: a message
                     --> a.remit:1:1
                      |
                    1 | table a {
                      | ^^^^^^^^^
                    ...
                    5 | }
                      | ^ all of it

                    """)
    }

    @Test func oneLineBetweenIsShown() {
        #expect(
            picture("one\ntwo\nthree", "three", labels: [("one", "first")]) == """
                error[R4001]: a message
                 --> a.remit:3:1
                  |
                1 | one
                  | --- first
                2 | two
                3 | three
                  | ^^^^^

                """)
    }

    @Test func lineNumbersLineUp() {
        let text = (1...12).map { "line\($0)" }.joined(separator: "\n")
        #expect(
            picture(text, "line12", labels: [("line9", "here")]) == """
                error[R4001]: a message
                  --> a.remit:12:1
                   |
                 9 | line9
                   | ----- here
                ...
                12 | line12
                   | ^^^^^^

                """)
    }

    @Test func severalMarksOnALine() {
        #expect(
            picture("aa bb cc dd", "cc", "third", labels: [("aa", "first"), ("bb", "second"), ("dd", "")]) == """
                error[R4001]: a message
                 --> a.remit:1:7
                  |
                1 | aa bb cc dd
                  | -- -- ^^ --
                  | |  |  |
                  | |  |  third
                  | |  second
                  | first

                """)
    }

    @Test func theShorterOfTwoMarksShows() {
        #expect(
            picture("a + b", "a + b", "whole", labels: [("a", "left")]) == """
                error[R4001]: a message
                 --> a.remit:1:1
                  |
                1 | a + b
                  | -^^^^ whole
                  | |
                  | left

                """)
    }

    @Test func longLinesAreCutAroundTheMark() {
        let line = String(repeating: "x", count: 300) + " here " + String(repeating: "y", count: 300)
        let shown = picture(line, "here", "this").split(separator: "\n")
        #expect(shown[3].hasPrefix("1 | …xxx") && shown[3].hasSuffix("yyy…"))
        #expect(shown[3].unicodeScalars.count <= Limits.excerptColumns + 6)
        let column = shown[3].unicodeScalars.split(separator: "h")[0].count
        #expect(
            shown[4].unicodeScalars.firstIndex(of: "^").map {
                shown[4].unicodeScalars.distance(
                    from: shown[4].unicodeScalars.startIndex, to: $0)
            } == column)
        #expect(shown[4].hasSuffix("^^^^ this"))
    }

    @Test func controlCharactersShowAsPictures() {
        let shown = picture("a \u{1B}[31m \u{202E} b \u{85}", "b", "\u{1B}[2J")
        #expect(shown.contains("1 | a ␛[31m <U+202E> b <U+0085>"))
        #expect(shown.contains("^ ␛[2J"))
    }

    @Test func aPlaceBehindTheEnd() {
        let source = SourceText(name: "a.remit", "abc\n")
        let text = DiagnosticText(source).text(of: Diagnostic(code, "m", at: Label(Span(4, 4), "here")))
        #expect(text.hasSuffix("2 |\n  | ^ here\n"))
    }

    @Test func linesMayEndWithReturns() {
        #expect(picture("one\r\ntwo\r\nthree", "two", "here").contains("2 | two\n  | ^^^ here\n"))
        #expect(picture("one\rtwo\rthree", "two", "here").contains("2 | two\n  | ^^^ here\n"))
    }

    @Test func stylesOnlyAddTo() {
        let plain = picture("aa bb", "bb", "w", labels: [("aa", "v")], notes: ["n"], help: "h")
        let styled = picture("aa bb", "bb", "w", labels: [("aa", "v")], notes: ["n"], help: "h") { text, style in
            "<\(style)>\(text)</>"
        }
        #expect(styled.contains("<error>error[R4001]</><message>: a message</>"))
        #expect(styled.contains("<error>^^</> <error>w</>"))
        #expect(styled.contains("<secondary>--</>"))
        let stripped = styled.replacing(#/<[a-z]+>|<\/>/#, with: "")
        #expect(stripped == plain)
    }

    // MARK: Many

    private func many(_ errors: Int, _ warnings: Int) -> [Diagnostic] {
        (0..<warnings).map { Diagnostic(code, "w", at: Label(Span($0, $0)), severity: .warning) }
            + (0..<errors).map { Diagnostic(code, "e", at: Label(Span($0, $0))) }
    }

    @Test(arguments: [(0, 0, ""), (1, 0, "1 error"), (2, 1, "2 errors, 1 warning"), (0, 3, "3 warnings")])
    func theyAreCounted(errors: Int, warnings: Int, line: String) {
        let text = DiagnosticText(SourceText(name: "a", "abcdef")).text(of: many(errors, warnings))
        #expect(text.hasSuffix(line.isEmpty ? "" : "\n\(line)\n"))
        #expect(text.isEmpty == line.isEmpty)
    }

    @Test func moreThanTheLimitAreSummedUp() {
        let source = SourceText(name: "a", String(repeating: "x", count: 200))
        let list = DiagnosticList(many(60, 5))
        #expect(list.shown.count == Limits.diagnostics && list.hidden == 15)
        #expect(list.shown.allSatisfy { $0.severity == .error }, "warnings give way")
        let text = DiagnosticText(source).text(of: many(60, 5))
        #expect(text.hasSuffix("\n15 more are not shown: begin with those above\n60 errors, 5 warnings\n"))
    }

    @Test func theyAreSortedByPlace() {
        let list = DiagnosticList([
            Diagnostic(.tableOverlap, "later", at: Label(Span(9, 9))),
            Diagnostic(.tableOverlap, "same place, greater code", at: Label(Span(3, 3))),
            Diagnostic(.tableGap, "same place, lesser code", at: Label(Span(3, 3))),
            Diagnostic(.tableOverlap, "first", at: Label(Span(0, 1))),
        ])
        #expect(list.shown.map(\.message) == ["first", "same place, lesser code", "same place, greater code", "later"])
    }

    @Test func asData() {
        let source = SourceText(name: "a.remit", "x\n金额 is y\n")
        let found = Diagnostic(
            code, "a \u{1B}message", at: Label(Span(2, 8), "here"), labels: [Label(Span(12, 13), "there")],
            notes: ["a fact"], help: "do this")
        let data = DiagnosticDescription(found, in: source)
        #expect(data.code == "R4001" && data.severity == .error && data.file == "a.remit")
        #expect(data.message == "a ␛message" && data.notes == ["a fact"] && data.help == "do this")
        let place = [data.place.line, data.place.column, data.place.endLine, data.place.endColumn]
        #expect(place == [2, 1, 2, 3] && data.place.text == "here")
        #expect(data.labels.map(\.column) == [7] && data.labels.map(\.endColumn) == [8])
    }
}
