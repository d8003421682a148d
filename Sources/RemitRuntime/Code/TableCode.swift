import RemitLanguage
import RemitValues

/// A decision table as the machine searches it: each input is first brought to a class, by binary search where its
/// cells are ranges, and the classes together give the row.
final class TableCode: Sendable {
    let name: String
    let isCollect: Bool
    let isDated: Bool
    let inputShapes: [Int]
    let sections: [Section]
    /// The outputs of each row in order of the sections, where all are fixed; else nil.
    let fixed: [Fixed]?

    /// Fixed outputs: their word, and what evaluating them costs.
    struct Fixed: Sendable {
        let word: Int64
        let cost: Int64
    }

    struct Section: Sendable {
        let period: Period
        let firstRow: Int
        let rowCount: Int
        let columns: [TableColumnCode]
        let search: Search
    }

    /// How a row is found from the classes of the inputs.
    enum Search: Sendable {
        /// The first row for each combination, -1 for none; the stride of each column.
        case dense(rows: [Int32], strides: [Int])
        /// The rows that accept each class of one column, in order; the other columns are looked at row by row.
        case candidates(column: Int, rows: [[Int32]])
        /// Every row is looked at.
        case rowByRow
    }

    /// Whether its rows are all fixed and found by the classes of the inputs alone.
    var isFlat: Bool {
        guard !isDated, !isCollect, sections.count == 1, fixed != nil, case .dense = sections[0].search else {
            return false
        }
        return sections[0].columns.allSatisfy { column in
            switch column.classes {
            case .direct, .steps: true
            case .decimals, .texts, .parties: false
            }
        }
    }

    init(
        name: String, isCollect: Bool, isDated: Bool, inputShapes: [Int], sections: [Section], fixed: [Fixed]?
    ) {
        self.name = name
        self.isCollect = isCollect
        self.isDated = isDated
        self.inputShapes = inputShapes
        self.sections = sections
        self.fixed = fixed
    }
}

/// An input column of a section: how a word is brought to its class, and which classes each row accepts.
struct TableColumnCode: Sendable {
    enum Classes: Sendable {
        /// The word itself, below a number of classes; others go into the last class.
        case direct(Int)
        /// Words in order; the class is how many of them the value has reached.
        case steps([Int64])
        /// Decimals in order; `after` says that the value must be greater, not only as great.
        case decimals([(word: Int64, after: Bool)])
        /// Texts in order of their bytes; the last class is for all others.
        case texts([Int64])
        /// Parties in order of writing; the last class is for all others.
        case parties([Int64])
    }

    let classes: Classes
    let count: Int
    /// The ranges of classes that each row accepts, one row after another, and where each row's begin.
    let accepted: [ClosedRange<Int32>]
    let starts: [Int32]

    func accepts(_ row: Int, _ found: Int) -> Bool {
        for index in Int(starts[row])..<Int(starts[row + 1]) where accepted[index].contains(Int32(found)) {
            return true
        }
        return false
    }

    func accepted(by row: Int) -> ArraySlice<ClosedRange<Int32>> {
        accepted[Int(starts[row])..<Int(starts[row + 1])]
    }

    /// The class of a word.
    func find(_ word: Int64, _ machine: MachinePointer) -> Int {
        switch classes {
        case .direct(let count): return word >= 0 && word < Int64(count) ? Int(word) : count
        case .steps(let steps):
            return reached(steps.count) { steps[$0] <= word }
        case .decimals(let steps):
            return reached(steps.count) {
                let order = Exact.order(steps[$0].word, word, machine)
                return steps[$0].after ? order < 0 : order <= 0
            }
        case .texts(let texts):
            let place = reached(texts.count) { machine.pointee.bytes.order(texts[$0], word) <= 0 }
            guard place > 0, machine.pointee.bytes.areSame(texts[place - 1], word) else { return texts.count }
            return place - 1
        case .parties(let parties):
            return parties.firstIndex {
                ($0 ^ word) & 1 == 0 && machine.pointee.bytes.areSame($0 & ~1, word & ~1)
            } ?? parties.count
        }
    }

    /// How many of the first steps hold; they hold up to some step and not beyond.
    private func reached(_ count: Int, _ holds: (Int) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if holds(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
