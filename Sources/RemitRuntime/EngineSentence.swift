/// A sentence in which the engine refuses, with how a letter tells it to somebody who does not read contracts.
struct EngineSentence {
    /// What stands in a place of the sentence.
    enum Part {
        /// Names of the contract, between which stand `or`, `of` and commas.
        case names
        /// Where in a value something stands: `lines[2].code`.
        case path
        /// A type with its article.
        case type
        case day
        /// Checks with what is wrong with each.
        case faults
        /// Anything else, told as it is.
        case plain
    }

    let reasons: Set<RefusalReason>
    /// The engine's own words, with `{}` where its values stand.
    let engine: String
    /// The same for a reader, with `{0}`, `{1}` … for the values in the engine's order.
    let english: String
    let chinese: String
    let parts: [Part]

    init(
        _ reasons: RefusalReason..., is engine: String, _ english: String, _ chinese: String, _ parts: [Part] = []
    ) {
        self.reasons = Set(reasons)
        self.engine = engine
        self.english = english
        self.chinese = chinese
        self.parts = parts
    }

    /// The values that stand in a text; nil where it is not this sentence.
    func values(in text: String) -> [String]? {
        let pieces = engine.split(separator: "{}", omittingEmptySubsequences: false).map { Array($0.utf8) }
        guard let first = pieces.first, let last = pieces.last else { return nil }
        var rest = Array(text.utf8)[...]
        guard rest.starts(with: first) else { return nil }
        rest = rest.dropFirst(first.count)
        guard pieces.count > 1 else { return rest.isEmpty ? [] : nil }
        var values: [String] = []
        for piece in pieces[1..<(pieces.count - 1)] {
            guard let end = Self.place(of: piece, in: rest) else { return nil }
            values.append(String(decoding: rest[..<end], as: UTF8.self))
            rest = rest[(end + piece.count)...]
        }
        guard rest.count >= last.count, rest.suffix(last.count).elementsEqual(last) else { return nil }
        return values + [String(decoding: rest.dropLast(last.count), as: UTF8.self)]
    }

    private static func place(of wanted: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= wanted.count else { return nil }
        return (bytes.startIndex...(bytes.endIndex - wanted.count)).first { bytes[$0...].starts(with: wanted) }
    }
}

extension EngineSentence {
    /// Every sentence of the engine that may stand in a letter, the longer ones of a kind first. None of the English
    /// ones begins with somebody's name, which a capital would change.
    static let all = ofActs + ofValues

    private static let ofActs: [EngineSentence] = [
        .init(
            .excluded, is: "{} stands in for {}, who is excluded from `{}`",
            "The rules exclude {1} from “{2}”, and {0}, who stands in for {1}, with them", "{1}须回避“{2}”，代其行事的{0}亦须回避",
            [.plain, .plain, .names]),
        .init(
            .excluded, is: "{} is excluded from `{}`", "The rules exclude {0} from “{1}”", "按规则，{0}须回避“{1}”",
            [.plain, .names]),
        .init(
            .alreadySigned, is: "{} has voted in `{}` already", "A vote of {0} in “{1}” is there already",
            "{0}已在“{1}”中表决过", [.plain, .names]),
        .init(
            .role, is: "{} acting for {} is not {}", "This takes {2}, which {0} acting for {1} is not",
            "此事须由{2}办理，而代表{1}的{0}不是", [.plain, .plain, .names]),
        .init(
            .role, is: "{} holds no role in {}", "{0} holds no role in {1}", "{0}在{1}没有任何职务", [.plain, .plain]),
        .init(
            .role, is: "{} is a machine account, and fills no seat",
            "A machine account fills no seat, and {0} is one", "{0}是机器账户，不能签字", [.plain]),
        .init(
            .noSeat, is: "{} could fill no seat of `{}` that is free", "No seat of “{1}” is free that {0} could fill",
            "“{1}”没有可由{0}签字的空缺", [.plain, .names]),
        .init(
            .state, is: "`{}` opens a case and is not performed on one",
            "“{0}” opens a case and is not performed on one",
            "“{0}”用于立案，不能在已有的案件上办理", [.names]),
        .init(
            .state, is: "`{}` is performed on a case that is {}, and this one is {}",
            "“{0}” is performed on a case that is {1}, and this one is {2}", "“{0}”只能在状态为{1}的案件上办理，而本案的状态为{2}",
            [.names, .names, .names]),
        .init(
            .state, is: "`{}` is performed on a case: name the case", "“{0}” is performed on a case: name the case",
            "“{0}”须在案件上办理：请指明案件", [.names]),
        .init(
            .state, is: "no round of `{}` is open", "No signatures are being collected for “{0}”", "“{0}”目前不在签字期间",
            [.names]
        ),
        .init(
            .changed, is: "the case has changed since revision {}", "The case has changed since revision {0}",
            "案件在第{0}次修订之后已有变动", [.plain]),
        .init(.unique, is: "{} has the same {}", "The same {1} is that of {0}", "{0}的{1}与此相同", [.plain, .names]),
        .init(.invariant, is: "this would break \"{}\"", "This would break “{0}”", "这将违反“{0}”", [.plain]),
        .init(.noRow, is: "`{}` has no row for {}", "“{0}” has no row for {1}", "“{0}”中没有{1}的记录", [.names, .names]),
        .init(.noRow, is: "no row of `{}` fits {}", "No row of “{0}” fits {1}", "“{0}”中没有适用于{1}的规定", [.names, .names]),
        .init(
            .missing, is: "`{}` has no entry for {}", "“{0}” has no entry for {1}", "“{0}”中没有{1}的条目", [.names, .names]),
        .init(
            .noRule, is: "no period of `{}` holds on {}", "No period of “{0}” holds on {1}", "“{0}”在{1}没有有效的规定",
            [.names, .day]),
        .init(.noRule, is: "no period of `{}` holds", "No period of “{0}” holds", "“{0}”没有有效的规定", [.names]),
        .init(
            .notRun, is: "the checks `{}` have not run on this case", "The checks “{0}” have not run on this case",
            "本案尚未进行“{0}”检查", [.names]),
        .init(
            .argument, is: "`{}` takes {} arguments ({}), not {}", "“{0}” takes {1} values ({2}), not {3}",
            "“{0}”需要{1}项内容（{2}），而提交了{3}项", [.names, .plain, .names, .plain]),
        .init(.argument, is: "`{}` must be given", "“{0}” must be given", "必须填写“{0}”", [.names]),
        .init(.argument, is: "there is no such action", "There is no such action", "没有这样的事项"),
        .init(.argument, is: "there is no such approval", "There is no such approval", "没有这样的签字事项"),
        .init(.argument, is: "a signature has no arguments", "A signature takes no values", "签字时不填写内容"),
        .init(
            .argument, is: "a decline gives its reason, a text of up to {} characters",
            "Whoever declines gives a reason of up to {0} characters", "否决时须说明理由，最多{0}字", [.plain]),
        .init(
            .funds, is: "`{}` has {} available, not {}", "“{0}” has {1} available, not {2}", "“{0}”可用{1}，不足{2}",
            [.names, .plain, .plain]),
        .init(
            .funds, is: "the case has {} reserved, not {}", "The case has {0} reserved, not {1}", "本案已预留{0}，不足{1}",
            [.plain, .plain]),
        .init(
            .funds, is: "{} cannot move: it is less than nothing", "Less than nothing cannot move: {0}",
            "金额为负，不能支付：{0}",
            [.plain]),
        .init(
            .funds, is: "there is no fund `{}` in {}", "There is no fund {0} in {1}", "没有以{1}计的资金{0}",
            [.plain, .plain]),
        .init(.noCase, is: "there is no case {}", "There is no case {0}", "没有案件{0}", [.plain]),
        .init(
            .unreadable, is: "{} follows version {} of {}, and the state {} is not known from version {}",
            "Case {0} follows version {1} of {2}, and version {4} does not know the state {3}",
            "案件{0}适用{2}第{1}版，而第{4}版中没有状态{3}", [.plain, .plain, .names, .names, .plain]),
        .init(
            .unreadable, is: "{} follows version {} of {}, and such a value of `{}` is not known from version {}",
            "Case {0} follows version {1} of {2}, and version {4} knows no such value of “{3}”",
            "案件{0}适用{2}第{1}版，而第{4}版中的“{3}”没有这样的内容", [.plain, .plain, .names, .names, .plain]),
        .init(
            .unreadable, is: "{} follows version {} of {}, and `{}` is not known from version {}",
            "Case {0} follows version {1} of {2}, and version {4} does not know “{3}”",
            "案件{0}适用{2}第{1}版，而第{4}版中没有“{3}”", [.plain, .plain, .names, .names, .plain]),
        .init(.argument, is: "there is no such timer", "There is no such time limit", "没有这样的期限"),
        .init(.argument, is: "there is no such migration", "There is no such migration", "没有这样的版本转换"),
        .init(
            .state, is: "`{}` would be overdue again at the moment at which it is",
            "“{0}” would be overdue again at the moment at which it is", "“{0}”将在期满的同时再次期满", [.names]),
        .init(.state, is: "this deadline does not run", "This time limit does not run", "该期限并未计时"),
        .init(
            .requirement, is: "the migration does not concern this case",
            "The migration does not concern this case", "版本转换不涉及本案"),
        .init(
            .missing, is: "`{}` is left without a value", "“{0}” is left without a value", "“{0}”没有内容", [.names]),
        .init(
            .noRule, is: "{} is working time, and no calendar is named",
            "No calendar is named, by which {0} could be counted", "未指定日历，无法计算{0}", [.plain]),
        .init(
            .noRule, is: "the calendar `{}` does not reach to {}", "The calendar “{0}” does not reach to {1}",
            "日历“{0}”未及{1}", [.names, .day]),
        .init(
            .requirement, is: "a check could not be evaluated: {}", "A check could not be evaluated: {0}",
            "有检查无法得出结果：{0}", [.faults]),
        // What the chain holds of such refusals, where a contract keeps things private.
        .init(
            .requirement, is: "a check could not be evaluated", "A check could not be evaluated", "有检查无法得出结果"),
        .init(
            .noRow, is: "a table or register has no row for what was asked",
            "A table or register has no row for what was asked", "规则表或登记簿中没有所查的记录"),
        .init(
            .noRule, is: "no period of a rule holds on the day that was asked for",
            "No period of a rule holds on the day that was asked for", "所查之日没有有效的规定"),
        .init(.noCase, is: "there is no such case", "There is no such case", "没有这样的案件"),
        .init(
            .unreadable, is: "a case of another contract does not show what is asked of it",
            "A case of another contract does not show what is asked of it", "另一合约的案件不显示所查内容"),
        .init(
            .missing, is: "a map has no entry for what was asked", "A map has no entry for what was asked",
            "映射中没有所查的条目"),
        .init(.overflow, is: "a number here is too large", "A number here is too large", "此处的数字过大"),
        .init(
            .precision, is: "a number here needs more than 18 digits behind the point",
            "A number here needs more than 18 digits behind the point", "此处的数字需要超过 18 位小数"),
        .init(.divisionByZero, is: "the divisor is zero", "The divisor is zero", "除数为零"),
        .init(
            .dateRange, is: "there is no such day, or it is out of range",
            "There is no such day, or it is out of range",
            "没有这一日期，或日期超出范围"),
        .init(
            .bound, is: "a weight of `split` is less than nothing", "A weight of a division is less than nothing",
            "分摊的权数为负"
        ),
        .init(
            .erased, is: "`{}` was erased, or is not in the vault of this ledger",
            "“{0}” was erased, or is not in the vault of this ledger", "“{0}”已被删除，或不在本账本的保密库中", [.names]),
        .init(
            .erased, is: "a value was erased, or is not in the vault of this ledger",
            "A value was erased, or is not in the vault of this ledger", "有一项内容已被删除，或不在本账本的保密库中"),
        .init(
            .budget, is: "the transition would take more than {} steps", "It would take more than {0} steps",
            "所需步数超过{0}", [.plain]),
        .init(
            .budget, is: "the transition would build more than {} values", "It would build more than {0} values",
            "所需数值超过{0}个", [.plain]),
        .init(
            .budget, is: "calls are nested more than {} deep", "Calls are nested more than {0} deep", "调用嵌套超过{0}层",
            [.plain]
        ),
        .init(
            .internalFault, is: "the program does not fit its types here", "The program does not fit its types here",
            "程序在此处与其类型不符"),
    ]

    /// What is wrong with a value of a form, or with one that is to be kept.
    private static let ofValues: [EngineSentence] = [
        .init(
            .argument, .bound, is: "`{}` must be a case of {}, such as {}, not {}",
            "“{0}” must be a case of {1}, such as {2}, not {3}", "“{0}”须为{1}的案件，例如{2}，而不是{3}",
            [.path, .names, .plain, .plain]),
        .init(
            .argument, .bound, is: "`{}` must be one of {}, not {}", "“{0}” must be one of {1}, not {2}",
            "“{0}”须为以下之一：{1}，而不是{2}", [.path, .names, .plain]),
        .init(
            .argument, .bound, is: "`{}` must have {} fields, not {}", "“{0}” must have {1} parts, not {2}",
            "“{0}”须有{1}项内容，而不是{2}项", [.path, .plain, .plain]),
        .init(
            .argument, .bound, is: "`{}` must be in {}, not {}", "“{0}” must be in {1}, not {2}",
            "“{0}”须以{1}计，而不是{2}", [.path, .plain, .plain]),
        .init(
            .argument, .bound, is: "`{}` must be a person", "“{0}” must be a person", "“{0}”须为个人", [.path]),
        .init(
            .argument, .bound, is: "`{}` must be an organisation", "“{0}” must be an organisation", "“{0}”须为机构",
            [.path]),
        .init(
            .argument, .bound, is: "`{}` must be {}, not {}", "“{0}” must be {1}, not {2}",
            "“{0}”须为{1}，而不是{2}", [.path, .type, .plain]),
        .init(
            .argument, .bound, is: "`{}` asks for a role that there is not, {}",
            "“{0}” asks for a role that there is not, {1}", "“{0}”要求的角色{1}并不存在", [.path, .plain]),
        .init(
            .argument, .bound, is: "`{}` has no known state", "“{0}” has no known state", "“{0}”没有已知的状态",
            [.path]),
        .init(
            .argument, .bound, is: "`{}` has no known type", "“{0}” has no known type", "“{0}”没有已知的类型",
            [.path]),
        .init(
            .argument, .bound, is: "`{}` is nested too deeply", "“{0}” is nested too deeply", "“{0}”嵌套过深",
            [.path]),
        .init(
            .argument, .bound, is: "`{}` has {} characters and may have {}",
            "“{0}” has {1} characters and may have {2}", "“{0}”有{1}字，最多{2}字", [.path, .plain, .plain]),
        .init(
            .argument, .bound, is: "`{}` has {} elements and may have {}",
            "“{0}” has {1} entries and may have {2}", "“{0}”有{1}项，最多{2}项", [.path, .plain, .plain]),
        .init(
            .argument, .bound, is: "`{}` names a role twice for one seat, or none",
            "“{0}” names a role twice for one seat, or none", "“{0}”的同一席位重复或未列明角色", [.path]),
        .init(
            .argument, .bound, is: "`{}` is not as it is declared", "“{0}” is not as the rules ask for it",
            "“{0}”不符合规则的要求", [.path]),
    ]
}
