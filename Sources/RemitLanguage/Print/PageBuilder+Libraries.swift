import RemitValues

/// What a contract takes from libraries.
extension PageBuilder {
    mutating func addLibraries() {
        if contract.isLibrary {
            paragraph(
                say(
                    "This is a shared library. It holds rules that contracts use, and decides nothing by itself",
                    "此为共享库，供各合约引用，本身不作任何决定"))
        }
        guard !contract.libraries.isEmpty else { return }
        section(say("What comes from shared libraries", "引自共享库的内容"))
        paragraph(
            say(
                "What these libraries say holds here word for word, in the versions named. It is part of the contract, "
                    + "and stands in the sections below",
                "下列共享库相应版本的内容在此逐字适用，为合约的组成部分，并列于后文各节"))
        list(contract.libraries.map { item(of: $0) })
    }

    private func item(of library: ContractSyntax) -> PageItem {
        var title: TextSyntax?
        var children: [PageItem] = []
        for line in library.header {
            switch line {
            case .title(let text): title = text
            case .purpose(let text): children.append(PageItem(Phrase(speaker.told(text))))
            default: break
            }
        }
        for use in library.uses {
            children.append(
                PageItem(
                    speaker.sentence(
                        say(
                            "uses the shared library {0}, version {1}", "引用共享库{0}，第{1}版", speaker.name(use.name),
                            Phrase(String(use.version))))))
        }
        let names = library.sharedNames
        if !names.isEmpty {
            children.append(
                PageItem(speaker.sentence(say("from it come {0}", "引自该库的有{0}", speaker.listed(names)))))
        }
        let name = say(
            "{0}, version {1}", "{0}，第{1}版", speaker.name(library.name), Phrase(String(library.version)))
        let whole = title.map { say("{0}: {1}", "{0}：{1}", name, Phrase(speaker.told($0))) } ?? name
        return PageItem(whole, children)
    }

    /// The name of a declaration, with the library that it comes from.
    func titled(_ name: Name) -> Phrase {
        let library = contract.libraries.first { $0.span.start <= name.span.start && name.span.end <= $0.span.end }
        guard let library else { return speaker.name(name) }
        return say("{0} (library {1})", "{0}（共享库{1}）", speaker.name(name), speaker.name(library.name))
    }
}

extension ContractSyntax {
    /// The contract with what its libraries declare among its own declarations.
    var joined: ContractSyntax {
        var whole = self
        for library in libraries {
            whole.declarations += library.declarations.filter { $0.sharedName != nil }
        }
        return whole
    }

    /// The names that a library gives to those who use it, in order of writing.
    var sharedNames: [Name] { declarations.compactMap(\.sharedName) }
}

extension Declaration {
    /// The name under which a library shares the declaration; nil where it does not.
    var sharedName: Name? {
        switch kind {
        case .enumeration(let syntax): syntax.name
        case .record(let syntax): syntax.name
        case .table(let syntax): syntax.name
        case .function(let syntax): syntax.name
        case .calendar(let syntax): syntax.name
        default: nil
        }
    }
}
