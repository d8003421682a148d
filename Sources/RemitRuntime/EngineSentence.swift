/// A sentence in which the engine refuses, with how a letter tells it to somebody who does not read contracts.
struct EngineSentence {
    /// What stands in a place of the sentence.
    enum Part {
        /// Names of the contract, between which stand `or` and commas.
        case names
        /// Anything else, told as it is.
        case plain
    }

    let reason: RefusalReason
    /// The engine's own words, with `{}` where its values stand.
    let engine: String
    /// The same for a reader, with `{0}`, `{1}` … for the values in the engine's order.
    let english: String
    let chinese: String
    let parts: [Part]

    init(
        _ reason: RefusalReason, _ engine: String, _ english: String, _ chinese: String, _ parts: [Part] = []
    ) {
        self.reason = reason
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
    static let all: [EngineSentence] = [
        .init(
            .excluded, "{} stands in for {}, who is excluded from `{}`",
            "The rules exclude {1} from “{2}”, and {0}, who stands in for {1}, with them", "{1}须回避“{2}”，代其行事的{0}亦须回避",
            [.plain, .plain, .names]),
        .init(
            .excluded, "{} is excluded from `{}`", "The rules exclude {0} from “{1}”", "按规则，{0}须回避“{1}”",
            [.plain, .names]),
        .init(
            .alreadySigned, "{} has voted in `{}` already", "A vote of {0} in “{1}” is there already",
            "{0}已在“{1}”中表决过", [.plain, .names]),
        .init(
            .role, "{} acting for {} is not {}", "This takes {2}, which {0} acting for {1} is not",
            "此事须由{2}办理，而代表{1}的{0}不是", [.plain, .plain, .names]),
        .init(
            .role, "{} is a machine account, and fills no seat",
            "A machine account fills no seat, and {0} is one", "{0}是机器账户，不能签字", [.plain]),
        .init(
            .noSeat, "{} could fill no seat of `{}` that is free", "No seat of “{1}” is free that {0} could fill",
            "“{1}”没有可由{0}签字的空缺", [.plain, .names]),
        .init(
            .state, "`{}` opens a case and is not performed on one", "“{0}” opens a case and is not performed on one",
            "“{0}”用于立案，不能在已有的案件上办理", [.names]),
        .init(
            .state, "`{}` is performed on a case that is {}, and this one is {}",
            "“{0}” is performed on a case that is {1}, and this one is {2}", "“{0}”只能在状态为{1}的案件上办理，而本案的状态为{2}",
            [.names, .names, .names]),
        .init(
            .state, "`{}` is performed on a case: name the case", "“{0}” is performed on a case: name the case",
            "“{0}”须在案件上办理：请指明案件", [.names]),
        .init(
            .state, "no round of `{}` is open", "No signatures are being collected for “{0}”", "“{0}”目前不在签字期间", [.names]
        ),
        .init(
            .changed, "the case has changed since revision {}", "The case has changed since revision {0}",
            "案件在第{0}次修订之后已有变动", [.plain]),
        .init(.unique, "{} has the same {}", "The same {1} is that of {0}", "{0}的{1}与此相同", [.plain, .names]),
        .init(.invariant, "this would break \"{}\"", "This would break “{0}”", "这将违反“{0}”", [.plain]),
        .init(.noRow, "`{}` has no row for {}", "“{0}” has no row for {1}", "“{0}”中没有{1}的记录", [.names, .plain]),
        .init(.noRow, "no row of `{}` fits {}", "No row of “{0}” fits {1}", "“{0}”中没有适用于{1}的规定", [.names, .plain]),
        .init(.missing, "`{}` has no entry for {}", "“{0}” has no entry for {1}", "“{0}”中没有{1}的条目", [.names, .plain]),
        .init(
            .noRule, "no period of `{}` holds on {}", "No period of “{0}” holds on {1}", "“{0}”在{1}没有有效的规定",
            [.names, .plain]),
        .init(.noRule, "no period of `{}` holds", "No period of “{0}” holds", "“{0}”没有有效的规定", [.names]),
        .init(
            .notRun, "the checks `{}` have not run on this case", "The checks “{0}” have not run on this case",
            "本案尚未进行“{0}”检查", [.names]),
        .init(
            .argument, "`{}` takes {} arguments ({}), not {}", "“{0}” takes {1} values ({2}), not {3}",
            "“{0}”需要{1}项内容（{2}），而提交了{3}项", [.names, .plain, .names, .plain]),
        .init(.argument, "`{}` must be given", "“{0}” must be given", "必须填写“{0}”", [.names]),
        .init(.argument, "there is no such action", "There is no such action", "没有这样的事项"),
        .init(.argument, "there is no such approval", "There is no such approval", "没有这样的签字事项"),
        .init(.argument, "a signature has no arguments", "A signature takes no values", "签字时不填写内容"),
        .init(
            .argument, "a decline gives its reason, a text of up to {} characters",
            "Whoever declines gives a reason of up to {0} characters", "否决时须说明理由，最多{0}字", [.plain]),
        .init(
            .funds, "`{}` has {} available, not {}", "“{0}” has {1} available, not {2}", "“{0}”可用{1}，不足{2}",
            [.names, .plain, .plain]),
        .init(
            .funds, "the case has {} reserved, not {}", "The case has {0} reserved, not {1}", "本案已预留{0}，不足{1}",
            [.plain, .plain]),
        .init(
            .funds, "{} cannot move: it is less than nothing", "Less than nothing cannot move: {0}", "金额为负，不能支付：{0}",
            [.plain]),
        .init(.funds, "there is no fund `{}` in {}", "There is no fund {0} in {1}", "没有以{1}计的资金{0}", [.plain, .plain]),
        .init(.noCase, "there is no case {}", "There is no case {0}", "没有案件{0}", [.plain]),
        .init(
            .unreadable, "{} follows version {} of {}, and {} is not known from version {}",
            "Case {0} follows version {1} of {2}, and {3} is not known from version {4}",
            "案件{0}适用{2}第{1}版，第{4}版中没有{3}", [.plain, .plain, .names, .plain, .plain]),
        .init(.overflow, "a number here is too large", "A number here is too large", "此处的数字过大"),
        .init(
            .precision, "a number here needs more than 18 digits behind the point",
            "A number here needs more than 18 digits behind the point", "此处的数字需要超过 18 位小数"),
        .init(.divisionByZero, "the divisor is zero", "The divisor is zero", "除数为零"),
        .init(
            .dateRange, "there is no such day, or it is out of range", "There is no such day, or it is out of range",
            "没有这一日期，或日期超出范围"),
        .init(
            .bound, "a weight of `split` is less than nothing", "A weight of a division is less than nothing", "分摊的权数为负"
        ),
        .init(
            .erased, "`{}` was erased, or is not in the vault of this ledger",
            "“{0}” was erased, or is not in the vault of this ledger", "“{0}”已被删除，或不在本账本的保密库中", [.names]),
        .init(
            .erased, "a value was erased, or is not in the vault of this ledger",
            "A value was erased, or is not in the vault of this ledger", "有一项内容已被删除，或不在本账本的保密库中"),
        .init(
            .budget, "the transition would take more than {} steps", "It would take more than {0} steps",
            "所需步数超过{0}", [.plain]),
        .init(
            .budget, "the transition would build more than {} values", "It would build more than {0} values",
            "所需数值超过{0}个", [.plain]),
        .init(
            .budget, "calls are nested more than {} deep", "Calls are nested more than {0} deep", "调用嵌套超过{0}层", [.plain]
        ),
        .init(
            .internalFault, "the program does not fit its types here", "The program does not fit its types here",
            "程序在此处与其类型不符"),
    ]
}
