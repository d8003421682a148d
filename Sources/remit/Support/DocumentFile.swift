import RemitExchange
import RemitLedger
import RemitValues

/// A file of evidence, of which only digest, media type and size go to the chain.
enum DocumentFile {
    private static let mediaTypes = [
        "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "txt": "text/plain",
        "json": "application/json", "xml": "application/xml", "mp3": "audio/mpeg", "wav": "audio/wav",
    ]

    static func json(_ path: String) throws -> JSONValue {
        let bytes = try Files.read(path, limit: Limits.documentBytes)
        guard bytes.count <= Limits.documentBytes else {
            throw CommandFailure.files(
                "\(path) is too long", hint: "a document has at most \(Limits.documentBytes) bytes")
        }
        let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
        return .object([
            .init("digest", .string(Hashing.sha256(bytes).hex)),
            .init("mediaType", .string(mediaTypes[ending] ?? "application/octet-stream")),
            .init("size", .integer(bytes.count)),
        ])
    }
}
