import RemitLedger
import RemitValues

extension SampleChain {
    /// The rows after a block, in canonical order.
    func rows(at height: Int) throws -> [StateChange] {
        var rows: [StateKey: [UInt8]] = [:]
        for bytes in blocks[...height].flatMap(\.receipts) {
            for change in try Receipt(decoding: bytes).changes { rows[change.key] = change.value }
        }
        return rows.map { StateChange(key: $0.key, value: $0.value) }.sorted { $0.key < $1.key }
    }

    /// The beginning of the snapshot after a block.
    func preamble(at height: Int) throws -> Snapshot.Preamble {
        let leaves = headers[...height].map { Checkpoint.leaf(ofHeader: $0.encoded) }
        return Snapshot.Preamble(
            nodeKey: node.publicKey, genesis: genesis, checkpoint: try signedCheckpoint(height + 1).bytes,
            signedHeader: blocks[height].signedHeader,
            path: MerkleTree.inclusionProof(of: height, in: Array(leaves)) ?? [])
    }

    /// The records of the snapshot after a block, a few rows in each.
    func snapshotRecords(at height: Int) throws -> [Snapshot.Record] {
        let rows = try rows(at: height)
        var records: [Snapshot.Record] = [.preamble(try preamble(at: height))]
        for start in stride(from: 0, to: rows.count, by: 3) {
            records.append(.rows(Array(rows[start..<min(start + 3, rows.count)])))
        }
        return records + [.end(rows: UInt64(rows.count), header: headers[height].digest)]
    }

    func snapshot(at height: Int) throws -> [UInt8] {
        Self.file(try snapshotRecords(at: height))
    }

    static func file(_ records: [Snapshot.Record]) -> [UInt8] {
        RecordFile.snapshot.mark + records.flatMap { Snapshot.encode($0) ?? [] }
    }

    /// The blocks from a height on, as a tail.
    func tail(from first: Int, upTo end: Int? = nil) -> [UInt8] {
        let end = end ?? blocks.count
        let records: [ChainFile.Record] =
            [.preamble(nodeKey: node.publicKey, genesis: genesis, first: UInt64(first))]
            + blocks[first..<end].map { .block($0) }
            + [.end(count: UInt64(end), head: headers[end - 1].digest)]
        return Self.tail(records)
    }

    static func tail(_ records: [ChainFile.Record]) -> [UInt8] {
        RecordFile.tail.mark + records.flatMap { ChainFile.encode($0, in: .tail) ?? [] }
    }

    /// The first fault of a snapshot with the files that follow it, as both verifiers name it; `ok` without one.
    static func answer(_ files: [[UInt8]], key: PublicKey) -> String {
        func text(_ fault: ChainFault) -> String { "\(fault.faultClass.rawValue) \(fault.height)" }
        let begun = SnapshotVerifier.firstFault(in: files[0], nodeKey: key)
        guard var chain = begun.chain else { return begun.fault.map(text) ?? "no chain" }
        for file in files.dropFirst() {
            let kind = RecordFile.beginning(file) == .chain ? RecordFile.chain : .tail
            let next = TailVerifier.firstFault(in: file, kind, after: chain)
            if let fault = next.fault { return text(fault) }
            chain = next.reached
        }
        return "ok"
    }

    /// Files one after another, each after its length, as the second verifier takes them.
    static func joined(_ files: [[UInt8]]) -> [UInt8] {
        files.flatMap { file in
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: UInt32(file.count) >> UInt32($0)) } + file
        }
    }
}

extension Mutator {
    /// A mutant of a snapshot and the tail after it: bytes, records, rows, or what the node itself signed otherwise.
    mutating func snapshot(of chain: SampleChain, at height: Int) throws -> [[UInt8]] {
        if random.below(3) == 0 {
            let tail = random.below(2) == 0 ? bytes(chain.tail(from: height + 1)) : try later(chain, height)
            return [try chain.snapshot(at: height), tail]
        }
        guard random.below(3) > 0 else {
            return [bytes(try chain.snapshot(at: height)), chain.tail(from: height + 1)]
        }
        var records = try chain.snapshotRecords(at: height)
        let place = random.below(records.count)
        switch random.below(8) {
        case 0: records.remove(at: place)
        case 1: records.insert(records[place], at: random.below(records.count))
        case 2: records.swapAt(place, random.below(records.count))
        case 3: records = try chain.snapshotRecords(at: random.below(chain.blocks.count))
        case 4: records[0] = .preamble(try preamble(chain, height))
        default: records[place] = try altered(records[place], chain, height)
        }
        return [SampleChain.file(records), chain.tail(from: height + 1)]
    }

    private mutating func altered(
        _ record: Snapshot.Record, _ chain: SampleChain, _ height: Int
    ) throws -> Snapshot.Record {
        switch record {
        case .preamble: return .preamble(try preamble(chain, height))
        case .rows(var rows):
            let place = random.below(rows.count)
            let (key, value) = (rows[place].key, rows[place].value ?? [])
            switch random.below(6) {
            case 0: rows.remove(at: place)
            case 1: rows.insert(rows[place], at: place)
            case 2: rows.swapAt(place, random.below(rows.count))
            case 3: rows[place] = StateChange(key: StateKey(space: key.space, item: bytes(key.item)), value: value)
            case 4: rows[place] = StateChange(key: StateKey(space: key.space + "/x", item: key.item), value: value)
            default: rows[place] = StateChange(key: key, value: bytes(value))
            }
            return .rows(rows)
        case .end(let rows, let header):
            return random.below(2) == 0
                ? .end(rows: rows &+ 1, header: header) : .end(rows: rows, header: random.digest())
        }
    }

    /// Another beginning: of another block, chain or key, with another path, or under a checkpoint signed anew.
    private mutating func preamble(_ chain: SampleChain, _ height: Int) throws -> Snapshot.Preamble {
        let right = try chain.preamble(at: height)
        let other = try chain.preamble(at: random.below(chain.blocks.count))
        var (key, genesis, checkpoint) = (right.nodeKey, right.genesis, right.checkpoint)
        var (header, path) = (right.signedHeader, right.path)
        switch random.below(9) {
        case 0: key = SampleChain.stranger
        case 1: genesis = random.digest()
        case 2: checkpoint = other.checkpoint
        case 3: checkpoint = text(checkpoint)
        case 4: header = other.signedHeader
        case 5: header = bytes(header)
        case 6: path = other.path
        case 7: path = path.isEmpty ? [random.digest()] : Array(path.dropLast()) + [random.digest()]
        default:
            // What the node itself falsified: the header, and a checkpoint over it.
            let body = item(try SignedHeader(decoding: header).header.cbor).encoded
            let signature = try chain.node.sign(Hashing.message(.headerSignature, body))
            header = CBOR.map([.init(1, .bytes(body)), .init(2, .bytes(signature.bytes))]).encoded
            var log = MerkleLog(index: UInt64(height), path: path) ?? MerkleLog()
            log.append(Checkpoint.leaf(ofHeader: body))
            let root = log.root(log.size) ?? .zero
            checkpoint =
                try SignedCheckpoint(
                    signing: Checkpoint(genesis: genesis, size: log.size, root: root), by: chain.node
                ).bytes
        }
        return Snapshot.Preamble(
            nodeKey: key, genesis: genesis, checkpoint: checkpoint, signedHeader: header, path: path)
    }

    /// What comes after the snapshot: a whole chain or a tail, from another place, or with parts moved about.
    private mutating func later(_ chain: SampleChain, _ height: Int) throws -> [UInt8] {
        let count = chain.blocks.count
        switch random.below(6) {
        case 0: return chain.file()
        case 1: return try file(of: chain)
        case 2: return chain.tail(from: random.below(count))
        case 3: return chain.tail(from: 0, upTo: 1 + random.below(count))
        default:
            var blocks = Array(chain.blocks[(height + 1)...])
            var first = UInt64(height + 1)
            var (key, genesis, end) = (chain.node.publicKey, chain.genesis, UInt64(count))
            let place = random.below(blocks.count)
            switch random.below(7) {
            case 0: blocks.remove(at: place)
            case 1: blocks.insert(blocks[place], at: place)
            case 2: first = UInt64(random.below(count + 2))
            case 3: key = SampleChain.stranger
            case 4: genesis = random.digest()
            case 5: end &+= 1
            default: blocks[place].receipts.removeLast()
            }
            let head = chain.headers[count - 1].digest
            return SampleChain.tail(
                [.preamble(nodeKey: key, genesis: genesis, first: first)] + blocks.map { .block($0) }
                    + [.end(count: end, head: head)])
        }
    }
}
