/// What an instruction does. `R[x]` is a register, `#n` the 32-bit number, `→` a place in the code.
///
/// A word is a truth value, a whole number, an amount in minor units, a day, a time, the index of a named value, a
/// decimal (see `DecimalWord`), a text or party (see `TextWord`), or the place of a record or list in the arena.
/// The least 64-bit number stands for a value that is absent.
enum Operation: UInt8, CaseIterable, Sendable {
    // Flow of control.
    /// Charges `#n` steps; ends the transition where the budget is passed.
    case charge
    /// Goes on at `→ #n`.
    case jump
    // A jump that is not taken charges `d` steps.
    /// Goes on at `→ #n` if `R[a]` is yes; `jumpUnless` if it is no.
    case jumpIf, jumpUnless
    /// Goes on at `→ #n` if `R[a]` is absent; `jumpIfPresent` if it is not.
    case jumpIfAbsent, jumpIfPresent
    /// Goes on at `→ #n` if list, set or map `R[a]` has no elements; `jumpUnlessEmpty` if it has some.
    case jumpIfEmpty, jumpUnlessEmpty
    /// Goes on `c` instructions further if the words `R[a]` and `R[b]` are equal, unequal, less, less or equal.
    case jumpEqual, jumpUnequal, jumpLess, jumpLessOrEqual
    /// The same for decimals.
    case jumpEqualDecimal, jumpUnequalDecimal, jumpLessDecimal, jumpLessOrEqualDecimal
    /// The same for texts; charges their size as well, whether it is taken or not.
    case jumpSameText, jumpDifferentText, jumpBeforeText, jumpUpToText
    /// Goes on at entry `R[a]` of the `c` places that stand from place `b` in the table of jumps.
    case select
    /// Goes on at `→ #n`, charges `d` steps there and comes back behind this; `returns` comes back.
    case call, returns
    /// The end of the code that was asked for.
    case halt

    // Words.
    /// `R[a] = R[b]`.
    case move
    /// `R[a] =` field `c` of the record `R[b]`.
    case load
    /// Fills the registers of field map `c` from the record `R[a]`, unless it is absent.
    case unpack
    /// `R[a], R[a+1], R[a+2] =` first, end and first place of the elements of list `R[b]`; charges each element and
    /// goes on `c` instructions further. With `d` 1 they are the lines of the checks that run.
    case each
    /// `R[b] =` the next element of the walk `R[a]`, charges `d` steps and goes on `c` instructions further, unless the
    /// walk is at its end.
    case next

    // Whole numbers, amounts and lengths of time; passing 64 bits is a fault.
    case addInteger, subtractInteger, multiplyInteger
    /// `R[a] = -R[b]`, and the absolute value.
    case negateInteger, magnitudeInteger
    /// `R[a] =` the lesser or the greater of `R[b]` and `R[c]`.
    case leastInteger, greatestInteger
    /// `R[a] =` whether `R[b]` and `R[c]` stand so.
    case isEqual, isUnequal, isLess, isLessOrEqual
    /// `R[a] = not R[a]`.
    case not

    // Decimals, exact.
    case addDecimal, subtractDecimal, multiplyDecimal
    case negateDecimal, magnitudeDecimal
    case leastDecimal, greatestDecimal
    case isEqualDecimal, isUnequalDecimal, isLessDecimal, isLessOrEqualDecimal
    /// `R[a] =` the whole number `R[b]` as a decimal with `d` places: 0 for an Integer, those of the currency.
    case widen
    /// `R[a] = R[b]` rounded as `d` says; `R[b] / R[c]` rounded as `d` says (see `RoundingCode`).
    case round, quotient

    // Days and times.
    /// `R[a] =` day `R[b]` moved by the whole days of `R[c]`; `d` is 1 to move back. With `d` 2 moved by `R[c]` months,
    /// and where the month has no such day to its last day; with 3 to the first of the next.
    case addDays
    /// `R[a] = (R[b] - R[c])` days as a length of time.
    case daysBetween
    /// `R[a] =` time `R[b]` moved by `R[c]`; `d` as before.
    case addToInstant
    /// `R[a] =` the day of year `R[b]`, month `R[b+1]`, day `R[b+2]`.
    case makeDate
    /// `R[a] =` part `d` of day `R[b]`: 0 year, 1 month, 2 day, 3 the first day of the year.
    case datePart
    /// `R[a] =` whole years from `R[b]` to `R[c]`; whole days of the length `R[b]`; the day of time `R[b]`.
    case years, days, dateOf

    // Texts, parties, records, lists: comparison goes by the shape of the registers.
    /// `R[a] =` whether `R[b]` and `R[c]` are equal, or stand so; charges their size.
    case isSame, isDifferent, isBefore, isBeforeOrSame
    /// The same without a charge, for membership and ranges.
    case isSameFree, isBeforeOrSameFree
    /// `R[a] =` the lesser or the greater text.
    case leastText, greatestText
    /// `R[a] =` whether text `R[b]` fits pattern `c`.
    case matches
    /// `R[a] =` the number of elements or scalars of `R[b]`.
    case size

    // Records and lists.
    /// `R[a] =` a new record of the `c` registers from `R[b]`; a list; a set.
    case makeRecord, makeList, makeSet
    /// Opens a list in `R[a]` with room for as many as list `R[b]` has; or, with `d` 1, for `c` elements.
    case openList
    /// Puts `R[b]` at the end of the open list `R[a]`.
    case append
    /// `R[a] =` list or set `R[b]` with `R[c]`, charging each element; without each equal to `R[c]`, or map `R[b]`
    /// without the key `R[c]`.
    case include, exclude
    /// `R[a] =` whether `R[b]` is in list or set `R[c]`, or among the keys of map `R[c]`.
    case isIn
    /// `R[a] =` whether two records of list `R[b]` agree in all fields of field list `c`.
    case sharesFields
    /// `R[a] =` the elements of list `R[b]` that checks `c` did not deny.
    case passing

    // Maps: their entries are found by halving, which charges for each half and the work of the key.
    /// `R[a] =` a new map of the `c` pairs of key and value from `R[b]`; of those with one key the last counts.
    case makeMap
    /// `R[a] =` the value at the key `R[c]` of map `R[b]`, or absent; with `d` 1 the reference evaluator takes over
    /// where the value is the least number, which no optional here can hold.
    case entry
    /// `R[a] =` how many entries of map `R[b]` stand before the key `R[c]`, `R[a+1] =` whether the next has this key.
    case seekEntry
    /// `R[a] =` the value of the entry of map `R[b]` behind as many as `R[c]` says.
    case entryValue
    /// `R[a] =` map `R[b]` with an entry, of what `seekEntry` found, the key and the value in the four registers from
    /// `R[c]`; charges each entry that was there.
    case putEntry
    /// Refuses because the map in case field `c` has no entry for the key `R[b]`.
    case noEntry

    /// Counts `#n` values that are built.
    case build
    /// Gives the transition to the reference evaluator if `R[a]` is the least number, which no optional here can hold.
    case guardLeast
    /// Refuses unless `R[a]` keeps the bounds of conformance `c`.
    case conform

    // Texts for people.
    /// `R[a] =` a text of the registers of field list `c` as people read them, one behind another.
    case compose

    // Rules.
    /// `R[a] =` the value of parameter `c` on day `R[b]`.
    case parameter
    /// `R[a] =` the row of table `c` for the inputs from `R[b]`, charging each that is tried; with `d` 1 the next row
    /// after `R[a]`, or absent.
    case tableRow
    /// `R[a] =` the outputs of the row of table `c` for the inputs from `R[b]`, where all rows give fixed values.
    case tableValue
    /// The same where the row is found by the classes of the inputs alone (see `FlatTable`); charges `d` steps before.
    case tableFixed

    // The world around the machine.
    /// `R[a] =` the row of register `c` for the keys from `R[b]`, or absent.
    case lookup
    /// Writes `R[a]` to row site `c`, for the keys from `R[b]`.
    case writeRow
    /// Refuses because register `c` has no row for the keys from `R[b]`.
    case noRow
    /// `R[a] =` whether the candidate, who is the actor or whom the actor stands in for, holds role `c`; `d` 0 at home,
    /// 1 anywhere, 2 in organisation `R[b]`.
    case holds
    /// `R[a] =` the next whom the actor stands in for; absent behind the last.
    case candidate
    /// `R[a] =` whether `R[b]` is the candidate `R[c]` or the organisation acted for, and the candidate may act for it.
    case isParty
    /// `R[a] =` whether the party `R[b]`, or one of its elements, is the actor, the organisation acted for, or somebody
    /// whom the actor stands in for.
    case isActor
    /// Refuses because no authority of action `c` admits the actor; because the actor is excluded from it.
    case notAdmitted, excluded
    /// Refuses unless each case of another contract is there that the arguments of action `c` name; charges each.
    case requireCases
    /// `R[a] =` the field or the state, by site `c`, of the case of another contract `R[b]`.
    case readOther
    /// Refuses with text `R[a]` by refusal site `c`.
    case refuse
    /// Gives notice `R[a]` to `R[b]`.
    case notify
    /// Refuses because no arm fits.
    case misfit

    // Checks.
    /// Begins a run of checks `a` and calls them, as `call` does.
    case runChecks
    /// Ends a run of checks `c`, `R[a] =` the verdict.
    case endChecks
    /// Keeps finding `c` with text `R[a]`; `d` 1 on the line of the walk `R[b]`, 2 counting a value that is built, 3
    /// both.
    case finding
    /// Refuses unless `R[a]`, the verdict of checks `c`, is there.
    case verdict

    // Money.
    /// Sets the amount `R[b]` of fund `c` aside for the case; `R[a] =` whether it was there; with `d` 1 a lack refuses.
    case reserve
    /// Gives back the amount `R[b]` that the case has reserved in fund `c`; with `d` 1 all of it.
    case release
    /// Pays the amount `R[b]` from fund `c` to the party `R[a]`.
    case pay
    /// Moves the amount `R[b]` as transfer site `c` says.
    case transfer
    /// `R[a] =` what fund `c` holds beyond all reservations.
    case available
    /// `R[a] =` a list of amounts that add up to `R[b]`, by the weights in list `R[c]`; with `d` 1 `R[c]` equal parts.
    case split

    // Deadlines and rounds.
    /// `R[a] =` the time at which day `R[b]` is over.
    case dayEnd
    /// Fixes that deadline `c` falls due when the term `R[a]` from the time `R[b]` is over; charges the days of work.
    case startDeadline
    /// Bars the party `R[b]`, or each of its elements, from the round that is opened next; nobody where it is absent.
    case bar
    /// Opens the round of approval `c`: quorum `R[b]`, quorum of declines `R[b+1]` or absent, term `R[b+2]`; charges
    /// each holder of a role that it looks at.
    case openRound
    /// `R[a] =` how the last round of approval `c` stands.
    case roundOutcome
    /// `R[a] =` the set of those who count as signers in the last round of approval `c`, and who signed for them.
    case signers
    // Instructions in one that often follow each other.
    /// As `next`, then as the `unpack` that stands before the place gone to.
    case nextRecord
    /// `R[a] =` the whole number `R[b]` as a decimal with `d` places, times `R[c]`.
    case multiplyWidened
    /// As `multiplyWidened`, then as the `addDecimal` behind it, where the sum fits a word; else goes on with that.
    case multiplyThenAdd
    /// As `move`, then as the `move` behind it.
    case moveTwo
    /// As `move`, or as two of them, then as the `tableFixed` behind.
    case moveThenTable, moveTwoThenTable
    /// As `compose`, then as the `finding` behind it.
    case composeThenFind

    // Lists and sets of the case that grow.
    /// `R[a] =` list or set `R[a]` of the case with `R[b]`: in its place if it grew before and nothing has frozen it
    /// since, else a copy, charging each element. A set charges for finding the place. What grew in its place and
    /// keeps the bounds of its shape passes over the `conform` behind.
    case grow
    /// List or set `R[a]` of the case is read: it must stay as it is, whatever is added to the field from now on.
    case freeze

    // The trail, in code that is lowered for tracing.
    /// Records site `a` and the first `d` of `R[b]` and `R[c]`; site `a` and the registers of field list `c`.
    case note, noteList
}
