/// Checks the blocks of a file that come after what is known already, record by record, up to the first fault.
///
/// The file is a tail, or a whole chain. Of blocks that are known it looks at the header alone, and at that of the last
/// known one whether it is the same.
public struct TailVerifier: Sendable {
    private var chain: ChainVerifier
    /// The height at which the next block of the file stands; nil before the preamble.
    private var place: UInt64?
    /// The digest of the last header of the file.
    private var last: Digest?
    private var isEnded = false

    /// A verifier that goes on from where another one is.
    public init(after chain: ChainVerifier) {
        self.chain = chain
    }

    /// The height of the block that comes next.
    public var nextHeight: UInt64 { chain.nextHeight }
    /// The digest of the last header.
    public var head: Digest? { chain.head }
    /// The number of transactions in the blocks that were checked.
    public var transactionCount: UInt64 { chain.transactionCount }
    /// Where the verifier has come to, for the next file; that of a file without faults.
    public var reached: ChainVerifier { chain }

    /// What a record came to.
    public enum Answer: Sendable {
        /// It is sound, and nothing is to be done with it.
        case known
        /// It is a block that was checked and comes next.
        case next(BlockBytes)
        /// It is not sound.
        case faults([ChainFault])
    }

    /// Checks the next record.
    public mutating func check(_ record: ChainFile.Record) -> Answer {
        switch (record, place) {
        case (.preamble(let key, let genesis, let first), nil): return check(key, genesis, first)
        case (.block(let block), .some(let height)) where !isEnded:
            place = height &+ 1
            return check(block, height)
        case (.end(let count, let head), .some(let height)) where !isEnded:
            isEnded = true
            guard count == height else {
                return .faults([fault(.end, expected: "\(count) blocks", found: "\(height)")])
            }
            guard head == last else {
                return .faults([fault(.end, expected: "head \(head)", found: last.map { "\($0)" })])
            }
            return .known
        default: return .faults([fault(.file, found: "a record out of place")])
        }
    }

    private mutating func check(_ key: PublicKey, _ genesis: Digest, _ first: UInt64) -> Answer {
        if key != chain.nodeKey {
            return .faults([fault(.nodeKey, expected: "\(chain.nodeKey)", found: "\(key)")])
        }
        if let known = chain.genesis, known != genesis {
            return .faults([fault(.genesis, expected: "\(known)", found: "\(genesis)")])
        }
        guard first <= chain.nextHeight else {
            return .faults([fault(.gap, expected: "block \(chain.nextHeight) or before", found: "block \(first)")])
        }
        place = first
        return .known
    }

    private mutating func check(_ block: BlockBytes, _ height: UInt64) -> Answer {
        if height == chain.nextHeight {
            let faults = chain.check(block)
            last = chain.head
            return faults.isEmpty ? .next(block) : .faults(faults)
        }
        do throws(LedgerFault) {
            let digest = try SignedHeader(decoding: block.signedHeader).header.digest
            last = digest
            if height &+ 1 == chain.nextHeight, let head = chain.head, head != digest {
                let found = ChainFault(height: height, .previous, expected: "\(head)", found: "\(digest)")
                return .faults([found])
            }
            return .known
        } catch {
            return .faults([ChainFault(height: height, .header, found: error.description)])
        }
    }

    /// What is wrong with the end of the file, where `hasRest` says whether bytes are left over.
    public func finish(hasRest: Bool) -> ChainFault? {
        isEnded && !hasRest ? nil : fault(.file, found: isEnded ? "bytes after the end" : "no end")
    }

    /// The fault for bytes that are no record.
    public func fault(_ fault: LedgerFault) -> ChainFault {
        self.fault(.file, found: fault.description)
    }

    private func fault(_ faultClass: FaultClass, expected: String? = nil, found: String?) -> ChainFault {
        ChainFault(height: place ?? chain.nextHeight, faultClass, expected: expected, found: found)
    }

    /// Checks a whole file that is in memory after what is known; the first fault, else nil, and where it leads to.
    public static func firstFault(
        in file: [UInt8], _ kind: RecordFile, after chain: ChainVerifier
    ) -> (fault: ChainFault?, reached: ChainVerifier) {
        var verifier = TailVerifier(after: chain)
        var reader = ChainFileReader(kind)
        reader.append(file)
        do throws(LedgerFault) {
            while let record = try reader.next() {
                if case .faults(let faults) = verifier.check(record), let first = faults.first {
                    return (first, verifier.chain)
                }
            }
        } catch {
            return (verifier.fault(error), verifier.chain)
        }
        return (verifier.finish(hasRest: reader.hasRest), verifier.chain)
    }
}
