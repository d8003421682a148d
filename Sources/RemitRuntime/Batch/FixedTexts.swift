/// Texts that stand in every line in the same form, one behind another in memory of their own: writing one of them
/// counts no reference. Behind each of them some more bytes can be read. Whoever makes them frees them.
struct FixedTexts {
    private struct Place {
        let start: Int
        let count: Int
    }

    private let bytes: UnsafeMutablePointer<UInt8>
    private let places: UnsafeMutablePointer<Place>
    private let count: Int

    init(_ texts: [[UInt8]]) {
        var places: [Place] = []
        var start = 0
        for text in texts {
            places.append(Place(start: start, count: text.count))
            start += text.count
        }
        // Eight bytes at a time are read from it.
        bytes = copied(texts.flatMap { $0 } + Array(repeating: 0, count: 8))
        self.places = copied(places)
        count = texts.count
    }

    func free() {
        bytes.deallocate()
        places.deallocate()
    }

    /// The bytes of a text; none where there is no such text.
    @inline(__always)
    subscript(_ index: Int) -> UnsafeRawBufferPointer {
        guard index >= 0, index < count else { return UnsafeRawBufferPointer(start: bytes, count: 0) }
        return UnsafeRawBufferPointer(start: bytes + places[index].start, count: places[index].count)
    }
}
