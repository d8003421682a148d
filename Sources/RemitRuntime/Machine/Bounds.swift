/// Whether a word keeps the bounds of its declared shape.
enum Bounds {
    static func keeps(_ word: Int64, _ index: Int, _ machine: MachinePointer) -> Bool {
        if word == absentWord { return true }
        let shape = machine.pointee.shapes[index]
        switch shape.kind {
        case .text:
            return TextWord.count(word) <= Int(shape.bound) || machine.pointee.bytes.scalarCount(word) <= shape.bound
        case .record:
            guard machine.pointee.words.holds(Int(word), Int(shape.fieldCount)) else { return false }
            for field in 0..<Int(shape.fieldCount) {
                let index = machine.pointee.fieldShape(shape, field)
                if machine.pointee.shapes[index].isPlain { continue }
                if !keeps(machine.pointee.words.base[Int(word) + field], index, machine) { return false }
            }
            return true
        case .list, .set, .map:
            let places = Lists.elements(word, machine)
            guard places.count <= Int(shape.bound) else { return false }
            let element = machine.pointee.shapes[Int(shape.element)]
            if element.isPlain { return true }
            if element.kind == .text {
                for place in places {
                    let word = machine.pointee.words.base[place]
                    if word != absentWord, TextWord.count(word) > Int(element.bound),
                        machine.pointee.bytes.scalarCount(word) > element.bound
                    {
                        return false
                    }
                }
                return true
            }
            for place in places
            where !keeps(machine.pointee.words.base[place], Int(shape.element), machine) {
                return false
            }
            return true
        default: return true
        }
    }
}
