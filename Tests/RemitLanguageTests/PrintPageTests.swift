import Foundation
import RemitValues
import Testing

@testable import RemitLanguage

/// Pages are well formed, escape what they quote, and can be read by everybody.
@Suite struct PrintPageTests {
    private static let hostile = """
        contract Trap version 1
          title   "<script>alert('1')</script> & \\"so\\""
          purpose "![x](http://a) `code` **bold** | cell"
        role Clerk
        case { note : Text(9) starts "</title><b>" }
        state open
        final state shut
        action end in open by Clerk per "<i>" {
          require note is "&amp;" else "<E>" "</li><img src=x>\u{202E}drawkcab"
          become shut
        }
        action begin opens open by Clerk { }
        """

    @Test(arguments: PageLanguage.allCases) func nothingQuotedBecomesMarkup(_ language: PageLanguage) throws {
        let contract = try Printed.contract(SourceText(name: "trap", Self.hostile))
        let page = ContractPage.text(of: contract, language: language, format: .html)
        for sign in ["<script", "<img", "<b>", "<i>", "</title><", "\u{202E}"] { #expect(!page.contains(sign)) }
        #expect(page.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;so&quot;"))
        #expect(page.contains("\\u{202e}drawkcab"))
        let text = ContractPage.text(of: contract, language: language, format: .markdown)
        #expect(text.contains("!\\[x\\](http://a) \\`code\\` \\*\\*bold\\*\\* \\| cell"))
        #expect(!text.contains(/[^\\]<img/))
    }

    /// A map is called a map, an empty value empty, and a Chinese page without a word list says whose words it has.
    @Test func mapsAndCommonWordsAreTold() throws {
        let contract = try Printed.contract(
            SourceText(
                name: "maps",
                """
                contract Maps version 1
                  title "Maps"
                role Clerk
                case { owed : map of Text(9) to CNY (3) starts [] }
                state open
                final state closed
                action begin opens open by Clerk { become open }
                action close in open by Clerk { become closed }
                given ann is Clerk
                scenario "Empty" {
                  ann does begin as c
                  expect c.owed is []
                }
                """))
        let english = ContractPage.text(of: contract, language: .english, format: .markdown)
        let kind = "a map of at most 3: for each text of at most 9 characters, amount in CNY"
        #expect(english.contains("\(kind) | begins as empty"))
        #expect(english.contains("Then *c*’s *owed* is empty."))
        #expect(!english.contains("list") && !english.contains("Words used on this page"))
        let chinese = ContractPage.text(of: contract, language: .chinese, format: .markdown)
        #expect(chinese.contains("映射，最多 3 项：每个不超过 9 字的文本对应金额（CNY） | 起始为空"))
        for row in ["| `Clerk` | 经办人 |", "| `close` | 关闭 |", "| `open` | 处理中 |"] {
            #expect(chinese.contains(row), "\(row)")
        }
        #expect(!chinese.contains("`begin`"))
    }

    @Test(arguments: try Printed.files, PageLanguage.allCases)
    func tagsAreBalancedAndPlain(_ file: URL, _ language: PageLanguage) throws {
        let page = ContractPage.text(of: try Printed.contract(file), language: language, format: .html)
        var open: [String] = []
        for match in page.matches(of: #/<(\/?)([a-zA-Z0-9]+)([^>]*)>/#) {
            let name = String(match.2)
            if ["meta"].contains(name) || match.3.hasSuffix("/") { continue }
            if match.1.isEmpty {
                open.append(name)
            } else {
                #expect(open.popLast() == name)
            }
        }
        #expect(open.isEmpty)
        #expect(!page.contains("<script") && !page.contains("src=") && !page.contains("url(http"))
        #expect(page.contains(language == .english ? "<html lang=\"en\">" : "<html lang=\"zh-Hans\">"))
        #expect(page.matches(of: #/<h1[ >]/#).count == 1)
        for head in page.matches(of: #/<th([^>]*)>/#) where !head.0.hasPrefix("<thead") {
            #expect(head.1.contains("scope="), "a head of a table says what it heads")
        }
        #expect(page.matches(of: #/<table>/#).count == page.matches(of: #/<caption>/#).count)
        let anchors = page.matches(of: #/ id="([^"]+)"/#).map { String($0.1) }
        #expect(Set(anchors).count == anchors.count)
        for link in page.matches(of: #/href="#([^"]+)"/#) { #expect(anchors.contains(String(link.1))) }
    }

    private static func ward(_ declarations: String) -> String {
        """
        contract Ward version 1
          title "Ward"
        role Clerk
        case { bed : Integer code : optional Text(9) }
        state open
        final state shut
        action begin opens open by Clerk enters bed, code { }
        action end in open by Clerk { become shut }
        \(declarations)
        """
    }

    @Test(
        arguments: [
            ("", "It ends as *shut*; nothing can be done with it afterwards.", "案件终结于「shut」；此后不能再办理。"),
            (
                "action mend in shut by Clerk { set bed to 1 }",
                "It ends as *shut*, and stays so; all that can be done with it afterwards is *mend*.",
                "案件终结于「shut」，此后状态不变；仅可办理「mend」。"
            ),
            (
                "after 1 day in shut { set bed to 1 }",
                "It ends as *shut*, and stays so; nobody can do anything with it afterwards, but a deadline may still "
                    + "run.",
                "案件终结于「shut」，此后状态不变；不能再办理，但仍可能有期限届满。"
            ),
            (
                "unique by bed, code",
                "No two cases have the same *bed* and *code*; cases without *code* are alike in that.",
                "任何两个案件的「bed」和「代码」不得全部相同；「代码」均为空的案件，该项视为相同。"
            ),
        ]) func whatHoldsIsSaid(_ declarations: String, _ english: String, _ chinese: String) throws
    {
        let contract = try Printed.contract(SourceText(name: "ward", Self.ward(declarations)))
        for (language, sentence) in [(PageLanguage.english, english), (.chinese, chinese)] {
            let page = ContractPage.text(of: contract, language: language, format: .markdown)
            #expect(page.contains(sentence), "\(page)")
        }
    }

    private static let origins = """
        contract Shares version 1
          title "Shares"
        role Clerk, Boss
        fund Pool in CNY kept by Clerk
        enum Size { small, large }
        case {
          size   : Size
          quorum : Quorum
          total  : CNY
        }
        state asked
        final state paid
        action ask opens asked by Clerk enters size, total {
          if size is small { set quorum to 1 of Boss } else { set quorum to 2 of Boss }
        }
        approval consent in asked needs quorum within 3 days {
          granted {
            for share in split(total, [1, 2]) { pay share from Pool to starter }
            become paid
          }
        }
        """

    /// What a reader cannot look up elsewhere on the page stands where it is needed.
    @Test func aQuorumOfTheCaseIsToldWhereItIsAskedFor() throws {
        let contract = try Printed.contract(SourceText(name: "shares", Self.origins))
        let english = ContractPage.text(of: contract, language: .english, format: .markdown)
        #expect(english.contains("  - By *ask*: one *Boss*.\n  - By *ask*: 2 different people, each *Boss*."))
        #expect(english.contains("*total* split in proportion to (1 and 2)"))
        let chinese = ContractPage.text(of: contract, language: .chinese, format: .markdown)
        #expect(chinese.contains("的比例分成的各份"))
    }

    /// Text stands out from white and from the tints behind it by the ratio that WCAG asks of small text.
    @Test func coloursHaveContrast() {
        let inks = HTMLStyle.sheet.matches(of: #/[^-]color: (#[0-9a-f]{3,6})/#).map { String($0.1) }
        let grounds = ["#fff"] + HTMLStyle.sheet.matches(of: #/background: (#[0-9a-f]{3,6})/#).map { String($0.1) }
        #expect(inks.count > 4 && grounds.count > 3)
        for ink in inks {
            for ground in grounds {
                let ratio = (light(ground) + 0.05) / (light(ink) + 0.05)
                #expect(ratio >= 4.5, "\(ink) on \(ground)")
            }
        }
    }

    private func light(_ colour: String) -> Double {
        var digits = Array(colour.dropFirst())
        if digits.count == 3 { digits = digits.flatMap { [$0, $0] } }
        let parts = stride(from: 0, to: 6, by: 2).map { Double(Int(String(digits[$0...$0 + 1]), radix: 16) ?? 0) / 255 }
        let linear = parts.map { $0 <= 0.03928 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    // MARK: Diagram

    @Test(arguments: try Printed.files) func nothingInTheDiagramOverlaps(_ file: URL) throws {
        var graph = StateGraph(try Printed.contract(file))
        graph.titles = graph.nodes.map(\.name.text)
        graph.labels = graph.edges.map { "\($0.cause)".prefix(20).description }
        check(DiagramLayout(graph), graph)
    }

    /// Graphs of up to nine states with ways in every direction; the seeds are printed with a failure.
    @Test(arguments: 1...60) func anyDiagramIsLaidOut(_ seed: Int) throws {
        var random = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
        func below(_ bound: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(random >> 33) % bound
        }
        let count = 2 + below(8)
        var text = "contract G version 1\nrole R\nstate " + (0..<count).map { "s\($0)" }.joined(separator: ", ") + "\n"
        text += "action a opens s0 by R { }\n"
        for index in 0..<(count + below(12)) {
            text += "action b\(index) in s\(below(count)) by R { become s\(below(count)) }\n"
        }
        var graph = StateGraph(try Printed.contract(SourceText(name: "seed \(seed)", text)))
        graph.titles = graph.nodes.map(\.name.text)
        graph.labels = graph.edges.indices.map { "way \($0)" }
        check(DiagramLayout(graph), graph)
    }

    private func check(_ layout: DiagramLayout, _ graph: StateGraph) {
        let placed = layout.layers.flatMap { $0 }
        #expect(Set(placed).count == placed.count)
        for layer in layout.layers {
            for (left, right) in zip(layer, layer.dropFirst()) {
                let (first, second) = (layout.boxes[left], layout.boxes[right])
                #expect(first.x + first.width / 2 + first.spare < second.x - second.width / 2)
            }
        }
        for box in placed.map({ layout.boxes[$0] }) {
            #expect(box.x - box.width / 2 >= 0 && box.x + box.width / 2 <= layout.width)
            #expect(box.y - box.height / 2 >= 0 && box.y + box.height / 2 <= layout.height)
        }
        let shown = layout.ways.map(\.lines.count).reduce(0, +) + layout.loops.map(\.lines.count).reduce(0, +)
        #expect(shown <= graph.edges.count && (graph.edges.isEmpty || shown > 0))
        for way in layout.ways {
            #expect(way.boxes.count >= 3, "every way has a place for its words")
            for (upper, lower) in zip(way.boxes, way.boxes.dropFirst()) {
                #expect(layout.boxes[upper].y < layout.boxes[lower].y)
            }
        }
    }

    // MARK: Words

    @Test(arguments: [
        ("lifeThreatening", true, "life-threatening"), ("drugA", true, "drug A"),
        ("paidFirstBy", false, "paid first by"),
        ("ChiefFinancialOfficer", false, "Chief Financial Officer"), ("patientID", false, "patient ID"),
        ("FHIRPath", false, "FHIR Path"), ("count_of_all", false, "count of all"), ("金额", false, "金额"),
        ("_", false, "_"),
        ("a1B2", true, "a1 B2"),
    ]) func namesComeApart(_ name: String, _ isValue: Bool, _ words: String) {
        #expect(NameWords.apart(name, isValue: isValue) == words)
    }

    @Test func aWordListChangesNoMeaning() throws {
        let contract = try Printed.contract(Printed.folder.appendingPathComponent("emergency-disbursement.remit"))
        func problems(names: [(String, String)] = [], texts: [(String, String)] = []) -> [String] {
            WordList(names: names.map { ($0.0, $0.1) }, texts: texts.map { ($0.0, $0.1) }).problems(with: contract)
        }
        #expect(problems(names: [("President", "head"), ("Cashier", "head")]).count == 1)
        #expect(problems(names: [("paid", "rejected")]).count == 1)
        #expect(problems(names: [("nothing", "x")]) == ["the contract has no name `nothing`"])
        #expect(problems(names: [("amount", " ")]) == ["`amount` has no words"])
        #expect(problems(texts: [("No such text", "x")]) == ["the contract has no text \"No such text\""])
        #expect(problems(texts: [("The emergency fund does not hold {amount}", "x")]).count == 1)
        #expect(problems(texts: [("The emergency fund does not hold {amount}", "{amount} fehlt")]).isEmpty)
        #expect(problems(names: [("amount", "sum")]).isEmpty)
    }

    /// Every contract that comes with Remit has a word list, which leaves no name of it in Latin letters on a Chinese
    /// page, and none of its texts untranslated.
    @Test func theWordListsAreWhole() throws {
        let contracts = try FileManager.default.contentsOfDirectory(atPath: Printed.contracts.path)
            .filter { $0.hasSuffix(".remit") }
        #expect(contracts.count > 4)
        for file in contracts {
            let name = String(file.dropLast(".remit".count))
            let list = "\(name).words.json"
            let contract = try Printed.contract(Printed.contracts.appendingPathComponent("\(name).remit"))
            let words = try Printed.words(name, .chinese, in: Printed.contracts)
            #expect(words.problems(with: contract) == [], "\(list)")
            let page = ContractPage.text(of: contract, language: .chinese, format: .markdown, words: words)
            for match in page.matches(of: #/「([A-Za-z][^」]*)」/#) { Issue.record("\(list) has no words for \(match.1)") }
            // What has no small letters is a code.
            let texts = ContractWords(contract).texts.keys.sorted().map(\.string).filter { $0.contains(/[a-z]/) }
            for text in texts where words.text(text) == nil { Issue.record("\(list) does not translate \"\(text)\"") }
        }
    }
}
