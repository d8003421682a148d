import RemitLanguage
import RemitValues

extension InputReader {
    /// A map as `{"A": 1}`, or `[["A", 1]]` where the keys are no texts; no key stands twice.
    mutating func map(_ shape: FlatShape) throws(InputProblem) -> Int64 {
        let entry = machine.pointee.shapes[Int(shape.element)]
        let (key, element) = (machine.pointee.fieldShape(entry, 0), machine.pointee.fieldShape(entry, 1))
        let isObject = cursor.byte == 0x7B
        guard isObject || cursor.byte == 0x5B else { throw InputProblem("must be an object, or a list of pairs") }
        cursor.advance()
        let end: UInt8 = isObject ? 0x7D : 0x5D
        var pairs: [(key: Int64, value: Int64)] = []
        cursor.skipBlanks()
        if cursor.byte == end {
            cursor.advance()
        } else {
            repeat {
                guard pairs.count < Int(shape.bound) else { throw InputProblem("has more than \(shape.bound) entries") }
                do throws(InputProblem) {
                    pairs.append(try pair(key, element, isObject))
                } catch {
                    throw error.within("[\(pairs.count + 1)]")
                }
            } while cursor.take(0x2C)
            guard cursor.take(end) else { throw cursor.fault("`,` or the end of the map is missing") }
        }
        let machine = machine
        pairs.sort { Comparison.order($0.key, $1.key, key, machine) < 0 }
        for (one, other) in zip(pairs, pairs.dropFirst())
        where Comparison.areSame(one.key, other.key, key, machine) {
            throw InputProblem("has a key twice")
        }
        return Maps.build(pairs.map(\.key), pairs.map(\.value), key, machine)
    }

    private mutating func pair(
        _ key: Int, _ element: Int, _ isObject: Bool
    ) throws(InputProblem) -> (key: Int64, value: Int64) {
        cursor.skipBlanks()
        if !isObject {
            guard cursor.take(0x5B) else { throw InputProblem("must be a pair of a key and a value") }
            cursor.skipBlanks()
        } else if cursor.byte != 0x22 {
            throw cursor.fault("a key in quotes is missing")
        }
        let found = try value(key)
        guard cursor.take(isObject ? 0x3A : 0x2C) else { throw cursor.fault("the value of the key is missing") }
        cursor.skipBlanks()
        let word = try value(element)
        if !isObject, !cursor.take(0x5D) { throw cursor.fault("the pair does not end") }
        return (found, word)
    }
}
