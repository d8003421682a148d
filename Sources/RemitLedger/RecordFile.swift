/// Files that others can read: a line that marks them, then records, each with its kind and its length.
public enum RecordFile: CaseIterable, Sendable {
    /// A whole chain.
    case chain
    /// The blocks of a chain from one on.
    case tail
    /// The state after one block.
    case snapshot

    /// The first bytes of such a file.
    public var mark: [UInt8] { Array("remit \(word) 1\n".utf8) }

    /// The kind of file that begins with these bytes; nil for any other.
    public static func beginning(_ bytes: some Collection<UInt8>) -> RecordFile? {
        allCases.first { bytes.starts(with: $0.mark) }
    }

    private var word: String {
        switch self {
        case .chain: "chain"
        case .tail: "tail"
        case .snapshot: "snapshot"
        }
    }

    /// How faults call such a file.
    var name: String { "\(word) file" }

    /// The bytes of a record; nil for one of 4 GiB or more.
    public static func encode(kind: UInt8, _ item: CBOR) -> [UInt8]? {
        let bytes = item.encoded
        guard let length = UInt32(exactly: bytes.count) else {
            return nil
        }
        return [kind] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> UInt32($0)) } + bytes
    }
}

/// Takes a file of records apart as its bytes arrive, so that no more than one record is in memory.
public struct RecordFileReader: Sendable {
    /// How faults call the file.
    private let name: String
    private let mark: [UInt8]
    private var pending: [UInt8] = []
    private var start = 0
    private var isMarked = false

    /// A reader at the beginning of a file.
    init(_ file: RecordFile) {
        self.init(name: file.name, mark: file.mark)
    }

    /// A reader at the beginning of a file with these first bytes, a line; `name` is how faults call it.
    public init(name: String, mark: [UInt8]) {
        self.name = name
        self.mark = mark
    }

    /// Takes the next bytes of the file.
    public mutating func append(_ bytes: some Sequence<UInt8>) {
        pending.removeFirst(start)
        start = 0
        pending.append(contentsOf: bytes)
    }

    /// The kind of the next record, from 1 to 3, and its bytes; nil where more bytes are needed.
    public mutating func next() throws(LedgerFault) -> (kind: UInt8, bytes: [UInt8])? {
        if !isMarked {
            let length = min(mark.count, available)
            guard pending[start..<start + length].elementsEqual(mark[..<length]) else {
                let words = String(decoding: mark.dropLast(), as: UTF8.self)
                throw .structure(name, field: nil, mistake: "does not begin with \"\(words)\"")
            }
            guard length == mark.count else {
                return nil
            }
            start += length
            isMarked = true
        }
        guard available >= 5 else {
            return nil
        }
        let kind = pending[start]
        guard (1...3).contains(kind) else {
            throw .structure(name, field: nil, mistake: "has a record of an unknown kind")
        }
        let length = pending[start + 1..<start + 5].reduce(0) { $0 << 8 | Int($1) }
        guard available - 5 >= length else {
            return nil
        }
        let bytes = Array(pending[start + 5..<start + 5 + length])
        start += 5 + length
        return (kind, bytes)
    }

    /// Whether bytes are left that have not been read.
    public var hasRest: Bool { available > 0 || !isMarked }

    private var available: Int { pending.count - start }
}
