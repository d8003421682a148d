import RemitLanguage

/// Changes of a policy as people make them, beside those of single rules: other orders, keys, exceptions, states,
/// terms, dates and roundings.
struct PolicyEdits {
    /// What was changed, and the changed text.
    typealias Edit = (words: String, text: [UInt8])

    private let source: SourceText
    private(set) var all: [Edit] = []
    private var states: [String] = []
    private var fields: [String] = []

    init(of contract: ContractSyntax, in source: SourceText) {
        self.source = source
        for declaration in contract.declarations {
            switch declaration.kind {
            case .states(let names, _): states += names.map(\.text)
            case .caseFields(let syntax): fields += syntax.fields.map(\.name.text)
            default: break
            }
        }
        for declaration in contract.declarations { add(declaration) }
        addRoundings()
    }

    private mutating func edit(_ words: String, _ start: Int, _ end: Int, _ text: String) {
        guard start <= end else { return }
        all.append((words, Array(source.bytes[..<start]) + Array(text.utf8) + Array(source.bytes[end...])))
    }

    private func text(_ span: Span) -> String { String(decoding: source.bytes[span.start..<span.end], as: UTF8.self) }

    private mutating func add(_ declaration: Declaration) {
        switch declaration.kind {
        case .enumeration(let syntax):
            guard let first = syntax.cases.first, let last = syntax.cases.last, first.span != last.span else { return }
            let names = syntax.cases.map(\.text)
            let place = first.span.joined(last.span)
            edit("\(syntax.name.text) backwards", place.start, place.end, names.reversed().joined(separator: ", "))
            let turned = Array(names.dropFirst()) + names.prefix(1)
            edit("\(syntax.name.text) turned", place.start, place.end, turned.joined(separator: ", "))
        case .unique(let syntax):
            edit("no key", declaration.span.start, declaration.span.end, "")
            drop("key", syntax.fields.map(\.span))
            dropExcept("key", syntax.except.map(\.span))
            for name in fields.prefix(4) where !syntax.fields.contains(where: { $0.text == name }) {
                guard let end = syntax.fields.last?.span.end else { return }
                edit("key with \(name)", end, end, ", \(name)")
            }
        case .action(let syntax):
            drop("states of \(syntax.name.text)", syntax.states.map(\.span))
            dropExcept("\(syntax.name.text)", syntax.except.map(\.span))
            for name in states where !syntax.states.contains(where: { $0.text == name }) {
                guard let end = syntax.states.last?.span.end else { break }
                edit("\(syntax.name.text) in \(name)", end, end, ", \(name)")
            }
        case .approval(let syntax):
            dropExcept(syntax.name.text, syntax.except.map(\.span))
            addNumbers("within of \(syntax.name.text)", [syntax.within.span])
        case .deadline(let syntax): addNumbers("deadline", [syntax.term.span])
        case .parameter(let syntax):
            for from in syntax.values.compactMap(\.period.from) { addDates(syntax.name.text, from.span) }
        default: break
        }
    }

    /// Leaves out the last, and the first, of several.
    private mutating func drop(_ words: String, _ spans: [Span]) {
        guard spans.count > 1 else { return }
        edit("\(words) less the last", spans[spans.count - 2].end, spans[spans.count - 1].end, "")
        edit("\(words) less the first", spans[0].start, spans[1].start, "")
    }

    /// Leaves out one exception, or all of them with their word.
    private mutating func dropExcept(_ words: String, _ spans: [Span]) {
        guard let first = spans.first, let last = spans.last else { return }
        drop("exceptions of \(words)", spans)
        let word = Array("except".utf8)
        var place = first.start - word.count
        while place > 0, Array(source.bytes[place..<place + word.count]) != word { place -= 1 }
        if place > 0 { edit("\(words) without exception", place, last.end, "") }
    }

    private mutating func addNumbers(_ words: String, _ spans: [Span]) {
        for span in spans {
            let text = text(span)
            guard let digits = text.firstRange(of: /[0-9]+/), let number = Int(text[digits]) else { continue }
            for other in [number + 1, number * 2] {
                edit("\(words): \(other)", span.start, span.end, text.replacingCharacters(in: digits, with: "\(other)"))
            }
        }
    }

    private mutating func addDates(_ name: String, _ span: Span) {
        let text = text(span)
        guard let year = text.prefix(4).description as String?, let number = Int(year) else { return }
        for other in [number - 1, number + 1] {
            edit("\(name) from \(other)", span.start, span.end, "\(other)" + text.dropFirst(4))
        }
    }

    private mutating func addRoundings() {
        let text = String(decoding: source.bytes, as: UTF8.self)
        let modes = ["rounded half up", "rounded half even", "rounded down", "rounded up"]
        for (index, mode) in modes.enumerated() {
            for range in text.ranges(of: mode).prefix(4) {
                let start = text.utf8.distance(from: text.utf8.startIndex, to: range.lowerBound)
                let other = modes[(index + 1) % modes.count]
                edit("\(other) at \(start)", start, start + mode.utf8.count, other)
            }
        }
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
        String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
    }
}
