/// What a write-ahead log holds, read without SQLite and without touching the database.
///
/// The format is that of <https://www.sqlite.org/fileformat2.html#walformat>.
public struct LogFile: Hashable, Sendable {
    /// How the log ends.
    public enum Ending: Hashable, Sendable {
        /// With a complete commit, or it is empty.
        case whole
        /// With pages of a commit that was not completed: a crash did that, and nothing acknowledged is lost.
        case unfinished
        /// With a page that is damaged although whole commits of the same log follow it; those are not read any more.
        case damaged
        /// The header of the log is no header: nothing in the log is read.
        case unreadable
    }

    /// Complete commits that SQLite will read.
    public let commits: Int
    /// The pages of those.
    public let pages: Int
    /// How the log ends.
    public let ending: Ending

    /// Reads a log from its bytes.
    public init(bytes: [UInt8]) {
        guard !bytes.isEmpty else {
            self.init(commits: 0, pages: 0, ending: .whole)
            return
        }
        guard let header = Header(bytes) else {
            self.init(commits: 0, pages: 0, ending: bytes.allSatisfy { $0 == 0 } ? .whole : .unreadable)
            return
        }
        var sums = header.sums
        var (commits, pages, frame) = (0, 0, 0)
        while let start = header.start(ofFrame: frame, in: bytes), header.isOfThisLog(start, bytes),
            header.fits(start, bytes, &sums)
        {
            frame += 1
            if Self.number(bytes, start + 4) != 0 {
                commits += 1
                pages = frame
            }
        }
        // What follows the last readable page: the rest of an earlier log, the rest of a crash, or more of this log.
        var (later, commitsLater) = (frame, false)
        while let start = header.start(ofFrame: later, in: bytes) {
            if header.isOfThisLog(start, bytes), later > frame, Self.number(bytes, start + 4) != 0 {
                commitsLater = true
            }
            later += 1
        }
        let hasRest = header.start(ofFrame: frame, in: bytes).map { header.isOfThisLog($0, bytes) } ?? false
        let isTorn = frame > pages || hasRest
        self.init(commits: commits, pages: pages, ending: commitsLater ? .damaged : isTorn ? .unfinished : .whole)
    }

    private init(commits: Int, pages: Int, ending: Ending) {
        self.commits = commits
        self.pages = pages
        self.ending = ending
    }

    private static func number(_ bytes: [UInt8], _ place: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[place + $1]) }
    }

    private struct Header {
        static let length = 32
        static let frameHeader = 24

        let pageSize: Int
        let isBigEndian: Bool
        let salts: ArraySlice<UInt8>
        let sums: (UInt32, UInt32)

        init?(_ bytes: [UInt8]) {
            guard bytes.count >= Self.length else { return nil }
            let magic = number(bytes, 0)
            let size = Int(number(bytes, 8))
            guard magic & ~1 == 0x377f_0682, (512...65_536).contains(size), size & (size - 1) == 0 else { return nil }
            pageSize = size
            isBigEndian = magic & 1 == 1
            salts = bytes[16..<24]
            sums = Self.sum(bytes[0..<24], (0, 0), isBigEndian)
            guard sums == (number(bytes, 24), number(bytes, 28)) else { return nil }
        }

        func start(ofFrame frame: Int, in bytes: [UInt8]) -> Int? {
            let start = Self.length + frame * (Self.frameHeader + pageSize)
            return start + Self.frameHeader + pageSize <= bytes.count ? start : nil
        }

        func isOfThisLog(_ start: Int, _ bytes: [UInt8]) -> Bool {
            bytes[start + 8..<start + 16].elementsEqual(salts) && number(bytes, start) != 0
        }

        /// Whether the checksum of a frame continues `sums`, which then become those of the frame.
        func fits(_ start: Int, _ bytes: [UInt8], _ sums: inout (UInt32, UInt32)) -> Bool {
            let page = start + Self.frameHeader
            let first = Self.sum(bytes[start..<start + 8], sums, isBigEndian)
            let found = Self.sum(bytes[page..<page + pageSize], first, isBigEndian)
            guard found == (number(bytes, start + 16), number(bytes, start + 20)) else { return false }
            sums = found
            return true
        }

        private static func sum(
            _ bytes: ArraySlice<UInt8>, _ start: (UInt32, UInt32), _ isBigEndian: Bool
        ) -> (UInt32, UInt32) {
            func word(_ place: Int) -> UInt32 {
                let raw = (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[place + $1]) }
                return isBigEndian ? raw : raw.byteSwapped
            }
            var (first, second) = start
            for place in stride(from: bytes.startIndex, to: bytes.endIndex, by: 8) {
                first = first &+ word(place) &+ second
                second = second &+ word(place + 4) &+ first
            }
            return (first, second)
        }
    }
}
