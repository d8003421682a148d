import RemitLanguage
import RemitRuntime
import RemitValues

/// Looks for cases that are decided differently because something is written otherwise.
struct TextExamples {
    let old: PolicySide
    let new: PolicySide
    let search: CaseSearch
    /// What is known of the contracts that the two refer to.
    let find: (ContractReference) -> FoundContract
    /// Whether anything else differs: then a version is made that has only this change.
    let isOneOfSeveral: Bool
    /// What can be given to one version only.
    let given: [GivenAlone]

    /// A case that is decided differently because of a difference; nil where none was found.
    func example(of difference: PolicyDifference) -> PolicyDifference.Example? {
        let plays = plays(difference)
        guard !plays.isEmpty, search.hasSteps, difference.oldPlace != nil || difference.newPlace != nil else {
            return nil
        }
        let roles = self.roles
        let isWho = [.action, .approval].contains(difference.subject)
        let states = difference.subject == .action ? self.states(ofAction: difference.name) : []
        let focus = Self.focus(of: difference)
        let days = difference.subject == .calendar ? calendarDays : []
        let turns = difference.subject == .contract ? turnsOfTheDay : []
        let (keyStates, keyFields) = (self.keyStates, self.keyFields)
        func wish(_ attempt: Int) -> CaseWish {
            var wish = CaseWish(attempt: attempt)
            wish.focus = focus
            // Working time shows where it begins a little before a day of which only one calendar says so.
            if !days.isEmpty {
                let day = days[attempt / Self.daysBefore % days.count]
                wish.values[["now"]] = (try? day.adding(days: -Int64(attempt % Self.daysBefore))).map(Value.date)
            }
            // Another timezone shows between the two midnights.
            if !turns.isEmpty { wish.values[["now"]] = .instant(turns[attempt % turns.count]) }
            // How a row begins shows where nothing was written of it.
            if difference.subject == .register, attempt % 2 == 0 {
                wish.shapes[["register", TextValue(difference.name)]] = .absent
            }
            // So does where it may be performed, on cases in states that only one version names.
            if !states.isEmpty, attempt % 3 != 2 {
                wish.values[["state"]] = .enumeration(states[attempt / 3 % states.count])
            }
            // Who may act shows where not everybody holds every role.
            if isWho, attempt % 3 == 2, !roles.isEmpty {
                wish.values[["role"]] = .text(roles[attempt / 3 % roles.count])
            }
            // A key shows where another case has it: one of each state, first with the same in every field.
            if difference.subject == .unique, attempt % 4 != 3, !keyStates.isEmpty {
                let number = attempt / 4 * 3 + attempt % 4
                wish.choices[["unique"]] = 1
                wish.values[CaseWorld.otherPlace] = .enumeration(keyStates[number % keyStates.count])
                if number / keyStates.count % 2 == 0 {
                    for field in keyFields { wish.choices[["unique", field]] = 0 }
                }
            }
            return wish
        }
        let spans = (difference.oldPlace?.lines, difference.newPlace?.lines)
        let isolated = isOneOfSeveral ? isolated(difference) : nil
        var question = CaseSearch.Question(plays: plays, wish: wish) { first, second in
            // Where the change could not be tried alone, it has to be touched.
            !isOneOfSeveral || isolated != nil || Self.touches(first, spans.0) || Self.touches(second, spans.1)
        }
        question.nearness = { first, second in
            (Self.touches(first, spans.0) ? 1 : 0) + (Self.touches(second, spans.1) ? 1 : 0)
        }
        question.conditions = (spans.0.map { [$0] } ?? [], spans.1.map { [$0] } ?? [])
        question.places = (Self.exact(difference.oldPlace), Self.exact(difference.newPlace))
        question.isolated = isolated
        question.tie = tie(difference)
        question.focus = focus
        return search.find(question).map { search.told($0, []) }
    }

    /// The parts of a register's rows that one version alone has, where a difference is nothing but that: they decide
    /// by what reads and writes them.
    func lonePart(_ difference: PolicyDifference) -> [String]? {
        guard difference.subject == .register,
            let one = Self.register(difference.name, old.program),
            let other = Self.register(difference.name, new.program),
            one.hasRowForEveryKey == other.hasRowForEveryKey,
            one.keepers.map({ old.program.roles[$0] }) == other.keepers.map({ new.program.roles[$0] })
        else { return nil }
        // What its invariants hold rows to is another thing.
        // The place of what is not there is that of its neighbour.
        let oldPlace = difference.before == "not there" ? nil : difference.oldPlace
        let newPlace = difference.after == "not there" ? nil : difference.newPlace
        let places = [(oldPlace, one.invariants), (newPlace, other.invariants)]
        guard !places.contains(where: { place, all in all.contains { place?.lines.holds($0.span) ?? false } }) else {
            return nil
        }
        let (before, after) = (old.program.records[one.row].fields, new.program.records[other.row].fields)
        func lone(_ fields: [FieldDeclaration], _ others: [FieldDeclaration], _ place: PolicyDifference.Place?)
            -> [String]?
        {
            guard let place else { return [] }
            let own = fields.filter { place.lines.holds($0.span) || $0.span.holds(place.lines) }
            let alone = own.filter { field in !others.contains { TextValue($0.name) == TextValue(field.name) } }
            return own.count == alone.count ? alone.map(\.name) : nil
        }
        guard let first = lone(before, after, oldPlace),
            let second = lone(after, before, newPlace), !first.isEmpty || !second.isEmpty
        else { return nil }
        return first + second
    }

    private static func register(_ name: String, _ program: CheckedProgram) -> RegisterDeclaration? {
        program.registers.first { TextValue($0.name) == TextValue(name) }
    }

    private static func exact(_ place: PolicyDifference.Place?) -> [Span] {
        place.map { $0.exact.start < $0.exact.end && $0.exact != $0.lines ? [$0.exact] : [] } ?? []
    }

    /// The states that both versions have and in which only one of them lets an action be performed.
    private func states(ofAction name: String) -> [TextValue] {
        let named = [old, new].map { side in
            side.program.actions.first { TextValue($0.name) == TextValue(name) }
                .map { action in action.states.map { TextValue(side.program.states[$0].name) } } ?? []
        }
        return search.states.map { TextValue($0) }.filter { named[0].contains($0) != named[1].contains($0) }
    }

    /// The roundings of both versions that differ, if one is written otherwise.
    private func tie(_ difference: PolicyDifference) -> RoundingTie? {
        guard let one = difference.oldPlace, let other = difference.newPlace,
            let before = search.old.gauges.rounding(around: one.exact),
            let after = search.new.gauges.rounding(around: other.exact)
        else { return nil }
        return RoundingTie(before: before, after: after)
    }

    /// The days, numbers and texts that stand where something is written otherwise.
    private static func focus(of difference: PolicyDifference) -> [Value] {
        var values: [Value] = []
        func add(_ value: Value?) { if let value, !values.contains(value) { values.append(value) } }
        for text in [difference.before, difference.after] {
            // Every other piece stands between quotes.
            let pieces = text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            for (place, quoted) in pieces where place % 2 == 1 && !quoted.isEmpty && quoted.utf8.count <= 40 {
                add(.text(TextValue(String(quoted))))
            }
            for word in text.split(whereSeparator: { " ()[],{}\n".contains($0) }).map(String.init) {
                if let day = CalendarDate.parse(word) {
                    for step in [0, -1, 1, -2, -3] as [Int64] { add((try? day.adding(days: step)).map(Value.date)) }
                } else if let number = Int64(word.filter { $0 != "_" }) {
                    add(.integer(number))
                }
            }
        }
        return Array(values.prefix(Limits.triedValues))
    }

    private static let daysBefore = 4

    /// The days that only one version's calendar closes, opens, begins or ends with.
    private var calendarDays: [CalendarDate] {
        let days = [old, new].map { side in
            (side.program.calendar?.periods ?? []).flatMap { [$0.from, $0.until] + $0.closed + $0.open }
        }
        let alone = days[0].filter { !days[1].contains($0) } + days[1].filter { !days[0].contains($0) }
        return Array(alone.prefix(Limits.triedValues))
    }

    /// Times at which a day has begun by one timezone and not by the other; none where both have the same.
    private var turnsOfTheDay: [Instant] {
        let (one, other) = (old.program.timezone, new.program.timezone)
        guard one != other else { return [] }
        let days = search.pool.values(of: .date, in: new.program).flatMap { value -> [CalendarDate] in
            guard case .date(let day) = value else { return [] }
            return [day] + ((try? day.adding(days: 1)).map { [$0] } ?? [])
        }
        return days.prefix(Limits.triedValues).compactMap {
            Instant(date: $0, hour: 0, minute: 0, offset: max(one, other))
        }
    }

    /// The fields of all unique keys.
    private var keyFields: [TextValue] {
        [old.program, new.program].flatMap { program in
            program.uniqueKeys.flatMap(\.fields).map { TextValue(program.caseFields[$0].name) }
        }
    }

    /// The states in which another case holds a key in one version alone; where there is none, in both.
    private var keyStates: [TextValue] {
        func free(_ program: CheckedProgram) -> Set<TextValue> {
            Set(program.uniqueKeys.flatMap(\.except).map { TextValue(program.states[$0].name) })
        }
        let all = search.states.map { TextValue($0) }
        let (one, other) = (free(old.program), free(new.program))
        let differing = all.filter { one.contains($0) != other.contains($0) }
        return differing.isEmpty ? all.filter { !one.contains($0) } : differing
    }

    private var roles: [TextValue] {
        var roles: [TextValue] = []
        for role in (old.program.roles + new.program.roles).map({ TextValue($0) }) where !roles.contains(role) {
            roles.append(role)
        }
        return roles
    }

    private static func touches(_ played: Played, _ span: Span?) -> Bool {
        guard let span else { return false }
        return played.entries.contains { $0.span.start < span.end && span.start < $0.span.end }
            || played.refusal?.span.map { $0.start < span.end && span.start < $0.end } ?? false
    }

    // MARK: What may show it

    private func plays(_ difference: PolicyDifference) -> [Play] {
        let name = TextValue(difference.name)
        switch difference.subject {
        case .action: return search.actions.filter { TextValue($0) == name }.map { .action($0) }
        case .entering: return search.entries(into: search.states.filter { TextValue($0) == name })
        case .approval:
            let states = [old, new].flatMap { side in
                side.program.approvals.filter { TextValue($0.name) == name }.flatMap(\.states)
                    .map { side.program.states[$0].name }
            }
            return search.entries(into: search.states.filter { states.contains($0) })
        case .deadline:
            let words = difference.name.split { $0 == " " || $0 == "," }.map(String.init)
            return search.entries(into: search.states.filter { words.contains($0) })
        // Nothing of these decides a case by itself, or not on the way that is tried.
        case .migration, .role, .fund, .library, .state,
            .contract where difference.name != "timezone":
            return difference.subject == .state ? search.everyPlay : []
        case .function: return search.plays(reaching: .function, difference.name)
        case .checks: return search.plays(reaching: .checks, difference.name)
        case .table: return search.plays(reaching: .table, difference.name)
        case .parameter: return search.plays(reaching: .parameter, difference.name)
        default: return search.everyPlay
        }
    }

    // MARK: The change alone

    /// The old version with nothing but this change, or the new one without it; nil where it does not stand alone.
    private func isolated(_ difference: PolicyDifference) -> CaseSearch.Isolated? {
        switch (difference.oldPlace, difference.newPlace) {
        case (let one?, let other?):
            return trial(old, one.exact, Array(new.source.bytes[Self.range(other.exact, new.source)]))
                .map { .init(trial: $0, isOldChanged: true) }
                ?? trial(new, other.exact, Array(old.source.bytes[Self.range(one.exact, old.source)]))
                .map { .init(trial: $0, isOldChanged: false) }
        case (let one?, nil): return trial(old, one.exact, []).map { .init(trial: $0, isOldChanged: true) }
        case (nil, let other?): return trial(new, other.exact, []).map { .init(trial: $0, isOldChanged: false) }
        default: return nil
        }
    }

    private static func range(_ span: Span, _ source: SourceText) -> Range<Int> {
        let start = min(max(span.start, 0), source.bytes.count)
        return start..<min(max(span.end, start), source.bytes.count)
    }

    private func trial(_ side: PolicySide, _ span: Span, _ text: [UInt8]) -> CaseTrial? {
        let range = Self.range(span, side.source)
        let bytes = side.source.bytes
        let blank = [UInt8(ascii: " ")]
        let changed = Array(bytes[..<range.lowerBound]) + blank + text + blank + Array(bytes[range.upperBound...])
        return Compiler.compile(SourceText(name: side.source.name, bytes: changed), find: find).program
            .map { CaseTrial($0) }
    }
}

extension PolicyComparison {
    /// Looks for examples of what is told by its texts.
    mutating func exemplifyTexts(
        _ old: PolicySide, _ new: PolicySide, _ search: CaseSearch, _ alone: RuleExamples,
        _ find: @escaping (ContractReference) -> FoundContract, _ progress: (Int, Int) -> Void
    ) {
        let examples = TextExamples(
            old: old, new: new, search: search, find: find,
            isOneOfSeveral: differences.count + unresolved.count > 1,
            given: search.hasSteps ? GivenFinder(old: old.program, new: new.program).all : [])
        let all = unresolved.count + differences.count
        for index in unresolved.indices {
            search.waiting = unresolved.count - index
            unresolved[index] = Self.exemplified(unresolved[index], examples, alone)
            progress(index + 1, all)
        }
        for index in differences.indices {
            search.waiting = differences.count - index
            if differences[index].example.isEmpty, differences[index].reason == nil {
                differences[index] = Self.exemplified(differences[index], examples, alone)
            }
            progress(unresolved.count + index + 1, all)
        }
    }

    private static func exemplified(
        _ difference: PolicyDifference, _ examples: TextExamples, _ alone: RuleExamples
    ) -> PolicyDifference {
        var told = difference
        guard difference.oldPlace != nil || difference.newPlace != nil, isDeciding(difference) else { return told }
        if let register = examples.lonePart(difference) {
            told.reason = Unresolved.isUsed(register)
            return told
        }
        // What was shown to make no difference is not looked for.
        let shown = [Unresolved.isAlike, Unresolved.isNeverDifferent, Unresolved.isOrderAlone]
        if let reason = difference.reason, shown.contains(reason) { return told }
        told.oneVersion =
            examples.given.lazy.filter { $0.concerns(difference) }
            .compactMap { examples.search.told($0) }.first
        told.show(examples.example(of: difference))
        // What can be given to one version only is an example of its own kind.
        guard told.example.isEmpty, told.oneVersion == nil else { return told }
        if told.reason == nil { told.reason = Unresolved.isNotFound(by: examples.search) }
        if difference.subject == .function { told.ruleExample = alone.ofFunction(difference.name) }
        return told
    }

    /// Whether what is written otherwise can decide a case by itself.
    private static func isDeciding(_ difference: PolicyDifference) -> Bool {
        guard difference.before == "not there" || difference.after == "not there",
            difference.before == "there" || difference.after == "there"
        else { return true }
        // Names that one version has are used in what else is told.
        return [.deadline, .entering, .invariant, .unique, .approval].contains(difference.subject)
    }
}
