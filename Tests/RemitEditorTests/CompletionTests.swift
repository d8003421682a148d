import RemitLanguage
import Testing

/// What completion offers where a contract is being written.
@Suite struct CompletionTests {
    private static let before = """
        contract Shop version 1
          title "Shop"

        role Nurse

        fund Pool in CNY kept by Nurse

        case {
          kind  : Text(9)
          total : CNY starts 0 CNY
        }

        unique by kind  else "{kind} is there"

        state open
        final state done

        action start(part: CNY) opens open by Nurse enters kind {

        """

    private static let after = """

          become open
        }

        action finish in open by Nurse { become done }

        """

    /// What is offered behind a piece of the action's block.
    private func probe(_ written: String) -> NameProbe {
        let text = Self.before + "  " + written
        return NameProbe(Array((text + Self.after).utf8), at: text.utf8.count)
    }

    @Test(arguments: ["require ", "set total to ", "let x = ", "if ", "pay ", "require total > "])
    func functionsStandWhereAValueMay(_ written: String) {
        let probe = probe(written)
        let offered = probe.functions + probe.words
        for function in ["available", "date", "days", "largest", "magnitude", "size", "smallest", "split", "years"] {
            #expect(offered.count { $0 == function } == 1, "\(function) behind `\(written)`")
        }
        #expect(probe.words.contains("year") && probe.words.contains("organisation"))
    }

    @Test(arguments: ["", "become ", "run ", "set total to total rounded ", "pay total from "])
    func functionsStandNowhereElse(_ written: String) { #expect(probe(written).functions == []) }

    @Test(arguments: ["pay ", "reserve ", "release ", "transfer ", "add ", "remove ", "pay 1 CNY from Pool to "])
    func amountsAreOffered(_ written: String) {
        let names = probe(written).names.map(\.name)
        #expect(names.contains("total") && names.contains("part"), "\(written): \(names)")
    }

    @Test func roundingSaysHow() {
        #expect(probe("set total to total * 50% rounded ").words == ["down", "half", "up"])
        #expect(probe("set total to total * 50% rounded half ").words == ["even", "up"])
        #expect(probe("set total to total * 50% rounded h").words == ["down", "half", "up"])
    }

    @Test func unitsStandBehindNumbers() {
        func words(_ line: String) -> [String] {
            let text = Self.before + Self.after + "\n" + line
            return NameProbe(Array(text.utf8), at: text.utf8.count).words
        }
        #expect(words("after 3 ").filter { $0.hasSuffix("days") } == ["days", "working days"])
        #expect(words("after 1 ").filter { $0.hasSuffix("day") } == ["day", "working day"])
        #expect(words("after 2 working ").filter { ["days", "hours", "weeks"].contains($0) } == ["days", "hours"])
        let approval = "approval consent in open needs 1 of Nurse within 2 "
        #expect(words(approval).contains("working hours") && words(approval).contains("minutes"))
        #expect(!words("state later\nfunction f(text: Text(3 ").contains("days"))
    }

    @Test func anEmptyTextBeginsAContractOrALibrary() {
        for text in ["", "  \n", "// The shop.\n", "con"] {
            let probe = NameProbe(Array(text.utf8), at: text.utf8.count)
            #expect(probe.words == ["contract", "library"] && probe.names.isEmpty)
        }
        let head = NameProbe(Array("contract Shop version 1\n  ".utf8), at: 26)
        #expect(head.words.contains("title") && !head.words.contains("contract"))
    }

    /// A value of an enumeration with the name of a verdict or an outcome is meant only where its like is wanted.
    @Test func valuesOfTheLanguageAreNoUsesOfOthers() throws {
        let text = """
            contract Shop version 1
              title "Shop"
            role Nurse
            enum Look { clear, granted }
            case { look : Look }
            state open
            final state done
            checks screening { deny "S" "Murky" when look is granted }
            approval money in open needs 1 of Nurse within 1 day {
              granted { become done } declined { become done } overdue { become done }
            }
            action start opens open by Nurse enters look {
              run screening
              require look is clear or screening is clear else "No"
              match screening { clear { } deny, pend, note { refuse "No" } }
            }
            action seek in open by Nurse { require money is not granted else "No" }
            """
        let names = NameIndex(try #require(parse(SourceText(name: "shop", text)).contract))
        for value in ["clear", "granted"] {
            let index = try #require(names.declarations.firstIndex { $0.name.text == value })
            #expect(names.places(of: index).count == 2, "\(value)")
        }
    }

    /// Wherever a text has names in braces, these are uses.
    @Test func namesInTextsAreUses() throws {
        let text = Self.before + Self.after
        let names = NameIndex(try #require(parse(SourceText(name: "shop", text)).contract))
        let kind = try #require(names.declarations.firstIndex { $0.name.text == "kind" })
        #expect(names.places(of: kind).count == 4)
    }
}
