import RemitLanguage
import RemitLedger
import RemitRuntime
import Testing

@testable import RemitNode

/// The file of kept code: whatever is not exactly what was written for this source is refused.
@Suite struct CodeFileTests {
    private static let text = """
        contract Small version 1
          title "Small"
        role Clerk
        table fee(days: Integer) gives price: CNY { | days || price |
          | <= 2 || 5 CNY |
          | > 2 || 7.50 CNY |
        }
        case { days: Integer due: CNY starts 0 CNY }
        final state done
        action enter opens done by Clerk enters days { set due to fee(days) }
        """

    private static func file() throws -> (bytes: [UInt8], source: Digest, maker: Digest) {
        let program = try #require(Compiler.compile(SourceText(name: "small.remit", text)).program)
        let source = CodeFile.digest(of: Array(text.utf8))
        let maker = Hashing.sha256([1])
        return (try #require(CodeFile.bytes(ExecutableProgram(program), source: source, maker: maker)), source, maker)
    }

    @Test func aFileComesBack() throws {
        let (bytes, source, maker) = try Self.file()
        let found = try #require(CodeFile.program(bytes, source: source, maker: maker))
        #expect(found.program.name == "Small" && found.reasonForReference == nil)
    }

    @Test func anotherSourceOrMakerFindsNothing() throws {
        let (bytes, source, maker) = try Self.file()
        #expect(CodeFile.program(bytes, source: Hashing.sha256([2]), maker: maker) == nil)
        #expect(CodeFile.program(bytes, source: source, maker: Hashing.sha256([2])) == nil)
    }

    @Test func everyChangedByteIsFound() throws {
        let (bytes, source, maker) = try Self.file()
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1 << UInt8(index % 8)
            #expect(CodeFile.program(changed, source: source, maker: maker) == nil, "byte \(index)")
        }
        for count in [0, 1, 8, bytes.count / 2, bytes.count - 1] {
            #expect(CodeFile.program(Array(bytes.prefix(count)), source: source, maker: maker) == nil)
        }
        #expect(CodeFile.program(bytes + [0], source: source, maker: maker) == nil)
    }
}
