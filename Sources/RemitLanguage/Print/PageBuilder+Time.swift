import RemitValues

/// How time is counted: each page says what its own limits and days need, and no more.
extension PageBuilder {
    /// Whether anything in the contract depends on which day it is, so that somebody asks by which clock.
    var readsClock: Bool {
        if contract.isLibrary { return false }
        if !deadlines.isEmpty || !approvals.isEmpty { return true }
        let days: Set<TextValue> = ["Date", "DateTime"]
        return contract.declarations.contains { declaration in
            declaration.kind.fields.contains { $0.type.name.map { days.contains($0.bytes) } ?? false }
                || declaration.kind.expressions.contains { expression in
                    expression.all.contains { part in
                        switch part.kind {
                        case .now, .today, .date, .dateTime: true
                        default: false
                        }
                    }
                }
        }
    }

    /// The rules by which time limits run, as far as this contract has such limits.
    func timeRules() -> [Phrase] {
        guard !deadlines.isEmpty || !approvals.isEmpty else { return [] }
        return starts() + [
            say(
                "Time limits take effect by themselves in order of their due time. At one moment each takes effect "
                    + "once: one that leads back to itself does not start again at that moment.",
                "期限到期自动生效，按到期先后依次处理。同一时刻每个期限只生效一次；当即重回自身的期限不在该时刻重新起算。")
        ] + lengths()
    }

    // MARK: From when

    private func starts() -> [Phrase] {
        var rules: [Phrase] = []
        let plain = deadlines.filter { $0.past == nil }
        if !plain.isEmpty {
            rules.append(
                say(
                    "A time limit runs from the moment at which the case comes into its state{0}. When the case "
                        + "leaves the state, the limit ends; when it comes into the state again, or becomes once more "
                        + "what it is, the limit starts anew.",
                    "期限自案件进入相应状态时起算{0}。案件离开该状态，期限即告终止；再次进入，或再次转为同一状态的，重新起算。",
                    plain.count < deadlines.count
                        ? say(", unless it says after what it counts", "，另写明自何时计算的除外") : .empty))
        }
        if plain.contains(where: { $0.states.count > 1 }) {
            rules.append(
                say(
                    "A time limit that names several states starts anew in each of them.",
                    "列有多个状态的期限，在进入其中每个状态时分别重新起算。"))
        }
        rules += pastRules()
        if !approvals.isEmpty {
            rules.append(
                say(
                    "The time for signing runs from the moment at which the round begins; a round that begins afresh "
                        + "has its whole time again.",
                    "签字时限自该轮签字开始时起算；重新开始的签字，时限也重新起算。"))
        }
        return rules
    }

    private func pastRules() -> [Phrase] {
        let past = deadlines.compactMap(\.past)
        guard !past.isEmpty else { return [] }
        let fields = caseFields.filter { field in past.contains { $0.bytes == field.name.bytes } }
        let names = speaker.listed(fields.map { speaker.name($0.name) }, .or)
        let isDay = fields.contains { $0.type.name?.text == "Date" }
        var whole = say("A time limit after {0} counts from there", "{0}之后的期限，自其所填时间起算", names)
        if isDay {
            whole.append(say(", and from a day from the end of that day", "；所填为日期的，自该日结束时起算"))
        }
        if fields.contains(where: { $0.type.isOptional }) {
            whole.append(say("; it does not run as long as there is nothing to count from", "；未填时不起算"))
        }
        whole.append(
            say(
                ". It runs while the case is in the state named, and what is written there anew starts it anew. If its "
                    + "time is over already when the case comes into the state or when that is written, it takes "
                    + "effect at once.",
                "。仅在案件处于所述状态时计算；重新填写的，重新起算。案件进入该状态或填写时期限已过的，立即生效。"))
        return [whole]
    }

    // MARK: How long

    private func lengths() -> [Phrase] {
        let units = limitUnits()
        var rules: [Phrase] = []
        if !units.isDisjoint(with: ["minute", "hour", "day", "week"]) {
            rules.append(
                say(
                    "Minutes, hours, days and weeks are elapsed time, day and night, on days of work or not; a day is "
                        + "24 hours.",
                    "分钟、小时、天和周按实际经过的时间计算，不分昼夜，也不论是否工作日；一天为24小时。"))
        }
        if units.contains("working day") {
            rules.append(
                say(
                    "A number of working days counts from the day after the one from which the limit runs, and is over "
                        + "at midnight, at the end of the last of them.",
                    "工作日自起算之日的次日开始计算，至最后一个工作日结束时（午夜）届满。"))
        }
        if units.contains("working hour") {
            rules.append(
                say(
                    "Working hours run during the hours of work of the calendar and stand still outside them.",
                    "工作小时只在日历所列工作时间内计算，其余时间不计。"))
        }
        if !units.isDisjoint(with: ["month", "year"]) {
            let isPastDay = deadlines.contains { deadline in
                caseFields.contains { $0.name.bytes == deadline.past?.bytes && $0.type.name?.text == "Date" }
            }
            rules.append(
                say(
                    "A time limit of months or years keeps the day of the month and the time of day{0}; where the "
                        + "month has no such day, its last day counts.",
                    "以月或年计的期限，到期日与起算日同日同时{0}；到期月份没有这一天的，以该月最后一天为准。",
                    isPastDay
                        ? say(", or ends with that day if it counts from a day", "，自某日起算的则至到期日结束") : .empty))
        }
        return rules
    }

    /// The units in which the limits of the contract are counted.
    private func limitUnits() -> Set<TextValue> {
        let limits = deadlines.map(\.term) + approvals.map(\.within)
        var units = limits.reduce(into: Set<TextValue>()) { $0.formUnion(Self.units($1)) }
        let isWritten = limits.allSatisfy { if case .term = $0.kind { true } else { false } }
        if isWritten { return units }
        // A limit that is looked up or worked out may be any that the rules hold.
        for declaration in contract.declarations {
            for expression in declaration.kind.expressions { units.formUnion(Self.units(expression)) }
        }
        if isGiven {
            units.formUnion(["hour", "month"])
            let hasCalendar = contract.header.contains { if case .calendar = $0 { true } else { false } }
            if hasCalendar { units.formUnion(["working day", "working hour"]) }
        }
        return units
    }

    /// Whether people enter a time limit, in a form or a register.
    private var isGiven: Bool {
        func isTerm(_ field: FieldSyntax) -> Bool { field.type.name?.text == "Term" }
        return actions.contains { action in
            action.parameters.contains(where: isTerm)
                || caseFields.contains { field in
                    isTerm(field) && action.enters.contains { $0.bytes == field.name.bytes }
                }
        } || registers.contains { !$0.keepers.isEmpty && $0.fields.contains(where: isTerm) }
    }

    /// The units of the limits that an expression may come to: what is added to a day or compared is no limit.
    private static func units(_ expression: Expression) -> Set<TextValue> {
        var units: Set<TextValue> = []
        var waiting = [expression]
        while let next = waiting.popLast() {
            switch next.kind {
            case .term(_, let unit): units.insert(TextValue(unit))
            case .arithmetic, .comparison, .within, .isIn: break
            default: waiting += next.parts
            }
        }
        return units
    }
}
