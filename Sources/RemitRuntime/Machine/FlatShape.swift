import RemitValues

/// A shape without references, as the machine's helpers read it.
struct FlatShape {
    enum Kind: UInt8 {
        case boolean, integer, decimal, date, instant, duration, term, document, text, money, named, party
        case record, list, set, map, quorum, label, reference, place
    }

    let kind: Kind
    let isOptional: Bool
    /// Whether words order and compare as they stand.
    let isPlain: Bool
    /// The fractional digits of the currency.
    let digits: UInt8
    /// The letters of the currency's code.
    let currency: (UInt8, UInt8, UInt8)
    /// The shape of elements, or the number of the enumeration (-1 states, -2 verdicts, -3 outcomes of a
    /// round).
    let element: Int32
    /// The shapes of a record's fields, in the table of fields.
    let fieldStart: Int32
    let fieldCount: Int32
    let bound: Int32

    /// Whether words that are the same value have one hash, and most others another.
    var isHashed: Bool {
        switch kind {
        case .record, .list, .set, .map, .quorum, .document: false
        default: true
        }
    }

    init(_ shape: Shape, _ fields: inout [Int32]) {
        var element: Int32 = 0
        var start: Int32 = 0
        var count: Int32 = 0
        var digits: UInt8 = 0
        var letters: (UInt8, UInt8, UInt8) = (0, 0, 0)
        switch shape.kind {
        case .boolean: kind = .boolean
        case .integer: kind = .integer
        case .decimal: kind = .decimal
        case .date: kind = .date
        case .instant: kind = .instant
        case .duration: kind = .duration
        case .term: kind = .term
        case .document: kind = .document
        case .text: kind = .text
        case .money(let currency):
            kind = .money
            digits = UInt8(currency.minorDigits)
            let code = Array(currency.code.utf8)
            if code.count == 3 { letters = (code[0], code[1], code[2]) }
        case .named(let index):
            kind = .named
            element = Int32(index)
        case .party: kind = .party
        case .record(let shapes, _):
            kind = .record
            start = Int32(fields.count)
            count = Int32(shapes.count)
            fields += shapes.map { Int32($0) }
        case .list(let index):
            kind = .list
            element = Int32(index)
        case .set(let index):
            kind = .set
            element = Int32(index)
        case .quorum(let index):
            kind = .quorum
            element = Int32(index)
        case .map(let index):
            kind = .map
            element = Int32(index)
        case .label: kind = .label
        case .reference: kind = .reference
        case .place: kind = .place
        }
        isOptional = shape.isOptional
        isPlain = shape.isPlain
        bound = Int32(shape.bound)
        self.element = element
        fieldStart = start
        fieldCount = count
        self.digits = digits
        currency = letters
    }
}
