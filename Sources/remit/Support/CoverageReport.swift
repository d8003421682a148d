import RemitExchange
import RemitLanguage
import RemitRuntime

/// What scenarios reach of a contract, and of the libraries that it comes to, as text, JSON and lcov records.
struct CoverageReport {
    let coverage: Coverage
    let source: SourceText

    /// An item with its place in its file.
    private struct Placed {
        let item: Coverage.Item
        let file: String
        let line: Int
    }

    private func place(_ item: Coverage.Item) -> Placed {
        let place = source.place(ofLine: source.line(at: item.span.start))
        return Placed(item: item, file: place.file, line: place.line)
    }

    /// The places that no scenario reaches, by line.
    private func missed(_ items: [Coverage.Item]) -> [Placed] {
        items.enumerated().filter { !$0.element.isReached }
            .sorted { ($0.element.span.start, $0.offset) < ($1.element.span.start, $1.offset) }
            .map { place($0.element) }
    }

    private static func counts(_ items: [Coverage.Item]) -> [(kind: Coverage.Kind, reached: Int, all: Int)] {
        Coverage.Kind.allCases.map { kind in
            let these = items.filter { $0.kind == kind }
            return (kind, these.count { $0.isReached }, these.count)
        }
    }

    /// The coverage for people: a row for each kind, then each place that is not reached; what stands in libraries
    /// for itself.
    var lines: [String] {
        var table = TextTable([("coverage", .left), ("reached", .right), ("of", .right)])
        for (items, suffix) in [(coverage.items, ""), (coverage.libraryItems, " of libraries")] {
            for (kind, reached, all) in Self.counts(items) where all > 0 {
                table.add([kind.rawValue + suffix, String(reached), String(all)])
            }
        }
        return table.lines
            + (missed(coverage.items) + missed(coverage.libraryItems)).map {
                "\($0.file):\($0.line): \($0.item.kind.rawValue) \($0.item.name) is not reached"
            }
    }

    /// The coverage as the envelope holds it.
    var json: JSONValue {
        .object([
            .init("kinds", Self.kinds(coverage.items)), .init("missed", places(coverage.items)),
            .init(
                "libraries",
                .object([
                    .init("kinds", Self.kinds(coverage.libraryItems)),
                    .init("missed", places(coverage.libraryItems, inFiles: true)),
                ])),
        ])
    }

    private static func kinds(_ items: [Coverage.Item]) -> JSONValue {
        .array(
            counts(items).map { kind, reached, all in
                .object([
                    .init("kind", .string(kind.rawValue)), .init("reached", .integer(Int64(reached))),
                    .init("all", .integer(Int64(all))),
                ])
            })
    }

    private func places(_ items: [Coverage.Item], inFiles: Bool = false) -> JSONValue {
        .array(
            missed(items).map { place in
                .object(
                    [
                        .init("kind", .string(place.item.kind.rawValue)), .init("name", .string(place.item.name)),
                    ] + (inFiles ? [.init("file", .string(place.file))] : [])
                        + [.init("line", .integer(Int64(place.line)))])
            })
    }

    /// A record of lcov for each file: a line is reached if anything that begins on it is, or a branch that is decided
    /// there.
    ///
    /// Branches stand at the line where it is decided which one is taken. `0` for one says that scenarios came to that
    /// line and took no such way, `-` that none came there.
    var lcov: String {
        let all = (coverage.items + coverage.libraryItems).map { place($0) }
        var files = [source.name]
        for placed in all where !files.contains(where: { $0.utf8.elementsEqual(placed.file.utf8) }) {
            files.append(placed.file)
        }
        return files.map { file in
            record(file, all.filter { $0.file.utf8.elementsEqual(file.utf8) }.map(\.item))
        }.joined()
    }

    private func line(_ span: Span) -> Int { source.place(ofLine: source.line(at: span.start)).line }

    private func record(_ file: String, _ items: [Coverage.Item]) -> String {
        var hits: [Int: Bool] = [:]
        for item in items {
            hits[line(item.span), default: false] = hits[line(item.span)] == true || item.isReached
            guard let decision = item.decision else { continue }
            hits[line(decision), default: false] = hits[line(decision)] == true || item.isDecided
        }
        let lines = hits.keys.sorted()
        var text = "TN:\nSF:\(file)\n"
        let branches = items.filter { $0.kind == .branch }
        for (number, decision) in Self.decisions(branches).enumerated() {
            let line = line(decision.place)
            for (arm, branch) in decision.arms.enumerated() {
                let taken = branch.isReached ? "1" : hits[line] == true ? "0" : "-"
                text += "BRDA:\(line),\(number),\(arm),\(taken)\n"
            }
        }
        text += "BRF:\(branches.count)\nBRH:\(branches.count { $0.isReached })\n"
        for number in lines { text += "DA:\(number),\(hits[number] == true ? 1 : 0)\n" }
        return text + "LF:\(lines.count)\nLH:\(lines.count { hits[$0] == true })\nend_of_record\n"
    }

    /// The places where branches part, in order of writing, each with its branches.
    private static func decisions(_ branches: [Coverage.Item]) -> [(place: Span, arms: [Coverage.Item])] {
        var found: [(place: Span, arms: [Coverage.Item])] = []
        var places: [Span: Int] = [:]
        for item in branches {
            let place = item.decision ?? item.span
            let index = places[place] ?? found.count
            if index == found.count { found.append((place, [])) }
            places[place] = index
            found[index].arms.append(item)
        }
        return found.sorted { ($0.place.start, $1.place.end) < ($1.place.start, $0.place.end) }
    }
}
