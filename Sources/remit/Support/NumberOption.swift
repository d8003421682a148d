import ArgumentParser

/// Reads the numbers of options; whoever gives another is told what the option takes.
///
/// Such an option takes the next word whatever it begins with, or `-1` would count as an option of its own.
enum NumberOption {
    /// What an option takes, in words.
    private struct Unfit: Error, CustomStringConvertible {
        let description: String
    }

    /// The help of an option that has a number where it is left out; `name` is what its value is called.
    static func help(_ text: String, _ name: String? = nil, usually number: some BinaryInteger) -> ArgumentHelp {
        ArgumentHelp("\(text) (default: \(number))", valueName: name)
    }

    /// Reads a number of a range; `what` says what it counts.
    static func reading<Whole: FixedWidthInteger & Sendable>(
        _ range: ClosedRange<Whole>, _ what: String = "a number"
    ) -> @Sendable (String) throws -> Whole {
        { word in
            if let number = Whole(word), range.contains(number) { return number }
            // A number that no word of the machine holds is told where the range ends; else this would say nothing.
            let isDigits =
                !word.isEmpty && word.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            let isTooLong = isDigits && Whole(word) == nil
            let isOpen = range.upperBound == Whole.max && !isTooLong
            throw Unfit(
                description: "it takes \(what) from \(range.lowerBound)" + (isOpen ? "" : " to \(range.upperBound)"))
        }
    }

    /// Reads a number from `least` on.
    static func from<Whole: FixedWidthInteger & Sendable>(_ least: Whole) -> @Sendable (String) throws -> Whole {
        reading(least...Whole.max)
    }
}
