import RemitValues

/// The head of a contract, and which declaration comes next.
extension Parser {
    /// The whole source.
    mutating func parseContract() -> ContractSyntax? {
        guard !(tokens.count <= 1 && lexed.isIncomplete) else { return nil }
        guard !at(.end) else {
            report(
                .missingContract, "the file holds no contract", token.span,
                help: "begin with `contract` and its name: `contract InsuranceClaim version 1`")
            return nil
        }
        var contract = parseUnit()
        var libraries: [ContractSyntax] = []
        while !at(.end) {
            if let library = parseUnit() { libraries.append(library) }
        }
        contract?.libraries = libraries
        return contract
    }

    /// A contract, or one of the libraries behind it, up to the next library.
    private mutating func parseUnit() -> ContractSyntax? {
        var unit = parseHead()
        var declarations: [Declaration] = []
        while !at(.end), !startsLibrary {
            let start = index
            do throws(Abandoned) {
                mark(.declaration)
                if at(.rightBrace) { throw strayBrace() }
                declarations.append(try declaration())
            } catch {
                recoverDeclaration(from: start)
            }
            if index == start { advance() }
        }
        unit?.declarations = declarations
        return unit
    }

    private var startsLibrary: Bool { at(.library) && token(ahead: 1).kind == .word }

    private mutating func strayBrace() -> Abandoned {
        fail(
            .strayClosing, "this `}` closes nothing", token.span,
            help: "delete it, or look for a `{` that is missing before it")
    }

    private mutating func recoverDeclaration(from start: Int) {
        var open = 0
        if index == start {
            if at(.leftBrace) { open += 1 }
            advance()
        }
        while !at(.end), !isAtMargin(token) {
            if open == 0, isDeclarationWord(token) { return }
            if at(.leftBrace) { open += 1 }
            if at(.rightBrace), open > 0 { open -= 1 }
            advance()
        }
    }

    private mutating func parseHead() -> ContractSyntax? {
        let start = token.span.start
        mark(.declaration)
        if accept(.library) { return headAfterWord(start, isLibrary: true) }
        if !accept(.contract) {
            let isMisspelt = Suggestion.nearest(to: text(of: token), among: ["contract"]) != nil
            report(
                .missingContract, "a contract begins with `contract`, its name and its version", token.span,
                help: isMisspelt ? "did you mean `contract`?" : "begin with `contract InsuranceClaim version 1`")
            guard isMisspelt else { return nil }
            advance()
        }
        return headAfterWord(start, isLibrary: false)
    }

    private mutating func headAfterWord(_ start: Int, isLibrary: Bool) -> ContractSyntax? {
        do throws(Abandoned) {
            return try head(start, isLibrary)
        } catch {
            recoverDeclaration(from: index)
            return nil
        }
    }

    private mutating func head(_ start: Int, _ isLibrary: Bool) throws(Abandoned) -> ContractSyntax {
        let word = isLibrary ? "library" : "contract"
        let name = try name("the \(word)'s name")
        var version: Int64 = 1
        var begins: Expression?
        if at(.version) || at(.word) && !isHeadWord(token) && !isDeclarationWord(token) {
            try expect(.version, "after the \(word)'s name", help: "write `\(word) \(name.text) version 1`")
            version = try wholeNumber("the \(word)'s version")
            if accept(.from) { begins = try tight() }
        } else {
            report(
                .unexpectedToken, "expected `version` after the \(word)'s name, found \(describe(token))", token.span,
                help: "write `\(word) \(name.text) version 1`")
        }
        var items: [HeaderItem] = []
        while (isHeadWord(token) && !startsCalendar) || isUnknownHeadLine {
            let first = index
            mark(.headLine)
            do throws(Abandoned) {
                items.append(try headerItem())
            } catch {
                if index == first { advance() }
                while !at(.end), !token.startsLine { advance() }
            }
        }
        return ContractSyntax(
            name: name, version: version, isLibrary: isLibrary, begins: begins, header: items,
            accepts: answers(.headLine), declarations: [], span: Span(start, endOfUnit))
    }

    /// Where the unit that begins before the present token ends: at the next library, or with the text.
    private var endOfUnit: Int {
        var place = index
        while place + 2 < tokens.count {
            let begins = tokens[place].keyword == .library && tokens[place + 1].kind == .word
            if begins, tokens[place + 2].keyword == .version { return tokens[place].span.start }
            place += 1
        }
        return source.bytes.count
    }

    private static let headWords: Set<Keyword> = [.title, .purpose, .timezone, .use, .refers, .calendar]

    private func isHeadWord(_ token: Token) -> Bool {
        guard let keyword = token.keyword else { return false }
        return Self.headWords.contains(keyword)
    }

    /// A misspelt line of the head: a word like one of the head's words, before what such a line holds.
    private var isUnknownHeadLine: Bool {
        guard at(.word), token.startsLine, token.keyword == nil else { return false }
        let next = token(ahead: 1).kind
        guard next == .text || next == .plus || next == .minus || next == .word else { return false }
        let words = Self.headWords.map(\.rawValue)
        guard let near = Suggestion.nearest(to: text(of: token), among: words) else { return false }
        let declarations = Self.declarationWords.map(\.rawValue)
        return Suggestion.nearest(to: text(of: token), among: declarations + [near]) == near
    }

    private mutating func headerItem() throws(Abandoned) -> HeaderItem {
        let word = advance()
        if word.keyword != .refers { mark(.value) }
        switch word.keyword {
        case .title: return .title(try text("the title"))
        case .purpose: return .purpose(try text("the purpose"))
        case .timezone: return try timezone()
        case .use:
            let name = try name("the library's name")
            try expect(.version, "after the library's name")
            let version = try wholeNumber("the library's version")
            return .use(name, version: version, span(from: word.span.start))
        case .refers:
            try expect(.to, "after `refers`", help: "write `refers to Referral version 1`")
            let name = try name("the name of another contract")
            try expect(.version, "after the name of the other contract")
            let version = try wholeNumber("the version of the other contract")
            return .refers(name, version: version, span(from: word.span.start))
        case .calendar: return .calendar(try name("the calendar's name"))
        default:
            let near = Suggestion.nearest(to: text(of: word), among: Self.headWords.map(\.rawValue))
            throw fail(
                .unknownDeclaration, "`\(text(of: word))` is no line of a contract's head", word.span,
                help: near.map { "did you mean `\($0)`?" })
        }
    }

    private mutating func timezone() throws(Abandoned) -> HeaderItem {
        let start = token.span.start
        let help = "a fixed distance from UTC, such as `+08:00`"
        mark(.prefix)
        let isEast = at(.plus)
        guard isEast || at(.minus) else { throw unexpected("`+` or `-` and hours", help: help) }
        advance()
        mark(.tight)
        let time = try expect(.time, "hours and minutes", help: help)
        refuseEndOfDay(time, help: "write \(help)")
        let digits = text(of: time).utf8.compactMap { $0 == UInt8(ascii: ":") ? nil : Int($0) - 48 }
        var seconds = 0
        if digits.count == 4 { seconds = (digits[0] * 10 + digits[1]) * 3600 + (digits[2] * 10 + digits[3]) * 60 }
        return .timezone(seconds: isEast ? seconds : -seconds, span(from: start))
    }

    // MARK: Declarations

    private mutating func declaration() throws(Abandoned) -> Declaration {
        let start = token.span.start
        let kind = try declarationKind()
        switch kind {
        case .action, .approval: return Declaration(kind, span(from: start))
        default:
            let accepts = answers(.item)
            return Declaration(kind, accepts: accepts, span(from: start))
        }
    }

    /// What is answered of warnings, line by line.
    private mutating func answers(_ line: TokenMarks) -> [AcceptSyntax] {
        var accepts: [AcceptSyntax] = []
        while at(.accept) {
            mark(line)
            advance()
            do throws(Abandoned) {
                accepts.append(try answer())
            } catch {
                while !at(.end), !token.startsLine { advance() }
            }
        }
        return accepts
    }

    private mutating func declarationKind() throws(Abandoned) -> Declaration.Kind {
        if let keyword = token.keyword, let kind = try declarationKind(keyword) { return kind }
        let meant = meantDeclaration
        let failure = unknownDeclaration()
        guard let meant else { throw failure }
        // What follows is read as what is meant, so that the rest of the contract knows of it.
        return try guessing { parser throws(Abandoned) in
            guard let kind = try parser.declarationKind(meant) else { throw Abandoned() }
            return kind
        }
    }

    /// The declaration that a misspelt word at the beginning of a line stands for, where a name or a text follows.
    private var meantDeclaration: Keyword? {
        let next = token(ahead: 1)
        guard at(.word), token.startsLine, !isHeadWord(token), !at(.contract), !next.startsLine,
            next.kind == .word || next.kind == .text
        else { return nil }
        let near = Suggestion.nearest(to: text(of: token), among: Self.declarationWords.map(\.rawValue))
        return Self.declarationWords.first { $0.rawValue == near }
    }

    /// A declaration that begins with the word at hand, taken as a keyword; nil where none begins with it.
    private mutating func declarationKind(_ keyword: Keyword) throws(Abandoned) -> Declaration.Kind? {
        switch keyword {
        case .role: return .roles(try namesAfterWord("the name of a role"))
        case .enum: return .enumeration(try enumeration())
        case .record: return .record(try record())
        case .fund: return .fund(try fund())
        case .calendar where startsCalendar: return .calendar(try calendar())
        case .register: return .register(try register())
        case .parameter: return .parameter(try parameter())
        case .table: return .table(try table())
        case .case: return .caseFields(try caseFields())
        case .unique: return .unique(try unique())
        case .state: return try states()
        case .final:
            advance()
            guard at(.state) else {
                throw unexpected("`state` after `final`", help: "write `final state` and the names of states")
            }
            return .states(try namesAfterWord("the name of a state"), isFinal: true)
        case .checks: return .checks(try checks())
        case .function: return .function(try function())
        case .action: return .action(try action())
        case .approval: return .approval(try approval())
        case .after: return .deadline(try deadline())
        case .entering:
            advance()
            let state = try name("the name of a state")
            return .entering(state, try block("the block for entering `\(state.text)`"))
        case .invariant: return .invariant(try invariant())
        case .migrate: return .migrate(try migrate())
        case .given: return .given(try givenItems())
        case .scenario: return .scenario(try scenario())
        default: return nil
        }
    }

    private mutating func states() throws(Abandoned) -> Declaration.Kind {
        let next = token(ahead: 1)
        let behind = token(ahead: 2)
        guard guesses, next.keyword == .final, !next.startsLine, behind.kind == .word, !behind.startsLine else {
            return .states(try namesAfterWord("the name of a state"), isFinal: false)
        }
        advance()
        report(.unexpectedToken, "`final` stands before `state`", token.span, help: "write `final state`")
        return .states(try namesAfterWord("the name of a state"), isFinal: true)
    }

    private mutating func namesAfterWord(_ what: String) throws(Abandoned) -> [Name] {
        advance()
        return try names(what)
    }

    /// Words with which other languages, or what is meant, begin what a contract begins with a word of its own.
    private static let foreignWords: [String: String] = [
        "enter": "entering state { … }", "in": "after 30 days in state { … }", "deadline": "after 30 days in state",
        "type": "record", "struct": "record", "class": "record", "const": "parameter", "constant": "parameter",
        "func": "function", "def": "function", "fn": "function", "rule": "checks", "event": "action",
        "transition": "action", "vote": "approval", "test": "scenario", "import": "use", "var": "case { … }",
    ]

    private mutating func unknownDeclaration() -> Abandoned {
        let found = text(of: token)
        if isHeadWord(token) {
            return fail(
                .unknownDeclaration, "`\(found)` stands in the head of the contract", token.span,
                help: "move this line up, right behind the line that begins with `contract`")
        }
        if at(.contract) {
            return fail(
                .unknownDeclaration, "a file holds one contract", token.span,
                help: "move the second contract into a file of its own; behind a contract stand the libraries that "
                    + "it uses")
        }
        if at(.minus), token(ahead: 1).kind == .minus {
            return fail(
                .unknownDeclaration, "expected a declaration, found `--`", token.span.joined(token(ahead: 1).span),
                help: "a comment begins with `//`")
        }
        let words = Self.declarationWords.map(\.rawValue)
        let near = token.kind == .word ? Suggestion.nearest(to: found, among: words) : nil
        return fail(
            .unknownDeclaration, "expected a declaration, found \(describe(token))", token.span,
            notes: near == nil && Self.foreignWords[found] == nil
                ? ["every declaration begins with its word, such as `role`, `table`, `action` or `scenario`"] : [],
            help: near.map { "did you mean `\($0)`?" } ?? Self.foreignWords[found].map { "write `\($0)`" })
    }
}
