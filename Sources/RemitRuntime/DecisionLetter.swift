public import RemitLanguage
public import RemitValues

/// Tells a decision in a plain letter to the person whom it concerns.
public struct DecisionLetter: Sendable {
    /// What the ledger knows of the decision beside the account itself.
    public struct Occasion: Sendable {
        /// Whom the letter is for, and the organisation that it comes from.
        public let recipient: String
        public let sender: String
        /// When it was decided.
        public let time: Instant
        /// What was asked for, and by whom; nil where a deadline or a new version decided.
        public let request: (call: String, actor: String)?
        /// What made it happen, where nobody asked for it.
        public let cause: Cause
        public let reference: String?
        /// Where the record of it is.
        public let record: String
        /// What the reader may not read.
        public let withheld: Withheld

        public init(
            recipient: String, sender: String, time: Instant, request: (call: String, actor: String)?, cause: Cause,
            reference: String?, record: String, withheld: Withheld = Withheld()
        ) {
            self.recipient = recipient
            self.sender = sender
            self.time = time
            self.request = request
            self.cause = cause
            self.reference = reference
            self.record = record
            self.withheld = withheld
        }
    }

    /// What somebody may not read of a decision: values that are private to others.
    public struct Withheld: Sendable {
        /// The places of the contract where such values are read or worked out.
        public let places: Set<Span>
        /// The fields of the form (by index) that hold such values.
        public let fields: Set<Int>
        /// Why it was refused, as the record tells it to everybody; nil where the reader may know every reason.
        public let refusal: String?

        /// Nothing is withheld unless it is named here.
        public init(places: Set<Span> = [], fields: Set<Int> = [], refusal: String? = nil) {
            self.places = places
            self.fields = fields
            self.refusal = refusal
        }
    }

    /// Why something was decided that nobody asked for at that moment.
    public enum Cause: Hashable, Sendable {
        /// A timer (index) of the program fell due.
        case timer(Int)
        /// This version took over from an earlier one, where that one is known.
        case migration(from: Int64?)
        /// Somebody asked for it.
        case request
    }

    let program: CheckedProgram
    let source: [UInt8]
    let words: ReaderWords
    let cited: CitedRules
    let declaredNames: Set<TextValue>

    /// A writer for a program, with its text and the words of its readers.
    public init(program: CheckedProgram, source: [UInt8], words: ReaderWords) {
        self.program = program
        self.source = source
        self.words = words
        cited = CitedRules(program)
        declaredNames = Self.declaredNames(program)
    }

    /// The letter, as lines of plain text.
    public func lines(_ occasion: Occasion, _ transition: Transition) -> [String] {
        var lines = head(occasion)
        lines += ["", outcome(occasion, transition)]
        part(say("Reasons", "理由"), reasons(transition, occasion.withheld), &lines)
        part(say("The rules that were applied", "适用的规则"), rules(transition, occasion.withheld), &lines)
        part(stated(occasion), given(transition, occasion.withheld), &lines)
        part(say("Money", "款项"), money(transition), &lines)
        part(say("What comes next", "后续事项"), next(transition), &lines)
        lines += [
            "",
            say(
                "This letter was written from the record of the decision ({0}). Whoever holds the ledger can work the "
                    + "decision out again from the same values, and comes to the same result.",
                "本函依据该决定的记录（{0}）写成。任何持有账本的人都可以用相同的数据重新得出同样的结果。", occasion.record),
        ]
        return lines
    }

    func say(_ english: String, _ chinese: String, _ parts: String...) -> String {
        switch parts.count {
        case 0: words.say(english, chinese)
        case 1: words.say(english, chinese, parts[0])
        case 2: words.say(english, chinese, parts[0], parts[1])
        default: words.say(english, chinese, parts[0], parts[1], parts[2])
        }
    }

    private func part(_ title: String, _ items: [String], _ lines: inout [String]) {
        guard !items.isEmpty else { return }
        lines += ["", title] + items.enumerated().map { "  \($0 + 1). \($1)" }
    }

    /// Whose form it was: what others stated is not told as if the reader had.
    private func stated(_ occasion: Occasion) -> String {
        guard let actor = occasion.request?.actor, actor != occasion.recipient else {
            return say("What you told us", "您提交的内容")
        }
        return say("What {0} stated", "{0}提交的内容", actor)
    }

    private func head(_ occasion: Occasion) -> [String] {
        let subject = occasion.reference.map { say("{0}, {1}", "{0}，{1}", words.title, $0) } ?? words.title
        return [
            say("To: {0}", "致：{0}", occasion.recipient), say("From: {0}", "发自：{0}", occasion.sender),
            say("Date: {0}", "日期：{0}", words.day(occasion.time)), say("About: {0}", "事由：{0}", subject),
            say(
                "Decided by: {0}, version {1}", "依据：{0}，第{1}版", words.name(program.name), String(program.version)),
        ]
    }

    private func outcome(_ occasion: Occasion, _ transition: Transition) -> String {
        var sentences: [String] = []
        if let request = occasion.request {
            let call = called(request.call)
            let isDone = if case .done = transition.outcome { true } else { false }
            sentences.append(
                isDone
                    ? say("What {0} asked for, “{1}”, has been done.", "{0}提出的“{1}”已经办理。", request.actor, call)
                    : say("What {0} asked for, “{1}”, was refused.", "{0}提出的“{1}”未予办理。", request.actor, call))
        } else {
            sentences.append(say("This happened by itself: {0}.", "此事自动发生：{0}。", told(occasion.cause)))
        }
        switch transition.outcome {
        case .done(let effects) where program.states.indices.contains(effects.caseState.state):
            sentences.append(
                say(
                    "The case is now: {0}.", "案件目前的状态：{0}。",
                    words.name(program.states[effects.caseState.state].name)))
        case .done: break
        case .refused: sentences.append(say("Nothing has changed.", "案件没有任何变化。"))
        }
        return sentences.joined(separator: words.language == .english ? " " : "")
    }

    /// What made something happen, with what the policy cites for it.
    private func told(_ cause: Cause) -> String {
        switch cause {
        case .timer(let index):
            guard program.timers.indices.contains(index) else { return say("a time limit was over", "期限已到") }
            switch program.timers[index] {
            case .deadline(let deadline): return over(program.deadlines[deadline]) + source(at: deadline)
            case .overdue(let round):
                let approval = program.approvals[round]
                return say("the time to sign “{0}” was over", "“{0}”的签字期限已到", words.name(approval.name))
                    + inBrackets(approval.source)
            }
        case .migration(let earlier?):
            return say(
                "version {0} of the rules took over from version {1}", "规则第{0}版接替第{1}版", String(program.version),
                String(earlier))
        case .migration(nil), .request:
            return say("version {0} of the rules took over", "规则第{0}版开始适用", String(program.version))
        }
    }

    private func source(at deadline: Int) -> String { inBrackets(program.deadlines[deadline].source) }

    /// That a deadline has come.
    func over(_ deadline: DeadlineDeclaration) -> String {
        let states = words.listed(deadline.states.map { words.name(program.states[$0].name) })
        return say("the time limit for “{0}” was over", "“{0}”的期限已到", states)
    }

    /// What the policy cites, as it stands behind a rule; nothing where it cites nothing.
    func inBrackets(_ source: String?) -> String { source.map { say(" ({0})", "（{0}）", words.text($0)) } ?? "" }

    /// A call in words: an action, or a vote in a round.
    private func called(_ call: String) -> String {
        let parts = call.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return words.name(call) }
        switch parts[0] {
        case "approve": return say("sign {0}", "签署{0}", words.name(parts[1]))
        case "decline": return say("decline {0}", "否决{0}", words.name(parts[1]))
        default: return words.name(call)
        }
    }
}
