import RemitLanguage
import RemitValues

/// What the loop leaves: the instructions that do more work than the step into this function costs, and the rarer cases
/// of the others. Where one of these has an end to tell of, nothing but that is left to do here.
enum Rest {
    @inline(never)
    static func perform(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        switch i.operation {
        case .halt: return .halted
        case .compose: return TextWriter.compose(i, machine)
        case .composeThenFind: return TextWriter.composeThenFind(i, machine)
        case .endChecks: return Checking.end(i, machine)
        case .lookup: return Rows.lookup(i, machine)
        case .writeRow: return Rows.write(i, machine)
        case .sharesFields: return Lists.sharesFields(i, machine)
        case .round: return Exact.round(i, machine)
        case .quotient: return Exact.quotient(i, machine)
        case .tableValue, .tableRow: return Tables.read(i, machine)
        case .parameter: return Tables.parameter(i, machine)
        case .isSame, .isDifferent, .isBefore, .isBeforeOrSame, .isSameFree, .isBeforeOrSameFree:
            return Comparison.perform(i, machine)
        case .size: return Lists.size(i, machine)
        case .matches: return Lists.matches(i, machine)
        case .isIn: return Lists.isIn(i, machine)
        case .holds: return Acting.holds(i, machine)
        case .addDecimal, .subtractDecimal, .multiplyDecimal, .multiplyWidened, .multiplyThenAdd, .widen:
            return Exact.perform(i, machine)
        case .jumpEqualDecimal, .jumpUnequalDecimal, .jumpLessDecimal, .jumpLessOrEqualDecimal:
            return Exact.jump(i, machine)
        case .jumpSameText, .jumpDifferentText, .jumpBeforeText, .jumpUpToText:
            return Comparison.jump(i, machine)
        case .makeMap, .entry, .seekEntry, .entryValue, .putEntry: return Maps.perform(i, machine)
        case .build: return machine.pointee.build(i.number) ? .proceed : .built
        case .charge: return .steps
        case .addInteger, .subtractInteger, .multiplyInteger: return .overflow
        case .call, .runChecks: return .deep
        case .tableFixed, .moveThenTable, .moveTwoThenTable, .noRow: return .noRow
        case .finding: return .built
        case .verdict: return .notRun
        case .noEntry: return .noEntry
        default: return others(i, machine)
        }
    }

    @inline(never)
    private static func others(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        switch i.operation {
        case .candidate, .reserve, .release, .pay, .transfer, .available, .startDeadline,
            .bar, .openRound, .roundOutcome, .signers, .requireCases, .readOther:
            return .outside
        case .note, .noteList:
            machine.pointee.next = i
            return .full
        case .split: return Splitting.perform(i, machine)
        case .conform: return Bounds.keeps(words[i.a], machine.pointee.bounds[i.c], machine) ? .proceed : .bound
        case .notAdmitted, .excluded, .refuse:
            machine.pointee.subject = words[i.a]
            return .refused
        case .guardLeast: return words[i.a] == absentWord ? .foreign : .proceed
        case .isActor:
            guard Acting.isActor(words[i.b], machine.pointee.shape(i.b), machine) else { return .outside }
            words[i.a] = 1
            return .proceed
        case .isParty:
            guard Acting.isParty(words[i.b], words[i.c], machine) else {
                words[i.a] = 0
                return .proceed
            }
            // Whether they hold a role where they act is known outside.
            guard machine.pointee.holdsEveryRole else { return .outside }
            words[i.a] = 1
            return .proceed
        case .notify: return notify(i, machine)
        default: return numbers(i, machine)
        }
    }

    private static func notify(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        guard machine.pointee.build(Cost.told(TextWord.count(words[Int(i.a)]))) else { return .built }
        let place = machine.pointee.notices.reserve(2)
        machine.pointee.notices.base[place] = words[i.b]
        machine.pointee.notices.base[place + 1] = words[i.a]
        return .proceed
    }

    private static func numbers(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        let (a, b, c) = (i.a, i.b, i.c)
        switch i.operation {
        case .negateInteger: return Step.negate(words, a, b) ? .overflow : .proceed
        case .magnitudeInteger:
            if words[b] < 0 { return Step.negate(words, a, b) ? .overflow : .proceed }
            words[a] = words[b]
        case .negateDecimal: words[a] = Exact.negate(words[b], machine)
        case .magnitudeDecimal:
            words[a] = Exact.order(words[b], 0, machine) < 0 ? Exact.negate(words[b], machine) : words[b]
        case .isUnequal: words[a] = words[b] != words[c] ? 1 : 0
        case .isLessOrEqual: words[a] = words[b] <= words[c] ? 1 : 0
        case .leastDecimal: words[a] = Exact.order(words[c], words[b], machine) < 0 ? words[c] : words[b]
        case .greatestDecimal: words[a] = Exact.order(words[b], words[c], machine) < 0 ? words[c] : words[b]
        case .isEqualDecimal: words[a] = Exact.order(words[b], words[c], machine) == 0 ? 1 : 0
        case .isLessDecimal: words[a] = Exact.order(words[b], words[c], machine) < 0 ? 1 : 0
        case .isUnequalDecimal: words[a] = Exact.order(words[b], words[c], machine) != 0 ? 1 : 0
        case .isLessOrEqualDecimal: words[a] = Exact.order(words[b], words[c], machine) <= 0 ? 1 : 0
        case .addDays, .daysBetween, .addToInstant, .makeDate, .datePart, .years, .days, .dateOf, .dayEnd:
            return Calendar.perform(i, machine)
        case .grow: return Growing.grow(i, machine)
        case .freeze: return Growing.freeze(i, machine)
        default: return Lists.perform(i, machine)
        }
        return .proceed
    }
}

extension Step {
    static func negate(_ words: Registers, _ a: Int, _ b: Int) -> Bool {
        let (result, overflow) = Int64(0).subtractingReportingOverflow(words[b])
        words[a] = result
        return overflow
    }
}

/// Days and times.
enum Calendar {
    static func perform(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        let a = Int(i.a), b = Int(i.b), c = Int(i.c)
        switch i.operation {
        case .daysBetween: words[a] = (words[b] &- words[c]) &* 86_400
        case .days: words[a] = words[b] / 86_400
        case .addDays where i.d >= 2, .addToInstant where i.d >= 2: return addMonths(i, machine)
        case .addDays:
            let days = words[c] / 86_400
            let (sum, overflow) = words[b].addingReportingOverflow(i.d == 1 ? -days : days)
            guard !overflow, let date = CalendarDate(dayNumber: sum) else { return outOfRange(machine) }
            words[a] = Int64(date.dayNumber)
        case .addToInstant:
            let (sum, overflow) =
                i.d == 1
                ? words[b].subtractingReportingOverflow(words[c]) : words[b].addingReportingOverflow(words[c])
            if overflow { return .overflow }
            guard Instant(seconds: sum) != nil else { return outOfRange(machine) }
            words[a] = sum
        case .makeDate:
            guard let year = Int(exactly: words[b]), let month = Int(exactly: words[b + 1]),
                let day = Int(exactly: words[b + 2]), let date = CalendarDate(year: year, month: month, day: day)
            else { return outOfRange(machine) }
            words[a] = Int64(date.dayNumber)
        case .dateOf:
            guard let instant = Instant(seconds: words[b]) else { return .misfit }
            guard let day = try? instant.day(offset: machine.pointee.timezone) else { return outOfRange(machine) }
            words[a] = Int64(day.dayNumber)
        case .dayEnd:
            guard let date = CalendarDate(dayNumber: words[b]) else { return .misfit }
            guard let end = date.end(offset: machine.pointee.timezone) else { return outOfRange(machine) }
            words[a] = end.seconds
        case .years:
            guard let from = CalendarDate(dayNumber: words[b]), let to = CalendarDate(dayNumber: words[c]) else {
                return .misfit
            }
            words[a] = Int64(to.wholeYears(since: from))
        default: return part(i, machine)
        }
        return .proceed
    }

    private static func addMonths(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        let (start, months) = (words[Int(i.b)], words[Int(i.c)])
        if i.operation == .addDays {
            guard let date = CalendarDate(dayNumber: start) else { return .misfit }
            guard let moved = try? date.adding(months: months, roundedUp: i.d == 3) else { return outOfRange(machine) }
            words[Int(i.a)] = Int64(moved.dayNumber)
        } else {
            guard let instant = Instant(seconds: start) else { return .misfit }
            let offset = machine.pointee.timezone
            guard let moved = try? instant.adding(months: months, roundedUp: i.d == 3, offset: offset) else {
                return outOfRange(machine)
            }
            words[Int(i.a)] = moved.seconds
        }
        return .proceed
    }

    private static func part(_ i: InstructionPointer, _ machine: MachinePointer) -> Exit {
        let words = machine.pointee.registers
        guard let date = CalendarDate(dayNumber: words[Int(i.b)]) else { return .misfit }
        let (year, month, day) = date.components
        switch i.d {
        case 0: words[Int(i.a)] = Int64(year)
        case 1: words[Int(i.a)] = Int64(month)
        case 2: words[Int(i.a)] = Int64(day)
        default:
            guard let first = CalendarDate(year: year, month: 1, day: 1) else { return .misfit }
            words[Int(i.a)] = Int64(first.dayNumber)
        }
        return .proceed
    }

    private static func outOfRange(_ machine: MachinePointer) -> Exit {
        machine.pointee.fault = .dateRange
        return .fault
    }
}
