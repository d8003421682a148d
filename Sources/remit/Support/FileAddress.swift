import RemitLedger

/// The address of a file as editors write it, such as `file:///home/an%20office/claim.remit`.
enum FileAddress {
    private static let beginning = "file://"

    /// The path of the file; nil for what is no file of this machine.
    static func path(of address: String) -> String? {
        guard address.utf8.starts(with: beginning.utf8) else { return nil }
        var rest = Array(address.utf8.dropFirst(beginning.utf8.count))[...]
        if rest.starts(with: "localhost/".utf8) { rest = rest.dropFirst("localhost".utf8.count) }
        var bytes: [UInt8] = []
        while let first = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self).lowercased()
            if first == UInt8(ascii: "%"), let byte = Hex.decode(digits)?.first {
                bytes.append(byte)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(first)
            }
        }
        return bytes.first == UInt8(ascii: "/") && !bytes.contains(0) ? String(decoding: bytes, as: UTF8.self) : nil
    }

    /// The address of a path from the root; what is no plain letter or digit is written as `%` and its byte.
    static func address(of path: String) -> String {
        var address = beginning
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                address.unicodeScalars.append(Unicode.Scalar(byte))
            default: address += "%" + Hex.encode([byte]).uppercased()
            }
        }
        return address
    }
}
