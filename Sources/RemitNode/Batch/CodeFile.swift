import RemitLanguage
public import RemitLedger
public import RemitRuntime
import RemitValues

/// The file in which a cache keeps the code of a contract.
///
/// Magic, version of the form, version of the language, digest of whoever made it, digest of the source, length, the
/// code, and last the SHA-256 digest of all that stands before. No root of a chain holds any of it.
public enum CodeFile {
    /// What the file begins with.
    public static let magic: [UInt8] = Array("REMITCOD".utf8)

    /// The digest of a source by which its code is known: that by which the contract is called on a chain.
    public static func digest(of source: [UInt8]) -> Digest { ContractCatalogue.digest(of: source) }

    /// The file of a program's code; nil where it has none.
    ///
    /// - Parameters:
    ///   - source: The digest of its source.
    ///   - maker: A digest of what tells one program of Remit from another, which may lower otherwise.
    public static func bytes(_ executable: ExecutableProgram, source: Digest, maker: Digest) -> [UInt8]? {
        guard let code = KeptProgram.bytes(executable) else { return nil }
        var file = head(source: source, maker: maker, length: code.count)
        file += code
        return file + Hashing.sha256(file).bytes
    }

    /// The program of a file; nil where it is for another source, of another version or maker, or in any way not what
    /// `bytes` gives.
    public static func program(_ file: [UInt8], source: Digest, maker: Digest) -> ExecutableProgram? {
        let tail = Digest.length
        let start = head(source: source, maker: maker, length: 0).count
        guard file.count >= start + tail else { return nil }
        let length = file.count - start - tail
        guard Array(file[..<start]) == head(source: source, maker: maker, length: length),
            Hashing.sha256(Array(file[..<(start + length)])).bytes == Array(file[(start + length)...])
        else { return nil }
        return KeptProgram.program(Array(file[start..<(start + length)]))
    }

    private static func head(source: Digest, maker: Digest, length: Int) -> [UInt8] {
        magic + bigEndian(UInt64(KeptProgram.version))
            + bigEndian(UInt64(bitPattern: CheckedProgram.languageVersion)) + maker.bytes + source.bytes
            + bigEndian(UInt64(length))
    }

    private static func bigEndian(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }
}
