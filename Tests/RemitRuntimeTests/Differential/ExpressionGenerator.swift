/// The types that generated contracts are made of.
enum GeneratedType: Hashable {
    case boolean, integer, decimal, yuan, yen, date, time, duration, text, colour
    case optionalInteger, optionalDecimal, optionalDate, optionalText
    case integers, amounts, lines, line
    /// A longer text, and records with a quorum and such a text.
    case story, board, boards
}

/// Writes random expressions of a type as a contract would, always in brackets.
struct ExpressionGenerator {
    var chance: Chance
    /// What may be read, by type.
    var names: [(text: String, type: GeneratedType)] = []
    /// Functions and their parameters.
    var functions: [(name: String, parameters: [GeneratedType], result: GeneratedType)] = []
    var tables: [(name: String, inputs: [GeneratedType], outputs: [(String, GeneratedType)], isDated: Bool)] = []
    var parameters: [(name: String, type: GeneratedType, isDated: Bool)] = []
    var readsRegisters = true
    /// Whether expressions stay small, so that most requests come through to what follows them.
    var isCalm = false
    /// Time is known wherever registers are.
    private var knowsNow: Bool { readsRegisters }
    private var counter = 0

    init(seed: UInt64) { chance = Chance(seed: seed) }

    mutating func fresh(_ prefix: String) -> String {
        counter += 1
        return "\(prefix)\(counter)"
    }

    // MARK: Literals

    mutating func literal(_ type: GeneratedType) -> String {
        switch type {
        case .boolean: return chance.pick(["yes", "no"])
        case .integer:
            return chance.pick(["0", "1", "2", "3", "7", "10", "-1", "-5", "100", "2_026"] + rarely(edgeIntegers))
        case .decimal:
            return chance.pick(
                ["0.0", "0.5", "1.0", "2.5", "-0.5", "33.3%", "70%", "1.25", "-1.005"] + rarely(edgeDecimals))
        case .yuan:
            return chance.pick(
                ["0 CNY", "0.01 CNY", "1 CNY", "99.95 CNY", "12_345.67 CNY", "-3.50 CNY"] + rarely(edgeYuan))
        case .yen: return chance.pick(["0 JPY", "1 JPY", "250 JPY", "-7 JPY"])
        case .date: return chance.pick(["2026-03-02", "2024-02-29", "2000-01-01", "0001-01-01", "9999-12-31"])
        case .time: return chance.pick(["2026-03-02 09:00", "2024-02-29 23:59"])
        case .duration: return chance.pick(["0 days", "1 day", "30 days", "365 days"])
        case .text: return chance.pick(["\"A1\"", "\"\"", "\"Zürich\"", "\"drug\"", "\"医保\""])
        case .colour: return chance.pick(["red", "green", "blue"])
        case .story:
            let letters = String(repeating: chance.pick(["a", "ü", "医", "🎉"]), count: chance.below(90))
            return "\"\(letters)\""
        case .optionalInteger, .optionalDecimal, .optionalDate, .optionalText, .integers, .amounts, .lines, .line,
            .board, .boards:
            return names.filter { $0.type == type }.first?.text ?? ""
        }
    }

    private mutating func rarely(_ edges: [String]) -> [String] { chance.once(in: 6) ? edges : [] }

    private var edgeIntegers: [String] {
        [
            "9_223_372_036_854_775_807", "-9_223_372_036_854_775_807", "4_611_686_018_427_387_904",
        ]
    }
    private var edgeDecimals: [String] {
        [
            "0.000000000000000001", "9999999999999999999999999999999999999.9", "288230376151711743.5", "-0.125",
            "-9999999999999999999999999999999999999.9", "0.000000000000000005",
            "-99999999999999999999.999999999999999995",
        ]
    }
    private var edgeYuan: [String] { ["92_233_720_368_547_758.07 CNY", "-92_233_720_368_547_758.07 CNY"] }

    // MARK: Expressions

    mutating func expression(_ type: GeneratedType, _ wanted: Int) -> String {
        let depth = isCalm ? min(wanted, 1) : wanted
        if depth <= 0 || chance.once(in: 6) { return leaf(type) }
        if chance.once(in: 9), ![.line, .lines, .story].contains(type) {
            return "(if \(boolean(depth - 1)) then \(expression(type, depth - 1)) else \(expression(type, depth - 1)))"
        }
        if chance.once(in: 6), let call = call(type, depth) { return call }
        switch type {
        case .boolean: return boolean(depth)
        case .integer: return integer(depth)
        case .decimal: return decimal(depth)
        case .yuan: return yuan(depth)
        case .yen: return yen(depth)
        case .date: return date(depth)
        case .time: return "(\(leaf(.time)) \(chance.pick(["+", "-"])) \(expression(.duration, depth - 1)))"
        case .duration: return duration(depth)
        case .text:
            return "\(chance.pick(["largest", "smallest"]))(\(expression(.text, depth - 1)), \(leaf(.text)))"
        case .optionalInteger:
            guard let list = list(.lines) else { return leaf(type) }
            let name = fresh("m")
            let inner = element(name) { $0.expression(.integer, depth - 2) }
            return "(\(chance.pick(["largest", "smallest"])) of \(inner) for \(name) in \(list))"
        default: return leaf(type)
        }
    }

    private mutating func leaf(_ type: GeneratedType) -> String {
        let known = names.filter { $0.type == type }
        if !known.isEmpty, !chance.once(in: 4) { return chance.pick(known).text }
        return literal(type)
    }

    private mutating func list(_ type: GeneratedType) -> String? {
        let known = names.filter { $0.type == type }
        return known.isEmpty ? nil : chance.pick(known).text
    }

    /// Something said of an element of lines, with its fields in sight.
    private mutating func element(_ name: String, _ body: (inout ExpressionGenerator) -> String) -> String {
        let outer = names
        names += Self.lineFields(name)
        let text = body(&self)
        names = outer
        return text
    }

    static func lineFields(_ name: String) -> [(text: String, type: GeneratedType)] {
        [
            (name, .line), ("\(name).code", .text), ("\(name).units", .integer), ("\(name).price", .yuan),
            ("\(name).share", .decimal), ("\(name).day", .date), ("\(name).flag", .boolean),
            ("\(name).hue", .colour), ("\(name).extra", .optionalInteger), ("\(name).remark", .optionalText),
        ]
    }

    private mutating func call(_ type: GeneratedType, _ depth: Int) -> String? {
        switch chance.below(4) {
        case 0:
            let known = functions.filter { $0.result == type }
            guard !known.isEmpty else { return nil }
            let function = chance.pick(known)
            let arguments = function.parameters.map { expression($0, depth - 2) }
            return "\(function.name)(\(arguments.joined(separator: ", ")))"
        case 1:
            let known = parameters.filter { $0.type == type }
            guard !known.isEmpty else { return nil }
            let parameter = chance.pick(known)
            return parameter.isDated ? "(\(parameter.name) on \(expression(.date, 1)))" : parameter.name
        case 2:
            let known = tables.filter { table in table.outputs.contains { $0.1 == type } }
            guard !known.isEmpty else { return nil }
            let table = chance.pick(known)
            let inputs = table.inputs.map { expression($0, depth - 2) }.joined(separator: ", ")
            let read = "\(table.name)(\(inputs))" + (table.isDated ? " on \(expression(.date, 1))" : "")
            guard table.outputs.count > 1 else { return "(\(read))" }
            let output = chance.pick(table.outputs.filter { $0.1 == type })
            return "(\(read)).\(output.0)"
        default:
            guard readsRegisters else { return nil }
            let key = "[\(expression(.colour, 1)), \(expression(.integer, 1))]"
            switch type {
            case .yuan: return "Total\(key).spent"
            case .integer: return "Total\(key).times"
            default: return nil
            }
        }
    }

    mutating func boolean(_ depth: Int) -> String {
        let next = depth - 1
        switch chance.below(14) {
        case 12: return whole(depth)
        case 0: return "(\(expression(.boolean, next)) and \(expression(.boolean, next)))"
        case 1: return "(\(expression(.boolean, next)) or \(expression(.boolean, next)))"
        case 2: return "(\(expression(.boolean, next)) implies \(expression(.boolean, next)))"
        case 3: return "(not \(expression(.boolean, next)))"
        case 4: return quantified(depth)
        case 5:
            let type = chance.pick([GeneratedType.integer, .decimal, .yuan, .date, .text])
            return "(\(expression(type, next)) \(chance.pick(["in", "not in"])) \(expression(type, next))"
                + " to \(expression(type, next)))"
        case 6:
            let type = chance.pick([GeneratedType.integer, .yuan, .text, .decimal])
            return "(\(expression(type, next)) in (\(leaf(type)), \(leaf(type)), \(leaf(type))))"
        case 7: return present(depth)
        case 8:
            guard let colour = list(.colour) else { return leaf(.boolean) }
            return "(\(colour) \(chance.pick(["is", "is not"])) \(chance.pick(["red", "green"])))"
        case 9:
            let long = "*" + String(repeating: chance.pick(["a", "医?", "9"]), count: chance.below(40)) + "*"
            let pattern = chance.pick(["A9*", "*", "Z?r*", "drug", "??", "A*9", long, long])
            return "(\(leaf(chance.pick([.text, .story]))) is like \"\(pattern)\")"
        default:
            let types: [GeneratedType] = [.integer, .decimal, .yuan, .yen, .date, .duration, .text, .story, .time]
            let type = chance.pick(types)
            let operation = chance.pick(["is", "is not", "<", "<=", ">", ">="])
            return "(\(expression(type, next)) \(operation) \(expression(type, next)))"
        }
    }

    /// Two values of many parts that are compared whole.
    mutating func whole(_ depth: Int) -> String {
        let types = [GeneratedType.line, .lines, .integers, .board, .boards].filter { knows($0) }
        guard !types.isEmpty else { return leaf(.boolean) }
        let type = chance.pick(types)
        let (left, right) = (part(type, depth), part(type, depth))
        let outer: GeneratedType? = type == .line ? .lines : type == .board ? .boards : nil
        if let outer, knows(outer), chance.once(in: 3) { return "(\(left) in \(part(outer, depth)))" }
        return "(\(left) \(chance.pick(["is", "is not"])) \(right))"
    }

    private func knows(_ type: GeneratedType) -> Bool { names.contains { $0.type == type } }

    private mutating func part(_ type: GeneratedType, _ depth: Int) -> String {
        let known = list(type) ?? ""
        switch type {
        case .lines where chance.once(in: 2):
            let name = fresh("g")
            let test = chance.once(in: 2) ? "" : " where " + element(name) { $0.boolean(depth - 2) }
            return "(list of \(name) for \(name) in \(known)\(test))"
        case .boards where chance.once(in: 2):
            guard let board = list(.board) else { return known }
            return "[" + Array(repeating: board, count: 1 + chance.below(2)).joined(separator: ", ") + "]"
        default: return known
        }
    }

    private mutating func present(_ depth: Int) -> String {
        if readsRegisters, chance.once(in: 3) { return row(depth) }
        let optionals = names.filter { [.optionalInteger, .optionalDecimal, .optionalDate].contains($0.type) }
        guard !optionals.isEmpty else { return leaf(.boolean) }
        let (name, type) = chance.pick(optionals)
        if chance.once(in: 2) { return "(\(name) is \(chance.pick(["present", "absent"])))" }
        let inner: GeneratedType =
            type == .optionalInteger ? .integer : type == .optionalDecimal ? .decimal : .date
        return "(\(name) is present and \(name) \(chance.pick(["<", ">=", "is"])) \(expression(inner, depth - 2)))"
    }

    /// A row that is asked for and then read, under a key that stays as it is.
    private mutating func row(_ depth: Int) -> String {
        let keys = names.filter { $0.type == .text }.map(\.text) + ["\"A1\"", "\"drug\"", "largest(\"A1\", \"\")"]
        let row = "Stock[\(chance.pick(keys))]"
        let fields: [(String, GeneratedType)] = [("amount", .yuan), ("rate", .decimal), ("size", .integer)]
        let (field, type) = chance.pick(fields)
        let operation = chance.pick(["<", ">=", "is"])
        switch chance.below(3) {
        case 0: return "(\(row) is present and \(row).\(field) \(operation) \(expression(type, depth - 2)))"
        case 1: return "(\(row) is absent or \(row).\(field) \(operation) \(expression(type, depth - 2)))"
        default:
            return "(\(row) is present and \(row).until is present and \(row).until \(operation) "
                + "\(expression(.date, depth - 2)))"
        }
    }

    private mutating func quantified(_ depth: Int) -> String {
        guard let list = list(.lines) else { return leaf(.boolean) }
        switch chance.below(5) {
        case 0: return "(any two of \(list) share \(chance.pick(["code", "code, day", "hue", "units, share"])))"
        case 1: return "(\(list) is \(chance.pick(["empty", "not empty"])))"
        case 2:
            guard let numbers = self.list(.integers) else { return leaf(.boolean) }
            return "(\(expression(.integer, 1)) in \(numbers))"
        default:
            let name = fresh("q")
            let test = element(name) { $0.boolean(depth - 2) }
            return "(\(chance.pick(["any", "every"])) \(name) in \(list) where \(test))"
        }
    }

    mutating func integer(_ depth: Int) -> String {
        let next = depth - 1
        switch chance.below(13) {
        case 12: return chance.once(in: 3) ? "(-9_223_372_036_854_775_807 - 1)" : leaf(.integer)
        case 11 where readsRegisters:
            let name = fresh("k")
            let rows = "many(\(expression(.colour, 1)), \(expression(.integer, next)))"
            return "(sum of \(name) for \(name) in \(rows))"
        case 0, 1: return "(\(expression(.integer, next)) + \(expression(.integer, next)))"
        case 2: return "(\(expression(.integer, next)) - \(expression(.integer, next)))"
        case 3: return "(\(expression(.integer, next)) * \(expression(.integer, next)))"
        case 4: return "(-\(expression(.integer, next)))"
        case 5: return "\(chance.pick(["largest", "smallest"]))(\(expression(.integer, next)), \(leaf(.integer)))"
        case 6: return "magnitude(\(expression(.integer, next)))"
        case 7: return "(\(chance.pick(["year", "month", "day"])) of \(expression(.date, next)))"
        case 8:
            return chance.once(in: 2)
                ? "years(\(expression(.date, next)), \(leaf(.date)))" : "days(\(expression(.duration, next)))"
        case 9:
            guard let optional = list(.optionalInteger) else { return leaf(.integer) }
            return "(\(optional) otherwise \(expression(.integer, next)))"
        default: return aggregate(.integer, depth)
        }
    }

    private mutating func aggregate(_ type: GeneratedType, _ depth: Int) -> String {
        guard let list = list(.lines) else { return leaf(type) }
        let name = fresh("s")
        let test = chance.once(in: 2) ? "" : " where " + element(name) { $0.boolean(depth - 2) }
        if type == .integer, chance.once(in: 3) {
            if test.isEmpty, chance.once(in: 3) { return "size(\(list))" }
            return "(count of \(name) in \(list)\(test))"
        }
        let value = element(name) { $0.expression(type, depth - 2) }
        if chance.once(in: 4) {
            let which = chance.pick(["largest", "smallest"])
            return "((\(which) of \(value) for \(name) in \(list)\(test)) otherwise \(leaf(type)))"
        }
        if chance.once(in: 4) {
            let again = fresh("g")
            return "(sum of \(again) for \(again) in (list of \(value) for \(name) in \(list)\(test)))"
        }
        return "(sum of \(value) for \(name) in \(list)\(test))"
    }

    private mutating func mode() -> String { chance.pick(["half up", "half even", "up", "down"]) }

    mutating func decimal(_ depth: Int) -> String {
        let next = depth - 1
        switch chance.below(9) {
        case 0: return "(\(expression(.decimal, next)) + \(expression(.decimal, next)))"
        case 1: return "(\(expression(.decimal, next)) - \(expression(.decimal, next)))"
        case 2: return "(\(expression(.decimal, next)) * \(expression(.decimal, next)))"
        case 3: return "(\(expression(.integer, next)) * \(expression(.decimal, next)))"
        case 4:
            return "(\(expression(.decimal, next)) rounded \(mode()) to \(chance.below(19)) places)"
        case 5:
            let type = chance.pick([GeneratedType.decimal, .integer, .yuan])
            return
                "((\(expression(type, next)) / \(expression(type, next))"
                + " rounded \(mode()) to \(chance.below(7)) places))"
        case 6: return "magnitude(\(expression(.decimal, next)))"
        case 7: return "\(chance.pick(["largest", "smallest"]))(\(expression(.decimal, next)), \(leaf(.decimal)))"
        default: return aggregate(.decimal, depth)
        }
    }

    mutating func yuan(_ depth: Int) -> String {
        let next = depth - 1
        switch chance.below(11) {
        case 9:
            let parts = list(.integers).map { chance.once(in: 2) ? $0 : "3" } ?? "\(1 + chance.below(5))"
            let name = fresh("w")
            return "(sum of \(name) for \(name) in split(\(expression(.yuan, next)), \(parts))"
                + " where \(name) \(chance.pick([">", "<="])) \(leaf(.yuan)))"
        case 10 where readsRegisters: return "available(\(chance.pick(["Pool", "Side"])))"
        case 0: return "(\(expression(.yuan, next)) + \(expression(.yuan, next)))"
        case 1: return "(\(expression(.yuan, next)) - \(expression(.yuan, next)))"
        case 2: return "(\(expression(.yuan, next)) * \(expression(.integer, next)))"
        case 3, 4: return "((\(expression(.yuan, next)) * \(expression(.decimal, next))) rounded \(mode()))"
        case 5:
            let type = chance.pick([GeneratedType.decimal, .integer])
            return "((\(expression(.yuan, next)) / \(expression(type, next)) rounded \(mode())))"
        case 6: return "\(chance.pick(["largest", "smallest"]))(\(expression(.yuan, next)), \(leaf(.yuan)))"
        case 7: return "((\(leaf(.yuan)) + (\(leaf(.yuan)) * \(leaf(.decimal)))) rounded \(mode()))"
        default: return aggregate(.yuan, depth)
        }
    }

    private mutating func yen(_ depth: Int) -> String {
        switch chance.below(3) {
        case 0: return "((\(expression(.yen, depth - 1)) * \(expression(.decimal, depth - 1))) rounded \(mode()))"
        case 1: return "(\(expression(.yen, depth - 1)) + \(leaf(.yen)))"
        default: return "magnitude(\(expression(.yen, depth - 1)))"
        }
    }

    private mutating func date(_ depth: Int) -> String {
        switch chance.below(6) {
        case 5:
            let months = chance.pick(["1 month", "13 months", "4 years", "0 months", "90_000 months"])
            let ending = chance.pick(["down", "up"])
            return "(\(expression(.date, depth - 1)) \(chance.pick(["+", "-"])) \(months) rounded \(ending))"
        case 0: return "(\(expression(.date, depth - 1)) + \(leaf(.duration)))"
        case 1: return "(\(expression(.date, depth - 1)) - \(leaf(.duration)))"
        case 2: return "date(year of \(expression(.date, depth - 1)), 1, 1)"
        case 3:
            return
                "date(\(chance.pick(["2026", "2024", "0"])), \(chance.pick(["2", "12"])), \(expression(.integer, 1)))"
        default: return "(date of \(knowsNow ? "now" : leaf(.time)))"
        }
    }

    private mutating func duration(_ depth: Int) -> String {
        switch chance.below(4) {
        case 0: return "(\(expression(.date, depth - 1)) - \(expression(.date, depth - 1)))"
        case 1: return "(\(expression(.duration, depth - 1)) + \(leaf(.duration)))"
        case 2: return "(\(leaf(.time)) - \(knowsNow ? "now" : leaf(.time)))"
        default: return "magnitude(\(leaf(.duration)))"
        }
    }
}
