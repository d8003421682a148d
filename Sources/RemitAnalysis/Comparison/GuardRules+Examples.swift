import RemitLanguage
import RemitRuntime
import RemitValues

// Cases in which a parameter or a table decides differently.
extension GuardRules {
    /// A case that is decided differently because a parameter has another value in a period; nil where none was found.
    func example(
        of before: Int, and after: Int, in period: Period
    ) -> [PolicyDifference.Assignment]? {
        let askings =
            new.askings.filter { $0.rule == .parameter(after) }
            + old.askings.filter { $0.rule == .parameter(before) }
        let days = Self.days(period)
        let changed = askings.isEmpty ? nil : search.changed(parameter: before, as: after)
        // What is compared with a parameter decides near its values.
        let focus = [(old, before), (new, after)].flatMap { finder, index in
            finder.side.program.parameters[index].values.filter {
                PolicyComparison.holds($0.period, throughout: period)
            }
            .map(\.value)
        }
        var shown: CalendarDate?
        for asking in askings {
            let found = search.find([asking.action], changed: changed) { attempt in
                var wish = CaseWish()
                wish.attempt = attempt
                wish.focus = focus + Self.times(days, new.side.program)
                guard !days.isEmpty, let path = asking.day else { return wish }
                wish.values[path] = .date(days[wish.choice(path + ["="], below: days.count)])
                return wish
            } shows: { first, second in
                let one = Self.reads(of: before, first, period)
                let other = Self.reads(of: after, second, period)
                let read = one.first { own in
                    other.contains { $0.day == own.day && $0.value != own.value } || Self.isWithoutRule(second)
                }
                guard let read = read ?? (Self.isWithoutRule(first) ? other.first : nil) else { return false }
                shown = read.day
                return true
            }
            guard let found else { continue }
            let day = shown.map { [PolicyDifference.Assignment(input: "the day", value: $0.description)] } ?? []
            return search.told(found, day, isEnough: false, namesAction: true)
        }
        return nil
    }

    /// The first days of a period, or its last ones where it has no beginning.
    private static func days(_ period: Period) -> [CalendarDate] {
        switch (period.from, period.until) {
        case (nil, nil): []
        case (let from?, let until):
            [from, try? from.adding(days: 1)].compactMap { $0 }.filter { day in
                until.map { day < $0 } ?? true
            }
        case (nil, let until?): [1, 2].compactMap { try? until.adding(days: -$0) }
        }
    }

    /// Days, and a time on each of them: dates that are compared with a day are often near it.
    private static func times(_ days: [CalendarDate], _ program: CheckedProgram) -> [Value] {
        days.map(Value.date)
            + days.compactMap { Instant(date: $0, hour: 9, minute: 0, offset: program.timezone).map(Value.instant) }
    }

    /// Whether a transition was refused because no rule or row was there.
    static func isWithoutRule(_ transition: Transition) -> Bool {
        if case .refused(let refusal) = transition.outcome {
            [.noRule, .noRow].contains(refusal.reason)
        } else {
            false
        }
    }

    private struct ParameterRead: Equatable {
        let day: CalendarDate?
        let value: Value
    }

    private static func reads(of parameter: Int, _ transition: Transition, _ period: Period) -> [ParameterRead] {
        (transition.trace?.entries ?? []).compactMap { entry in
            guard case .parameterRead(parameter, _, let day, let value) = entry.event,
                day.map({ period.contains($0) }) ?? true
            else { return nil }
            return ParameterRead(day: day, value: value)
        }
    }

    // MARK: Tables

    /// An input of a table in a region, by its place among the inputs.
    typealias TableInput = (place: Int, name: String, column: TableColumn, atoms: [AtomRange])

    /// A case that is decided differently because a table gives something else in a region; nil where none was found.
    func example(
        ofTable before: Int, and after: Int, where region: [TableInput], in piece: Period
    ) -> [PolicyDifference.Assignment]? {
        let askings = new.askings.filter { $0.rule == .table(after) } + old.askings.filter { $0.rule == .table(before) }
        var shown: TableRead?
        for asking in askings {
            let found = search.find([asking.action]) { attempt in
                wish(attempt, asking, region, piece)
            } shows: { first, second in
                let one = Self.reads(ofTable: before, first, region, piece)
                let other = Self.reads(ofTable: after, second, region, piece)
                let asked = one.first { own in
                    other.contains { $0.inputs == own.inputs && $0.outputs != own.outputs }
                        || (!other.contains(own) && Self.isWithoutRule(second))
                }
                // Of a table that collects rows one may be there in one version alone.
                let alone =
                    one.count == other.count ? nil : (one + other).first { !one.contains($0) || !other.contains($0) }
                let read = asked ?? (Self.isWithoutRule(first) || !(one.isEmpty || other.isEmpty) ? alone : nil)
                shown = read
                return read != nil
            }
            guard let found, let shown else { continue }
            var example = shown.day.map { [PolicyDifference.Assignment(input: "the day", value: $0.description)] } ?? []
            example += region.map { .init(input: $0.name, value: new.side.program.written(shown.inputs[$0.place])) }
            let isWhole =
                !region.isEmpty
                && region.allSatisfy { asking.inputs[$0.place]?.last == TextValue($0.name) }
            return search.told(found, example, isEnough: isWhole, namesAction: true)
        }
        return nil
    }

    private func wish(_ attempt: Int, _ asking: Asking, _ region: [TableInput], _ piece: Period) -> CaseWish? {
        var wish = CaseWish()
        wish.attempt = attempt
        let days = Self.days(piece)
        wish.focus = Self.times(days, new.side.program)
        if !days.isEmpty, let path = asking.day {
            wish.values[path] = .date(days[wish.choice(path + ["="], below: days.count)])
        }
        for input in region {
            guard let path = asking.inputs[input.place] else { continue }
            // What is given to two inputs lies in the cells of both.
            let others = region.filter { asking.inputs[$0.place] == path }
            let values = others.flatMap { $0.column.representatives($0.atoms) }
                .filter { value in others.allSatisfy { $0.column.holds(value, $0.atoms) } }
            guard !values.isEmpty else { return nil }
            wish.values[path] = values[wish.choice(path + ["="], below: values.count)]
        }
        return wish
    }

    private struct TableRead: Equatable {
        let day: CalendarDate?
        let inputs: [Value]
        let outputs: [Value]
    }

    private static func reads(
        ofTable table: Int, _ transition: Transition, _ region: [TableInput], _ piece: Period
    ) -> [TableRead] {
        (transition.trace?.entries ?? []).compactMap { entry in
            guard case .tableRead(table, _, _, let day, let inputs, let outputs) = entry.event,
                day.map({ piece.contains($0) }) ?? true,
                region.allSatisfy({ inputs.indices.contains($0.place) && $0.column.holds(inputs[$0.place], $0.atoms) })
            else { return nil }
            return TableRead(day: day, inputs: inputs, outputs: outputs)
        }
    }
}
