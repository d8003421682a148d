import Foundation
import Glibc
import RemitExchange

/// Where a command writes: results to standard output, everything else to standard error.
final class Console {
    private let isJSON: Bool
    let isQuiet: Bool
    private let outputColour: Bool
    private let errorColour: Bool
    private let errorIsTerminal: Bool
    private var buffer: [UInt8] = []
    private var barIsShown = false
    private var warnings: Set<String> = []

    init(json: Bool, quiet: Bool) {
        isJSON = json
        isQuiet = quiet
        let allowed = (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
        outputColour = allowed && isatty(STDOUT_FILENO) == 1
        errorIsTerminal = isatty(STDERR_FILENO) == 1
        errorColour = allowed && errorIsTerminal
    }

    // MARK: Standard output

    /// Writes a line of the result for people; nothing where JSON is wanted.
    func line(_ text: String = "", _ style: Style = .plain) {
        guard !isJSON else { return }
        put(styled(text, style, outputColour) + "\n")
    }

    /// Writes a remark on what was done, which `--quiet` leaves out.
    func remark(_ text: String = "", _ style: Style = .plain) {
        if !isQuiet { line(text, style) }
    }

    /// Writes text as it is, line ends and all, such as the layout of a contract.
    func verbatim(_ text: String) {
        guard !isJSON else { return }
        put(text)
    }

    /// A piece of text that is part of a longer `verbatim` one, in a style where standard output shows colours.
    func piece(_ text: String, _ style: Style) -> String { styled(text, style, outputColour) }

    /// Writes lines of data as they are, whatever form the result has.
    func bytes(_ data: [UInt8]) {
        buffer += data
        if buffer.count > 1 << 16 { flush() }
    }

    /// Writes the envelope of a result, where JSON is wanted.
    func envelope(_ command: String, _ key: String, _ value: JSONValue) {
        guard isJSON else { return }
        let members: [JSONValue.Member] = [
            .init("remit", .integer(1)), .init("command", .string(command)), .init(key, value),
        ]
        put(JSONValue.object(members).text + "\n")
    }

    private func put(_ text: String) {
        buffer.append(contentsOf: text.utf8)
        if buffer.count > 1 << 16 { flush() }
    }

    /// Hands over what was written; ends the process where nobody reads it any more.
    func flush() {
        clearBar()
        let bytes = buffer
        buffer = []
        guard !bytes.isEmpty, let problem = Console.write(bytes, to: STDOUT_FILENO) else { return }
        // A reader such as `head` that has seen enough is no mistake.
        if problem == EPIPE { exit(Status.fine.rawValue) }
        complain(
            CommandFailure.files(
                "cannot write the output: \(Files.words(problem))", hint: "make room, or write elsewhere"))
        exit(Status.files.rawValue)
    }

    // MARK: Standard error

    /// Says what went wrong and what to do.
    func complain(_ failure: CommandFailure) {
        clearBar()
        tell(styled("error:", .bad, errorColour) + " " + Console.clean(Console.withoutStop(failure.message)))
        if let hint = failure.hint {
            tell(styled("hint:", .strong, errorColour) + " " + Console.clean(Console.withoutStop(hint)))
        }
    }

    /// Warns, once, of something that does not stop the work; `--quiet` leaves it out.
    func warn(_ text: String) {
        guard !isQuiet, warnings.insert(text).inserted else { return }
        clearBar()
        tell(styled("warning:", .doubtful, errorColour) + " " + Console.clean(text))
    }

    /// Says on the way what could not be used.
    func note(_ text: String) {
        guard !isQuiet else { return }
        clearBar()
        tell(Console.clean(text))
    }

    /// Says what is wrong with the command line, with the usage below.
    func usage(_ text: String) { tell(Console.clean(text)) }

    private func tell(_ text: String) {
        _ = Console.write(Array((text + "\n").utf8), to: STDERR_FILENO)
    }

    // MARK: Progress

    /// Shows how far long work has come, on a terminal only.
    func progress(_ label: String, _ done: Int, of all: Int) {
        guard errorIsTerminal, !isQuiet, all > 0 else { return }
        let width = 30
        let share = min(1, max(0, Double(done) / Double(all)))
        let full = Int(share * Double(width))
        let bar = String(repeating: "#", count: full) + String(repeating: ".", count: width - full)
        barIsShown = true
        _ = Console.write(Array("\r\u{1B}[K\(label) [\(bar)] \(Int(share * 100))%".utf8), to: STDERR_FILENO)
    }

    /// Takes the progress bar away.
    func clearBar() {
        guard barIsShown else { return }
        barIsShown = false
        _ = Console.write(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO)
    }

    // MARK: Text

    /// How a piece of text stands out on a terminal.
    enum Style: String {
        case plain = ""
        case strong = "1"
        case faint = "2"
        case good = "32"
        case bad = "1;31"
        case doubtful = "33"
    }

    private func styled(_ text: String, _ style: Style, _ colour: Bool) -> String {
        let clean = Console.clean(text)
        guard colour, style != .plain, !clean.isEmpty else { return clean }
        return "\u{1B}[\(style.rawValue)m\(clean)\u{1B}[0m"
    }

    /// The text with control characters made visible, so that data cannot steer the terminal.
    static func clean(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var clean = ""
        for scalar in text.unicodeScalars {
            if isControl(scalar) {
                clean += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                clean.unicodeScalars.append(scalar)
            }
        }
        return clean
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A: false
        case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    static func withoutStop(_ text: String) -> String {
        text.hasSuffix(".") && !text.hasSuffix("..") ? String(text.dropLast()) : text
    }

    /// Writes all bytes; the system's number of what went wrong, if something did.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
        bytes.withUnsafeBytes { whole in
            var rest = whole[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return errno }
                rest = rest.dropFirst(count)
            }
            return nil
        }
    }
}

extension Slice<UnsafeRawBufferPointer> {
    fileprivate var baseAddress: UnsafeRawPointer? { UnsafeRawBufferPointer(rebasing: self).baseAddress }
}
