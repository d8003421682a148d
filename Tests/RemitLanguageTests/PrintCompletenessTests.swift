import Foundation
import Testing

@testable import RemitLanguage

/// A page leaves nothing of its contract out.
@Suite struct PrintCompletenessTests {
    /// What must be found on a page: the words are worked out here from the text of the contract, not by the printer.
    @Test(arguments: try Printed.files) func everythingAppears(_ file: URL) throws {
        let source = try Printed.source(file)
        let contract = try Printed.contract(source)
        let page = words(ContractPage.text(of: contract, language: .english, format: .markdown))
        // The scenarios of a library stand on its own page.
        let libraries = contract.libraries.map { library in
            source.text(library.span).components(separatedBy: "\nscenario ")[0]
        }
        let end = contract.libraries.first?.span.start ?? source.bytes.count
        let code = withoutComments(([source.text(Span(0, end))] + libraries).joined(separator: "\n"))
        for text in texts(code) {
            for part in text.split(separator: /\{[^}]*\}/).map(String.init) where !part.isEmpty {
                #expect(page.contains(words(part)), "\(file.lastPathComponent): the text \"\(part)\" is left out")
            }
        }
        for amount in code.matches(of: #/([0-9][0-9_]*)(\.[0-9]+)? ([A-Z]{3})\b/#) {
            let shown = money(String(amount.1), amount.2.map(String.init) ?? "", String(amount.3))
            #expect(page.contains(shown), "\(file.lastPathComponent): the amount \(amount.0) is left out")
        }
        for share in code.matches(of: #/[0-9.]+%/#) {
            #expect(page.contains(share.0), "\(file.lastPathComponent): the share \(share.0) is left out")
        }
        for date in code.matches(of: #/(\d{4})-(\d\d)-(\d\d)/#) {
            #expect(page.contains(day(String(date.1), String(date.2), String(date.3))), "\(date.0) is left out")
        }
        for name in names(contract) {
            #expect(page.lowercased().contains(apart(name)), "\(file.lastPathComponent): `\(name)` is left out")
        }
    }

    /// Taking a declaration out of a contract changes its page.
    @Test(arguments: try Printed.files) func noDeclarationIsSilent(_ file: URL) throws {
        let contract = try Printed.contract(file)
        let page = ContractPage.text(of: contract, language: .english, format: .markdown)
        // Of a long contract some are taken, from all of its parts.
        let step = max(1, contract.declarations.count / 24)
        for index in stride(from: 0, to: contract.declarations.count, by: step) {
            let declaration = contract.declarations[index]
            var shorter = contract
            shorter.declarations.remove(at: index)
            let other = ContractPage.text(of: shorter, language: .english, format: .markdown)
            #expect(other != page, "the declaration at byte \(declaration.span.start) says nothing on the page")
        }
    }

    /// Every row of every table is a row of the page, in the order of the contract.
    @Test(arguments: try Printed.files) func everyRowIsARow(_ file: URL) throws {
        let contract = try Printed.contract(file)
        let page = ContractPage.text(of: contract, language: .english, format: .markdown)
        for declaration in contract.declarations {
            guard case .table(let table) = declaration.kind else { continue }
            let title = NameWords.apart(table.name.text, isValue: false)
            let heading = "### *\(title.prefix(1).uppercased() + title.dropFirst())*\n"
            let start = try #require(page.range(of: heading)?.upperBound)
            let rest = page[start...]
            let section = rest[..<(rest.range(of: "\n##")?.lowerBound ?? rest.endIndex)]
            let rows = section.split(separator: "\n").count { $0.hasPrefix("| ") && !$0.hasPrefix("| ---") }
            #expect(rows == table.sections.map { $0.rows.count + 1 }.reduce(0, +), "\(table.name.text)")
        }
    }

    /// Every check has its number, and the numbers of a list run on without a gap.
    @Test(arguments: try Printed.files) func everyCheckHasANumber(_ file: URL) throws {
        let contract = try Printed.contract(file)
        let page = ContractPage.text(of: contract, language: .english, format: .markdown)
        func count(_ items: [CheckItem]) -> Int {
            items.map { item in
                switch item {
                case .check: 1
                case .binding: 0
                case .each(_, _, let inner, _): count(inner)
                }
            }.reduce(0, +)
        }
        let checks = contract.declarations.map { declaration in
            if case .checks(let group) = declaration.kind { count(group.items) } else { 0 }
        }.reduce(0, +)
        let numbered = page.split(separator: "\n").count { line in
            line.firstMatch(of: #/^[0-9]+\. \*\*(Deny|Look at|Note)\*\* /#) != nil
        }
        #expect(numbered == checks)
    }

    /// No phrase of a page begins with the word before it, and no name stands beside another without a word between.
    @Test(arguments: try Printed.files) func phrasesFitTogether(_ file: URL) throws {
        let contract = try Printed.contract(file)
        let english = ContractPage.text(of: contract, language: .english, format: .markdown)
        // Of what stands between quotation marks the contract's author has the say.
        let own = english.replacing(/“[^”]*”/, with: "“”")
        let twice = own.matches(of: /\b(\w+) \1\b/.ignoresCase()).map { String($0.0) }
        let beside = own.matches(of: /(\*[^*|:;()]+\*) (\*[^* |:;()][^*|:;()]*\*)/).map { String($0.0) }
        #expect(twice + beside == [], "\(file.lastPathComponent)")
        let chinese = ContractPage.text(of: contract, language: .chinese, format: .markdown)
        for doubled in ["」「", "如果如果", "若如果", "必须必须", "的的", "「absent」"] {
            #expect(!chinese.contains(doubled), "\(file.lastPathComponent): \(doubled)")
        }
        #expect(!english.contains("*absent*"), "\(file.lastPathComponent)")
    }

    /// What an action on a case enters must be given, so that no page says that it may be left out.
    @Test(arguments: try Printed.files) func whatMustBeGivenIsSaid(_ file: URL) throws {
        let contract = try Printed.contract(file)
        let page = ContractPage.text(of: contract, language: .english, format: .markdown)
        let later = contract.declarations.flatMap { declaration -> [Name] in
            if case .action(let action) = declaration.kind, action.opens.isEmpty { action.enters } else { [] }
        }
        for declaration in contract.declarations {
            guard case .caseFields(let syntax) = declaration.kind else { continue }
            for field in syntax.fields {
                let name = NameWords.apart(field.name.text, isValue: false)
                let row = try #require(page.split(separator: "\n").first { $0.hasPrefix("| *\(name)* | ") })
                let isLater = later.contains { $0.bytes == field.name.bytes }
                let isSure = !row.contains("must be given in")
                #expect(isSure == !(isLater && field.type.isOptional), "\(row)")
                if isLater { #expect(!row.contains("may be left out |"), "\(row)") }
            }
        }
    }

    // MARK: What the page must say, by other means

    private func withoutComments(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var inText = false
            var last: Character = " "
            var kept = ""
            for sign in line {
                if sign == "\"" && last != "\\" { inText.toggle() }
                if sign == "/" && last == "/" && !inText { return String(kept.dropLast()) }
                kept.append(sign)
                last = sign
            }
            return kept
        }.joined(separator: "\n")
    }

    private func texts(_ code: String) -> [String] { code.matches(of: #/"([^"]*)"/#).map { String($0.1) } }

    /// A page, or a part of one, without the signs of its form.
    private func words(_ text: String) -> String {
        var plain = text.replacingOccurrences(of: "\u{A0}", with: " ")
        plain = plain.replacingOccurrences(of: "\\", with: "")
        return plain.replacingOccurrences(of: "*", with: "")
    }

    private func money(_ whole: String, _ fraction: String, _ currency: String) -> String {
        var digits = whole.replacingOccurrences(of: "_", with: "")
        var grouped = ""
        while digits.count > 3 {
            grouped = "," + digits.suffix(3) + grouped
            digits = String(digits.dropLast(3))
        }
        var cents = fraction.isEmpty ? "." : fraction
        while cents.count < 3 { cents += "0" }
        return "\(digits)\(grouped)\(currency == "JPY" ? fraction : cents) \(currency)"
    }

    private func day(_ year: String, _ month: String, _ day: String) -> String {
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ]
        return "\(Int(day) ?? 0) \(months[(Int(month) ?? 1) - 1]) \(year)"
    }

    private func names(_ contract: ContractSyntax) -> [String] {
        contract.declarations.flatMap { declaration -> [Name] in
            switch declaration.kind {
            case .roles(let names): names
            case .states(let names, _): names
            case .enumeration(let syntax): [syntax.name] + syntax.cases
            case .record(let syntax): [syntax.name] + syntax.fields.map(\.name)
            case .register(let syntax): [syntax.name] + (syntax.keys + syntax.fields).map(\.name)
            case .parameter(let syntax): [syntax.name]
            case .table(let syntax): [syntax.name]
            case .caseFields(let syntax): syntax.fields.map(\.name)
            case .function(let syntax): [syntax.name]
            case .action(let syntax): [syntax.name] + syntax.parameters.map(\.name)
            case .approval(let syntax): [syntax.name]
            case .fund(let syntax): [syntax.name]
            case .checks(let syntax): [syntax.name]
            default: []
            }
        }.map(\.text)
    }

    /// A name taken apart by a rule of the tests' own: a blank or a hyphen before each capital.
    private func apart(_ name: String) -> Regex<Substring> {
        var pattern = ""
        for sign in name.replacingOccurrences(of: "_", with: "[ -]") {
            if sign.isUppercase, !pattern.isEmpty { pattern += "[ -]?" }
            pattern += sign.lowercased()
        }
        return (try? Regex(pattern, as: Substring.self)) ?? /a/
    }
}
