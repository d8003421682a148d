import RemitLanguage
import RemitValues

/// Turns values into words of an arena and back.
struct ValueCoder {
    let shapes: [Shape]
    let names: [[TextValue]]

    init(shapes: [Shape], names: [[TextValue]]) {
        self.shapes = shapes
        self.names = names
    }

    init(code: Code) { self.init(shapes: code.shapes, names: code.names) }

    // MARK: Into words

    /// The word of a value of a shape; nil where it is none, passes the shape's bounds while these are to be kept, or
    /// is the one number that an optional cannot hold. Whether there is such a role or contract is not looked at.
    func word(
        _ value: Value, _ index: Int, keepingBounds: Bool = false, _ words: inout WordArena, _ bytes: inout ByteArena
    ) -> Int64? {
        // The value decides first, and the shape is looked at where it stands: copies of them would be counted.
        switch value {
        case .absent: return shapes[index].isOptional ? absentWord : nil
        case .boolean(let flag):
            guard case .boolean = shapes[index].kind else { return nil }
            return flag ? 1 : 0
        case .integer(let number):
            guard case .integer = shapes[index].kind else { return nil }
            return unlessAbsent(number, index)
        case .duration(let duration):
            guard case .duration = shapes[index].kind else { return nil }
            return unlessAbsent(duration.seconds, index)
        case .money(let money):
            guard case .money(let currency) = shapes[index].kind, money.currency == currency else { return nil }
            return unlessAbsent(money.minorUnits, index)
        case .decimal(let number):
            guard case .decimal = shapes[index].kind else { return nil }
            return DecimalWord.word(number, &words)
        case .date(let date):
            guard case .date = shapes[index].kind else { return nil }
            return Int64(date.dayNumber)
        case .instant(let instant):
            guard case .instant = shapes[index].kind else { return nil }
            return instant.seconds
        case .term(let term):
            guard case .term = shapes[index].kind else { return nil }
            return TermWord.word(term)
        case .document(let document):
            guard case .document = shapes[index].kind else { return nil }
            return DocumentWord.word(document, &words, &bytes)
        case .text(let text):
            guard case .text = shapes[index].kind else { return nil }
            let word = self.text(text, &bytes)
            return keepingBounds && bytes.scalarCount(word) > shapes[index].bound ? nil : word
        case .enumeration(let name):
            if case .named(let list) = shapes[index].kind { return place(of: name, in: list) }
            guard case .label = shapes[index].kind else { return nil }
            return text(name, &bytes)
        case .caseReference(let name):
            guard case .reference = shapes[index].kind else { return nil }
            return text(name, &bytes)
        case .party(let party):
            guard case .party(let kind) = shapes[index].kind, kind == nil || kind == party.kind else { return nil }
            return self.party(party, &bytes)
        case .record, .list, .set, .map: return compound(value, index, keepingBounds, &words, &bytes)
        case .sealed: return nil
        }
    }

    /// The word of a record, list, set or map, which is its place.
    private func compound(
        _ value: Value, _ index: Int, _ keepingBounds: Bool, _ words: inout WordArena, _ bytes: inout ByteArena
    ) -> Int64? {
        switch value {
        case .record(let values):
            guard case .record(let fields, _) = shapes[index].kind else { return nil }
            return record(values, fields, keepingBounds, &words, &bytes)
        case .list(let items):
            if case .quorum(let group) = shapes[index].kind {
                guard !keepingBounds || Quorum(value) != nil else { return nil }
                return list(items, group, false, &words, &bytes)
            }
            guard case .list(let element) = shapes[index].kind, !keepingBounds || items.count <= shapes[index].bound
            else { return nil }
            return list(items, element, keepingBounds, &words, &bytes)
        case .set(let items):
            guard case .set(let element) = shapes[index].kind, !keepingBounds || items.count <= shapes[index].bound
            else { return nil }
            return list(items, element, keepingBounds, &words, &bytes)
        case .map(let entries):
            guard case .map(let entry) = shapes[index].kind, !keepingBounds || entries.count <= shapes[index].bound
            else { return nil }
            return list(entries.map { .record([$0.key, $0.value]) }, entry, keepingBounds, &words, &bytes)
        default: return nil
        }
    }

    /// A number as a word; nil where an optional could not tell it from nothing.
    private func unlessAbsent(_ number: Int64, _ index: Int) -> Int64? {
        shapes[index].isOptional && number == absentWord ? nil : number
    }

    private func place(of name: TextValue, in list: Int) -> Int64? {
        names[list].firstIndex(of: name).map { Int64($0) }
    }

    func text(_ text: TextValue, _ bytes: inout ByteArena) -> Int64 {
        let start = bytes.top
        bytes.append(text.string)
        return TextWord.word(start: start, count: bytes.top - start)
    }

    func party(_ party: Party, _ bytes: inout ByteArena) -> Int64 {
        text(party.identifier, &bytes) | (party.kind == .organisation ? 1 : 0)
    }

    func record(
        _ values: [Value], _ fields: [Int], _ keepingBounds: Bool, _ words: inout WordArena, _ bytes: inout ByteArena
    ) -> Int64? {
        guard values.count == fields.count else { return nil }
        let place = words.reserve(fields.count)
        for index in values.indices {
            guard let word = word(values[index], fields[index], keepingBounds: keepingBounds, &words, &bytes) else {
                return nil
            }
            words.base[place + index] = word
        }
        return Int64(place)
    }

    private func list(
        _ items: [Value], _ element: Int, _ keepingBounds: Bool, _ words: inout WordArena, _ bytes: inout ByteArena
    ) -> Int64? {
        let place = words.reserve(items.count + 1)
        words.base[place] = Int64(items.count)
        for index in items.indices {
            guard let word = word(items[index], element, keepingBounds: keepingBounds, &words, &bytes) else {
                return nil
            }
            words.base[place + 1 + index] = word
        }
        return Int64(place)
    }

    // MARK: Back into values

    /// The value of a word.
    func value(_ word: Int64, _ index: Int, _ machine: MachinePointer) -> Value {
        if word == absentWord, shapes[index].isOptional { return .absent }
        switch shapes[index].kind {
        case .boolean: return .boolean(word != 0)
        case .integer: return .integer(word)
        case .duration: return .duration(Duration(seconds: word))
        case .money(let currency): return .money(Money(minorUnits: word, currency: currency))
        case .decimal: return .decimal(DecimalWord.number(word, machine))
        case .date: return CalendarDate(dayNumber: word).map { .date($0) } ?? .absent
        case .instant: return Instant(seconds: word).map { .instant($0) } ?? .absent
        case .term: return TermWord.term(word).map { .term($0) } ?? .absent
        case .document: return DocumentWord.document(word, machine).map { .document($0) } ?? .absent
        case .text: return .text(TextValue(machine.pointee.bytes.string(word)))
        case .named(let list):
            let names = names[list]
            return names.indices.contains(Int(word)) ? .enumeration(names[Int(word)]) : .absent
        case .party:
            let name = TextValue(machine.pointee.bytes.string(word & ~1))
            return .party(Party(TextWord.isOrganisation(word) ? .organisation : .person, name))
        case .record(let fields, _):
            guard machine.pointee.words.holds(Int(word), fields.count) else { return .absent }
            return .record(self.fields(Int(word), fields, machine))
        case .list(let element), .quorum(let element): return .list(elements(word, element, machine))
        case .set(let element): return .set(elements(word, element, machine))
        case .map(let entry): return .map(entries(word, entry, machine))
        case .label: return .enumeration(TextValue(machine.pointee.bytes.string(word)))
        case .reference: return .caseReference(TextValue(machine.pointee.bytes.string(word)))
        case .place: return .absent
        }
    }

    func fields(_ place: Int, _ shapes: [Int], _ machine: MachinePointer) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(shapes.count)
        for (index, shape) in shapes.enumerated() {
            values.append(value(machine.pointee.words.base[place + index], shape, machine))
        }
        return values
    }

    private func elements(_ word: Int64, _ element: Int, _ machine: MachinePointer) -> [Value] {
        Lists.elements(word, machine).map { value(machine.pointee.words.base[$0], element, machine) }
    }

    private func entries(_ word: Int64, _ entry: Int, _ machine: MachinePointer) -> [Value.MapEntry] {
        elements(word, entry, machine).map { record in
            guard case .record(let parts) = record, parts.count == 2 else {
                return Value.MapEntry(key: .absent, value: .absent)
            }
            return Value.MapEntry(key: parts[0], value: parts[1])
        }
    }
}
