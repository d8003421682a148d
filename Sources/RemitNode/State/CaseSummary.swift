import RemitLedger
import RemitValues

/// The first parts of a case's state row, read without the fields that follow them.
struct CaseSummary {
    let contract: Digest
    let opened: Int64
    let state: String
    let revision: Int64

    /// Reads the beginning of a row as `CaseCoding` writes it; nil where it is something else.
    init?(_ bytes: [UInt8]) {
        let read = CBORReader.beginning(bytes) { reader throws(CBORReader.Stop) in try CaseSummary(reading: &reader) }
        guard let read else { return nil }
        self = read
    }

    private init(reading reader: inout CBORReader) throws(CBORReader.Stop) {
        guard try reader.record() >= 4, let contract = Digest(hex: try reader.text()) else { throw CBORReader.Stop() }
        self.contract = contract
        opened = try reader.integer()
        guard opened >= 0 else { throw CBORReader.Stop() }
        state = try reader.enumeration()
        revision = try reader.integer()
        guard revision >= 0 else { throw CBORReader.Stop() }
    }

    /// Whether the fields of a row are encoded as these values are; the row is one of a contract with so many fields.
    static func holds(_ fields: [Value], row: [UInt8]) -> Bool {
        guard let summary = CaseSummary(row) else { return false }
        var out = CBORWriter(capacity: row.count)
        // A record of six and one of ten begin with as many bytes.
        out.record(6)
        out.text(summary.contract.hex)
        out.integer(summary.opened)
        out.enumeration(summary.state)
        out.integer(summary.revision)
        let start = out.bytes.count
        out.record(fields.count)
        for value in fields { out.value(value) }
        return row.dropFirst(start).starts(with: out.bytes.dropFirst(start))
    }

    /// The amounts in some fields of a row, of which a contract with so many fields was checked to be open; other
    /// fields are passed over. Nil where the row is something else.
    static func amounts(in bytes: [UInt8], at places: [Int?], of count: Int) -> [Money?]? {
        CBORReader.beginning(bytes) { reader throws(CBORReader.Stop) in
            _ = try CaseSummary(reading: &reader)
            guard try reader.record() == count else { throw CBORReader.Stop() }
            var amounts: [Money?] = Array(repeating: nil, count: places.count)
            for field in 0..<count {
                guard places.contains(field) else {
                    try reader.skip()
                    continue
                }
                guard case .money(let money) = try reader.value(depth: 2) else { continue }
                for place in places.indices where places[place] == field { amounts[place] = money }
            }
            return amounts
        }
    }
}
