import RemitValues

extension JSONValue {
    /// Reads one JSON text (RFC 8259); refuses repeated keys, lone surrogates, invalid UTF-8 and deep nesting.
    ///
    /// Keys and strings are brought to a form; keys that become the same are repeated.
    public static func parse(_ bytes: [UInt8], form: @escaping TextForm = { $0 }) throws(ExchangeError) -> JSONValue {
        var parser = JSONParser(bytes: bytes, form: form)
        return try parser.parse()
    }
}

private struct JSONParser {
    let bytes: [UInt8]
    let form: TextForm
    var index = 0

    init(bytes: [UInt8], form: @escaping TextForm) {
        self.bytes = bytes
        self.form = form
    }

    mutating func parse() throws(ExchangeError) -> JSONValue {
        skipBlanks()
        let value = try value(depth: 0)
        skipBlanks()
        guard index == bytes.count else { throw fault("something follows the value") }
        return value
    }

    func fault(_ problem: String) -> ExchangeError { .json(offset: index, problem: problem) }

    private var byte: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipBlanks() {
        while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func value(depth: Int) throws(ExchangeError) -> JSONValue {
        guard depth < Limits.jsonDepth else { throw fault("nested more than \(Limits.jsonDepth) deep") }
        guard let byte else { throw fault("a value is missing") }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(ExchangeError) -> JSONValue {
        guard bytes[index...].starts(with: word.utf8) else { throw fault("not a JSON value") }
        index += word.utf8.count
        return value
    }

    private mutating func object(depth: Int) throws(ExchangeError) -> JSONValue {
        index += 1
        var members: [JSONValue.Member] = []
        var keys: Set<[UInt8]> = []
        skipBlanks()
        if byte == UInt8(ascii: "}") {
            index += 1
            return .object([])
        }
        while true {
            skipBlanks()
            guard byte == UInt8(ascii: "\"") else { throw fault("a key in quotes is missing") }
            let key = try string()
            guard keys.insert(Array(key.utf8)).inserted else { throw fault("the key \"\(key)\" stands twice") }
            skipBlanks()
            guard byte == UInt8(ascii: ":") else { throw fault("`:` is missing after the key") }
            index += 1
            skipBlanks()
            members.append(JSONValue.Member(key, try value(depth: depth + 1)))
            skipBlanks()
            if byte == UInt8(ascii: ",") {
                index += 1
            } else if byte == UInt8(ascii: "}") {
                index += 1
                return .object(members)
            } else {
                throw fault("`,` or `}` is missing")
            }
        }
    }

    private mutating func array(depth: Int) throws(ExchangeError) -> JSONValue {
        index += 1
        var items: [JSONValue] = []
        skipBlanks()
        if byte == UInt8(ascii: "]") {
            index += 1
            return .array([])
        }
        while true {
            skipBlanks()
            items.append(try value(depth: depth + 1))
            skipBlanks()
            if byte == UInt8(ascii: ",") {
                index += 1
            } else if byte == UInt8(ascii: "]") {
                index += 1
                return .array(items)
            } else {
                throw fault("`,` or `]` is missing")
            }
        }
    }

    private mutating func number() throws(ExchangeError) -> String {
        let start = index
        if byte == UInt8(ascii: "-") { index += 1 }
        guard let first = byte, isDigit(first) else { throw fault("not a JSON value") }
        index += 1
        if first != UInt8(ascii: "0") { skipDigits() }
        if byte == UInt8(ascii: ".") {
            index += 1
            guard let next = byte, isDigit(next) else { throw fault("a digit is missing after the point") }
            skipDigits()
        }
        if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
            index += 1
            if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { index += 1 }
            guard let next = byte, isDigit(next) else { throw fault("a digit is missing in the exponent") }
            skipDigits()
        }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private mutating func skipDigits() {
        while let byte, isDigit(byte) { index += 1 }
    }

    private mutating func string() throws(ExchangeError) -> String {
        index += 1
        let start = index
        while let byte, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { index += 1 }
        if byte == UInt8(ascii: "\"") {
            let text = String(validating: bytes[start..<index], as: UTF8.self)
            guard let text else { throw fault("the text is not valid UTF-8") }
            index += 1
            return form(text)
        }
        var buffer = Array(bytes[start..<index])
        while true {
            guard let byte else { throw fault("the text has no end") }
            index += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: buffer, as: UTF8.self) else {
                    throw fault("the text is not valid UTF-8")
                }
                return form(text)
            case UInt8(ascii: "\\"): try escape(into: &buffer)
            case 0..<0x20: throw fault("a control character stands in a text")
            default: buffer.append(byte)
            }
        }
    }

    private mutating func escape(into buffer: inout [UInt8]) throws(ExchangeError) {
        guard let byte else { throw fault("the text has no end") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): buffer.append(byte)
        case UInt8(ascii: "b"): buffer.append(0x08)
        case UInt8(ascii: "f"): buffer.append(0x0C)
        case UInt8(ascii: "n"): buffer.append(0x0A)
        case UInt8(ascii: "r"): buffer.append(0x0D)
        case UInt8(ascii: "t"): buffer.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code) {
                guard bytes[index...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else {
                    throw fault("half of a surrogate pair")
                }
                index += 2
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw fault("half of a surrogate pair") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw fault("half of a surrogate pair") }
            buffer.append(contentsOf: String(Character(scalar)).utf8)
        default: throw fault("an unknown escape")
        }
    }

    private mutating func hexadecimal() throws(ExchangeError) -> UInt32 {
        guard index + 4 <= bytes.count else { throw fault("four hexadecimal digits are missing") }
        var code: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            guard let digit = HexDigits.value(byte) else { throw fault("four hexadecimal digits are missing") }
            code = code << 4 | UInt32(digit)
        }
        index += 4
        return code
    }
}
