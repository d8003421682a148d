import Foundation
import Testing

@testable import RemitLanguage

/// What a page says is what the rules do: each sentence here stands beside the rule that it tells.
@Suite struct PrintMeaningTests {
    /// A small contract with further fields, statements of its opening action, and declarations.
    private static func ward(fields: String = "", body: String = "", _ rest: String = "", zone: String = "") -> String {
        """
        contract Ward version 1
          title "Ward" \(zone)
        role Clerk, Boss
        case {
          bed   : Integer
          tag   : Text(9)
          isNew : Boolean
          shots : list of CNY (3) starts []
          words : set of Text(9) (3) starts []
          fees  : map of Text(9) to CNY (3) starts []
          \(fields)
        }
        state open, held
        final state shut
        action begin opens open by Clerk enters bed, tag, isNew { \(body) become open }
        action hold in open by Clerk { become held }
        action end in open, held by Clerk { become shut }
        \(rest)
        """
    }

    private func page(_ text: String, _ language: PageLanguage) throws -> String {
        let contract = try Printed.contract(SourceText(name: "ward", text))
        return ContractPage.text(of: contract, language: language, format: .markdown)
            .replacingOccurrences(of: "\u{A0}", with: " ")
    }

    private func expect(_ text: String, _ english: String, _ chinese: String) throws {
        for (language, saying) in [(PageLanguage.english, english), (.chinese, chinese)] {
            let page = try page(text, language)
            #expect(page.contains(saying), "\(page)")
        }
    }

    // MARK: Statements

    @Test(arguments: [
        ("set shots to split(9 CNY, 3)", "9.00 CNY split into 3 equal parts", "9.00 CNY 平均分成的 3 份"),
        ("set shots to split(9 CNY, bed)", "9.00 CNY split into *bed* equal parts", "9.00 CNY 平均分成的「bed」份"),
        (
            "set shots to split(9 CNY, [1, 2])", "9.00 CNY split in proportion to (1 and 2)",
            "9.00 CNY 按（1 和 2）的比例分成的各份"
        ),
        (
            "set shots to split(9 CNY, 3)", "The parts of an amount that is split add up to it exactly.",
            "拆分金额时，各份之和恰为原额。"
        ),
        ("if isNew { set bed to 1 }", "If *is new* is yes:", "如果「is new」为是："),
        ("if not isNew { set bed to 1 }", "If *is new* is no:", "如果「is new」为否："),
        (
            "if isNew implies bed > 1 { set bed to 1 }",
            "If it holds that (if *is new* is yes, then *bed* is more than 1):", "如果满足（如果「is new」为是，那么「bed」大于 1）："
        ),
        ("require tag is not empty else \"No\"", "*Tag* is not empty — otherwise refused", "「Tag」不为空，否则拒绝"),
        ("require not (tag is empty) else \"No\"", "*Tag* is not empty — otherwise refused", "「Tag」不为空，否则拒绝"),
        ("require shots is empty else \"No\"", "*Shots* is empty — otherwise refused", "「Shots」为空，否则拒绝"),
        (
            "require tag is like \"A9\" else \"No\"", "(A a letter from A to Z, large or small, 9 a digit from 0 to 9",
            "（A 表示一个英文字母，大小写均可，9 表示 0 至 9 的一个数字"
        ),
        (
            "remove 1 CNY from shots", "Every entry equal to 1.00 CNY is taken out of *shots*.",
            "将「shots」中与 1.00 CNY 相同的各项全部去除。"
        ),
        ("remove tag from words", "*Tag*, if it is there, is taken out of *words*.", "将「tag」（如有）从「words」中去除。"),
        (
            "remove tag from fees", "The entry for *tag*, if there is one, is taken out of *fees*.",
            "将「tag」的一项（如有）从「fees」中去除。"
        ),
    ]) func aStatement(_ body: String, _ english: String, _ chinese: String) throws {
        let text = Self.ward(body: body)
        try expect(text, english, chinese)
    }

    // MARK: Nothing

    /// What is empty says so: else it would seem to share what stands behind it.
    @Test(arguments: [
        (
            "if isNew { } else { set bed to 1 }",
            "If *is new* is yes:\n    - Nothing happens.\n    - Otherwise:\n      - *Bed* is set to 1.",
            "如果「is new」为是：\n    - 不作处理。\n    - 否则：\n      - 将「bed」设为 1。"
        ),
        (
            "if isNew { set bed to 1 } else { }", "- Otherwise:\n      - Nothing happens.", "- 否则：\n      - 不作处理。"
        ),
    ]) func anEmptyArm(_ body: String, _ english: String, _ chinese: String) throws {
        try expect(Self.ward(body: body), english, chinese)
    }

    @Test(arguments: [
        (
            "after 1 day in open { }", "When a case has been *open* for 1 day\n\n- Nothing happens.", "不作处理。"
        ),
        ("entering held { }", "1. Nothing happens.", "1. 不作处理。"),
        (
            "approval go in open needs 1 of Boss within 1 day { granted { become shut } declined { } overdue { } }",
            "**If declined:** nothing further happens.", "**被否决后：**无进一步动作。"
        ),
        ("checks look { }", "Nothing is checked.", "无审核项。"),
        ("migrate from 1 { }", "Nothing in them changes.", "内容不变。"),
        ("action wait in open by Clerk { for s in shots { } }", "- Nothing happens.", "- 不作处理。"),
    ]) func anEmptyBlock(_ rule: String, _ english: String, _ chinese: String) throws {
        try expect(Self.ward(rule), english, chinese)
    }

    @Test func anEmptyArmIsToldInHTML() throws {
        let sort = "action sort(k: K) in open by Clerk { match k { a { } b { become shut } } }"
        let contract = try Printed.contract(SourceText(name: "ward", Self.ward("enum K { a, b } " + sort)))
        for (language, saying) in [(PageLanguage.english, "Nothing happens."), (.chinese, "不作处理。")] {
            let html = ContractPage.text(of: contract, language: language, format: .html)
            #expect(html.contains("<li>\(saying)</li>"), "\(html)")
        }
    }

    // MARK: Calendars

    @Test func shiftsEndAtMidnight() throws {
        let days = "calendar Days { days monday to sunday "
        let period = "from 2026-01-01 until 2027-01-01 { closed 2026-01-01 } }"
        try expect(
            Self.ward(days + "shifts 00:00 to 06:00, 22:00 to 24:00 " + period, zone: "calendar Days"),
            "**Hours of work:** 00:00–06:00 and 22:00–24:00.", "**工作时间：**00:00–06:00 和 22:00–24:00。")
        let page = try page(Self.ward(days + period, zone: "calendar Days"), .english)
        #expect(page.contains("**Days of work:**") && !page.contains("Hours of work"))
    }

    // MARK: Optional fields

    @Test(arguments: [
        (
            "action pay in open by Clerk enters note { }", "| *note* | date; empty at first; must be given in *pay* |",
            "| 「note」 | 日期；起初为空；「支付」时必须填写 |"
        ),
        (
            "action start opens open by Clerk enters bed, tag, isNew, note { }",
            "| *note* | date; may be left out |", "| 「note」 | 日期；可以不填 |"
        ),
        (
            "action start opens open by Clerk enters bed, tag, isNew, note { }",
            "**The form asks for:** *bed*, *tag*, *is new* and *note* (may be left out).",
            "**表单须填：**「bed」、「tag」、「is new」和「note」（可以不填）。"
        ),
        (
            "action start opens open by Clerk enters bed, tag, isNew, note { } "
                + "action pay in open by Clerk enters note { }",
            "| *note* | date; may be left out in *start*; must be given in *pay* |",
            "| 「note」 | 日期；「start」时可以不填；「支付」时必须填写 |"
        ),
        (
            "action pay in open by Clerk { set note to today }",
            "| *note* | date; empty until the rules fill it | the rules |", "| 「note」 | 日期；由规则填写，此前为空 | 规则 |"
        ),
        (
            "action pay in open by Clerk enters note { } action stamp in open by Clerk { set note to today }",
            "| *note* | date; may be empty; must be given in *pay* |", "| 「note」 | 日期；可能为空；「支付」时必须填写 |"
        ),
        ("action pay in open by Clerk { set note to absent }", "*Note* is cleared.", "清空「note」。"),
    ]) func anOptionalField(_ rule: String, _ english: String, _ chinese: String) throws {
        for starts in ["", "starts absent"] {
            let text = Self.ward(fields: "note : optional Date \(starts)", rule)
            try expect(text, english, chinese)
        }
    }

    // MARK: Time

    private static let entry = ("runs from the moment at which the case comes into its state", "期限自案件进入相应状态时起算")
    private static let several = ("starts anew in each of them", "在进入其中每个状态时分别重新起算")
    private static let past = ("A time limit after *due day* counts from there", "「due day」之后的期限，自其所填时间起算")
    private static let round = ("The time for signing runs from", "签字时限自该轮签字开始时起算")
    private static let elapsed = ("a day is 24 hours", "一天为 24 小时")
    private static let working = ("A number of working days counts from the day after", "工作日自起算之日的次日开始计算")
    private static let hours = ("Working hours run during the hours of work", "工作小时只在日历所列工作时间内计算")
    private static let months = ("where the month has no such day, its last day counts", "到期月份没有这一天的，以该月最后一天为准")
    private static let sayings = [entry, several, past, round, elapsed, working, hours, months]

    /// Each page says what its own limits need, and no more.
    @Test(
        arguments: [
            ("", []),
            ("after 2 days in open { become shut }", [entry, elapsed]),
            ("after 2 months in open, held { become shut }", [entry, several, months]),
            ("after 1 week past dueDay in open { become shut }", [past, elapsed]),
            ("after 3 working days past dueDay in open { become shut }", [past, working]),
            ("after rest in open { become shut } parameter rest: Term = 4 working hours", [entry, hours]),
            (
                "approval go in open needs 1 of Boss within 1 year "
                    + "{ granted { become shut } declined { } overdue { } }",
                [round, months]
            ),
        ] as [(String, [(String, String)])]) func howTimeRuns(_ rule: String, _ said: [(String, String)]) throws
    {
        let text = Self.ward(fields: "dueDay : Date starts 2026-01-01", rule)
        let (english, chinese) = (try page(text, .english), try page(text, .chinese))
        for saying in Self.sayings {
            let isSaid = said.contains { $0.0 == saying.0 }
            #expect(english.contains(saying.0) == isSaid, "\(saying.0)")
            #expect(chinese.contains(saying.1) == isSaid, "\(saying.1)")
        }
    }

    /// A contract without a time zone goes by UTC, and a page says so where days matter.
    @Test func theClockIsNamed() throws {
        let reads = "action stamp in open by Clerk { require today > 2026-01-01 else \"Early\" }"
        #expect(try page(Self.ward(reads), .english).contains("**Times:** days and hours are those of UTC+00:00."))
        #expect(try page(Self.ward(reads), .chinese).contains("**时区：**日期和时间按 UTC+00:00 计。"))
        #expect(try page(Self.ward(reads, zone: "timezone +08:00"), .english).contains("those of UTC+08:00."))
        #expect(try !page(Self.ward(reads, zone: "timezone +08:00"), .english).contains("UTC+00:00"))
        #expect(try !page(Self.ward(), .english).contains("**Times:**"))
    }

    // MARK: Roles

    @Test func everyRoleIsToldWhatItMayDo() throws {
        let text = """
            contract Ward version 1
              title "Ward"
            role Nurse, Doctor, Porter, Guest, Chief
            case { bed : Integer place : Organisation needed : Quorum }
            state open
            final state shut
            action begin opens open by Nurse or Nurse of any organisation enters bed, place {
              let many = if bed > 3 then 2 of Nurse else 1 of Doctor of place
              set needed to many
              notify Porter "Come"
            }
            approval go in open needs needed within 1 day declined by 1 of Chief {
              granted { become shut } declined { become shut } overdue { become shut }
            }
            """
        let english = try page(text, .english)
        #expect(english.contains("| *Nurse* | *begin*; *begin* (of any organisation); sign *go* as *needed* asks |"))
        #expect(english.contains("| *Doctor* | sign *go* as *needed* asks |"))
        #expect(english.contains("| *Chief* | decline *go* |"))
        #expect(english.contains("| *Porter* | is told of what concerns it |"))
        #expect(english.contains("| *Guest* | sign where the signatures needed name it |"))
        let chinese = try page(text, .chinese)
        #expect(chinese.contains("| 「医生」 | 按「needed」的要求签署「go」 |"))
        #expect(chinese.contains("| 「Chief」 | 否决「go」 |"))
    }

    // MARK: Checks and examples

    @Test func theVerdictIsToldAsItIsReached() throws {
        let text = Self.ward(
            """
            checks look { for shot in shots { pend "P" "Look" when shot > 1 CNY deny "D" "No" when shot > 2 CNY } }
            """)
        #expect(
            try page(text, .english).contains(
                "where there are entries and every one is denied, the case is denied. What is to be looked at here "
                    + "holds the case up, unless that entry is denied; what is noted here is noted on the case, "
                    + "even if that entry is denied."))
        #expect(try page(text, .chinese).contains("使整个案件待审，但该项已被拒绝的除外；在此提示的，即为对整个案件的提示，即使该项已被拒绝。"))
    }

    @Test func examplesReadAsSentences() throws {
        let text = """
            contract Ward version 1
              title "Ward"
            role Clerk
            record Share { payer : Party part : CNY }
            register Bed by name: Text(9) kept by Clerk { size : Integer note : optional Text(9) }
            case { payer : Party note : optional Text(9) shares : list of Share (3) starts [] }
            state open
            final state shut
            action begin opens open by Clerk enters payer, note { add Share(payer: payer, part: 1 CNY) to shares }
            action end in open by Clerk { become shut }
            given ann is Clerk
            given Bed["A"] is Bed(size: 3, note: absent)
            scenario "One" {
              ann does begin(payer: ann, note: absent) as c
              after 1 minute
              after 2 minutes
            }
            """
        let english = try page(text, .english)
        for sentence in [
            "*Share* (*payer*: *payer*; *part*: 1.00 CNY) is added to *shares*.",
            "*Bed* for “A”: *size* is 3 and *note* is left out.", "*note*: left out", "1 minute passes.",
            "2 minutes pass.",
        ] { #expect(english.contains(sentence), "\(sentence)\n\(english)") }
        let chinese = try page(text, .chinese)
        for sentence in ["将「Share」（「付款方」：「付款方」；「part」：1.00 CNY）加入「shares」。", "「note」：不填"] {
            #expect(chinese.contains(sentence), "\(sentence)\n\(chinese)")
        }
    }
}
