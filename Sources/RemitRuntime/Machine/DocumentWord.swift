import RemitValues

/// A document in one word: the place of three words in the arena, its digest and its media type as texts, and its size.
enum DocumentWord {
    static func word(_ document: Document, _ words: inout WordArena, _ bytes: inout ByteArena) -> Int64 {
        let start = bytes.top
        for byte in document.digest { bytes.append(byte) }
        let digest = TextWord.word(start: start, count: bytes.top - start)
        let second = bytes.top
        bytes.append(document.mediaType.string)
        let place = words.reserve(3)
        words.base[place] = digest
        words.base[place + 1] = TextWord.word(start: second, count: bytes.top - second)
        words.base[place + 2] = document.size
        return Int64(place)
    }

    static func document(_ word: Int64, _ machine: MachinePointer) -> Document? {
        guard machine.pointee.words.holds(Int(word), 3) else { return nil }
        let words = machine.pointee.words.base + Int(word)
        return Document(
            digest: Array(machine.pointee.bytes.bytes(words[0])),
            mediaType: TextValue(machine.pointee.bytes.string(words[1])), size: words[2])
    }

    /// The total order of documents: by digest, size, media type.
    static func order(_ left: Int64, _ right: Int64, _ machine: MachinePointer) -> Int {
        guard machine.pointee.words.holds(Int(left), 3), machine.pointee.words.holds(Int(right), 3) else { return 0 }
        let (one, other) = (machine.pointee.words.base + Int(left), machine.pointee.words.base + Int(right))
        let digests = machine.pointee.bytes.order(one[0], other[0])
        if digests != 0 { return digests }
        if one[2] != other[2] { return one[2] < other[2] ? -1 : 1 }
        return machine.pointee.bytes.order(one[1], other[1])
    }
}
