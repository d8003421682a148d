import RemitLanguage
import RemitValues

/// What outlives versions: registers, funds and keys.
extension VersionComparison {
    mutating func compareHeads() {
        if TextValue(old.name) != TextValue(new.name) {
            breaks("name", "\(new.name) is another contract than \(old.name)", "keep the name of the contract")
        }
        if new.version <= old.version {
            breaks(
                "version", "version \(new.version) does not follow version \(old.version)",
                "number it \(old.version + 1)")
        }
        if let before = old.begins, new.begins.map({ $0 < before }) ?? true {
            warn(
                "begins", "version \(old.version) begins on \(before), and this one does not begin later",
                "it can be deployed once that day has come, or with a later day")
        }
        if let calendar = old.calendar, new.calendar.map({ TextValue($0.name) != TextValue(calendar.name) }) ?? true {
            warn(
                "calendarRenamed", "the calendar \(calendar.name) is not that of this version",
                "periods that were added to it on the chain are not read here: keep its name")
        }
        let (was, now) = (old.about.map { old.caseFields[$0].name }, new.about.map { new.caseFields[$0].name })
        if was.map({ TextValue($0) }) != now.map({ TextValue($0) }) {
            warn(
                "subject", "cases are about \(now ?? "nobody") now, and were about \(was ?? "nobody")",
                at: new.about.map { new.caseFields[$0].span },
                "erasing what is kept about a person finds new cases by the one and earlier cases by the other")
        }
        if old.timezone != new.timezone {
            warn("timezone", "the time zone changes", "days begin at another moment for cases of this version")
        }
    }

    mutating func compareRegisters() {
        for register in old.registers {
            guard let after = new.registers.first(where: { TextValue($0.name) == TextValue(register.name) }) else {
                breaks(
                    "registerRemoved", "the register \(register.name) is gone",
                    "declare it with its keys and fields: its rows stay on the chain")
                continue
            }
            compareRegisterKeys(register, after)
            compareRows(register, after)
            compareInvariants(register, after)
        }
    }

    /// Rows are held to invariants when they are written, and those that stand already when a version with new ones is
    /// deployed; what earlier versions write is held to theirs.
    private mutating func compareInvariants(_ before: RegisterDeclaration, _ after: RegisterDeclaration) {
        let was = before.invariants.map { ConditionForm.of($0.condition.expression, in: old) }
        let now = after.invariants.map { ConditionForm.of($0.condition.expression, in: new) }
        for (invariant, form) in zip(after.invariants, now) where !was.contains(form) {
            warn(
                "registerInvariantAdded",
                "the invariant \"\(invariant.text)\" of the register \(before.name) is new or changed: rows of before "
                    + "may break it", at: invariant.span,
                "a ledger with a row that breaks it refuses the version; cases that go on under version \(old.version) "
                    + "are not held to it")
        }
        for (invariant, form) in zip(before.invariants, was) where !now.contains(form) {
            warn(
                "registerInvariantRemoved",
                "the invariant \"\(invariant.text)\" of the register \(before.name) is gone or changed", at: after.span,
                "rows that break it may be written from now on, and cases under version \(old.version) read them")
        }
    }

    private mutating func compareRegisterKeys(_ before: RegisterDeclaration, _ after: RegisterDeclaration) {
        let isSame =
            before.keys.count == after.keys.count
            && zip(before.keys, after.keys).allSatisfy { keeping.keeps($0, as: $1) }
        if isSame { return }
        breaks(
            "registerKeyChanged", "the keys of the register \(before.name) are others now", at: after.span,
            "keep its keys, with their types and their order")
    }

    /// Rows stand by position: what was there stays where it is, and more may follow that begins with a value.
    private mutating func compareRows(_ before: RegisterDeclaration, _ after: RegisterDeclaration) {
        let was = old.records[before.row].fields
        let fields = new.records[after.row].fields
        for (position, field) in was.enumerated() {
            guard let place = fields.firstIndex(where: { TextValue($0.name) == TextValue(field.name) }) else {
                breaks(
                    "registerFieldRemoved", "`\(field.name)` of the register \(before.name) is gone", at: after.span,
                    "declare it where it stood: its values stay on the chain")
                continue
            }
            if field.isPrivate != fields[place].isPrivate {
                // Rows outlive versions: what stands there as commitments is read as such.
                let change = field.isPrivate ? "was private, and would be open" : "was open, and would be private"
                breaks(
                    "registerFieldRetyped", "`\(field.name)` of the register \(before.name) \(change)",
                    at: fields[place].span, "declare it as it was, or add a field of another name behind the others")
            } else if !keeping.keeps(field, as: fields[place]) {
                breaks(
                    "registerFieldRetyped", "`\(field.name)` of the register \(before.name) has another type now",
                    at: fields[place].span,
                    "keep the type; a text, list or enum may grow, and a field may become optional")
            } else if place != position {
                breaks(
                    "registerFieldMoved", "`\(field.name)` of the register \(before.name) stands elsewhere now",
                    at: fields[place].span, "keep the order of the fields, and write new ones behind them")
            } else if !keepingBack.keeps(fields[place], as: field) {
                warn(
                    "registerFieldGrown",
                    "`\(field.name)` of the register \(before.name) may hold more than version \(old.version) knows",
                    at: fields[place].span,
                    "cases that go on under version \(old.version) are refused where they read a row with such a "
                        + "value: bring them over by `migrate`")
            }
            if was[position].starts != nil, fields[place].starts == nil {
                breaks(
                    "registerStartRemoved", "`\(field.name)` of the register \(before.name) begins with no value now",
                    at: fields[place].span, "keep `starts`: keys without a row have this value")
            } else if let starts = field.starts, let other = fields[place].starts, starts != other {
                warn(
                    "registerStartChanged",
                    "`\(field.name)` of the register \(before.name) begins with \(other) now, and began with \(starts)",
                    at: fields[place].span,
                    "keys without a row have the new value for cases of this version, the old one for those of before")
            }
        }
        for field in fields where !was.contains(where: { TextValue($0.name) == TextValue(field.name) }) {
            if field.starts != nil { continue }
            breaks(
                "registerFieldAdded",
                "the new field `\(field.name)` of the register \(before.name) begins with no value",
                at: field.span, "add `starts` and the value that rows of before have")
        }
    }

    mutating func compareFunds() {
        for fund in old.funds {
            guard let after = new.funds.first(where: { TextValue($0.name) == TextValue(fund.name) }) else {
                breaks(
                    "fundRemoved", "the fund \(fund.name) is gone",
                    "declare it: its money stays on the chain, and nothing else could move it")
                continue
            }
            if after.currency != fund.currency {
                breaks(
                    "fundRetyped",
                    "the fund \(fund.name) is in \(after.currency.code), and was in \(fund.currency.code)",
                    at: after.span, "keep its currency, and declare another fund for the other one")
            }
        }
    }

    mutating func compareKeys() {
        for (index, unique) in old.uniqueKeys.enumerated() {
            let words = names(unique, old)
            guard new.uniqueKeys.indices.contains(index) else {
                breaks(
                    "uniqueRemoved", "`unique by \(words)` is gone",
                    "keep it, in its place among the others: cases hold such keys on the chain")
                continue
            }
            let after = new.uniqueKeys[index]
            let isSame =
                unique.fields.count == after.fields.count
                && zip(unique.fields, after.fields).allSatisfy { was, field in
                    keeping.keeps(old.caseFields[was], as: new.caseFields[field])
                }
            if isSame {
                compareExceptions(unique, after, words)
                continue
            }
            let now = names(after, new)
            breaks(
                "uniqueChanged",
                TextValue(words) == TextValue(now)
                    ? "the fields of `unique by \(words)` have other types now"
                    : "`unique by \(words)` is `unique by \(now)` now",
                at: after.span, "keep its fields with their types; add another `unique by` behind it")
        }
        for unique in new.uniqueKeys.dropFirst(old.uniqueKeys.count) {
            let takesKeys = old.states.contains { state in
                carried(state).map { !unique.except.contains($0) } ?? false
            }
            warn(
                "uniqueAdded", "`unique by \(names(unique, new))` is new", at: unique.span,
                takesKeys
                    ? "a case that the migration brings over takes its key then, and stays under version "
                        + "\(old.version) where another case has it; cases that are not brought over hold none, and "
                        + "are not compared with"
                    : "cases of before hold no such key: they are not compared with")
        }
    }

    /// The state (index) in which the migration brings a case of the old version over; nil where none is brought over.
    private func carried(_ state: StateDeclaration) -> Int? {
        guard !state.isFinal, let migration = new.migrations.first(where: { $0.from == old.version }),
            isMeant(state, by: migration)
        else { return nil }
        return migration.state(for: state.name, in: new)
    }

    /// States free a key when a case enters them: those that have done so, or have not, stay as they are. A case that
    /// is brought over holds its key by the rules of the new version.
    private mutating func compareExceptions(
        _ before: UniqueDeclaration, _ after: UniqueDeclaration, _ words: String
    ) {
        for (index, state) in old.states.enumerated() {
            let frees = before.except.contains(index)
            let kept = new.states.firstIndex { TextValue($0.name) == TextValue(state.name) }
            let carried = carried(state)
            let change: (is: Bool, brings: Bool) = (
                kept.map { after.except.contains($0) != frees } ?? false,
                carried.map { after.except.contains($0) != frees } ?? false
            )
            guard change.is || change.brings else { continue }
            // What a case that is brought over becomes by it, where the rule of its own state is as before.
            let renamed = carried.map { new.states[$0].name } ?? state.name
            if frees {
                warn(
                    "uniqueExceptRemoved",
                    change.is
                        ? "`\(state.name)` frees the key of `unique by \(words)` no longer"
                        : "`\(state.name)` frees the key of `unique by \(words)`, and `\(renamed)` does not",
                    at: after.span,
                    change.brings
                        ? "a case that is `\(state.name)` takes its key again when the migration brings it over, and "
                            + "stays under version \(old.version) where another case has it; one that stays is not "
                            + "compared with"
                        : "cases that are `\(state.name)` already have freed theirs: they are not compared with")
            } else {
                warn(
                    "uniqueExceptAdded",
                    change.is
                        ? "`\(state.name)` frees the key of `unique by \(words)` from now on"
                        : "`\(renamed)` frees the key of `unique by \(words)`, and `\(state.name)` does not",
                    at: after.span,
                    change.brings
                        ? "a case that is `\(state.name)` frees its key when the migration brings it over; one that "
                            + "stays under version \(old.version) keeps its own, and is compared with still"
                        : "cases that are `\(state.name)` already keep theirs, and are compared with still")
            }
        }
    }

    private func names(_ unique: UniqueDeclaration, _ program: CheckedProgram) -> String {
        unique.fields.map { program.caseFields[$0].name }.joined(separator: ", ")
    }
}
