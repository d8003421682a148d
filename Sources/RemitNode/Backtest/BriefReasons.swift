import RemitValues

/// The reasons of a decision as they are told: what was found on many lines stands there once, with its lines.
public struct BriefReasons {
    /// What has one code and one text.
    public struct Group {
        public let code: String
        public let text: String
        /// The lines that it was found on, in order; none where it speaks of no line.
        public fileprivate(set) var lines: [Int] = []

        /// The lines in words: `line 3`, `lines 1, 4 and 6 to 40`; nil where there are none.
        public var place: String? {
            guard let first = lines.first else { return nil }
            let pieces = BriefReasons.runs(lines).flatMap { run -> [(text: String, count: Int)] in
                run.count > 2 ? [("\(run.lowerBound) to \(run.upperBound)", run.count)] : run.map { ("\($0)", 1) }
            }
            guard pieces.count > 1 || pieces[0].count > 1 else { return "line \(first)" }
            var parts = pieces.prefix(Limits.narratedValues).map(\.text)
            let rest = pieces.dropFirst(Limits.narratedValues).reduce(0) { $0 + $1.count }
            if rest > 0 { parts.append("\(rest) more") }
            let last = parts.removeLast()
            return "lines " + (parts.isEmpty ? last : "\(parts.joined(separator: ", ")) and \(last)")
        }
    }

    /// The groups that are told, in the order in which they first occur.
    public let groups: [Group]
    /// How many groups are left out.
    public let omitted: Int

    /// Puts reasons together by their code and text.
    public init(_ reasons: [BacktestReport.Reason]) {
        struct Key: Hashable {
            let code: TextValue
            let text: TextValue
        }
        var found: [Group] = []
        var places: [Key: Int] = [:]
        for reason in reasons {
            let key = Key(code: TextValue(reason.code), text: TextValue(reason.text))
            let place = places[key] ?? found.count
            if place == found.count { found.append(Group(code: reason.code, text: reason.text)) }
            places[key] = place
            if let line = reason.line { found[place].lines.append(line) }
        }
        for index in found.indices { found[index].lines.sort() }
        groups = Array(found.prefix(Limits.narratedValues))
        omitted = found.count - groups.count
    }

    /// Codes with their lines as a difference tells them: `D1 T1@6-40 T2@3`; what occurs again on a line has its
    /// number. Of many only the next ones are told behind those in which both sides begin alike.
    static func codes(_ before: [BacktestReport.Reason], _ after: [BacktestReport.Reason]) -> (String, String) {
        let (before, after) = (words(before), words(after))
        let alike = zip(before, after).prefix { $0 == $1 }.count
        return (text(before, alike: alike), text(after, alike: alike))
    }

    private static func text(_ words: [String], alike: Int) -> String {
        guard !words.isEmpty else { return "none" }
        guard words.count > Limits.narratedValues else { return words.joined(separator: " ") }
        let shown = words[alike...].prefix(Limits.narratedValues)
        let rest = words.count - shown.endIndex
        return ((alike > 0 ? ["\(alike) alike,"] : []) + shown + (rest > 0 ? ["and \(rest) more"] : []))
            .joined(separator: " ")
    }

    private static func words(_ reasons: [BacktestReport.Reason]) -> [String] {
        var lines: [TextValue: [Int?]] = [:]
        for reason in reasons { lines[TextValue(reason.code), default: []].append(reason.line) }
        return lines.sorted { $0.key < $1.key }.flatMap { code, found in
            let whole = found.count { $0 == nil }
            var words = whole == 0 ? [] : [word(code.string, times: whole)]
            var counts: [Int: Int] = [:]
            for case let line? in found { counts[line, default: 0] += 1 }
            for times in Set(counts.values).sorted() {
                for run in runs(counts.filter { $0.value == times }.keys.sorted()) {
                    let end = run.count > 1 ? "-\(run.upperBound)" : ""
                    words.append(word("\(code.string)@\(run.lowerBound)\(end)", times: times))
                }
            }
            return words
        }
    }

    private static func word(_ text: String, times: Int) -> String { times > 1 ? "\(times)×\(text)" : text }

    /// Numbers in order, taken together where they follow one another.
    private static func runs(_ numbers: [Int]) -> [ClosedRange<Int>] {
        var found: [ClosedRange<Int>] = []
        for number in numbers {
            guard let last = found.last, number == last.upperBound || number &- 1 == last.upperBound else {
                found.append(number...number)
                continue
            }
            found[found.count - 1] = last.lowerBound...number
        }
        return found
    }
}
