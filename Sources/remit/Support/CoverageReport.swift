import RemitExchange
import RemitLanguage
import RemitRuntime

/// What scenarios reach of a contract, as text, JSON and lcov records.
struct CoverageReport {
    let coverage: Coverage
    let source: SourceText

    private func items(_ kind: Coverage.Kind) -> [Coverage.Item] { coverage.items.filter { $0.kind == kind } }

    private func line(_ item: Coverage.Item) -> Int { source.line(at: item.span.start) }

    /// The places that no scenario reaches, by line.
    private var missed: [Coverage.Item] {
        coverage.items.enumerated().filter { !$0.element.isReached }
            .sorted { (line($0.element), $0.offset) < (line($1.element), $1.offset) }.map(\.element)
    }

    /// The coverage for people: a row for each kind, then each place that is not reached.
    var lines: [String] {
        var table = TextTable([("coverage", .left), ("reached", .right), ("of", .right)])
        for kind in Coverage.Kind.allCases where !items(kind).isEmpty {
            table.add([kind.rawValue, String(items(kind).count { $0.isReached }), String(items(kind).count)])
        }
        return table.lines
            + missed.map { "\(source.name):\(line($0)): \($0.kind.rawValue) \($0.name) is not reached" }
    }

    /// The coverage as the envelope holds it.
    var json: JSONValue {
        let counts = Coverage.Kind.allCases.map { kind in
            JSONValue.object([
                .init("kind", .string(kind.rawValue)),
                .init("reached", .integer(Int64(items(kind).count { $0.isReached }))),
                .init("all", .integer(Int64(items(kind).count))),
            ])
        }
        let places = missed.map { item in
            JSONValue.object([
                .init("kind", .string(item.kind.rawValue)), .init("name", .string(item.name)),
                .init("line", .integer(Int64(line(item)))),
            ])
        }
        return .object([.init("kinds", .array(counts)), .init("missed", .array(places))])
    }

    /// A record of lcov: a line is reached if anything that begins on it is, or a branch that is decided there.
    ///
    /// Branches stand at the line where it is decided which one is taken. `0` for one says that scenarios came to that
    /// line and took no such way, `-` that none came there.
    var lcov: String {
        var hits: [Int: Bool] = [:]
        for item in coverage.items {
            hits[line(item), default: false] = hits[line(item)] == true || item.isReached
            guard let decision = item.decision else { continue }
            let place = source.line(at: decision.start)
            hits[place, default: false] = hits[place] == true || item.isDecided
        }
        let lines = hits.keys.sorted()
        var text = "TN:\nSF:\(source.name)\n"
        let branches = items(.branch)
        for (number, decision) in decisions.enumerated() {
            let line = source.line(at: decision.place.start)
            for (arm, branch) in decision.arms.enumerated() {
                let taken = branch.isReached ? "1" : hits[line] == true ? "0" : "-"
                text += "BRDA:\(line),\(number),\(arm),\(taken)\n"
            }
        }
        text += "BRF:\(branches.count)\nBRH:\(branches.count { $0.isReached })\n"
        for number in lines { text += "DA:\(number),\(hits[number] == true ? 1 : 0)\n" }
        text += "LF:\(lines.count)\nLH:\(lines.count { hits[$0] == true })\nend_of_record\n"
        return text
    }

    /// The places where branches part, in order of writing, each with its branches.
    private var decisions: [(place: Span, arms: [Coverage.Item])] {
        var found: [(place: Span, arms: [Coverage.Item])] = []
        var places: [Span: Int] = [:]
        for item in items(.branch) {
            let place = item.decision ?? item.span
            let index = places[place] ?? found.count
            if index == found.count { found.append((place, [])) }
            places[place] = index
            found[index].arms.append(item)
        }
        return found.sorted { ($0.place.start, $1.place.end) < ($1.place.start, $0.place.end) }
    }
}
