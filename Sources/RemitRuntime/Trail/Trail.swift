import RemitValues

/// What a run with tracing recorded: for each record the number of its site, then the words of the site's registers.
///
/// Its room is fixed, so that recording never allocates: what fills it is read and the run goes on.
struct Trail {
    let base: UnsafeMutablePointer<Int64>
    /// A record may begin up to here.
    private let limit: Int
    var top = 0

    /// Room for a trail; none where nothing is recorded.
    init(isRecording: Bool) {
        let capacity = isRecording ? Limits.trailWords : 1
        base = .allocate(capacity: capacity)
        base.initialize(repeating: 0, count: capacity)
        limit = isRecording ? Limits.trailWords - Limits.registerList - 1 : -1
    }

    /// Whether there is room at all.
    var isRecording: Bool { limit >= 0 }

    /// Records a site and up to two words; false where the room is full.
    @inline(__always)
    mutating func add(_ site: Int64, _ first: Int64, _ second: Int64, count: Int) -> Bool {
        let place = top
        guard place <= limit else { return false }
        base[place] = site
        base[place &+ 1] = first
        base[place &+ 2] = second
        top = place &+ 1 &+ count
        return true
    }

    /// Records a site and the registers of a list; false where the room is full.
    @inline(__always)
    mutating func add(
        _ site: Int64, _ registers: UnsafePointer<Int32>, count: Int, from words: UnsafePointer<Int64>
    ) -> Bool {
        let place = top
        guard place <= limit else { return false }
        base[place] = site
        let record = base + place + 1
        for index in 0..<count { record[index] = words[Int(registers[index])] }
        top = place &+ 1 &+ count
        return true
    }
}
