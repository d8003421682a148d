import RemitLanguage
import RemitRuntime
import RemitValues

// Cases in which a parameter or a table decides differently.
extension GuardRules {
    /// A case that is decided differently because a parameter has another value in a period; nil where none was found.
    func example(
        of before: Int, and after: Int, in period: Period
    ) -> PolicyDifference.Example? {
        let days = Self.days(period)
        let changed = search.changed(parameter: before, as: after)
        // What is compared with a parameter decides near its values.
        let focus = [(old, before), (new, after)].flatMap { finder, index in
            finder.side.program.parameters[index].values.filter {
                PolicyComparison.holds($0.period, throughout: period)
            }
            .map(\.value)
        }
        func read(_ first: Played, _ second: Played) -> ParameterRead? {
            let one = Self.reads(of: before, first, period)
            let other = Self.reads(of: after, second, period)
            let read = one.first { own in
                other.contains { $0.day == own.day && $0.value != own.value } || Self.isWithoutRule(second)
            }
            return read ?? (Self.isWithoutRule(first) ? other.first : nil)
        }
        let name = new.side.program.parameters[after].name
        for asking in askings(new: .parameter(after), old: .parameter(before)) {
            let plays = asking.map { search.plays([$0.action]) } ?? search.plays(reaching: .parameter, name)
            var question = CaseSearch.Question(plays: plays) { attempt in
                var wish = CaseWish(attempt: attempt)
                wish.focus = focus + Self.times(days, new.side.program)
                guard !days.isEmpty, let path = asking?.day else { return wish }
                wish.values[path] = .date(days[wish.choice(path + ["="], below: days.count)])
                return wish
            } shows: { first, second in
                read(first, second) != nil
            }
            question.nearness = { read($0, $1) == nil ? 0 : 1 }
            question.conditions = (conditions(of: old, reading: before), conditions(of: new, reading: after))
            question.rules = (.parameter(before), .parameter(after))
            question.aims = days.isEmpty ? [] : Self.aims(days, before, after)
            question.isolated = changed.map { .init(trial: $0, isOldChanged: true) }
            guard let found = search.find(question), let shown = read(found.before, found.after) else { continue }
            let day =
                shown.day.map {
                    [PolicyDifference.Assignment(input: "the day", value: $0.description, part: .circumstance)]
                } ?? []
            return search.told(found, day)
        }
        return nil
    }

    /// Where a rule is asked, as far as that was found; then wherever else it may be.
    private func askings(new one: Asking.Rule, old other: Asking.Rule) -> [Asking?] {
        let found = new.askings.filter { $0.rule == one } + old.askings.filter { $0.rule == other }
        return found.map(Optional.some) + [nil]
    }

    /// The conditions of one version in which a parameter is read.
    private func conditions(of finder: GuardFinder, reading parameter: Int) -> [Span] {
        finder.found.map(\.condition).filter { condition in
            var open = [condition]
            while let expression = open.popLast() {
                if case .parameter(parameter, _) = expression.kind { return true }
                open += expression.operands
            }
            return false
        }.map(\.span)
    }

    /// Days on which a parameter is to be read.
    private static func aims(_ days: [CalendarDate], _ before: Int, _ after: Int) -> [CaseSearch.Aim] {
        [(true, before), (false, after)].map { isOld, parameter in
            .init(
                isOld: isOld,
                measure: { played in
                    for entry in played.entries {
                        if case .parameterRead(parameter, _, let day?, _) = entry.event {
                            return Scaled.number(.date(day))
                        }
                    }
                    return nil
                }, targets: days.compactMap { Scaled.number(.date($0)) })
        }
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

    /// Whether a play was refused because no rule or row was there.
    static func isWithoutRule(_ played: Played) -> Bool {
        [.noRule, .noRow].contains(played.refusal?.reason)
            || played.entries.contains { if case .checkFaulted = $0.event { true } else { false } }
    }

    private struct ParameterRead: Equatable {
        let day: CalendarDate?
        let value: Value
    }

    private static func reads(of parameter: Int, _ played: Played, _ period: Period) -> [ParameterRead] {
        played.entries.compactMap { entry in
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
    ) -> PolicyDifference.Example? {
        func read(_ first: Played, _ second: Played) -> TableRead? {
            let one = Self.reads(ofTable: before, first, region, piece)
            let other = Self.reads(ofTable: after, second, region, piece)
            let asked = one.first { own in
                other.contains { $0.inputs == own.inputs && $0.outputs != own.outputs }
                    || (!other.contains(own) && Self.isWithoutRule(second))
            }
            // Of a table that collects rows one may be there in one version alone.
            let alone =
                one.count == other.count ? nil : (one + other).first { !one.contains($0) || !other.contains($0) }
            return asked ?? (Self.isWithoutRule(first) || !(one.isEmpty || other.isEmpty) ? alone : nil)
        }
        let name = new.side.program.tables[after].name
        for asking in askings(new: .table(after), old: .table(before)) {
            let plays = asking.map { search.plays([$0.action]) } ?? search.plays(reaching: .table, name)
            var question = CaseSearch.Question(plays: plays) { attempt in
                wish(attempt, asking, region, piece)
            } shows: { first, second in
                read(first, second) != nil
            }
            question.nearness = { first, second in
                let near = [
                    Self.nearness(ofTable: before, first, region, piece),
                    Self.nearness(ofTable: after, second, region, piece),
                ]
                return near[0] + near[1] + (read(first, second) == nil ? 0 : 1)
            }
            question.rules = (.table(before), .table(after))
            question.aims = Self.aims(ofTable: before, and: after, region, Self.days(piece))
            guard let found = search.find(question), let shown = read(found.before, found.after) else { continue }
            let program = new.side.program
            let day =
                shown.day.map {
                    [PolicyDifference.Assignment(input: "the day", value: $0.description, part: .circumstance)]
                } ?? []
            let asked = region.map { input in
                let type = program.tables[after].inputs[input.place].type
                return PolicyDifference.Assignment(
                    input: input.name, value: program.written(shown.inputs[input.place], type), part: .rule)
            }
            return search.told(found, day, askedOf: program.tables[after].name, asked)
        }
        return nil
    }

    /// What a table is to be asked: values of its region, on days of its period.
    private static func aims(
        ofTable before: Int, and after: Int, _ region: [TableInput], _ days: [CalendarDate]
    ) -> [CaseSearch.Aim] {
        func read(_ played: Played, _ table: Int) -> (day: CalendarDate?, inputs: [Value])? {
            for entry in played.entries {
                if case .tableRead(table, _, _, let day, let inputs, _) = entry.event { return (day, inputs) }
            }
            return nil
        }
        var aims: [CaseSearch.Aim] = []
        for (isOld, table) in [(true, before), (false, after)] {
            for input in region {
                let targets = input.column.representatives(input.atoms).compactMap { Scaled.number($0) }
                guard !targets.isEmpty else { continue }
                aims.append(
                    .init(
                        isOld: isOld,
                        measure: { played in
                            read(played, table).flatMap { $0.inputs.indices.contains(input.place) ? $0.inputs : nil }
                                .flatMap { Scaled.number($0[input.place]) }
                        }, targets: targets))
            }
            if !days.isEmpty {
                aims.append(
                    .init(
                        isOld: isOld,
                        measure: { read($0, table)?.day.flatMap { Scaled.number(.date($0)) } },
                        targets: days.compactMap { Scaled.number(.date($0)) }))
            }
        }
        return aims
    }

    private func wish(_ attempt: Int, _ asking: Asking?, _ region: [TableInput], _ piece: Period) -> CaseWish? {
        var wish = CaseWish(attempt: attempt)
        let days = Self.days(piece)
        wish.focus = Self.times(days, new.side.program)
        guard let asking else {
            wish.focus += region.flatMap { $0.column.representatives($0.atoms) }
            return wish
        }
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

    /// How many inputs of a region, and whether the day, a table was asked for together at most.
    private static func nearness(
        ofTable table: Int, _ played: Played, _ region: [TableInput], _ piece: Period
    ) -> Int {
        played.entries.map { entry in
            guard case .tableRead(table, _, _, let day, let inputs, _) = entry.event else { return 0 }
            let met = region.count { inputs.indices.contains($0.place) && $0.column.holds(inputs[$0.place], $0.atoms) }
            return met + (day.map { piece.contains($0) } ?? true ? 1 : 0)
        }.max() ?? 0
    }

    private struct TableRead: Equatable {
        let day: CalendarDate?
        let inputs: [Value]
        let outputs: [Value]
    }

    private static func reads(
        ofTable table: Int, _ played: Played, _ region: [TableInput], _ piece: Period
    ) -> [TableRead] {
        played.entries.compactMap { entry in
            guard case .tableRead(table, _, _, let day, let inputs, let outputs) = entry.event,
                day.map({ piece.contains($0) }) ?? true,
                region.allSatisfy({ inputs.indices.contains($0.place) && $0.column.holds(inputs[$0.place], $0.atoms) })
            else { return nil }
            return TableRead(day: day, inputs: inputs, outputs: outputs)
        }
    }
}
