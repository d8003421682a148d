public import RemitValues

/// Reads a value that somebody wrote: JSON, or plain text where a scalar is wanted.
public enum ArgumentReading {
    /// The value of a text for a target; throws the problem in words.
    public static func value(
        _ text: String, for type: TargetType, name: String, form: @escaping TextForm = { $0 }
    ) throws(ExchangeError) -> Value {
        let json: JSONValue
        if let first = text.utf8.first, first == UInt8(ascii: "[") || first == UInt8(ascii: "{") {
            json = try JSONValue.parse(Array(text.utf8), form: form)
        } else {
            json = .string(form(text))
        }
        return try value(json, for: type, name: name)
    }

    /// The value of JSON for a target; throws the problem in words.
    public static func value(
        _ json: JSONValue, for type: TargetType, name: String, as writing: Writing = .loose
    ) throws(ExchangeError) -> Value {
        do throws(ConversionProblem) {
            return try ValueConversion.convert(json, to: type, path: name, as: writing)
        } catch {
            throw .argument("`\(error.path)` is not right: \(error.text)")
        }
    }
}
