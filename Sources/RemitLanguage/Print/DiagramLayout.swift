/// Places the states of a graph in layers, from where cases begin down to where they end.
///
/// Every way between two states leads through a place of its own in the layers between them, where its words stand: so
/// no words lie upon others. All arithmetic is in whole pixels, so that a drawing is the same everywhere.
struct DiagramLayout {
    enum Kind: Equatable {
        case start
        case state(Int)
        /// The words of a way.
        case label(Int)
        /// A way passing a layer.
        case passage(Int)
    }

    struct Box {
        let kind: Kind
        let width: Int
        let height: Int
        var x = 0
        var y = 0
        /// What is spared on the right, for a way that leads back to the same state.
        var spare = 0
    }

    /// A way from one state to another, with all its words.
    struct Way {
        let from: Int
        let to: Int
        var lines: [String]
        /// Boxes from the upper end to the lower.
        var boxes: [Int] = []
        var isUpward = false
    }

    static let lineHeight = 17
    private static let gap = 18
    private static let layerGap = 20
    private static let stateHeight = 34

    private(set) var boxes: [Box] = []
    private(set) var ways: [Way] = []
    private(set) var layers: [[Int]] = []
    private(set) var width = 0
    private(set) var height = 0
    /// Words of ways that lead back to the same state, by state box.
    private(set) var loops: [(box: Int, lines: [String])] = []

    init(_ graph: StateGraph) {
        boxes.append(Box(kind: .start, width: 22, height: 22))
        for (index, title) in graph.titles.enumerated() {
            boxes.append(
                Box(kind: .state(index), width: Self.width([title], size: 15) + 28, height: Self.stateHeight))
        }
        for (edge, label) in zip(graph.edges, graph.labels) {
            add(from: edge.from.map { $0 + 1 } ?? 0, edge.to + 1, label)
        }
        let ranks = rank()
        layers = Array(repeating: [], count: (ranks.max() ?? 0) * 2 + 1)
        for (index, rank) in ranks.enumerated() where index > 0 || ways.contains(where: { $0.from == 0 }) {
            layers[rank * 2].append(index)
        }
        for index in ways.indices { route(index, ranks) }
        order()
        place()
    }

    static func width(_ lines: [String], size: Int) -> Int {
        (lines.map { PageText.width($0) * size / 100 }.max() ?? 0) + 4
    }

    private mutating func add(from: Int, _ to: Int, _ label: String) {
        if from == to {
            if let index = loops.firstIndex(where: { $0.box == to }) {
                loops[index].lines.append(label)
            } else {
                loops.append((to, [label]))
            }
            boxes[to].spare = 24 + Self.width(loops.first { $0.box == to }?.lines ?? [], size: 13)
        } else if let index = ways.firstIndex(where: { $0.from == from && $0.to == to }) {
            if !ways[index].lines.contains(where: { $0.utf8.elementsEqual(label.utf8) }) {
                ways[index].lines.append(label)
            }
        } else {
            ways.append(Way(from: from, to: to, lines: [label]))
        }
    }

    // MARK: Layers

    /// The layer of each state: the longest way from the start, ways that lead back left out.
    private mutating func rank() -> [Int] {
        markUpwardWays()
        var ranks = boxes.indices.map { $0 == 0 ? 0 : 1 }
        // Ways that lead down have no circle, so as many rounds as there are states are enough.
        for _ in boxes.indices {
            for way in ways {
                let (upper, lower) = way.isUpward ? (way.to, way.from) : (way.from, way.to)
                if !way.isUpward, ranks[lower] < ranks[upper] + 1 { ranks[lower] = ranks[upper] + 1 }
            }
        }
        for index in ways.indices where ways[index].isUpward && ranks[ways[index].to] >= ranks[ways[index].from] {
            // A way once thought to lead up may turn out to lead down, or across.
            if ranks[ways[index].to] > ranks[ways[index].from] { ways[index].isUpward = false }
        }
        return ranks
    }

    /// Finds the ways that close a circle, walking in depth with a stack of its own.
    private mutating func markUpwardWays() {
        var mark = [Int](repeating: 0, count: boxes.count)
        for root in boxes.indices where mark[root] == 0 {
            var stack = [(box: root, next: 0)]
            mark[root] = 1
            while let top = stack.last {
                guard let index = ways[top.next...].firstIndex(where: { $0.from == top.box }) else {
                    mark[top.box] = 2
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].next = index + 1
                let target = ways[index].to
                if mark[target] == 1 {
                    ways[index].isUpward = true
                } else if mark[target] == 0 {
                    mark[target] = 1
                    stack.append((target, 0))
                }
            }
        }
    }

    /// Gives a way a box in each layer that it passes, the first for its words.
    private mutating func route(_ index: Int, _ ranks: [Int]) {
        let way = ways[index]
        let (upper, lower) = way.isUpward ? (way.to, way.from) : (way.from, way.to)
        var path = [upper]
        for layer in (ranks[upper] * 2 + 1)..<max(ranks[lower] * 2, ranks[upper] * 2 + 2) {
            let isLabel = layer == ranks[upper] * 2 + 1
            boxes.append(
                isLabel
                    ? Box(
                        kind: .label(index), width: Self.width(way.lines, size: 13) + 10,
                        height: way.lines.count * Self.lineHeight + 4)
                    : Box(kind: .passage(index), width: 8, height: 0))
            if layer >= layers.count { layers.append([]) }
            layers[layer].append(boxes.count - 1)
            path.append(boxes.count - 1)
        }
        ways[index].boxes = path + [lower]
    }

    // MARK: Order

    private func neighbours(below: Bool) -> [[Int]] {
        var found = [[Int]](repeating: [], count: boxes.count)
        for way in ways {
            for (upper, lower) in zip(way.boxes, way.boxes.dropFirst()) {
                if below { found[upper].append(lower) } else { found[lower].append(upper) }
            }
        }
        return found
    }

    /// Sorts each layer by the middle of what each box is connected with, a few times down and up.
    private mutating func order() {
        let (below, above) = (neighbours(below: true), neighbours(below: false))
        for round in 0..<12 {
            let isDown = round.isMultiple(of: 2)
            let sequence = isDown ? Array(layers.indices.dropFirst()) : Array(layers.indices.dropLast().reversed())
            for layer in sequence {
                let other = layers[isDown ? layer - 1 : layer + 1]
                var positions: [Int: Int] = [:]
                for (position, box) in other.enumerated() { positions[box] = position * 1000 }
                let keyed = layers[layer].enumerated().map { position, box -> (key: Int, position: Int, box: Int) in
                    let linked = (isDown ? above : below)[box].compactMap { positions[$0] }
                    let key = linked.isEmpty ? position * 1000 : linked.reduce(0, +) / linked.count
                    return (key, position, box)
                }
                layers[layer] = keyed.sorted { ($0.key, $0.position) < ($1.key, $1.position) }.map(\.box)
            }
        }
    }

    // MARK: Places

    private mutating func place() {
        for layer in layers {
            var x = 0
            for box in layer {
                boxes[box].x = x + boxes[box].width / 2
                x += boxes[box].width + boxes[box].spare + Self.gap
            }
        }
        let (below, above) = (neighbours(below: true), neighbours(below: false))
        for round in 0..<16 {
            let isDown = round.isMultiple(of: 2)
            for layer in isDown ? Array(layers.indices) : Array(layers.indices.reversed()) {
                align(layers[layer], with: isDown ? above : below)
            }
        }
        settle()
    }

    /// Moves the boxes of a layer towards the middle of what they are connected with, keeping order and distance.
    private mutating func align(_ layer: [Int], with linked: [[Int]]) {
        guard !layer.isEmpty else { return }
        let wanted = layer.map { box in
            linked[box].isEmpty ? boxes[box].x : linked[box].map { boxes[$0].x }.reduce(0, +) / linked[box].count
        }
        var left = wanted
        for index in left.indices.dropFirst() {
            left[index] = max(left[index], left[index - 1] + distance(layer[index - 1], layer[index]))
        }
        var right = wanted
        for index in right.indices.dropLast().reversed() {
            right[index] = min(right[index], right[index + 1] - distance(layer[index], layer[index + 1]))
        }
        for (index, box) in layer.enumerated() { boxes[box].x = (left[index] + right[index]) / 2 }
    }

    private func distance(_ left: Int, _ right: Int) -> Int {
        boxes[left].width / 2 + boxes[left].spare + Self.gap + (boxes[right].width + 1) / 2
    }

    /// Moves everything into view and gives each layer its height.
    private mutating func settle() {
        let placed = layers.flatMap { $0 }
        let least = placed.map { boxes[$0].x - boxes[$0].width / 2 }.min() ?? 0
        var y = 10
        for layer in layers where !layer.isEmpty {
            let tallest = layer.map { boxes[$0].height }.max() ?? 0
            for box in layer {
                boxes[box].x += 10 - least
                boxes[box].y = y + tallest / 2
            }
            y += tallest + Self.layerGap
        }
        width = (placed.map { boxes[$0].x + boxes[$0].width / 2 + boxes[$0].spare }.max() ?? 0) + 10
        height = y - Self.layerGap + 10
    }
}
