import RemitLanguage
import RemitRuntime
import RemitValues

/// Looks for cases that two versions decide differently: each is decided by both, from beginning to end.
final class CaseSearch {
    /// A case that the two decide differently.
    struct Found {
        let play: Play
        let wish: CaseWish
        /// What the old and the new version come to.
        let before: Played
        let after: Played

        /// Whether neither version does what was asked: they give other reasons.
        var isRefusedByBoth: Bool { before.refusal != nil && after.refusal != nil }
    }

    /// What a case is looked for that shows it.
    struct Question {
        let plays: [Play]
        /// What the case of an attempt is to be like; nil where its values do not go together.
        let wish: (Int) -> CaseWish?
        /// Whether two decisions that differ show what is looked for.
        let shows: (Played, Played) -> Bool
        /// What the conditions below are to come to in the old and in the new version, where that is known.
        var wanted: (old: Bool?, new: Bool?) = (nil, nil)
        /// How near two plays come to it; from 0.
        var nearness: (Played, Played) -> Int = { _, _ in 0 }
        /// The conditions of the old and of the new version on whose sides it depends.
        var conditions: (old: [Span], new: [Span]) = ([], [])
        /// Exactly what differs, where that is part of a condition or value.
        var places: (old: [Span], new: [Span]) = ([], [])
        /// The table or parameter of the old and of the new version that is to be asked.
        var rules: (old: Asking.Rule?, new: Asking.Rule?) = (nil, nil)
        /// A number that a play shows, and where it is to be.
        var aims: [Aim] = []
        /// Roundings of both versions that are to come to different numbers.
        var tie: RoundingTie?
        /// Values that stand in what differs.
        var focus: [Value] = []
        /// Whether a case as it was made is one of those that are looked for.
        var admits: (CaseWish) -> Bool = { _ in true }
        /// A version that differs from the old or the new one by nothing but what is looked for.
        var isolated: Isolated?
    }

    /// Something that is measured in the plays of one version.
    struct Aim {
        let isOld: Bool
        let measure: (Played) -> Int128?
        let targets: [Int128]
    }

    struct Isolated {
        let trial: CaseTrial
        /// Whether it is the old version with the change, and not the new one without it.
        let isOldChanged: Bool
    }

    let old: CaseTrial
    let new: CaseTrial
    let pool: ValuePool
    /// The actions that both versions have.
    let actions: [String]
    /// The steps that cases may cost altogether, and how many of them the present question leaves to those behind it.
    private var steps: UInt64
    private var reserve: UInt64 = 0
    /// How many steps are kept for other kinds of questions.
    var kept: UInt64 = 0
    /// How many steps there are left.
    var left: UInt64 { steps }
    /// How many questions are still to come, as far as that is known.
    var waiting = 0
    /// Whether the last question was given up because its steps were spent.
    private(set) var isSpent = false
    /// What refused the nearest case of the last question that no case was found for; nil where it was not refused.
    private(set) var missed: String?
    /// Whether any question may still cost anything.
    var hasSteps: Bool { steps > 0 }
    /// Whether the present question may cost more.
    var mayGoOn: Bool { steps > reserve }
    /// A case that both refuse, for other reasons: one that a version lets pass says more, and is looked for a while.
    private var spare: Found?
    /// How many cases were tried since that one was found.
    private var secondLooks = 0
    private var mayLookOn: Bool { secondLooks <= Self.mostSecondLooks }
    /// How many cases may be tried for one question beyond those of the attempts.
    var climbs = 0
    /// The cases that the scenarios of both versions speak of.
    private lazy var seeds = CaseSeeds([new.program, old.program])
    private let seedPlays = SeedPlays()
    /// What the plays of each version come to, as they are asked for.
    private var reaches: [Play: [PlayReach]] = [:]
    /// Which comparisons of the two are one.
    private let pairs: GaugePairs

    init(_ one: PolicySide, _ other: PolicySide, _ constants: [Value], steps: UInt64) {
        let (old, new) = (one.program, other.program)
        self.steps = steps
        self.old = CaseTrial(old)
        self.new = CaseTrial(new)
        pairs = GaugePairs(self.old.gauges, self.new.gauges, (one.text, other.text))
        var values = constants
        for program in [old, new] {
            values += program.parameters.flatMap { $0.values.map(\.value) }
            let periods =
                program.parameters.flatMap { $0.values.map(\.period) }
                + program.tables.flatMap { $0.sections.map(\.period) }
            values += periods.flatMap { [$0.from, $0.until].compactMap { $0.map(Value.date) } }
        }
        pool = ValuePool(values)
        actions = new.actions.map(\.name).filter { name in
            old.actions.contains { TextValue($0.name) == TextValue(name) }
        }
    }

    // MARK: Looking

    /// The first case that is wished for, by any of some plays, that comes to another decision and shows what is looked
    /// for: first plain ones, then those of the scenarios, then more and more that vary, and at last those that are
    /// worked back from what they came to.
    ///
    /// A question may cost a share of what is left, so that those behind it are not given up for its sake.
    func find(_ question: Question) -> Found? {
        let free = steps > kept ? steps - kept : 0
        let share = max(free / max(Limits.triedShare, UInt64(max(waiting, 0))), Limits.leastTriedSteps / 4)
        reserve = max(steps > share ? steps - share : 0, min(kept, steps))
        var nearest = NearestCases()
        (spare, secondLooks) = (nil, 0)
        let found = look(question, &nearest) ?? spare
        (spare, isSpent) = (nil, found == nil && !mayGoOn)
        reserve = 0
        missed =
            found == nil ? nearest.ordered(question.plays).first.flatMap { refusal($0, nearest.any[$0]?.wish) } : nil
        return found.map { plain($0, question) }
    }

    /// What both versions refuse a case for.
    private func refusal(_ play: Play, _ wish: CaseWish?) -> String? {
        guard let wish, let (first, second) = both(play, wish), first.refusal != nil, let refusal = second.refusal
        else {
            return nil
        }
        return (refusal.code.map { "\($0) " } ?? "") + "\"\(refusal.text)\""
    }

    /// The same with whatever decides nothing as it is in a plain case.
    private func plain(_ found: Found, _ question: Question) -> Found {
        let made = MadeValues()
        guard let wish = question.wish(0), both(found.play, wish, made) != nil else { return found }
        let common = Dictionary(made.leaves.map { ($0.path, $0.value) }, uniquingKeysWith: { first, _ in first })
        var plain = found
        var left = Limits.plainedValues
        func attempt(_ change: (inout CaseWish) -> Void) {
            guard left > 0, hasSteps else { return }
            left -= 1
            var wish = plain.wish
            wish.isExact = false
            change(&wish)
            guard let (first, second) = both(found.play, wish),
                let answer = answer(found.play, wish, first, second, question),
                answer.isRefusedByBoth == found.isRefusedByBoth
            else { return }
            plain = answer
        }
        let own = MadeValues()
        guard both(found.play, found.wish, own) != nil else { return found }
        if plain.wish.values[["role"]] != nil { attempt { $0.values[["role"]] = nil } }
        for (path, choice, _) in own.choices where choice != 0 { attempt { $0.choices[path] = 0 } }
        for (path, count, _) in own.sizes {
            for size in 1..<max(count, 1) where plain.wish.sizes[path] == count { attempt { $0.sizes[path] = size } }
        }
        for (path, value) in own.leaves {
            guard let other = common[path] ?? CaseWish.general(path).flatMap({ common[$0] }), other != value else {
                continue
            }
            attempt { $0.values[path] = other }
        }
        // Whatever was not entered is most often as it begins.
        for field in new.program.caseFields {
            let path: ConditionInputs.Path = ["case", TextValue(field.name)]
            guard let starts = field.starts, let value = plain.wish.values[path], value != starts else { continue }
            attempt { $0.values[path] = starts }
        }
        return plain
    }

    private func look(_ question: Question, _ nearest: inout NearestCases) -> Found? {
        if let found = attempts(question, 0..<Self.probation, question.plays, &nearest) { return found }
        if let found = seeded(question, question.plays, &nearest) { return found }
        // Where nothing comes near, nothing more is tried.
        let plays = nearest.plays(of: question.plays)
        if let found = overlaid(question, plays, &nearest) { return found }
        if let found = climb(question, &nearest) { return found }
        if let found = attempts(question, Self.probation..<Limits.triedCases, plays, &nearest) { return found }
        return climb(question, &nearest)
    }

    /// Goes from the cases that came nearest to better ones.
    private func climb(_ question: Question, _ nearest: inout NearestCases) -> Found? {
        for play in nearest.ordered(question.plays).prefix(spare == nil ? Limits.triedPlays : 1) {
            let starts = [nearest.any[play]?.wish, nearest.seeds(of: play).first, question.wish(0)]
            climbs = spare == nil ? Limits.triedClimbs : Limits.triedClimbs / 3
            for start in starts.compactMap({ $0 }) where nearest.begin(start, play) {
                guard mayGoOn, climbs > 0 else { break }
                var solver = CaseSolver(
                    search: self, play: play, question: question, fitness: nearest.fitness(play, question, self))
                if let found = solver.solve(from: start) { return found }
            }
        }
        return nil
    }

    /// Keeps a case that both refuse, for other reasons, while a better one is looked for.
    func keep(_ found: Found) {
        spare = spare ?? found
        climbs = min(climbs, Limits.triedClimbs / 3)
    }

    /// How far the nearest comparison is from coming to something else in one version.
    func flip(_ first: GaugeReadings, _ second: GaugeReadings, _ places: (old: [Span], new: [Span])) -> Gap {
        pairs.flip(first, second, places)
    }

    /// Cases as they are wished for, whose other values vary from attempt to attempt.
    private func attempts(
        _ question: Question, _ range: Range<Int>, _ plays: [Play], _ nearest: inout NearestCases
    ) -> Found? {
        for number in range {
            guard let wish = question.wish(number) else { continue }
            for play in plays {
                guard mayGoOn, mayLookOn else { return nil }
                if let found = attempt(question, play, wish, &nearest) { return found }
            }
        }
        return nil
    }

    /// Cases of the scenarios as they are. What both versions come to on them is worked out once for all questions.
    private func seeded(_ question: Question, _ plays: [Play], _ nearest: inout NearestCases) -> Found? {
        for play in plays {
            for (number, wish) in seeds.wishes(for: play).enumerated() {
                guard mayGoOn, mayLookOn else { return nil }
                guard let seed = seedPlays.played(play, number, wish, by: self) else { continue }
                if let found = judged(question, play, seed, isSeed: true, &nearest) { return found }
            }
        }
        return nil
    }

    /// Cases of the scenarios with what some attempts wish for in its place, those first that came nearest.
    private func overlaid(_ question: Question, _ plays: [Play], _ nearest: inout NearestCases) -> Found? {
        let overlays = (0..<Limits.triedOverlays).compactMap(question.wish).filter { !$0.isPlain }
        guard !overlays.isEmpty else { return nil }
        for play in plays {
            for seed in nearest.seeds(of: play).prefix(Limits.overlaidSeeds) {
                for overlay in overlays {
                    guard mayGoOn, mayLookOn else { return nil }
                    if let found = attempt(question, play, seed.overlaid(with: overlay), &nearest) { return found }
                }
            }
        }
        return nil
    }

    private func attempt(
        _ question: Question, _ play: Play, _ wish: CaseWish, _ nearest: inout NearestCases
    ) -> Found? {
        guard let (first, second) = both(play, wish) else { return nil }
        return judged(question, play, (wish, first, second), isSeed: false, &nearest)
    }

    private func judged(
        _ question: Question, _ play: Play, _ tried: SeedPlays.Seed, isSeed: Bool, _ nearest: inout NearestCases
    ) -> Found? {
        if spare != nil { secondLooks += 1 }
        if let found = answer(play, tried.wish, tried.before, tried.after, question) {
            guard found.isRefusedByBoth else { return found }
            spare = spare ?? found
        }
        let score = nearest.fitness(play, question, self).score(tried.before, tried.after, tried.wish)
        nearest.note(score, tried.wish, play, isSeed: isSeed)
        return nil
    }

    /// What both versions come to on one case; nil where there is no such case.
    func both(_ play: Play, _ wish: CaseWish, _ made: MadeValues? = nil) -> (before: Played, after: Played)? {
        guard mayGoOn else { return nil }
        let made = made ?? MadeValues()
        spend(Self.overhead)
        guard let first = old.played(play, pool, wish, made: made) else { return nil }
        spend(first.cost)
        guard let second = new.played(play, pool, Self.exact(wish, made, first), made: made) else { return nil }
        spend(second.cost)
        return (first, second)
    }

    /// What is worked out for all questions: the share of the present one is not used up by it.
    func shared<Outcome>(_ work: () -> Outcome) -> Outcome {
        let before = steps
        let outcome = work()
        let cost = before - steps
        reserve = cost < reserve ? reserve - cost : 0
        return outcome
    }

    private func spend(_ cost: UInt64) { steps = cost < steps ? steps - cost : 0 }

    /// After how many attempts only those plays go on that came near.
    private static let probation = 12

    /// How many cases are tried for a better one than one that both refuse.
    private static let mostSecondLooks = 48

    /// What making a case costs beside its steps.
    private static let overhead: UInt64 = 2000

    /// The case that the old version was given, as a wish of the new one: values are made by the types of a version.
    private static func exact(_ wish: CaseWish, _ made: MadeValues, _ first: Played) -> CaseWish {
        var exact = made.frozen(wish)
        exact.isExact = true
        exact.values.merge(first.fixed) { $1 }
        return exact
    }

    /// Whether two decisions that differ are what is looked for: then the case, whole.
    func answer(
        _ play: Play, _ wish: CaseWish, _ first: Played, _ second: Played, _ question: Question
    ) -> Found? {
        guard question.admits(wish), differ(first, old, second, new), question.shows(first, second) else { return nil }
        // The gauges cost steps of their own: what is told is decided by the versions as they are.
        let made = MadeValues()
        guard let one = old.played(play, pool, wish, made: made, isGauged: false) else { return nil }
        let same = Self.exact(wish, made, one)
        guard let other = new.played(play, pool, same, made: made, isGauged: false), differ(one, old, other, new)
        else { return nil }
        let found = Found(play: play, wish: Self.exact(same, made, one), before: one, after: other)
        // What was made beside what was wished for lies in the region as well.
        guard question.admits(found.wish) else { return nil }
        if spare != nil, found.isRefusedByBoth { return nil }
        guard let isolated = question.isolated else { return found }
        guard let third = isolated.trial.played(play, pool, found.wish) else { return nil }
        let differs =
            isolated.isOldChanged
            ? differ(first, old, third, isolated.trial) : differ(third, isolated.trial, second, new)
        return differs ? found : nil
    }

    func differ(_ first: Played, _ one: CaseTrial, _ second: Played, _ other: CaseTrial) -> Bool {
        Decision(first, one.program, other: other.program) != Decision(second, other.program, other: one.program)
    }

    /// The old version with a parameter (index) as the new one (index) has it; nil where its type is another one.
    func changed(parameter before: Int, as after: Int) -> CaseTrial? {
        let (mine, other) = (old.program.parameters[before], new.program.parameters[after])
        guard mine.type == other.type, mine.isDated == other.isDated else { return nil }
        var program = old.program
        program.parameters[before] = other
        return CaseTrial(program)
    }

    // MARK: Plays

    /// Actions by name; nil among them stands for whatever enters a state.
    func plays(_ names: [String?]) -> [Play] {
        guard names.contains(where: { $0 == nil }) else {
            return actions.filter { names.contains($0) }.map { .action($0) }
        }
        return actions.map { .action($0) } + states.map { .entry($0, .nothing) }
    }

    /// The plays that may come to a rule by its name; all where none is known to.
    func plays(reaching rule: PlayReach.Rule, _ name: String) -> [Play] {
        let reaching = everyPlay.filter { play in
            let known = reaches[play] ?? [old, new].map { PlayReach(play, $0) }
            reaches[play] = known
            return known.contains { $0.reaches(rule, name) }
        }
        return reaching.isEmpty ? everyPlay : reaching
    }

    /// Every action, every entry into a state that both versions have, and what may follow there.
    var everyPlay: [Play] { actions.map { .action($0) } + entries(into: states) }

    /// The states that both versions have.
    var states: [String] {
        new.program.states.map(\.name).filter { name in
            old.program.states.contains { TextValue($0.name) == TextValue(name) }
        }
    }

    /// Entries into states, with all that may follow.
    func entries(into states: [String]) -> [Play] {
        states.flatMap { state -> [Play] in
            var plays: [Play] = [.entry(state, .nothing)]
            for number in 0..<max(old.deadlines(in: state).count, new.deadlines(in: state).count) {
                plays.append(.entry(state, .deadline(number)))
            }
            let rounds = new.program.approvals.filter { round in
                round.states.contains { TextValue(new.program.states[$0].name) == TextValue(state) }
            }
            for round in rounds {
                for count in 1...CaseMaker.signers.count { plays.append(.entry(state, .signed(round.name, by: count))) }
                for count in 1...2 { plays.append(.entry(state, .declined(round.name, by: count))) }
                plays.append(.entry(state, .overdue(round.name)))
            }
            return plays
        }
    }
}
