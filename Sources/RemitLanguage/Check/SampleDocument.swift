import RemitValues

/// Documents of scenarios, which have a name and no contents.
enum SampleDocument {
    /// A document that is the same for the same name, and another for another name.
    static func named(_ name: String) -> Document? {
        var digest: [UInt8] = []
        // Four streams of FNV-1a, which needs no tables: this digest names, and protects nothing.
        for stream in UInt64(0)..<4 {
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325 &+ stream
            for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
            for shift in 0..<8 { digest.append(UInt8(truncatingIfNeeded: hash >> (8 * UInt64(shift)))) }
        }
        return Document(digest: digest, mediaType: TextValue(mediaType(name)), size: Int64(name.utf8.count))
    }

    private static func mediaType(_ name: String) -> String {
        switch name.split(separator: ".").last {
        case "pdf": "application/pdf"
        case "png": "image/png"
        case "jpg", "jpeg": "image/jpeg"
        case "txt": "text/plain"
        default: "application/octet-stream"
        }
    }
}
