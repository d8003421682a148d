import RemitLedger
import RemitValues

/// Makes mutants: what an attacker, a broken disk or a careless programmer might make of honest bytes.
struct Mutator {
    var random: SplitMix64

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    // MARK: Bytes

    /// Changes a few bytes somewhere: flips, sets, inserts, removes, doubles, cuts.
    mutating func bytes(_ original: [UInt8]) -> [UInt8] {
        var bytes = original
        for _ in 0...(random.below(4) == 0 ? 2 : 0) {
            guard !bytes.isEmpty else {
                return random.bytes(random.below(4))
            }
            let place = random.below(bytes.count)
            switch random.below(8) {
            case 0...2: bytes[place] ^= 1 << UInt8(random.below(8))
            case 3: bytes[place] = UInt8(random.below(256))
            case 4: bytes.insert(UInt8(random.below(256)), at: place)
            case 5: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(4)))
            case 6:
                let end = min(bytes.count, place + 1 + random.below(40))
                bytes.insert(contentsOf: bytes[place..<end], at: random.below(bytes.count))
            default: bytes.removeLast(1 + random.below(min(bytes.count, 64)))
            }
        }
        return bytes
    }

    // MARK: Items

    /// Changes one place of an item and leaves everything else, so that the encoding stays well-formed.
    mutating func item(_ item: CBOR) -> CBOR {
        switch item {
        case .array(let items) where !items.isEmpty && random.below(5) > 0:
            return .array(list(items))
        case .map(let entries) where !entries.isEmpty && random.below(6) > 0:
            return .map(map(entries))
        case .tag(let number, let content) where random.below(4) > 0:
            return .tag(number, self.item(content))
        case .bytes(let bytes):
            // What is wrapped in a byte string is often an item itself.
            if bytes.count > 40, random.below(3) > 0, let inner = try? CBOR(decoding: bytes) {
                return .bytes(self.item(inner).encoded)
            }
            return random.below(8) == 0 ? replacement() : .bytes(self.bytes(bytes))
        case .unsigned(let value):
            switch random.below(6) {
            case 0: return .unsigned(value &+ 1)
            case 1: return .unsigned(value == 0 ? 1 : value - 1)
            case 2: return .negative(value)
            case 3: return .unsigned(random.next() >> UInt64(random.below(64)))
            case 4: return .unsigned([23, 24, 255, 256, 65_535, 1 << 32, 1 << 63, .max][random.below(8)])
            default: return replacement()
            }
        case .text(let text):
            let other = ["", "x", "e\u{301}", text.string + "\u{0}", "CNY", "XXX", text.string + " "]
            return random.below(5) == 0 ? replacement() : .text(other[random.below(other.count)])
        default: return replacement()
        }
    }

    mutating func list(_ items: [CBOR]) -> [CBOR] {
        var items = items
        let place = random.below(items.count)
        switch random.below(8) {
        case 0: items.remove(at: place)
        case 1: items.insert(items[place], at: place)
        case 2: items.swapAt(place, random.below(items.count))
        case 3: items.append(replacement())
        default: items[place] = item(items[place])
        }
        return items
    }

    private mutating func map(_ entries: [CBOR.MapEntry]) -> [CBOR.MapEntry] {
        var entries = entries
        let place = random.below(entries.count)
        switch random.below(9) {
        case 0: entries.remove(at: place)
        case 1:
            let key = entries[place].key
            let others = entries.map(\.key)
            let new = [key &+ 1, -1, 99, Int64(random.below(20))].first { !others.contains($0) }
            if let new { entries[place] = .init(new, entries[place].value) }
        case 2:
            let new = Int64(random.below(24)) - 2
            if !entries.contains(where: { $0.key == new }) { entries.append(.init(new, replacement())) }
        default: entries[place] = .init(entries[place].key, item(entries[place].value))
        }
        return entries
    }

    private mutating func replacement() -> CBOR {
        switch random.below(9) {
        case 0: .null
        case 1: .boolean(random.below(2) == 0)
        case 2: .unsigned(UInt64(random.below(30)))
        case 3: .negative(UInt64(random.below(30)))
        case 4: .bytes(random.bytes([0, 1, 31, 32, 33, 64][random.below(6)]))
        case 5: .text("word")
        case 6: .array([])
        case 7: .map([])
        default:
            .tag(
                UInt64([1, 2, 3, 4, 100, 21000, 21002, 21005, 21006, 21010, 21011, 21012][random.below(12)]), content())
        }
    }

    /// The content of a tag, which is often the one that another tag has.
    private mutating func content() -> CBOR {
        switch random.below(4) {
        case 0: .bytes(random.bytes(32))
        case 1: .text("word")
        default: .unsigned(1)
        }
    }

    // MARK: Chains

    /// A mutant of a chain as a file.
    mutating func file(of chain: SampleChain) throws -> [UInt8] {
        if random.below(4) == 0 {
            return bytes(chain.file())
        }
        var blocks = chain.blocks
        var key = chain.node.publicKey
        var genesis = chain.genesis
        var count = UInt64(blocks.count)
        var head = chain.headers.last?.digest ?? .zero
        let place = random.below(blocks.count)
        switch random.below(12) {
        case 0: blocks.remove(at: place)
        case 1: blocks.insert(blocks[place], at: random.below(blocks.count))
        case 2: blocks.swapAt(place, random.below(blocks.count))
        case 3: shuffle(&blocks, place)
        case 4:
            switch random.below(4) {
            case 0: key = SampleChain.stranger
            case 1: genesis = random.digest()
            case 2: count &+= 1
            default: head = random.digest()
            }
        default:
            try change(&blocks[place], chain)
            if random.below(3) > 0 { try repair(&blocks, from: place, chain) }
            if random.below(2) == 0 {
                head = (try? SignedHeader(decoding: blocks[blocks.count - 1].signedHeader).header.digest) ?? head
            }
        }
        var records: [ChainFile.Record] = [.preamble(nodeKey: key, genesis: genesis)]
        records += blocks.map { .block($0) }
        if random.below(40) > 0 { records.append(.end(count: count, head: head)) }
        return ChainFile.mark + records.flatMap { ChainFile.encode($0) ?? [] }
    }

    /// Moves transactions and receipts about.
    private mutating func shuffle(_ blocks: inout [BlockBytes], _ place: Int) {
        let other = random.below(blocks.count)
        switch random.below(6) {
        case 0: blocks[place].transactions.swapAt(0, blocks[place].transactions.count - 1)
        case 1: blocks[place].receipts.swapAt(0, blocks[place].receipts.count - 1)
        case 2: blocks[place].transactions.removeLast()
        case 3: blocks[place].receipts.removeFirst()
        case 4: blocks[place].transactions.append(blocks[other].transactions[0])
        default: blocks[place].receipts.insert(blocks[other].receipts[0], at: 0)
        }
    }

    /// Changes one part of a block; what its sender or node may sign is often signed again.
    private mutating func change(_ block: inout BlockBytes, _ chain: SampleChain) throws {
        let asItem = random.below(3) > 0
        switch random.below(5) {
        case 0: block.signedHeader = try part(block.signedHeader, asItem)
        case 1:
            // A header that the node itself falsified.
            let signed = try SignedHeader(decoding: block.signedHeader)
            let bytes = item(signed.header.cbor).encoded
            let signature = try chain.node.sign(Hashing.message(.headerSignature, bytes))
            block.signedHeader = CBOR.map([.init(1, .bytes(bytes)), .init(2, .bytes(signature.bytes))]).encoded
        case 2:
            let index = random.below(block.transactions.count)
            block.transactions[index] = try part(block.transactions[index], asItem)
        case 3:
            // A transaction that the sender itself made so.
            let index = random.below(block.transactions.count)
            let body = try Transaction(decoding: block.transactions[index]).body
            let bytes = item(body.cbor).encoded
            let signature = try chain.sender.sign(Hashing.message(.transactionSignature, bytes))
            block.transactions[index] =
                CBOR.map([.init(1, .bytes(bytes)), .init(2, .bytes(signature.bytes))]).encoded
        default:
            let index = random.below(block.receipts.count)
            block.receipts[index] = try part(block.receipts[index], asItem)
        }
    }

    private mutating func part(_ bytes: [UInt8], _ asItem: Bool) throws -> [UInt8] {
        asItem ? item(try CBOR(decoding: bytes)).encoded : self.bytes(bytes)
    }

    /// Lets the node cover up: gives headers the roots that fit what is in the blocks, as far as it can be read.
    private mutating func repair(_ blocks: inout [BlockBytes], from place: Int, _ chain: SampleChain) throws {
        var previous: BlockHeader? = place > 0 ? try SignedHeader(decoding: blocks[place - 1].signedHeader).header : nil
        let genesis = try SignedHeader(decoding: chain.blocks[0].signedHeader).header.digest
        let fixesState = random.below(2) == 0
        var state = StateCommitment()
        for block in blocks[..<place] {
            for bytes in block.receipts { try Receipt(decoding: bytes).changes.forEach { state.apply($0) } }
        }
        for index in place..<blocks.count {
            guard var header = try? SignedHeader(decoding: blocks[index].signedHeader).header else {
                return
            }
            // Digests of what cannot be read are those of the bytes as they are, so that the roots still fit.
            let transactions = blocks[index].transactions.map {
                (try? Transaction(decoding: $0).digest) ?? Hashing.digest(.transaction, $0)
            }
            let receipts = blocks[index].receipts.map { Hashing.digest(.receipt, $0) }
            header.transactionRoot = MerkleTree.root(ofDigests: transactions)
            header.transactionCount = UInt64(transactions.count)
            header.receiptRoot = MerkleTree.root(ofDigests: receipts)
            for bytes in blocks[index].receipts {
                (try? Receipt(decoding: bytes))?.changes.forEach { state.apply($0) }
            }
            if fixesState {
                let roots = state.roots()
                (header.stateRoot, header.rulesRoot, header.keySetRoot) = (roots.state, roots.rules, roots.keySet)
            }
            if index > 0 { header.previous = previous?.digest ?? .zero }
            if index > 0, random.below(4) > 0 { header.genesis = genesis }
            previous = header
            blocks[index].signedHeader = try SignedHeader(signing: header, by: chain.node).encoded
        }
    }

    // MARK: Proofs

    /// A mutant of a proof file.
    mutating func proof(_ proof: ChainProof) -> [UInt8] {
        random.below(3) == 0 ? bytes(proof.encoded) : item(proof.cbor).encoded
    }

    /// A mutant of a text file, such as a receipt or a checkpoint.
    mutating func text(_ original: [UInt8]) -> [UInt8] {
        guard random.below(3) > 0 else {
            return bytes(original)
        }
        var lines = original.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
        let place = random.below(lines.count)
        switch random.below(7) {
        case 0: lines.remove(at: place)
        case 1: lines.insert(lines[place], at: random.below(lines.count))
        case 2: lines.swapAt(place, random.below(lines.count))
        case 3: lines[place] += [0x0D]
        case 4: lines[place] += Array(["\u{2028}", "\u{301}", " ", "=", "\u{A0}x", "\0"][random.below(6)].utf8)
        case 5: lines[place] = Array("x \u{E9} ".utf8) + lines[place]
        default: lines[place] = bytes(lines[place])
        }
        return Array(lines.joined(separator: [0x0A]))
    }
}
