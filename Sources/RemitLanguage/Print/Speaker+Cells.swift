/// The cells of tables in words.
extension Speaker {
    func cell(_ cell: CellSyntax) -> Phrase {
        switch cell.kind {
        case .any: say("any", "任意")
        case .oneOf(let cells): listed(cells.map { self.cell($0) }, .or)
        case .value(let value): self.value(value)
        case .not(let inner): say("anything but {0}", "{0}以外", self.cell(inner))
        case .compare(let operation, let value): compare(operation, value)
        case .all(let cells): all(cells)
        case .range(let lower, let upper): say("{0} to {1}, both included", "{0}至{1}（含两端）", value(lower), value(upper))
        }
    }

    private func all(_ cells: [CellSyntax]) -> Phrase {
        guard let first = cells.first else { return .empty }
        return cells.dropFirst().reduce(self.cell(first)) { say("{0} and {1}", "{0}且{1}", $0, self.cell($1)) }
    }

    private func compare(_ operation: ComparisonOperator, _ value: Expression) -> Phrase {
        let isDate = facts.sort(value) == .date
        let words: (String, String) =
            switch operation {
            case .equal: ("{0}", "{0}")
            case .notEqual: ("anything but {0}", "{0}以外")
            case .less: isDate ? ("before {0}", "早于{0}") : ("less than {0}", "小于{0}")
            case .lessOrEqual: isDate ? ("up to {0}", "不晚于{0}") : ("at most {0}", "不超过{0}")
            case .greater: isDate ? ("after {0}", "晚于{0}") : ("more than {0}", "大于{0}")
            case .greaterOrEqual: isDate ? ("from {0} on", "不早于{0}") : ("at least {0}", "不小于{0}")
            }
        return say(words.0, words.1, self.value(value))
    }
}
