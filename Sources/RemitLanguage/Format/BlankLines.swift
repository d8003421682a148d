/// Settles the empty lines: none at the edges of a block, one around every declaration of several lines.
enum BlankLines {
    static func settle(_ lines: inout [LayoutLine]) {
        for index in lines.indices where index == 0 || lines[index - 1].opensBlock || lines[index].role == .closer {
            lines[index].isAfterBlank = false
        }
        let starts = lines.indices.filter { lines[$0].beginsDeclaration }
        for (place, start) in starts.enumerated() where place > 0 {
            let end = place + 1 < starts.count ? starts[place + 1] : lines.count
            guard isTall(lines[starts[place - 1]..<start]) || isTall(lines[start..<end]) else { continue }
            // The comment that stands on a declaration belongs to it.
            var top = start
            while top > starts[place - 1] + 1, !lines[top].isAfterBlank, lines[top - 1].role == .comment { top -= 1 }
            lines[top].isAfterBlank = true
        }
    }

    private static func isTall(_ lines: ArraySlice<LayoutLine>) -> Bool {
        lines.count { $0.role == .starter || $0.role == .closer } > 1
    }
}
