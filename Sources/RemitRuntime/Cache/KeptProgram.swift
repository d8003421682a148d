import RemitLanguage
import RemitValues

/// Code and the outline of its program as canonical bytes, to be kept and used again.
///
/// Nothing here is trusted: what is read must be in the one form that is written, the verifier looks at it, and whoever
/// keeps it sets a digest and the digest of its source before it. What cannot be used is made anew.
public enum KeptProgram {
    /// The version of this form, and of the code in it: raised with every change to instructions, lowering or form.
    public static let version: UInt32 = 8

    /// The bytes of a program's code; nil where it has none.
    public static func bytes(_ executable: ExecutableProgram) -> [UInt8]? {
        guard let code = executable.code else { return nil }
        var writer = ByteWriter()
        ProgramOutline(program: executable.program).write(&writer)
        code.draft.write(&writer)
        return writer.bytes
    }

    /// The program of the bytes; nil where they are not exactly what `bytes` writes for sound code.
    public static func program(_ bytes: [UInt8]) -> ExecutableProgram? {
        var reader = ByteReader(bytes)
        do throws(MalformedCode) {
            let outline = try ProgramOutline.read(&reader)
            let draft = try CodeDraft.read(&reader)
            guard reader.left == 0 else { return nil }
            return ExecutableProgram(outline: outline.program, draft: draft)
        } catch {
            return nil
        }
    }
}
