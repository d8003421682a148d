/// What the parts of an instruction name; the assembler, the verifier and the disassembler go by it.
struct Operands: Sendable {
    enum Part: Sendable {
        case unused
        /// A register that is read, or written.
        case read, write
        /// Three registers of a walk.
        case readWalk, writeWalk
        /// Two registers that are written.
        case writePair
        /// The first of registers that are read; how many, another part says.
        case block
        /// A count, a field or a bound number.
        case count
        /// An entry of one of the code's tables.
        case fieldMap, fieldList, pattern, refusal, conformance, row, table, parameter, check, group
        case register, role, action, jumpTable
        case fund, transfer, deadline, approval, caseField, other
        /// A field list whose numbers are registers that are read.
        case registerList
    }

    enum Place: Sendable {
        case none
        /// `b` and `c` are a place in the code; `c` is a distance; `b` and `c` are a number.
        case absolute, distance, number
    }

    let a: Part
    let b: Part
    let c: Part
    let place: Place

    init(_ a: Part = .unused, _ b: Part = .unused, _ c: Part = .unused, _ place: Place = .none) {
        self.a = a
        self.b = b
        self.c = c
        self.place = place
    }
}

extension Operation {
    /// Whether it is a jump that charges `d` steps where it is not taken.
    var chargesWhereNotTaken: Bool {
        switch self {
        case .jumpIf, .jumpUnless, .jumpIfAbsent, .jumpIfPresent, .jumpIfEmpty, .jumpUnlessEmpty, .jumpEqual,
            .jumpUnequal, .jumpLess, .jumpLessOrEqual, .jumpEqualDecimal, .jumpUnequalDecimal, .jumpLessDecimal,
            .jumpLessOrEqualDecimal, .jumpSameText, .jumpDifferentText, .jumpBeforeText, .jumpUpToText:
            true
        default: false
        }
    }

    var operands: Operands {
        switch self {
        case .charge, .build: Operands(.unused, .unused, .unused, .number)
        case .jump, .call: Operands(.unused, .unused, .unused, .absolute)
        case .jumpIf, .jumpUnless, .jumpIfAbsent, .jumpIfPresent, .jumpIfEmpty, .jumpUnlessEmpty:
            Operands(.read, .unused, .unused, .absolute)
        case .jumpEqual, .jumpUnequal, .jumpLess, .jumpLessOrEqual, .jumpEqualDecimal, .jumpUnequalDecimal,
            .jumpLessDecimal, .jumpLessOrEqualDecimal, .jumpSameText, .jumpDifferentText, .jumpBeforeText,
            .jumpUpToText:
            Operands(.read, .read, .unused, .distance)
        case .select: Operands(.read, .jumpTable, .count)
        case .returns, .halt, .misfit: Operands()
        case .move, .moveTwo, .moveThenTable, .moveTwoThenTable, .negateInteger, .magnitudeInteger, .negateDecimal,
            .magnitudeDecimal, .widen, .round, .datePart,
            .days, .dateOf, .size, .isActor:
            Operands(.write, .read)
        case .makeDate: Operands(.write, .block)
        case .load: Operands(.write, .read, .count)
        case .unpack: Operands(.read, .unused, .fieldMap)
        case .each: Operands(.writeWalk, .read, .unused, .distance)
        case .next: Operands(.writeWalk, .write, .unused, .distance)
        case .not: Operands(.write)
        case .addInteger, .subtractInteger, .multiplyInteger, .leastInteger, .greatestInteger, .isEqual, .isUnequal,
            .isLess, .isLessOrEqual, .addDecimal, .subtractDecimal, .multiplyDecimal, .leastDecimal,
            .greatestDecimal, .isEqualDecimal, .isUnequalDecimal, .isLessDecimal, .isLessOrEqualDecimal, .quotient,
            .addDays, .daysBetween, .addToInstant, .years, .isSame, .isDifferent, .isBefore, .isBeforeOrSame,
            .isSameFree, .isBeforeOrSameFree, .leastText, .greatestText, .include, .exclude, .isIn:
            Operands(.write, .read, .read)
        default: furtherOperands
        }
    }

    private var engineOperands: Operands {
        switch self {
        case .reserve: Operands(.write, .read, .fund)
        case .release: Operands(.unused, .read, .fund)
        case .pay: Operands(.read, .read, .fund)
        case .transfer: Operands(.unused, .read, .transfer)
        case .available: Operands(.write, .unused, .fund)
        case .split: Operands(.write, .read, .read)
        case .dayEnd: Operands(.write, .read)
        case .startDeadline: Operands(.read, .read, .deadline)
        case .bar: Operands(.unused, .read)
        case .openRound: Operands(.unused, .block, .approval)
        case .roundOutcome, .signers: Operands(.write, .unused, .approval)
        default: Operands()
        }
    }

    private var mapOperands: Operands {
        switch self {
        case .makeMap: Operands(.write, .block, .count)
        case .entry, .entryValue: Operands(.write, .read, .read)
        case .seekEntry: Operands(.writePair, .read, .read)
        case .putEntry: Operands(.write, .read, .block)
        case .noEntry: Operands(.unused, .read, .caseField)
        default: engineOperands
        }
    }

    private var furtherOperands: Operands {
        switch self {
        case .matches: Operands(.write, .read, .pattern)
        case .makeRecord, .makeList, .makeSet: Operands(.write, .block, .count)
        case .openList: Operands(.write, .read, .count)
        case .append: Operands(.read, .read)
        case .grow: Operands(.write, .read)
        case .freeze: Operands(.write)
        case .sharesFields: Operands(.write, .read, .fieldList)
        case .passing: Operands(.write, .read, .group)
        case .guardLeast: Operands(.read)
        case .conform: Operands(.read, .unused, .conformance)
        case .compose, .composeThenFind: Operands(.write, .unused, .registerList)
        case .nextRecord: Operands(.writeWalk, .write, .unused, .distance)
        case .multiplyWidened, .multiplyThenAdd: Operands(.write, .read, .read)
        case .parameter: Operands(.write, .read, .parameter)
        case .tableRow, .tableValue, .tableFixed: Operands(.write, .block, .table)
        case .lookup: Operands(.write, .block, .register)
        case .writeRow: Operands(.read, .block, .row)
        case .noRow: Operands(.unused, .block, .register)
        case .holds: Operands(.write, .read, .role)
        case .candidate: Operands(.write)
        case .isParty: Operands(.write, .read, .read)
        case .notAdmitted, .excluded, .requireCases: Operands(.unused, .unused, .action)
        case .readOther: Operands(.write, .read, .other)
        case .refuse: Operands(.read, .unused, .refusal)
        case .notify: Operands(.read, .read)
        case .runChecks: Operands(.group, .unused, .unused, .absolute)
        case .endChecks: Operands(.write, .unused, .group)
        case .finding: Operands(.read, .read, .check)
        case .verdict: Operands(.read, .unused, .group)
        case .note: Operands(.count, .read, .read)
        case .noteList: Operands(.count, .unused, .registerList)
        default: mapOperands
        }
    }
}
