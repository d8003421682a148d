/// Draws a graph of states as SVG, without script and without fonts of its own.
struct DiagramSVG {
    private let layout: DiagramLayout
    private let graph: StateGraph

    init(_ graph: StateGraph) {
        self.graph = graph
        layout = DiagramLayout(graph)
    }

    /// The drawing; title and description are what a screen reader says of it.
    func drawn(title: String, summary: String) -> String {
        var out = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(layout.width) \(layout.height)" \
            width="\(layout.width)" height="\(layout.height)" role="img" aria-labelledby="states-title states-summary">
            <title id="states-title">\(HTMLText.escaped(title))</title>
            <desc id="states-summary">\(HTMLText.escaped(summary))</desc>
            <defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" \
            orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="#44546a"/></marker></defs>

            """
        for index in layout.ways.indices { out += way(index) }
        for loop in layout.loops { out += self.loop(loop.box, loop.lines) }
        for layer in layout.layers { for box in layer { out += drawn(layout.boxes[box]) } }
        return out + "</svg>\n"
    }

    // MARK: Ways

    private func way(_ index: Int) -> String {
        let way = layout.ways[index]
        guard let first = way.boxes.first, let last = way.boxes.last, way.boxes.count > 1 else { return "" }
        var points: [(x: Int, y: Int)] = []
        let upper = layout.boxes[first]
        points.append((upper.x + port(index, at: first, below: true), upper.y + upper.height / 2))
        for box in way.boxes.dropFirst().dropLast().map({ layout.boxes[$0] }) {
            points.append((box.x, box.y - box.height / 2))
            if box.height > 0 { points.append((box.x, box.y + box.height / 2)) }
        }
        let lower = layout.boxes[last]
        points.append((lower.x + port(index, at: last, below: false), lower.y - lower.height / 2))
        if way.isUpward { points.reverse() }
        var path = "M\(points[0].x) \(points[0].y)"
        for (from, to) in zip(points, points.dropFirst()) {
            let middle = (from.y + to.y) / 2
            path +=
                from.x == to.x
                ? "L\(to.x) \(to.y)" : "C\(from.x) \(middle) \(to.x) \(middle) \(to.x) \(to.y)"
        }
        return "<path d=\"\(path)\" fill=\"none\" stroke=\"#44546a\" stroke-width=\"1.4\" marker-end=\"url(#tip)\"/>\n"
    }

    /// How far from the middle of a box a way begins or ends, so that ways do not share a point.
    private func port(_ index: Int, at box: Int, below: Bool) -> Int {
        let others = layout.ways.indices.filter { way in
            let boxes = layout.ways[way].boxes
            return below ? boxes.first == box : boxes.last == box
        }
        guard others.count > 1, case .state = layout.boxes[box].kind else { return 0 }
        let sorted = others.sorted { (next($0, below), $0) < (next($1, below), $1) }
        guard let position = sorted.firstIndex(of: index) else { return 0 }
        let step = min(26, layout.boxes[box].width * 7 / 10 / others.count)
        return (position * 2 - (others.count - 1)) * step / 2
    }

    private func next(_ way: Int, _ below: Bool) -> Int {
        let boxes = layout.ways[way].boxes
        return layout.boxes[below ? boxes[1] : boxes[boxes.count - 2]].x
    }

    private func loop(_ index: Int, _ lines: [String]) -> String {
        let box = layout.boxes[index]
        let right = box.x + box.width / 2
        let path =
            "M\(right) \(box.y - 7)C\(right + 22) \(box.y - 14) \(right + 22) \(box.y + 14) \(right + 2) \(box.y + 7)"
        return "<path d=\"\(path)\" fill=\"none\" stroke=\"#44546a\" stroke-width=\"1.4\" marker-end=\"url(#tip)\"/>\n"
            + text(lines, x: right + 22, y: box.y, anchor: "start")
    }

    // MARK: Boxes

    private func drawn(_ box: DiagramLayout.Box) -> String {
        switch box.kind {
        case .start: return "<circle cx=\"\(box.x)\" cy=\"\(box.y)\" r=\"9\" fill=\"#1f3a5f\"/>\n"
        case .state(let index): return state(index, box)
        case .label(let way):
            let lines = layout.ways[way].lines
            let rectangle = """
                <rect x="\(box.x - box.width / 2)" y="\(box.y - box.height / 2)" width="\(box.width)" \
                height="\(box.height)" rx="3" fill="#ffffff"/>

                """
            return rectangle + text(lines, x: box.x, y: box.y, anchor: "middle")
        case .passage: return ""
        }
    }

    private func state(_ index: Int, _ box: DiagramLayout.Box) -> String {
        let isFinal = graph.nodes[index].isFinal
        var out = rectangle(box, inset: 0, fill: isFinal ? "#f4f4f4" : "#e7f0fa", radius: 8)
        if isFinal { out += rectangle(box, inset: 3, fill: "none", radius: 6) }
        return out + """
            <text x="\(box.x)" y="\(box.y + 5)" text-anchor="middle" font-size="15" font-weight="600" \
            fill="#14273f">\(HTMLText.escaped(graph.titles[index]))</text>

            """
    }

    private func rectangle(_ box: DiagramLayout.Box, inset: Int, fill: String, radius: Int) -> String {
        """
        <rect x="\(box.x - box.width / 2 + inset)" y="\(box.y - box.height / 2 + inset)" \
        width="\(box.width - 2 * inset)" height="\(box.height - 2 * inset)" rx="\(radius)" fill="\(fill)" \
        stroke="#1f3a5f" stroke-width="1.3"/>

        """
    }

    private func text(_ lines: [String], x: Int, y: Int, anchor: String) -> String {
        var out = ""
        let top = y - (lines.count - 1) * DiagramLayout.lineHeight / 2 + 4
        for (index, line) in lines.enumerated() {
            out += """
                <text x="\(x)" y="\(top + index * DiagramLayout.lineHeight)" text-anchor="\(anchor)" font-size="13" \
                fill="#1d1d1f">\(HTMLText.escaped(line))</text>

                """
        }
        return out
    }
}
