import RemitExchange
import RemitValues
import Testing

/// The rules by which claims become arguments.
@Suite struct MappingTests {
    static let targets: [(name: String, type: TargetType)] = [
        ("identifier", .text(maxScalars: 20)), ("patient", .text(maxScalars: 40)), ("from", .date),
        ("filed", .optional(.date)), ("born", .optional(.date)), ("kind", .enumeration(["institutional", "oral"])),
        (
            "lines",
            .list(
                of: .record([
                    ("code", .text(maxScalars: 10)), ("quantity", .decimal), ("price", .decimal),
                    ("fee", .optional(.money(usd))),
                ]),
                max: 3)
        ),
    ]
    static let usd = Currency(code: "USD") ?? fallback
    private static var fallback: Currency { preconditionFailure("USD is a currency") }

    static let mapping = #"""
        {"remit-mapping": 1, "contract": "C", "action": "submit", "format": "fhir-ndjson", "resource": "Claim",
         "currency": "USD", "when": {"status": ["active"]}, "identifier": ["identifier[system=urn:a.b].value", "id"],
         "organisation": "provider", "organisationName": "provider -> name",
         "arguments": {"identifier": ["identifier[system=urn:a.b].value", "id"], "patient": "patient",
           "from": "billablePeriod.start", "filed": "created", "born": "patient -> birthDate",
           "kind": {"from": "type", "values": {"inst": "institutional"}, "constant": "oral"},
           "lines": {"each": "item", "price": "price", "quantity": "quantity",
             "currency": ["unitPrice.currency", "net.currency"],
             "factor": "factor",
             "priced": [{"price": "unitPrice.value", "quantity": "quantity.value"}, {"price": "net.value"}],
             "fields": {"code": "code", "fee": "fee"}}}}
        """#

    private static let bundled = #"{"resourceType":"Patient","id":"other","birthDate":"1990-01-01"}"#

    static let facts = [
        #"{"resourceType":"Patient","id":"1","birthDate":"1980-02-03"}"#,
        #"{"resourceType":"Organization","id":"1","name":"North","identifier":[{"value":"N-7"}]}"#,
        #"{"resourceType":"Bundle","entry":[{"fullUrl":"urn:uuid:p9","resource":\#(bundled)}]}"#,
    ]

    private static let contained =
        #"{"resourceType":"Patient","id":"p","identifier":[{"value":"P-5"}],"birthDate":"1970-07-07"}"#

    /// A claim with the usual members, those given replacing or adding to them.
    static func claim(_ members: String) throws -> JSONValue {
        let usual = #"""
            {"resourceType":"Claim","id":"c1","status":"active","patient":{"reference":"Patient/1"},
             "provider":{"reference":"Organization/1"},"billablePeriod":{"start":"2019-05-20T23:59:05-05:00"},
             "created":"2019-05-21","type":"inst","item":[]}
            """#
        let base = try JSONValue.parse(Array(usual.utf8)).members ?? []
        let change = try JSONValue.parse(Array("{\(members)}".utf8)).members ?? []
        let kept = base.filter { member in !change.contains { $0.key == member.key } }
        return .object(kept + change.filter { $0.value != .null })
    }

    static func map(_ members: String) throws -> Mapper.Outcome {
        var index = ResourceIndex()
        for fact in facts { index.add(try JSONValue.parse(Array(fact.utf8))) }
        let mapper = try Mapper(mapping: try Mapping(bytes: Array(mapping.utf8)), targets: targets, index: index)
        return mapper.map(try claim(members), line: 7)
    }

    static func call(_ members: String) throws -> MappedCall {
        guard case .call(let call) = try map(members) else {
            Issue.record("\(members) gave \(try map(members))")
            throw Scratch.Missing()
        }
        return call
    }

    static func lines(_ items: String) throws -> String {
        try #require(try call(#""item":[\#(items)]"#).arguments.last).description
    }

    @Test func dayIsTheLocalDateThatIsWritten() throws {
        #expect(try Self.call("").arguments[2].description == "2019-05-20")
        #expect(try Self.call(#""billablePeriod":{"start":"1914-01-02"}"#).arguments[2].description == "1914-01-02")
    }

    @Test func referencesAreFoundHoweverTheyAreWritten() throws {
        let born = [
            #""patient":{"reference":"Patient/1"}"#: "1980-02-03",
            #""patient":{"reference":"urn:uuid:p9"}"#: "1990-01-01",
            #""patient":{"reference":"https://a.b/fhir/Patient/1/_history/3"}"#: "1980-02-03",
            #""patient":{"reference":"Patient/none"}"#: "absent",
            ##""patient":{"reference":"#p"},"contained":[\##(Self.contained)]"##:
                "1970-07-07",
        ]
        for (members, date) in born.sorted(by: { $0.key < $1.key }) {
            #expect(try Self.call(members).arguments[4].description == date, "\(members)")
        }
    }

    @Test func aPartyIsNamedByWhatTheDataSaysOfIt() throws {
        #expect(try Self.call("").organisation == "1")
        #expect(try Self.call("").organisationName == "North")
        let conditional = try Self.call(#""provider":{"reference":"Organization?identifier=https://a.b/c|N-7"}"#)
        #expect(conditional.organisation == "N-7" && conditional.organisationName == "North")
        #expect(try Self.call(#""provider":{"identifier":{"value":"N-9"}}"#).organisation == "N-9")
        #expect(try Self.call(#""provider":{"display":"Clinic"}"#).organisation == "Clinic")
        let contained =
            ##""provider":{"reference":"#o"},"contained":[{"resourceType":"Organization","id":"o","name":"Inside"}]"##
        #expect(try Self.call(contained).organisation == "Inside")
    }

    @Test func ofSeveralIdentifiersTheMappingChooses() throws {
        let two = #""identifier":[{"system":"urn:x","value":"X"},{"system":"urn:a.b","value":"A"}]"#
        #expect(try Self.call(two).identifier == "A")
        #expect(try Self.call(#""identifier":[{"system":"urn:x","value":"X"}]"#).identifier == "c1")
    }

    @Test func wordsAreTranslatedAndHaveADefault() throws {
        #expect(try Self.call("").arguments[5].description == "institutional")
        #expect(try Self.call(#""type":null"#).arguments[5].description == "oral")
    }

    @Test func aLineWithoutAQuantityCountsOneAndKeepsItsDigits() throws {
        #expect(
            try Self.lines(#"{"code":"A","net":{"value":112.41600000000001,"currency":"USD"}}"#)
                == Value.list([
                    .record([
                        .text("A"), .decimal(.one),
                        .decimal(try #require(try ExactDecimal.parse("112.41600000000001"))),
                        .absent,
                    ])
                ]).description)
        #expect(try Self.lines(#"{"code":"A","unitPrice":{"value":2.5},"quantity":{"value":3}}"#).contains("3"))
    }

    @Test func onlyMoneyIsRounded() throws {
        let line = try Self.lines(#"{"code":"A","net":{"value":1},"fee":112.41500000000001}"#)
        #expect(line.contains("112.42 USD"))
        #expect(try Self.lines(#"{"code":"A","net":{"value":1},"fee":-0.005}"#).contains("-0.01 USD"))
    }

    @Test func aLineWithoutAPriceIsReported() throws {
        let call = try Self.call(#""item":[{"code":"A"},{"code":"B","net":{"value":1}},{"code":"C","net":{}}]"#)
        #expect(call.reports.map(\.code) == ["notBillable", "notBillable"])
        #expect(
            call.reports.map(\.text) == [
                "line 1 has no price and is not billable", "line 3 has no price and is not billable",
            ])
        #expect(call.reports.allSatisfy { $0.line == 7 && $0.identifier == "c1" })
    }

    /// What cannot be used, with the reason.
    static let unusable: [(String, String)] = [
        (#""id":null"#, "the record has no identifier"),
        (#""provider":null"#, "the record names no organisation that it comes from"),
        (#""patient":null"#, "`patient` is missing (looked for at patient)"),
        (#""patient":{}"#, "`patient` refers to nothing that has a name"),
        (#""billablePeriod":{"start":"2019-05"}"#, "`from` must be a whole date such as 2026-03-02, not \"2019-05\""),
        (
            #""billablePeriod":{"start":"2019-02-29"}"#,
            "`from` must be a whole date such as 2026-03-02, not \"2019-02-29\""
        ),
        (#""created":5"#, "`filed` must be a date, not 5"),
        (#""type":"x"# + "\"", "`kind` x is none of institutional, oral"),
        (#""id":"123456789012345678901"# + "\"", "`identifier` has 21 characters and may have 20"),
        (
            #""item":[{"code":"A","net":{"value":1,"currency":"EUR"}}]"#,
            "`lines[0]` is in EUR, and the contract is in USD"
        ),
        (
            #""item":[{"code":"A","unitPrice":{"value":1},"factor":2}]"#,
            "`lines[0]` has the factor 2, which the contract does not know"
        ),
        (#""item":[{"code":"A","net":{"value":"x"}}]"#, "`lines[0].price` must be a number, not \"x\""),
        (#""item":[{"net":{"value":1}}]"#, "`lines[0].code` is missing (looked for at code)"),
        (
            #""item":[\#([String](repeating: #"{"code":"A","net":{"value":1}}"#, count: 4).joined(separator: ","))]"#,
            "`lines` has 4 billable lines and may have 3"
        ),
        (
            #""item":[{"code":"A","net":{"value":1e60}}]"#, "`lines[0].price` 1e60 cannot be held exactly"
        ),
    ]

    @Test(arguments: unusable)
    func whatCannotBeUsedSaysWhy(_ members: String, _ reason: String) throws {
        guard case .unusable(let report) = try Self.map(members) else {
            Issue.record("\(members) was used")
            return
        }
        #expect(report.text == reason)
        #expect(report.line == 7)
    }

    @Test func otherRecordsArePassedOver() throws {
        guard case .skipped = try Self.map(#""resourceType":"Patient""#) else {
            Issue.record("a patient was taken for a claim")
            return
        }
        guard case .leftOut(let report) = try Self.map(#""status":"cancelled""#) else {
            Issue.record("a cancelled claim was used")
            return
        }
        #expect(report.text == "`status` is \"cancelled\", and the mapping takes active only")
    }

    // MARK: Mapping files

    static let broken: [(String, String)] = [
        ("[]", "it does not begin with"), (#"{"remit-mapping":2}"#, "it does not begin with"),
        (#"{"remit-mapping":1,"extra":1}"#, "unknown key \"extra\""),
        (#"{"remit-mapping":1}"#, "\"contract\" is missing"),
    ]

    @Test(arguments: broken)
    func aFileThatIsNoMappingSaysWhy(_ text: String, _ reason: String) {
        do {
            _ = try Mapping(bytes: Array(text.utf8))
            Issue.record("\(text) was taken for a mapping")
        } catch {
            #expect(error.message.contains(reason), "\(error.message)")
        }
    }

    @Test func pathsAreChecked() {
        for path in ["", "a[", "a[x]", "->"] {
            let text = Self.mapping.replacing("\"organisation\": \"provider\"", with: "\"organisation\": \"\(path)\"")
            #expect(throws: ExchangeError.self, "\(path)") { try Mapping(bytes: Array(text.utf8)) }
        }
    }

    @Test func aMappingFitsItsAction() throws {
        let mapping = try Mapping(bytes: Array(Self.mapping.utf8))
        let more = Self.targets + [("reason", .text(maxScalars: 5))]
        #expect(throws: ExchangeError.self) { try Mapper(mapping: mapping, targets: more, index: ResourceIndex()) }
        // What only a contract writes is left out where it may be, and else nothing can be mapped.
        let never = Self.targets + [("limit", .withheld("Term"))]
        #expect(throws: ExchangeError.self) { try Mapper(mapping: mapping, targets: never, index: ResourceIndex()) }
        let without = Self.targets + [("limit", .optional(.withheld("Term")))]
        #expect(throws: Never.self) { try Mapper(mapping: mapping, targets: without, index: ResourceIndex()) }
        let less = Array(Self.targets.dropLast())
        #expect(throws: ExchangeError.self) { try Mapper(mapping: mapping, targets: less, index: ResourceIndex()) }
    }
}
