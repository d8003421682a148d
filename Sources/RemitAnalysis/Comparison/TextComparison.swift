import RemitLanguage
import RemitValues

/// A declaration as it is written, apart from what is compared otherwise.
private struct WrittenRule {
    let subject: PolicyDifference.Subject
    var name: String
    let span: Span
    /// Places whose difference is told otherwise.
    var settled: [Span] = []
    /// A word that belongs to it and stands elsewhere.
    var word: String = ""

    func isSame(_ other: WrittenRule) -> Bool {
        subject == other.subject && TextValue(name) == TextValue(other.name)
    }
}

/// A word, literal or sign as it is written.
private struct WrittenToken: Equatable {
    let text: TextValue
    let span: Span

    static func == (first: WrittenToken, second: WrittenToken) -> Bool { first.text == second.text }
}

/// Tokens that follow each other.
private struct Stretch {
    let tokens: [WrittenToken]
    let from: Int
    let until: Int

    var isEmpty: Bool { until <= from }

    /// Where the tokens stand, or would stand, in their declaration.
    func place(in whole: Span) -> Span {
        if !isEmpty { return Span(tokens[from].span.start, tokens[until - 1].span.end) }
        let place = from > 0 ? tokens[from - 1].span.end : tokens.first?.span.start ?? whole.start
        return Span(place, place)
    }

    /// Whether nothing else stands on its lines.
    func isWholeLines(_ side: PolicySide) -> Bool {
        guard !isEmpty else { return false }
        return beginsLine(from, side) && beginsLine(until, side)
    }

    private func beginsLine(_ index: Int, _ side: PolicySide) -> Bool {
        guard index > 0, index < tokens.count else { return true }
        return side.source.line(at: tokens[index - 1].span.start) != side.source.line(at: tokens[index].span.start)
    }
}

extension PolicyComparison {
    /// Whatever is written otherwise and was not told as a region: so nothing that decides can be passed over.
    mutating func compareTexts(_ old: PolicySide, _ new: PolicySide) {
        guard let first = parse(old.source).contract, let second = parse(new.source).contract else { return }
        var before = rules(first, old)
        var after = rules(second, new)
        Self.pairKeys(&before, after)
        settleTables(first, old, &before, second, new, &after)
        var reached = 0
        for rule in after {
            guard let place = before.firstIndex(where: rule.isSame) else {
                if !isTold(rule) {
                    add(rule.subject, rule.name, before: "not there", after: "there")
                    differences[differences.count - 1].newPlace = .init(exact: rule.span, lines: rule.span)
                }
                continue
            }
            let partner = before.remove(at: place)
            compare(partner, old, rule, new)
            // Of rules that come true at one time the first written is the first that counts.
            if partner.span.start < reached {
                unresolved.append(
                    Self.textual(
                        rule, before: "in its old place", old.line(of: partner.span),
                        after: "behind what came after it",
                        new.line(of: rule.span)))
            }
            reached = max(reached, partner.span.start)
        }
        for rule in before where !isTold(rule) {
            add(rule.subject, rule.name, before: "there", after: "not there")
            differences[differences.count - 1].oldPlace = .init(exact: rule.span, lines: rule.span)
        }
    }

    /// Keys that are in one version alone are one key that is made of other fields, in the order of writing.
    private static func pairKeys(_ before: inout [WrittenRule], _ after: [WrittenRule]) {
        let left = before.indices.filter { place in
            before[place].subject == .unique && !after.contains(where: before[place].isSame)
        }
        let former = before
        let right = after.filter { rule in rule.subject == .unique && !former.contains(where: rule.isSame) }
        for (place, partner) in zip(left, right) { before[place].name = partner.name }
    }

    private func isTold(_ rule: WrittenRule) -> Bool {
        differences.contains { $0.subject == rule.subject && TextValue($0.name) == TextValue(rule.name) }
    }

    private mutating func compare(
        _ first: WrittenRule, _ old: PolicySide, _ second: WrittenRule, _ new: PolicySide
    ) {
        let before = Self.tokens(first, old, settled: first.settled + settledBefore)
        let after = Self.tokens(second, new, settled: second.settled + settledAfter)
        guard before != after || TextValue(first.word) != TextValue(second.word) else { return }
        for (one, other) in Self.stretches(before, after, old, new) {
            let was = Self.shown(one, beside: other.isWholeLines(new), first, old)
            let now = Self.shown(other, beside: one.isWholeLines(old), second, new)
            var difference = Self.textual(second, before: was.text, was.line, after: now.text, now.line)
            let why = reasons.filter { Self.meets($0.old, was.span) || Self.meets($0.new, now.span) }
            difference.reason = Self.joined(why.map(\.text))
            difference.ruleExample = why.lazy.compactMap(\.rule).first
            if second.subject == .enumeration, Self.areAlikeInAnyOrder(before, after) {
                difference.reason = Unresolved.isOrderAlone
            }
            if !before.isEmpty, !after.isEmpty {
                difference.oldPlace = .init(exact: one.place(in: first.span), lines: was.span)
                difference.newPlace = .init(exact: other.place(in: second.span), lines: now.span)
            }
            unresolved.append(difference)
        }
    }

    /// Whether two declarations have the same words, whatever their order.
    private static func areAlikeInAnyOrder(_ before: [WrittenToken], _ after: [WrittenToken]) -> Bool {
        func sorted(_ tokens: [WrittenToken]) -> [TextValue] { tokens.map(\.text).sorted() }
        return sorted(before) == sorted(after)
    }

    /// How many tokens that both have part two stretches that are told apart.
    private static let parting = 8

    /// Where two texts differ: stretches of both with what both have between them, which stands on other lines.
    private static func stretches(
        _ before: [WrittenToken], _ after: [WrittenToken], _ old: PolicySide, _ new: PolicySide
    ) -> [(old: Stretch, new: Stretch)] {
        let head = zip(before, after).prefix { $0 == $1 }.count
        let tail = zip(before[head...].reversed(), after[head...].reversed()).prefix { $0 == $1 }.count
        let (one, other) = (before[head..<(before.count - tail)], after[head..<(after.count - tail)])
        func whole(_ first: Range<Int>, _ second: Range<Int>) -> (old: Stretch, new: Stretch) {
            (
                Stretch(tokens: before, from: first.lowerBound, until: first.upperBound),
                Stretch(tokens: after, from: second.lowerBound, until: second.upperBound)
            )
        }
        guard !one.isEmpty, !other.isEmpty, one.count * other.count <= Limits.comparedPairs else {
            return [whole(one.startIndex..<one.endIndex, other.startIndex..<other.endIndex)]
        }
        var found: [(Range<Int>, Range<Int>)] = []
        for (first, second) in pieces(Array(one), Array(other)) {
            let next = (
                first.lowerBound + head..<first.upperBound + head, second.lowerBound + head..<second.upperBound + head
            )
            if let last = found.last {
                let isNear = next.0.lowerBound - last.0.upperBound < parting
                let isOnLine =
                    sharesLine(before, last.0.upperBound, next.0.lowerBound, old)
                    || sharesLine(after, last.1.upperBound, next.1.lowerBound, new)
                if isNear || isOnLine {
                    found[found.count - 1] = (
                        last.0.lowerBound..<next.0.upperBound, last.1.lowerBound..<next.1.upperBound
                    )
                    continue
                }
            }
            found.append(next)
        }
        return found.map { whole($0, $1) }
    }

    private static func sharesLine(_ tokens: [WrittenToken], _ end: Int, _ start: Int, _ side: PolicySide) -> Bool {
        guard end > 0, start < tokens.count else { return true }
        return side.source.line(at: tokens[end - 1].span.start) == side.source.line(at: tokens[start].span.start)
    }

    /// The least pieces that were taken out and put in.
    private static func pieces(
        _ before: [WrittenToken], _ after: [WrittenToken]
    ) -> [(old: Range<Int>, new: Range<Int>)] {
        var removed = Array(repeating: false, count: before.count)
        var inserted = Array(repeating: false, count: after.count)
        for change in after.difference(from: before) {
            switch change {
            case .remove(let offset, _, _): removed[offset] = true
            case .insert(let offset, _, _): inserted[offset] = true
            }
        }
        var pieces: [(Range<Int>, Range<Int>)] = []
        var (place, other) = (0, 0)
        while place < before.count || other < after.count {
            let start = (place, other)
            while place < before.count, removed[place] { place += 1 }
            while other < after.count, inserted[other] { other += 1 }
            if start == (place, other) {
                place += 1
                other += 1
            } else {
                pieces.append((start.0..<place, start.1..<other))
            }
        }
        return pieces
    }

    /// Reasons, each once; nil where there is none.
    private static func joined(_ reasons: [String]) -> String? {
        var unique: [String] = []
        for reason in reasons where !unique.contains(reason) { unique.append(reason) }
        return unique.isEmpty ? nil : unique.joined(separator: "; ")
    }

    private static func meets(_ span: Span, _ other: Span) -> Bool {
        span.start < other.end && other.start < span.end
    }

    private static func textual(
        _ rule: WrittenRule, before: String, _ oldLine: Int, after: String, _ newLine: Int
    ) -> PolicyDifference {
        PolicyDifference(
            subject: rule.subject, name: rule.name, period: Period(from: nil, until: nil), region: [], before: before,
            after: after, oldLine: oldLine, newLine: newLine)
    }

    /// The whole lines of a declaration on which a stretch stands; where there is none, and the other version has
    /// whole lines more, that it is not there.
    private static func shown(
        _ stretch: Stretch, beside isWholeLines: Bool, _ rule: WrittenRule, _ side: PolicySide
    ) -> (text: String, line: Int, span: Span) {
        let source = side.source
        var span = rule.span
        if !stretch.tokens.isEmpty {
            let first = stretch.isEmpty ? max(stretch.from, 1) - 1 : stretch.from
            let last = max(first, stretch.until - 1)
            let (start, end) = (stretch.tokens[first].span.start, stretch.tokens[last].span.end)
            span = Span(
                max(rule.span.start, source.lineSpan(source.line(at: start)).start),
                min(rule.span.end, max(end, source.lineSpan(source.line(at: end)).end)))
        }
        let line = side.line(of: span)
        if stretch.isEmpty, isWholeLines { return ("not there", line, span) }
        let text = side.uncommented(span)
        return (rule.word.isEmpty ? text : "\(rule.word) \(text)", line, span)
    }

    /// The tokens of a declaration: blanks and comments count only where they part two words.
    private static func tokens(_ rule: WrittenRule, _ side: PolicySide, settled: [Span]) -> [WrittenToken] {
        let bytes = side.source.bytes
        let settled = settled.filter { rule.span.start <= $0.start && $0.end <= rule.span.end }
        let gaps = (settled + side.comments).filter { $0.start < $0.end && $0.start < rule.span.end }
            .sorted { ($0.start, $1.end) < ($1.start, $0.end) }
        var next = gaps.startIndex
        var tokens: [WrittenToken] = []
        var place = max(rule.span.start, 0)
        let end = min(rule.span.end, bytes.count)
        func add(_ start: Int, _ end: Int) {
            let text = TextValue(String(decoding: bytes[start..<end], as: UTF8.self))
            tokens.append(WrittenToken(text: text, span: Span(start, end)))
        }
        while place < end {
            while next < gaps.endIndex, gaps[next].end <= place { next += 1 }
            if next < gaps.endIndex, gaps[next].start <= place {
                place = gaps[next].end
                continue
            }
            let start = place
            let stop = next < gaps.endIndex ? min(end, gaps[next].start) : end
            place = Self.end(of: start, bytes, stop)
            if !isBlank(bytes[start]) { add(start, place) }
        }
        return tokens
    }

    /// Where the token ends that begins at a place.
    private static func end(of start: Int, _ bytes: [UInt8], _ stop: Int) -> Int {
        var place = start + 1
        if bytes[start] == UInt8(ascii: "\"") {
            while place < stop, bytes[place] != UInt8(ascii: "\"") {
                place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
            }
            return min(place + 1, stop)
        }
        if isWord(bytes[start]) { while place < stop, isWord(bytes[place]) { place += 1 } }
        return min(place, stop)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...0xFF:
            true
        default: false
        }
    }

    // MARK: Finding declarations

    private func rules(_ contract: ContractSyntax, _ side: PolicySide) -> [WrittenRule] {
        var found = [WrittenRule(subject: .contract, name: "name", span: contract.name.span)]
        if let begins = contract.begins {
            found.append(.init(subject: .contract, name: "first day", span: begins.span))
        }
        for item in contract.header {
            switch item {
            case .title, .purpose: break
            case .timezone(_, let span): found.append(.init(subject: .contract, name: "timezone", span: span))
            case .use(let name, _, let span): found.append(.init(subject: .library, name: name.text, span: span))
            case .refers(let name, _, let span):
                found.append(.init(subject: .contract, name: "refers to \(name.text)", span: span))
            case .calendar(let name): found.append(.init(subject: .contract, name: "calendar", span: name.span))
            }
        }
        for declaration in contract.declarations { found += rules(declaration) }
        for library in contract.libraries {
            for declaration in library.declarations { found += rules(declaration) }
        }
        return found
    }

    private func rules(_ declaration: Declaration) -> [WrittenRule] {
        let span = declaration.span
        func whole(_ subject: PolicyDifference.Subject, _ name: String) -> [WrittenRule] {
            [WrittenRule(subject: subject, name: name, span: span)]
        }
        func list(_ names: [Name]) -> String { names.map(\.text).joined(separator: ", ") }
        switch declaration.kind {
        case .given, .scenario: return []
        case .roles(let names): return names.map { .init(subject: .role, name: $0.text, span: $0.span) }
        case .states(let names, let isFinal):
            return names.map {
                .init(subject: .state, name: $0.text, span: $0.span, word: isFinal ? "final state" : "state")
            }
        case .caseFields(let syntax):
            let subject = syntax.about.map { WrittenRule(subject: .contract, name: "subject", span: $0.span) }
            return (subject.map { [$0] } ?? [])
                + syntax.fields.map { field in
                    let end = field.starts.map { field.type.span.joined($0.span) } ?? field.type.span
                    return .init(subject: .field, name: field.name.text, span: field.name.span.joined(end))
                }
        case .parameter(let syntax):
            var rule = WrittenRule(subject: .parameter, name: syntax.name.text, span: span)
            if isTold(rule) { rule.settled = syntax.values.map { Self.joined($0.period.span, $0.value.span, span) } }
            return [rule]
        case .enumeration(let syntax): return whole(.enumeration, syntax.name.text)
        case .record(let syntax): return whole(.record, syntax.name.text)
        case .fund(let syntax): return whole(.fund, syntax.name.text)
        case .calendar(let syntax): return whole(.calendar, syntax.name.text)
        case .register(let syntax): return whole(.register, syntax.name.text)
        case .table(let syntax): return whole(.table, syntax.name.text)
        case .unique(let syntax): return whole(.unique, "by \(list(syntax.fields))")
        case .checks(let syntax): return whole(.checks, syntax.name.text)
        case .function(let syntax): return whole(.function, syntax.name.text)
        case .action(let syntax): return whole(.action, syntax.name.text)
        case .approval(let syntax): return whole(.approval, syntax.name.text)
        case .deadline(let syntax): return whole(.deadline, "in \(list(syntax.states))")
        case .entering(let state, _): return whole(.entering, state.text)
        case .invariant(let syntax): return whole(.invariant, syntax.text.plain ?? "")
        case .migrate(let syntax): return whole(.migration, "from \(syntax.from)")
        }
    }

    /// A value with its period; the period of the only value, which has none, may stand for the whole declaration.
    private static func joined(_ period: Span, _ value: Span, _ whole: Span) -> Span {
        period.start > whole.start && period.end <= value.start ? period.joined(value) : value
    }

    // MARK: Tables

    /// Takes the rows out of tables that were told region by region.
    private func settleTables(
        _ first: ContractSyntax, _ old: PolicySide, _ before: inout [WrittenRule], _ second: ContractSyntax,
        _ new: PolicySide, _ after: inout [WrittenRule]
    ) {
        let former = Self.tables(first)
        for (declaration, table) in Self.tables(second) {
            guard let partner = former.first(where: { TextValue($0.table.name.text) == TextValue(table.name.text) }),
                differences.contains(where: { $0.subject == .table && TextValue($0.name) == TextValue(table.name.text) }
                ),
                !Self.haveOtherSources(partner.table, old, table, new)
            else { continue }
            Self.settle(partner.declaration, partner.table, &before)
            Self.settle(declaration, table, &after)
        }
    }

    private static func tables(_ contract: ContractSyntax) -> [(declaration: Declaration, table: TableSyntax)] {
        (contract.declarations + contract.libraries.flatMap(\.declarations)).compactMap { declaration in
            if case .table(let table) = declaration.kind { (declaration, table) } else { nil }
        }
    }

    private static func settle(_ declaration: Declaration, _ table: TableSyntax, _ rules: inout [WrittenRule]) {
        guard let start = table.sections.first?.period.span.start,
            let place = rules.firstIndex(where: { $0.subject == .table && $0.span == declaration.span })
        else { return }
        rules[place].settled = [Span(max(start, declaration.span.start), declaration.span.end)]
    }

    /// Whether a row that stands in both cites something else.
    private static func haveOtherSources(
        _ first: TableSyntax, _ old: PolicySide, _ second: TableSyntax, _ new: PolicySide
    ) -> Bool {
        func rows(_ table: TableSyntax, _ side: PolicySide) -> [(row: TextValue, source: TextValue)] {
            table.sections.flatMap(\.rows).compactMap { row in
                guard let end = row.outputs.last?.span.end else { return nil }
                let source = row.source.map { side.text($0.span) } ?? ""
                return (TextValue(side.text(Span(row.span.start, end))), TextValue(source))
            }
        }
        let former = Dictionary(
            rows(first, old).map { ($0.row, $0.source) }, uniquingKeysWith: { first, _ in first })
        return rows(second, new).contains { row in former[row.row].map { $0 != row.source } ?? false }
    }
}

extension PolicySide {
    /// The line of its file on which a place begins.
    func line(of span: Span) -> Int { source.place(ofLine: source.line(at: span.start)).line }

    /// The text of a place without its comments, and with its blanks made one.
    func uncommented(_ span: Span) -> String {
        var pieces: [String] = []
        var place = span.start
        for comment in comments where span.start <= comment.start && comment.end <= span.end {
            pieces.append(text(Span(place, comment.start)))
            place = comment.end
        }
        pieces.append(text(Span(place, span.end)))
        return pieces.filter { !$0.isEmpty }.joined(separator: " ")
    }
}
