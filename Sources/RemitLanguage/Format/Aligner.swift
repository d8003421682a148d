import RemitValues

/// Aligns what the parser marked in neighbouring lines, by display width.
struct Aligner {
    let layout: LayoutSource

    /// From left to right, as they may follow one another on a line.
    private static let order: [Column] = [
        .value, .colon, .promise, .starts, .equals, .text, .condition, .refusal, .brace, .source,
    ]

    func align(_ lines: inout [LayoutLine]) {
        let groups = groups(of: lines)
        for column in Self.order {
            for group in groups {
                // A check without the part on its first line does not come between its neighbours.
                let isPatient = column == .condition || column == .source
                let found = runs(in: group, lines, where: { place(of: column, in: $0) }) { line in
                    isPatient && place(of: .text, in: line) != nil
                }
                for run in found { align(run, &lines) }
            }
        }
        for group in tables(of: lines) { alignBars(group, &lines) }
        for group in groups {
            let found = runs(in: group, lines, where: { $0.comment != nil ? $0.tokens.count : nil }) { _ in false }
            for run in found { align(run, &lines) }
        }
    }

    /// One line's part in a run: the place among its tokens that moves; behind the last one it is the comment's.
    private struct Member {
        let line: Int
        let place: Int
    }

    /// The lines of one block that follow one another without an empty line; comments on their own are left aside.
    private func groups(of lines: [LayoutLine]) -> [[Int]] {
        var groups: [[Int]] = []
        var last: LayoutLine?
        var isApart = false
        for (index, line) in lines.enumerated() {
            if line.isAfterBlank { isApart = true }
            guard !line.tokens.isEmpty else { continue }
            if let last, !isApart, last.block == line.block, !groups.isEmpty {
                groups[groups.count - 1].append(index)
            } else {
                groups.append([index])
            }
            isApart = false
            last = line
        }
        return groups
    }

    /// Neighbouring members; a line that only goes on with another and has no part does not separate them.
    private func runs(
        in group: [Int], _ lines: [LayoutLine], where place: (LayoutLine) -> Int?, passing: (LayoutLine) -> Bool
    ) -> [[Member]] {
        var runs: [[Member]] = []
        var current: [Member] = []
        for index in group {
            guard case .fixed = lines[index].indent else { continue }
            if let place = place(lines[index]) {
                current.append(Member(line: index, place: place))
            } else if lines[index].role != .continuation, !passing(lines[index]) {
                runs.append(current)
                current = []
            }
        }
        runs.append(current)
        return runs.filter { $0.count > 1 }
    }

    private func place(of column: Column, in line: LayoutLine) -> Int? {
        // A value is aligned behind the word that begins the line; a source may stand alone.
        if column == .value {
            return line.tokens.count > 1 && layout.columns[line.tokens[1].index] == .value ? 1 : nil
        }
        let first = column == .source ? 0 : 1
        guard line.tokens.count > first else { return nil }
        return line.tokens[first...].firstIndex { layout.columns[$0.index] == column }
    }

    private func align(_ run: [Member], _ lines: inout [LayoutLine]) {
        var members = run
        while let target = members.map({ column($0, lines) }).max(), members.count > 1 {
            let isLong = members.contains { target + tail($0, lines) > Limits.layoutColumns }
            guard isLong else {
                for member in members { move(member, by: target - column(member, lines), &lines) }
                return
            }
            // What is too long by itself stays where it is; else what stands furthest out does.
            let fitting = members.filter { column($0, lines) + tail($0, lines) <= Limits.layoutColumns }
            members = fitting.count < members.count ? fitting : members.filter { column($0, lines) < target }
        }
    }

    private func column(_ member: Member, _ lines: [LayoutLine]) -> Int {
        let line = lines[member.line]
        var width = indent(of: line)
        for (index, gap) in line.tokens[..<member.place] { width += gap + layout.widths[index] }
        return width + (member.place < line.tokens.count ? line.tokens[member.place].gap : line.commentGap)
    }

    private func tail(_ member: Member, _ lines: [LayoutLine]) -> Int {
        let line = lines[member.line]
        guard member.place < line.tokens.count else { return DisplayCells.width(of: line.comment ?? "") }
        var width = 0
        for (offset, token) in line.tokens[member.place...].enumerated() {
            width += (offset == 0 ? 0 : token.gap) + layout.widths[token.index]
        }
        return width
    }

    private func move(_ member: Member, by blanks: Int, _ lines: inout [LayoutLine]) {
        if member.place < lines[member.line].tokens.count {
            lines[member.line].tokens[member.place].gap += blanks
        } else {
            lines[member.line].commentGap += blanks
        }
    }

    private func indent(of line: LayoutLine) -> Int {
        if case .fixed(let blanks) = line.indent { blanks } else { 0 }
    }

    // MARK: Tables

    /// The rows of each section of a table.
    private func tables(of lines: [LayoutLine]) -> [[Int]] {
        var rows: [Int: [Int]] = [:]
        var order: [Int] = []
        for (index, line) in lines.enumerated() {
            guard let first = line.tokens.first, layout.tokens[first.index].kind == .bar else { continue }
            if rows[line.block] == nil { order.append(line.block) }
            rows[line.block, default: []].append(index)
        }
        return order.map { rows[$0] ?? [] }
    }

    private func alignBars(_ rows: [Int], _ lines: inout [LayoutLine]) {
        var number = 0
        while true {
            var members: [Member] = []
            for row in rows {
                let bars = lines[row].tokens.indices.filter { layout.columns[lines[row].tokens[$0].index] == .bar }
                if number < bars.count { members.append(Member(line: row, place: bars[number])) }
            }
            guard let target = members.map({ column($0, lines) }).max() else { return }
            for member in members { move(member, by: target - column(member, lines), &lines) }
            number += 1
        }
    }
}
