/// Writes records of comma-separated values as RFC 4180 has them, for spreadsheets.
public enum CSVText {
    /// The records with a byte order mark, by which spreadsheets know that it is UTF-8; lines end with CR LF.
    public static func bytes(_ records: [[String]]) -> [UInt8] {
        var bytes: [UInt8] = [0xEF, 0xBB, 0xBF]
        for record in records {
            for (index, field) in record.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                add(field, to: &bytes)
            }
            bytes += [0x0D, 0x0A]
        }
        return bytes
    }

    private static func add(_ field: String, to bytes: inout [UInt8]) {
        let marks: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: "\""), 0x0D, 0x0A]
        let isEdged = field.utf8.first == 0x20 || field.utf8.last == 0x20
        guard isEdged || field.utf8.contains(where: { marks.contains($0) }) else {
            bytes += field.utf8
            return
        }
        bytes.append(UInt8(ascii: "\""))
        for byte in field.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
