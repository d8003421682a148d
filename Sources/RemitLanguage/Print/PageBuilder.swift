import RemitValues

/// Puts a contract's parts on a page in the order in which people ask for them.
struct PageBuilder {
    let contract: ContractSyntax
    let disclosures: [Disclosure]
    private(set) var speaker: Speaker
    var page: Page
    private var sections = 0
    private var anchors = 0

    init(
        _ contract: ContractSyntax, _ language: PageLanguage, _ words: WordList, _ disclosures: [Disclosure] = []
    ) {
        self.contract = contract.joined
        self.disclosures = disclosures
        speaker = Speaker(self.contract, language, words)
        page = Page(language: language, title: speaker.name(contract.name))
    }

    mutating func built(errors: Int) -> Page {
        addHead(errors)
        addLibraries()
        addRoles()
        addForm()
        addEnumerations()
        addRecords()
        addCourse()
        addActions()
        addApprovals()
        addEvents()
        addChecks()
        addParameters()
        addTables()
        addFunctions()
        addRegisters()
        addFunds()
        addCalendars()
        addInvariants()
        addAccepted()
        addPrivacy()
        addDisclosures()
        addMigrations()
        addEngine()
        addScenarios()
        addWords()
        return page
    }

    // MARK: Blocks

    func say(_ english: String, _ chinese: String, _ parts: Phrase...) -> Phrase {
        Phrase.filled(page.language == .english ? english : chinese, parts)
    }

    /// Begins a numbered section.
    mutating func section(_ title: Phrase) {
        sections += 1
        page.blocks.append(
            .heading(2, say("\(sections). {0}", "\(sections). {0}", title), anchor: "section-\(sections)"))
    }

    mutating func heading(_ title: Phrase) {
        anchors += 1
        page.blocks.append(.heading(3, title.capitalised, anchor: "part-\(anchors)"))
    }

    mutating func paragraph(_ phrase: Phrase) { page.blocks.append(.paragraph(speaker.sentence(phrase))) }

    mutating func list(_ items: [PageItem], isOrdered: Bool = false) {
        if !items.isEmpty { page.blocks.append(.list(isOrdered: isOrdered, items)) }
    }

    mutating func table(_ table: PageTable) { page.blocks.append(.table(table)) }

    /// An item that begins with a few words that stand out: `Who may: …`.
    func labelled(_ english: String, _ chinese: String, _ phrase: Phrase, _ children: [PageItem] = []) -> PageItem {
        let label = Phrase(page.language == .english ? "\(english):" : "\(chinese)：", .strong)
        let whole = say("{0} {1}", "{0}{1}", label, phrase)
        return PageItem(phrase.isEmpty ? label : speaker.sentence(whole), children)
    }

    /// Does something with a speaker that knows the names of a declaration.
    mutating func inside(_ kind: Declaration.Kind, _ work: (inout PageBuilder) -> Void) {
        let outside = speaker
        speaker = speaker.inside(kind)
        work(&self)
        speaker = outside
    }

    /// The declarations of one kind.
    func all<Kind>(_ pick: (Declaration.Kind) -> Kind?) -> [Kind] { contract.declarations.compactMap { pick($0.kind) } }

    var actions: [ActionSyntax] { all { if case .action(let action) = $0 { action } else { nil } } }
    var approvals: [ApprovalSyntax] { all { if case .approval(let approval) = $0 { approval } else { nil } } }
    var tables: [TableSyntax] { all { if case .table(let table) = $0 { table } else { nil } } }
    var records: [RecordSyntax] { all { if case .record(let record) = $0 { record } else { nil } } }
    var registers: [RegisterSyntax] { all { if case .register(let register) = $0 { register } else { nil } } }
    var funds: [FundSyntax] { all { if case .fund(let fund) = $0 { fund } else { nil } } }
    var deadlines: [DeadlineSyntax] { all { if case .deadline(let deadline) = $0 { deadline } else { nil } } }
    var entering: [(Name, Block)] { all { if case .entering(let name, let body) = $0 { (name, body) } else { nil } } }
    var caseFields: [FieldSyntax] {
        all { if case .caseFields(let syntax) = $0 { syntax.fields } else { nil } }.flatMap { $0 }
    }

    // MARK: Head

    private mutating func addHead(_ errors: Int) {
        var facts: [PageItem] = []
        facts.append(
            labelled(
                contract.isLibrary ? "Library" : "Contract", contract.isLibrary ? "共享库" : "合约",
                say(
                    "{0}, version {1}", "{0}，第{1}版", Phrase(contract.name.text, .code), Phrase(String(contract.version))
                )))
        if let begins = contract.begins {
            facts.append(
                labelled(
                    "In force", "生效",
                    say(
                        "for new cases from {0} on; until then the version before it", "{0}起的新案件适用本版；此前适用上一版",
                        speaker.value(begins))))
        }
        for item in contract.header {
            switch item {
            case .title(let text): page.title = Phrase(speaker.told(text))
            case .purpose(let text): page.blocks.append(.paragraph(Phrase(speaker.told(text))))
            case .timezone(let seconds, _):
                facts.append(times(seconds))
            case .calendar(let name):
                facts.append(
                    labelled(
                        "Working time", "工作时间",
                        say(
                            "working days and hours are those of the calendar {0}", "工作日和工作小时以日历{0}为准",
                            speaker.name(name))))
            case .refers(let name, let version, _):
                facts.append(
                    labelled(
                        "Refers to", "参照",
                        say(
                            "the contract {0}, version {1}: what its cases show to everybody is read here; they are "
                                + "never changed from here, and money can go into its funds, never out of them",
                            "合约{0}，第{1}版：本合约读取其案件的公开内容，从不更改；款项可以转入其基金，不能转出",
                            speaker.name(name), Phrase(String(version)))))
            case .use(let name, let version, _):
                facts.append(
                    labelled(
                        "Uses", "引用",
                        say(
                            "the shared library {0}, version {1}", "共享库{0}，第{1}版", speaker.name(name),
                            Phrase(String(version)))))
            }
        }
        let hasZone = contract.header.contains { if case .timezone = $0 { true } else { false } }
        if !hasZone, readsClock { facts.append(times(0)) }
        if errors > 0 {
            page.blocks.append(
                .warning(
                    say(
                        "This is a draft. The contract has {0} and cannot come into force as it stands.",
                        "此为草稿。合约有{0}处错误，目前不能生效。", mistakes(errors))))
        }
        list(facts)
    }

    /// The clock by which days are told; a contract that names none goes by UTC.
    private func times(_ seconds: Int) -> PageItem {
        labelled(
            "Times", "时区", say("days and hours are those of {0}", "日期和时间按{0}计", Phrase(Speaker.zone(seconds))))
    }

    private func mistakes(_ count: Int) -> Phrase {
        count == 1 ? say("a mistake", "1") : say("{0} mistakes", "{0}", Phrase(String(count)))
    }
}
